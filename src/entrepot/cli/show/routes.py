"""Routes in the terminal: who goes how, and what the legs carry."""

from __future__ import annotations

from collections import Counter
from math import isfinite
from typing import Protocol

import polars as pl
from rich.console import Console
from rich.text import Text

from entrepot.cli.grid import print_grid
from entrepot.cli.show.answer import MOST, rest
from entrepot.routing.answers import Routing
from entrepot.telling.columns import Heading
from entrepot.telling.figures import amount
from entrepot.telling.names import Names, titled

SMALL = 1e-12
"""Gaps below it are rounding, and differ from one machine to another."""

LITTLE = 0.0005
"""Of all that is consigned: less is not told of the routes that are not listed."""


def show_routing(console: Console, routing: Routing) -> None:
    """The study, the scenarios applied, and what the choice makes least."""
    study = routing.study
    console.print(Text(titled(study), style="bold"))
    parts = [f"choice {routing.choice}"]
    if isfinite(routing.objective):
        parts.append(f"objective {amount(routing.objective, _counted(routing))} a period")
    if routing.gap is not None:
        told = "below 1e-12" if routing.gap <= SMALL else f"{routing.gap:.1e}"
        parts.append(f"gap {told}")
    console.print("; ".join(parts))


def _counted(routing: Routing) -> str:
    """What the objective counts."""
    if routing.choice == "equilibrium":
        return "days × load"
    return "days" if routing.settings.get("by") == "time" else routing.study.settings.currency


def show_routes(console: Console, routing: Routing, *, most: int = MOST) -> None:
    """The routes of each good's consignments, those that carry most first."""
    names = Names(routing.study)
    keys = [key for key in ("consignment", "period") if key in routing.routes.columns]
    facts = routing.consignments.select("consignment", "good", "origin", "destination").unique()
    routes = routing.routes.join(facts, on="consignment", how="left", maintain_order="left")
    for good in routing.study.table("goods")["good"]:
        of_good = routes.filter(pl.col("good") == good)
        if not of_good.is_empty():
            _routes_of(console, names, good, of_good, "period" in keys, most)


def _routes_of(
    console: Console, names: Names, good: str, routes: pl.DataFrame, periods: bool, most: int
) -> None:
    unit = names.unit(good)
    listed = routes.filter(pl.col("legs").is_not_null())
    largest = listed.sort("quantity", descending=True, maintain_order=True).head(most)
    headings = [
        Heading("period", optional=True),
        Heading("from"),
        Heading("to"),
        Heading("", unit, figures=True),
        Heading("% of it", figures=True, digits=1),
        Heading(f"freight, {names.currency}/{unit}", figures=True, at_least=2),
        Heading("days", figures=True, digits=1),
        Heading("through", optional=True),
        Heading("route"),
    ]
    rows = [
        [
            row["period"] if periods else None,
            names.place(row["origin"]),
            names.place(row["destination"]),
            row["quantity"],
            100 * row["share"],
            row["cost"],
            row["days"],
            names.through(row["legs"]),
            told,
        ]
        for row, told in zip(largest.iter_rows(named=True), _told(names, largest), strict=True)
    ]
    total = float(routes["quantity"].sum())
    title = f"{names.good(good)}: {amount(total, unit)} consigned"
    print_grid(console, title, headings, rows, note=_left(routes, listed, largest))


def _left(routes: pl.DataFrame, listed: pl.DataFrame, shown: pl.DataFrame) -> str:
    """How many routes are not shown, and what goes by routes that the answer does not list."""
    sums = [float(each["quantity"].sum()) for each in (routes, listed, shown)]
    total, told, seen = (each / sums[0] for each in sums)
    more, parts = listed.height - shown.height, []
    if more:
        parts.append(f"and {more:,} more with {100 * (told - seen):.1f} % of the quantity")
    if total - told > LITTLE:
        parts.append(f"{100 * (total - told):.1f} % of it goes by routes that are not listed")
    return "; ".join(parts)


def _told(names: Names, routes: pl.DataFrame) -> list[str]:
    """Routes in words; where words would be the same for one consignment, with the legs' names."""
    keys = routes.select("consignment", "legs").rows()
    words = [(name, names.route(legs)) for name, legs in keys]
    often = Counter(words)
    told = []
    for key, (_, legs) in zip(words, keys, strict=True):
        if often[key] > 1:
            alike = [
                set(other.split(";")) for k, (_, other) in zip(words, keys, strict=True) if k == key
            ]
            own = [leg for leg in legs.split(";") if leg not in set.intersection(*alike)]
            told.append(f"{key[1]} ({', '.join(own)})")
        else:
            told.append(key[1])
    return told


def show_flows(console: Console, routing: Routing, *, most: int = MOST) -> None:
    """What the legs carry, the fullest first."""
    names = Names(routing.study)
    flows = routing.flows
    if flows.is_empty():
        return
    periods = flows["period"].n_unique() > 1
    largest = flows.sort("quantity", descending=True, maintain_order=True).head(most)
    units = {names.unit(good) for good in flows["good"].unique()}
    headings = [
        Heading("period", optional=True),
        Heading("leg"),
        Heading("good", optional=True),
        Heading("carries", units.pop() if len(units) == 1 else "", figures=True),
    ]
    several = flows["good"].n_unique() > 1
    pairs = largest.select("period", "leg", "good").unique(["leg", "good"])
    often = Counter((names.leg(leg), good) for _, leg, good in pairs.iter_rows())
    rows = [
        [
            row["period"] if periods else None,
            f"{names.leg(row['leg'])} ({row['leg']})"
            if often[names.leg(row["leg"]), row["good"]] > 1
            else names.leg(row["leg"]),
            names.short_good(row["good"]) if several else None,
            row["quantity"],
        ]
        for row in largest.iter_rows(named=True)
    ]
    note = rest(flows, largest, "quantity")
    print_grid(console, "What the legs carry", headings, rows, note=note)


def show_transfers(console: Console, routing: Routing, *, most: int = MOST) -> None:
    """What makes the transfers that hold goods up, the fullest first."""
    columns = ("capacity", "delay_alpha", "delay_curve")
    slow = routing.study.table("transfers").filter(
        pl.any_horizontal(pl.col(*columns).is_not_null())
    )
    made = routing.transfers.join(slow, on=["from_leg", "to_leg"], how="semi")
    if made.is_empty():
        return
    names = Names(routing.study)
    largest = made.sort("quantity", descending=True, maintain_order=True).head(most)
    units = {names.unit(good) for good in made["good"].unique()}
    headings = [
        Heading("period", optional=True),
        Heading("from"),
        Heading("to"),
        Heading("good", optional=True),
        Heading("takes", units.pop() if len(units) == 1 else "", figures=True),
        Heading("days", figures=True, digits=1),
    ]
    periods, several = made["period"].n_unique() > 1, made["good"].n_unique() > 1
    rows = [
        [
            row["period"] if periods else None,
            names.leg(row["from_leg"]),
            names.leg(row["to_leg"]),
            names.short_good(row["good"]) if several else None,
            row["quantity"],
            row["days"],
        ]
        for row in largest.iter_rows(named=True)
    ]
    note = rest(made, largest, "quantity")
    print_grid(console, "What the transfers take", headings, rows, note=note)


class Noted(Protocol):
    """An answer with notes to its reader."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should know."""


def show_notes(console: Console, routing: Noted) -> None:
    """What the reader should know."""
    for note in routing.notes:
        console.print(Text(f"\nNote: {note}.", style="dim"))
