"""Offers and bids beside the prices that they met, in the terminal."""

from __future__ import annotations

import polars as pl
from rich.console import Console

from entrepot.cli.grid import print_grid
from entrepot.results.quoted import must_be_known
from entrepot.study import Study
from entrepot.telling.columns import Heading
from entrepot.telling.names import Names


def show_orders(console: Console, study: Study, found: pl.DataFrame, good: str | None) -> None:
    """A grid for each good: those that trade least of what they could come first."""
    goods = study.table("goods")["good"].to_list()
    if good is not None:
        must_be_known(good, goods, "good")
    names, many = Names(study), study.table("periods").height > 1
    for each in goods if good is None else [good]:
        mine = found.filter(pl.col("good") == each).sort(
            "side", pl.col("gap").fill_null(float("inf")), "place", descending=[False, True, False]
        )
        if mine.is_empty():
            continue
        money, unit = f"{names.currency}/{names.unit(each)}", names.unit(each)
        headings = [
            Heading(""),
            Heading("place"),
            Heading("agent", optional=True),
            Heading("period", optional=True),
            Heading("state"),
            Heading(f"traded, {unit}", figures=True),
            Heading("left", figures=True, optional=True),
            Heading(f"limit, {money}", figures=True, digits=2),
            Heading("meets", figures=True, digits=2),
            Heading("gap", figures=True, digits=2),
        ]
        rows = [
            [row["side"], names.place(row["place"]), row["agent"], row["period"] if many else None]
            + [row[name] for name in ("state", "quantity", "left", "limit", "price", "gap")]
            for row in mine.iter_rows(named=True)
        ]
        print_grid(console, names.good(each), headings, rows)
