"""Parts of a forecast in the terminal: grids whose rows that matter most come first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from rich.console import Console
from rich.text import Text

from entrepot.cli.grid import print_grid
from entrepot.forecasting.forecast import Forecast
from entrepot.telling.columns import Heading
from entrepot.telling.figures import digits_for, figure, scale_for
from entrepot.telling.names import Names

LEAST = 0.5
"""Units per period; corridors that are unlikely to carry as much are left out."""
LEAST_MONEY = 0.05
"""Money per unit; rents and switch prices that move by less do not move."""
OF_EACH = 2
"""Inputs told of each figure."""

FIGURE = ["measure", "name", "good", "period"]


@dataclass(frozen=True)
class Version:
    """The study or one of its scenarios, as every part is told from it."""

    console: Console
    found: Forecast
    names: Names
    scenario: str

    @property
    def many_periods(self) -> bool:
        """Whether figures have to say of which period they are."""
        return self.found.table.filter(pl.col("period") != "")["period"].n_unique() > 1

    def rows(self, measure: str, good: str) -> pl.DataFrame:
        """Figures of this version of the study."""
        return self.found.table.filter(
            (pl.col("scenario") == self.scenario)
            & (pl.col("measure") == measure)
            & (pl.col("good") == good)
        )

    def say(self, title: str, line: str) -> None:
        """A part that is one sentence."""
        self.console.print()
        self.console.print(Text(title, style="bold"))
        self.console.print(Text(line), soft_wrap=True)


@dataclass(frozen=True)
class Part:
    """Something to be told, as a grid or in one sentence.

    Attributes
    ----------
    what : its heading
    tell : prints some first rows of it, and that so many more are left out
    rows : those that matter most first; none where it is a sentence
    most : rows told, with one good
    rank : which parts go first where there is room for some only
    """

    what: str
    tell: Callable[[pl.DataFrame, int], None]
    rows: pl.DataFrame = field(default_factory=pl.DataFrame)
    most: int = 0
    rank: int = 0

    @property
    def sentence(self) -> bool:
        """Whether it has no rows."""
        return self.rows.is_empty()


def parts_of(shown: Version) -> Iterator[Part]:
    """All that can be told of a version, in the order of telling."""
    for good in shown.found.goods:
        yield from _carried(shown, good, "corridor")
        yield from _carried(shown, good, "routed")
        yield from _switch_prices(shown, good)
        yield from _scarcity(shown, good)
        yield from _rents(shown, good)
    yield from _welfare(shown)
    yield from _matters(shown)


def _sentence(shown: Version, title: str, line: str, rank: int) -> Part:
    return Part(title, lambda _rows, _more: shown.say(title, line), rank=rank)


CARRIED = {
    "corridor": ("what corridors carry", "", 8, 0),
    "routed": (
        "what corridors carry by route choice",
        "Consignments as given, by a logit fitted in each draw to what was observed.",
        4,
        5,
    ),
}


def _carried(shown: Version, good: str, measure: str) -> Iterator[Part]:
    """What corridors carry; under a scenario, those of which that changes."""
    what, note, most, rank = CARRIED[measure]
    told = shown.found.table.filter((pl.col("measure") == measure) & (pl.col("good") == good))
    if told.is_empty():
        return
    title = f"{shown.names.good(good)}: {what}"
    rows = shown.rows(measure, good).filter(
        pl.max_horizontal(pl.col("high", "change_low", "change_high").abs()) >= LEAST
    )
    ordered = rows.sort("median", "high", "name", descending=[True, True, False])
    if shown.scenario:
        size = pl.max_horizontal(pl.col("change", "change_low", "change_high").abs())
        ordered = _changing(rows, LEAST).sort(
            pl.col("change").abs(), size, "name", descending=[True, True, False]
        )
        if ordered.is_empty():
            line = "In none of the draws does the scenario change it."
            yield _sentence(shown, title, line, rank)
            return
    still = rows.height - ordered.height
    others = "1 other corridor carries" if still == 1 else f"{still} other corridors carry"
    unchanged = f"{others} as much as before." if still else ""

    def tell(some: pl.DataFrame, more: int) -> None:
        label = [shown.names.corridor(name) for name in some["name"]]
        told = _more(unchanged or note, more)
        unit = shown.names.unit(good)
        _print(shown, title, unit, "corridor", label, some, told, told=measure)

    yield Part(title, tell, ordered, most, rank)


def _switch_prices(shown: Version, good: str) -> Iterator[Part]:
    """By how much unused corridors are too dear; under a scenario, those of which that changes."""
    told = shown.found.switch_prices.filter(pl.col("good") == good)
    rows = told.filter(pl.col("scenario") == shown.scenario)
    title = f"{shown.names.good(good)}: by how much corridors are too dear"
    if shown.scenario:
        keys = ["corridor", "period"]
        before = told.filter(pl.col("scenario") == "")
        beside = rows.join(before, on=keys, how="left", suffix="_before")
        moved = pl.any_horizontal(
            ((pl.col(key) - pl.col(f"{key}_before")).abs() >= LEAST_MONEY).fill_null(True)
            for key in ("median", "low", "high")
        )
        rows = beside.filter(moved).select(rows.columns)
        if rows.is_empty() and not told.is_empty():
            yield _sentence(shown, title, "As it stands.", 1)
    if rows.is_empty():
        return
    ordered = rows.sort("median", "high", "corridor").rename({"used": "share"})
    note = (
        "The best journey over the corridor, from seller to buyer; 0 in draws in which goods go "
        "over it."
    )

    def tell(some: pl.DataFrame, more: int) -> None:
        label = [shown.names.corridor(name) for name in some["corridor"]]
        unit = f"{shown.names.currency} per {shown.names.unit(good)}"
        _print(shown, title, unit, "corridor", label, some, _more(note, more), digits=1)

    yield Part(title, tell, ordered, 5, 1)


def _scarcity(shown: Version, good: str) -> Iterator[Part]:
    """Which room is scarce where a corridor is used; under a scenario, where that is new."""
    told = shown.found.scarcity.filter(pl.col("good") == good)
    rows = told.filter(pl.col("scenario") == shown.scenario)
    if shown.scenario:
        before = told.filter(pl.col("scenario") == "")
        rows = rows.join(before, on=told.columns[1:], how="anti")
    if rows.is_empty():
        return
    names = shown.names
    unit = f"{names.currency} per {names.unit(good)}"
    title = f"{names.good(good)}: under which scarcity corridors are used, {unit}"
    note = "The leg whose rent goes furthest with the use of the corridor: median (95 % of draws)."

    def tell(some: pl.DataFrame, more: int) -> None:
        headings, columns = _labelled(
            shown, "corridor", [names.corridor(name) for name in some["corridor"]], some
        )
        headings += [Heading("used"), Heading("what room costs at")]
        columns += [[f"{share:.0%}" for share in some["used"]], map(names.leg, some["leg"])]
        for side, heading in (("used", "where used"), ("unused", "where not")):
            headings.append(Heading(heading))
            columns.append(
                [
                    f"{figure(row[f'{side}_median'], 1)} ({figure(row[f'{side}_low'], 1)} to "
                    f"{figure(row[f'{side}_high'], 1)})"
                    for row in some.iter_rows(named=True)
                ]
            )
        cells = list(zip(*columns, strict=True))
        print_grid(shown.console, title, headings, cells, note=_more(note, more))

    yield Part(title, tell, rows.sort("correlation", maintain_order=True), 3, 2)


def _rents(shown: Version, good: str) -> Iterator[Part]:
    """What room on full legs costs; under a scenario, where that changes."""
    rows = shown.rows("rent", good)
    title = f"{shown.names.good(good)}: what scarce room costs"
    if shown.scenario and not rows.is_empty():
        rows = _changing(rows, LEAST_MONEY)
        if rows.is_empty():
            yield _sentence(shown, title, "As it stands.", 6)
    rows = rows.filter((pl.col("share") > 0) | (pl.col("change") < 0))
    if rows.is_empty():
        return
    ordered = rows.sort("share", "median", "name", descending=[True, True, False])

    def tell(some: pl.DataFrame, more: int) -> None:
        label = [shown.names.leg(name) for name in some["name"]]
        unit = f"{shown.names.currency} per {shown.names.unit(good)}"
        note = f"{more} more are scarce in some draws." if more else ""
        _print(shown, title, unit, "leg", label, some, note, digits=1)

    yield Part(title, tell, ordered, 4, 6)


def _welfare(shown: Version) -> Iterator[Part]:
    rows = shown.rows("welfare", "")
    if not shown.scenario or rows.is_empty():
        return
    row = rows.row(0, named=True)
    told = [row[key] for key in ("change", "change_low", "change_high")]
    factor, word = scale_for(told, row["unit"])
    digits = digits_for([value / factor for value in told])
    middle, low, high = (figure(value / factor, digits, signed=True) for value in told)
    line = f"{middle} {word}{row['unit']} a period (95 %: {low} to {high})"
    yield _sentence(shown, "Welfare", line, 0)


def _matters(shown: Version) -> Iterator[Part]:
    """The inputs that matter most for what is told; not again those told of the study before."""
    found = shown.found
    wanted = pl.col("measure").is_in(["corridor", "routed", "switch", "welfare"])
    rows = found.matters.filter(wanted & pl.col("good").is_in([*found.goods, ""]))
    rows = rows.filter(pl.int_range(pl.len()).over("scenario", *FIGURE) < OF_EACH)
    mine = rows.filter(pl.col("scenario") == shown.scenario)
    if shown.scenario:
        keys = [*FIGURE, "table", "column", "row"]
        mine = mine.join(rows.filter(pl.col("scenario") == ""), on=keys, how="anti")
    if mine.is_empty():
        return
    headings = [Heading("of"), Heading("the range of"), Heading("share of variance")]

    def tell(some: pl.DataFrame, more: int) -> None:
        cells: list[list[object]] = []
        last = None
        ordered = some.sort(*FIGURE, "share", descending=[False] * 4 + [True])
        for row in ordered.iter_rows(named=True):
            about = [row[key] for key in FIGURE]
            what = _about(shown, row) if about != last else ""
            cells.append([what, _input(row), f"{row['share']:.0%}"])
            last = about
        title = "Whose range matters most"
        print_grid(shown.console, title, headings, cells, note=_more("", more))

    # Route choice follows the figures that it is fitted to: that goes without saying.
    fitted = pl.col("measure") == "routed"
    ordered = mine.sort(fitted, "share", *FIGURE, descending=[False, True] + [False] * 4)
    yield Part("Whose range matters most", tell, ordered, 6, 4)


def _about(shown: Version, row: dict[str, Any]) -> str:
    if row["measure"] == "welfare":
        return "welfare"
    names = shown.names
    what = {"corridor": "over", "routed": "by route choice over"}.get(row["measure"], "too dear:")
    good = f"{names.short_good(row['good'])} " if len(shown.found.goods) > 1 else ""
    period = f", {row['period']}" if shown.many_periods else ""
    return f"{good}{what} {names.corridor(row['name'])}{period}"


def _input(row: dict[str, Any]) -> str:
    if row["rows"] > 1:
        return f"{row['column']} in {row['rows']} rows of {row['table']}: {row['row']}"
    return f"{row['column']} in {row['table']}: {row['row']}"


def _changing(rows: pl.DataFrame, least: float) -> pl.DataFrame:
    return rows.filter(pl.max_horizontal(pl.col("change_low", "change_high").abs()) >= least)


def _more(note: str, more: int) -> str:
    """A note, and how many rows are left out."""
    return " ".join(filter(None, [note, f"{more} more rows left out." if more else ""]))


def _labelled(
    shown: Version, what: str, label: Sequence[str], rows: pl.DataFrame
) -> tuple[list[Heading], list[Iterable[object]]]:
    """The first columns of a grid: what its rows are about, and of which period."""
    headings, columns = [Heading(what)], [label]
    if shown.many_periods:
        return [*headings, Heading("period")], [*columns, rows["period"].to_list()]
    return headings, [*columns]


def _print(
    shown: Version,
    title: str,
    unit: str,
    what: str,
    label: Sequence[str],
    rows: pl.DataFrame,
    note: str,
    digits: int = 0,
    told: str = "",
) -> None:
    """A grid of medians and intervals, and under a scenario of their changes."""
    changes = bool(shown.scenario) and "change" in rows.columns
    keys = ["stated", "median", "low", "high"]
    keys += ["change", "change_low", "change_high"] if changes else []
    factor, word = scale_for([value for key in keys for value in rows[key]], unit)
    headings, columns = _labelled(shown, what, label, rows)
    headings += [
        Heading("as stated", figures=True, digits=digits),
        Heading("median", figures=True, digits=digits),
        Heading("95 % of draws"),
    ]
    columns += [
        [None if value is None else value / factor for value in rows[key]] for key in keys[:2]
    ]
    columns.append(_between(rows, "low", "high", factor, digits))
    if changes:
        headings += [
            Heading("change", figures=True, digits=digits, signed=True),
            Heading("95 % of draws"),
        ]
        columns.append([value / factor for value in rows["change"]])
        columns.append(_between(rows, "change_low", "change_high", factor, digits, signed=True))
    elif told != "routed":
        headings.append(Heading("used" if what == "corridor" else "scarce"))
        columns.append([f"{share:.0%}" for share in rows["share"]])
    cells = list(zip(*columns, strict=True))
    print_grid(shown.console, f"{title}, {word}{unit}", headings, cells, note=note)


def _between(
    rows: pl.DataFrame, low: str, high: str, factor: float, digits: int, signed: bool = False
) -> list[str]:
    """Intervals in words."""
    ends = (
        [figure(value / factor, digits, signed=signed) for value in rows[key]]
        for key in (low, high)
    )
    return [a if a == b else f"{a} to {b}" for a, b in zip(*ends, strict=True)]
