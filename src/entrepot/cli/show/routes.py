"""Routes in the terminal: who goes how, and what the legs carry."""

from __future__ import annotations

from typing import Protocol

import polars as pl
from rich.console import Console
from rich.text import Text

from entrepot.cli.grid import print_grid
from entrepot.cli.show.answer import MOST, rest
from entrepot.routing.answers import Routing
from entrepot.telling.columns import Heading
from entrepot.telling.figures import amount
from entrepot.telling.names import Names


def show_routing(console: Console, routing: Routing) -> None:
    """The study, the scenarios applied, and what the choice makes least."""
    study = routing.study
    applied = " + ".join(study.scenarios[name].title for name in study.applied)
    console.print(Text(study.settings.title + (f": {applied}" if applied else ""), style="bold"))
    money = "days" if routing.settings.get("by") == "time" else study.settings.currency
    parts = [f"choice {routing.choice}", f"objective {amount(routing.objective, money)} a period"]
    if routing.gap is not None:
        parts.append(f"gap {routing.gap:.2g}")
    console.print("; ".join(parts))


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
    largest = routes.sort("quantity", descending=True, maintain_order=True).head(most)
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
            None if row["legs"] is None else names.through(row["legs"]),
            "by other routes" if row["legs"] is None else names.route(row["legs"]),
        ]
        for row in largest.iter_rows(named=True)
    ]
    total = float(routes["quantity"].sum())
    title = f"{names.good(good)}: {amount(total, unit)} consigned"
    print_grid(console, title, headings, rows, note=rest(routes, largest, "quantity"))


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
    rows = [
        [
            row["period"] if periods else None,
            names.leg(row["leg"]),
            names.short_good(row["good"]) if several else None,
            row["quantity"],
        ]
        for row in largest.iter_rows(named=True)
    ]
    note = rest(flows, largest, "quantity")
    print_grid(console, "What the legs carry", headings, rows, note=note)


class Noted(Protocol):
    """An answer with notes to its reader."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should know."""


def show_notes(console: Console, routing: Noted) -> None:
    """What the reader should know."""
    for note in routing.notes:
        console.print(Text(f"\nNote: {note}.", style="dim"))
