"""A forecast in the terminal: quantities, switch prices and rents with intervals; what matters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from rich.console import Console
from rich.text import Text

from entrepot.cli.grid import print_grid
from entrepot.forecasting.forecast import JOINED, Forecast
from entrepot.forecasting.matters import noise_floor
from entrepot.telling.columns import Heading
from entrepot.telling.figures import digits_for, figure, scale_for
from entrepot.telling.names import Names

LEAST = 0.5
"""Units per period; corridors that are unlikely to carry as much are left out."""
LEAST_MONEY = 0.05
"""Money per unit; rents and switch prices that move by less do not move."""
RENTS = 8
"""Scarce legs told of each version and good."""
OF_EACH = 2
"""Inputs told of each figure."""

FIGURE = ["measure", "name", "good", "period"]


@dataclass(frozen=True)
class _Shown:
    """What every part is told from."""

    console: Console
    found: Forecast
    names: Names
    scenario: str

    @property
    def many_periods(self) -> bool:
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


def show_forecast(console: Console, found: Forecast) -> None:
    """Everything, a version of the study after the other."""
    study = found.study
    applied = " + ".join(study.scenarios[name].title for name in study.applied)
    console.print(Text(study.settings.title + (f": {applied}" if applied else ""), style="bold"))
    what = f" of {found.figures:,} figures with a range" if found.figures else ""
    console.print(
        f"{found.cleared:,} draws{what}; seed {found.seed}; intervals hold 95 % of the draws"
    )
    if found.cleared < found.draws:
        _show_failures(console, found)
    for scenario in ("", *found.scenarios):
        shown = _Shown(console, found, Names(study), scenario)
        console.print()
        console.print(Text(_title(found, scenario), style="bold underline"))
        for good in found.goods:
            _show_corridors(shown, good)
            _show_routed(shown, good)
            _show_switch_prices(shown, good)
            _show_scarcity(shown, good)
            _show_rents(shown, good)
        _show_welfare(shown)
        _show_matters(shown)
    floor = noise_floor(found.inputs, found.cleared)
    console.print(
        f"\nOf {found.inputs:,} inputs those are told whose share of the variance cannot be chance:"
        f"\nwith {found.cleared:,} draws, above {floor:.0%}. More draws tell more of them."
    )


def _title(found: Forecast, scenario: str) -> str:
    if not scenario:
        return "As it stands"
    scenarios = found.study.scenarios
    return " + ".join(scenarios[name].title for name in scenario.split(JOINED))


def _show_failures(console: Console, found: Forecast) -> None:
    console.print(
        f"{found.draws - found.cleared:,} of {found.draws:,} draws do not clear and are left out:"
    )
    for scenario, why, draws in found.failures.iter_rows():
        console.print(Text(f"  {draws:,} of {scenario or 'the study as it stands'}: {why}"))


def _show_corridors(shown: _Shown, good: str) -> None:
    """What corridors carry in the clearing."""
    _show_carried(shown, good, "corridor", "what corridors carry", "")


def _show_routed(shown: _Shown, good: str) -> None:
    """What corridors carry by route choice."""
    note = "Consignments as given, by a logit fitted in each draw to what was observed."
    _show_carried(shown, good, "routed", "what corridors carry by route choice", note)


def _show_carried(shown: _Shown, good: str, measure: str, what: str, note: str) -> None:
    """What corridors carry; under a scenario, those of which that changes."""
    told = shown.found.table.filter((pl.col("measure") == measure) & (pl.col("good") == good))
    rows = shown.rows(measure, good).filter(
        pl.max_horizontal(pl.col("high", "change_low", "change_high").abs()) >= LEAST
    )
    if told.is_empty():
        return
    unit = shown.names.unit(good)
    title = f"{shown.names.good(good)}: {what}"
    ordered = rows.sort("period", "median", "high", "name", descending=[False, True, True, False])
    if shown.scenario:
        ordered = _changing(ordered, LEAST)
        if ordered.is_empty():
            shown.say(title, "In none of the draws does the scenario change it.")
            return
    rest = rows.height - ordered.height
    others = "1 other corridor carries" if rest == 1 else f"{rest} other corridors carry"
    unchanged = f"{others} as much as before." if rest else ""
    label = [shown.names.corridor(name) for name in ordered["name"]]
    _print(shown, title, unit, "corridor", label, ordered, unchanged or note, told=measure)


def _show_switch_prices(shown: _Shown, good: str) -> None:
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
            shown.say(title, "As it stands.")
    if rows.is_empty():
        return
    ordered = rows.sort("period", "median", "high", "corridor").rename({"used": "share"})
    unit = f"{shown.names.currency} per {shown.names.unit(good)}"
    note = (
        "The best journey over the corridor, from seller to buyer; 0 in draws in which goods go "
        "over it."
    )
    label = [shown.names.corridor(name) for name in ordered["corridor"]]
    _print(shown, title, unit, "corridor", label, ordered, note, digits=1)


def _show_scarcity(shown: _Shown, good: str) -> None:
    """Which room is scarce where a corridor is used; under a scenario, where that is new."""
    told = shown.found.scarcity.filter(pl.col("good") == good)
    rows = told.filter(pl.col("scenario") == shown.scenario)
    if shown.scenario:
        before = told.filter(pl.col("scenario") == "")
        rows = rows.join(before, on=told.columns[1:], how="anti")
    if rows.is_empty():
        return
    names = shown.names
    headings = [Heading("corridor")]
    columns: list[Iterable[object]] = [[names.corridor(name) for name in rows["corridor"]]]
    if shown.many_periods:
        headings.append(Heading("period"))
        columns.append(rows["period"])
    headings += [
        Heading("used"),
        Heading("what room costs at"),
        Heading("where used"),
        Heading("where not"),
    ]
    columns += [
        [f"{share:.0%}" for share in rows["used"]],
        [names.leg(leg) for leg in rows["leg"]],
        *(
            [
                f"{figure(row[f'{side}_median'], 1)} ({figure(row[f'{side}_low'], 1)} to "
                f"{figure(row[f'{side}_high'], 1)})"
                for row in rows.iter_rows(named=True)
            ]
            for side in ("used", "unused")
        ),
    ]
    unit = f"{names.currency} per {names.unit(good)}"
    title = f"{names.good(good)}: under which scarcity corridors are used, {unit}"
    note = "The leg whose rent goes furthest with the use of the corridor: median (95 % of draws)."
    print_grid(shown.console, title, headings, list(zip(*columns, strict=True)), note=note)


def _show_rents(shown: _Shown, good: str) -> None:
    """What room on full legs costs; under a scenario, where that changes."""
    rows = shown.rows("rent", good)
    title = f"{shown.names.good(good)}: what scarce room costs"
    if shown.scenario and not rows.is_empty():
        rows = _changing(rows, LEAST_MONEY)
        if rows.is_empty():
            shown.say(title, "As it stands.")
    rows = rows.filter((pl.col("share") > 0) | (pl.col("change") < 0))
    if rows.is_empty():
        return
    ordered = rows.sort(
        "period", "share", "median", "name", descending=[False, True, True, False]
    ).head(RENTS)
    rest = rows.height - ordered.height
    note = f"{rest} more are scarce in some draws." if rest else ""
    unit = f"{shown.names.currency} per {shown.names.unit(good)}"
    label = [shown.names.leg(name) for name in ordered["name"]]
    _print(shown, title, unit, "leg", label, ordered, note, digits=1)


def _show_welfare(shown: _Shown) -> None:
    if not shown.scenario:
        return
    rows = shown.rows("welfare", "")
    if rows.is_empty():
        return
    row = rows.row(0, named=True)
    told = [row[key] for key in ("change", "change_low", "change_high")]
    factor, word = scale_for(told, row["unit"])
    digits = digits_for([value / factor for value in told])
    middle, low, high = (figure(value / factor, digits, signed=True) for value in told)
    unit = f"{word}{row['unit']}"
    shown.say("Welfare", f"{middle} {unit} a period (95 %: {low} to {high})")


def _changing(rows: pl.DataFrame, least: float) -> pl.DataFrame:
    return rows.filter(pl.max_horizontal(pl.col("change_low", "change_high").abs()) >= least)


def _print(
    shown: _Shown,
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
    headings = [Heading(what)]
    columns: list[Iterable[object]] = [label]
    if shown.many_periods:
        headings.append(Heading("period"))
        columns.append(rows["period"])
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


def _show_matters(shown: _Shown) -> None:
    """The inputs that matter most for what was told above; not again those told already."""
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
    cells: list[list[object]] = []
    last = None
    for row in mine.sort(*FIGURE, "share", descending=[False] * 4 + [True]).iter_rows(named=True):
        about = [row[key] for key in FIGURE]
        what = _about(shown, row) if about != last else ""
        cells.append([what, _input(row), f"{row['share']:.0%}"])
        last = about
    print_grid(shown.console, "Whose range matters most", headings, cells)


def _about(shown: _Shown, row: dict[str, Any]) -> str:
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
