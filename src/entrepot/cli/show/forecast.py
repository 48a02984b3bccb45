"""A forecast in the terminal: what matters first, a screenful for each version of the study."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from entrepot.cli.show.forecast_parts import Part, Version, parts_of
from entrepot.forecasting.forecast import JOINED, Forecast
from entrepot.forecasting.matters import noise_floor
from entrepot.telling.names import Names, titled

STATED = "As it stands"
"""The study without a scenario."""
ROOM = 58
"""Lines told of each version of the study."""
FRAME = 6
"""Lines of a grid beside its rows: a blank one, title, headings, rule, two of notes or wrapping."""
SENTENCE = 3
FEWEST = 2
"""Rows without which a grid is not worth its frame."""


def show_forecast(console: Console, found: Forecast) -> None:
    """Quantities, switch prices, rents and what matters, a version of the study after the other."""
    study = found.study
    console.print(Text(titled(study), style="bold"))
    what = f" of {found.figures:,} figures with a range" if found.figures else ""
    console.print(
        f"{found.cleared:,} draws{what}; seed {found.seed}; intervals hold 95 % of the draws"
    )
    if found.cleared < found.draws:
        _show_failures(console, found)
    for scenario in ("", *found.scenarios):
        shown = Version(console, found, Names(study), scenario)
        console.print()
        console.print(Text(title_of(found, scenario), style="bold underline"))
        _show_parts(console, list(parts_of(shown)), len(found.goods))
    floor = noise_floor(found.inputs, found.cleared)
    console.print(
        f"\nOf {found.inputs:,} inputs those are told whose share of the variance cannot be chance:"
        f"\nwith {found.cleared:,} draws, above {floor:.0%}. More draws tell more of them."
    )


def title_of(found: Forecast, scenario: str) -> str:
    """A version of the study by its scenarios' titles."""
    if not scenario:
        return STATED
    scenarios = found.study.scenarios
    return " + ".join(scenarios[name].title for name in scenario.split(JOINED))


def _show_failures(console: Console, found: Forecast) -> None:
    console.print(
        f"{found.draws - found.cleared:,} of {found.draws:,} draws do not clear and are left out:"
    )
    for scenario, why, draws in found.failures.iter_rows():
        console.print(Text(f"  {draws:,} of {scenario or 'the study as it stands'}: {why}"))


def _show_parts(console: Console, parts: Sequence[Part], goods: int) -> None:
    """Parts in their order, as far as there is room for them; the others by name."""
    rows = rows_told(parts, goods)
    left = []
    for part, count in zip(parts, rows, strict=True):
        if count is None:
            left.append(part.what)
        else:
            some = part.rows.head(count)
            if "period" in some.columns:
                some = some.sort("period", maintain_order=True)
            part.tell(some, part.rows.height - count)
    if left:
        console.print()
        console.print(Text(f"Left out here: {'; '.join(left)}.", style="dim"))


def rows_told(parts: Sequence[Part], goods: int) -> list[int | None]:
    """How many rows of each part there is room for, those of the first rank first; None for none.

    Parameters
    ----------
    goods : among which the room is divided
    """
    told: list[int | None] = [None] * len(parts)
    room = ROOM
    for at in sorted(range(len(parts)), key=lambda number: parts[number].rank):
        part = parts[at]
        if part.sentence:
            told[at] = 0
            room -= SENTENCE
            continue
        wanted = min(part.rows.height, max(part.most // goods, FEWEST + 1))
        fitting = min(wanted, room - FRAME)
        if fitting >= min(wanted, FEWEST):
            told[at] = fitting
            room -= fitting + FRAME
    return told
