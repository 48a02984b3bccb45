"""A clearing in the terminal: journeys, prices and what is full."""

from __future__ import annotations

import polars as pl
from rich.console import Console
from rich.text import Text

from entrepot.clearing.answers import Clearing
from entrepot.cli.grid import print_grid
from entrepot.telling.columns import Heading
from entrepot.telling.figures import amount
from entrepot.telling.largest import largest
from entrepot.telling.names import Names, titled

MOST = 10
"""Rows of one grid; the rest is counted below it and stands in the result tables."""


def show_headline(console: Console, clearing: Clearing) -> None:
    """The study, the scenarios applied, and what the answer is worth."""
    study = clearing.study
    console.print(Text(titled(study), style="bold"))
    money = f"{study.settings.currency} a period"
    parts = [f"status {clearing.status}", f"welfare {amount(clearing.welfare, money)}"]
    if clearing.duty_revenue:
        parts.append(f"of it duties {amount(clearing.duty_revenue, money)}")
    console.print("; ".join(parts))


def show_journeys(
    console: Console, clearing: Clearing, journeys: pl.DataFrame, *, most: int = MOST
) -> None:
    """Who ships what to whom by which route: the largest journeys of each good.

    `journeys` is the table `consignments` of the clearing.
    """
    names = Names(clearing.study)
    periods = journeys["period"].n_unique() > 1
    for good in clearing.study.table("goods")["good"]:
        of_good = journeys.filter(pl.col("good") == good)
        if not of_good.is_empty():
            _journeys_of(console, names, good, of_good, periods, most)


def _journeys_of(
    console: Console, names: Names, good: str, journeys: pl.DataFrame, periods: bool, most: int
) -> None:
    unit = names.unit(good)
    shown = largest(journeys, pl.col("quantity"), most)
    total = float(journeys["quantity"].sum())
    headings = [
        Heading("period", optional=True),
        Heading("from"),
        Heading("to"),
        Heading("", unit, figures=True),
        Heading("%", figures=True, digits=1),
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
            100 * row["quantity"] / total,
            row["cost"],
            row["days"],
            names.through(row["legs"]),
            names.route(row["legs"]),
        ]
        for row in shown.iter_rows(named=True)
    ]
    title = f"{names.good(good)}: {amount(total, unit)} shipped"
    print_grid(console, title, headings, rows, note=rest(journeys, shown, "quantity"))


def show_prices(console: Console, clearing: Clearing, *, most: int = MOST) -> None:
    """Prices where buyers took something, the largest markets of each good first."""
    names = Names(clearing.study)
    keys = ["period", "place", "good"]
    bought = clearing.purchases.group_by(keys).agg(pl.col("quantity").sum())
    markets = clearing.prices.join(bought, on=keys, how="inner", maintain_order="left")
    periods = clearing.prices["period"].n_unique() > 1
    for good in clearing.study.table("goods")["good"]:
        of_good = markets.filter(pl.col("good") == good)
        if not of_good.is_empty():
            _prices_of(console, names, good, of_good, periods, most)


def _prices_of(
    console: Console, names: Names, good: str, markets: pl.DataFrame, periods: bool, most: int
) -> None:
    unit = names.unit(good)
    shown = largest(markets, pl.col("quantity"), most)
    headings = [
        Heading("period", optional=True),
        Heading("market"),
        Heading("bought", unit, figures=True),
        Heading(f"price, {names.currency}/{unit}", figures=True, at_least=2),
        Heading("could be from", figures=True, at_least=2, optional=True),
        Heading("to", figures=True, at_least=2, optional=True),
    ]
    rows = [
        [
            row["period"] if periods else None,
            names.place(row["place"]),
            row["quantity"],
            row["price"],
            *_range(row["low"], row["high"]),
        ]
        for row in shown.iter_rows(named=True)
    ]
    title = f"{names.good(good)}: prices at the markets"
    print_grid(console, title, headings, rows, note=rest(markets, shown, "quantity"))


def _range(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """The range of a price where it is one and shows in five figures."""
    if low is None or high is None or high - low > 1e-5 * max(abs(low), abs(high)):
        return low, high
    return None, None


def show_full(console: Console, clearing: Clearing) -> None:
    """What is full, and what one more unit of room would be worth there."""
    names = Names(clearing.study)
    scarce = clearing.limits.filter(pl.col("rent") > 0)
    if scarce.is_empty():
        console.print("\nNothing that is full earns a rent.")
        return
    dearest = largest(scarce, pl.col("income"), MOST)
    periods = scarce["period"].n_unique() > 1
    headings = [
        Heading("period", optional=True),
        Heading("what"),
        Heading("good", optional=True),
        Heading("limit, units", figures=True),
        Heading(f"rent, {names.currency}/unit", figures=True, at_least=2),
        Heading("income", names.currency, figures=True, at_least=1),
    ]
    rows = [
        [
            row["period"] if periods else None,
            names.limit(row["table"], row["name"]),
            None if row["good"] is None else names.short_good(row["good"]),
            row["limit"],
            row["rent"],
            row["income"],
        ]
        for row in dearest.iter_rows(named=True)
    ]
    print_grid(
        console,
        "What is full: the rent is the worth of one more unit of room",
        headings,
        rows,
        note=rest(scarce, dearest, "income"),
    )


def rest(all_rows: pl.DataFrame, shown: pl.DataFrame, column: str) -> str:
    """How many rows are not shown and how much of the column is theirs."""
    left = all_rows.height - shown.height
    if left == 0:
        return ""
    share = 1 - float(shown[column].sum()) / float(all_rows[column].sum())
    return f"and {left:,} more with {100 * share:.1f} % of the {column}"
