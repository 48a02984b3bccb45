"""Prices at the markets with the range that clears the same trades."""

from __future__ import annotations

import polars as pl

from entrepot.report.content import MOST_ROWS, Block, Section, Table, Text, table
from entrepot.report.sections.rows import rest
from entrepot.report.subject import Subject
from entrepot.telling.columns import Heading
from entrepot.telling.largest import largest

KEYS = ["period", "place", "good"]


def prices(subject: Subject) -> Section:
    """Where anyone sold or bought: a table for each good."""
    base = subject.base
    dealt = (
        pl.concat([base.sales.select(*KEYS, "quantity"), base.purchases.select(*KEYS, "quantity")])
        .group_by(KEYS)
        .agg(pl.col("quantity").max())
    )
    markets = base.prices.join(dealt, on=KEYS, how="inner", maintain_order="left")
    blocks: list[Block] = [Text(subject.say("prices.intro"))]
    for good in subject.goods:
        of_good = markets.filter(pl.col("good") == good)
        if not of_good.is_empty():
            blocks.append(_of_good(subject, good, of_good))
    return Section("prices", subject.say("prices.title"), blocks)


def _range(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """The range of a price where it is one and shows in five figures."""
    if low is None or high is None or high - low > 1e-5 * max(abs(low), abs(high)):
        return low, high
    return None, None


def _of_good(subject: Subject, good: str, markets: pl.DataFrame) -> Table:
    say, names = subject.say, subject.names
    unit = names.unit(good)
    shown = largest(markets, pl.col("quantity"), MOST_ROWS)
    headings = [
        Heading(say("column.period"), optional=True),
        Heading(say("column.place")),
        Heading(say("column.country")),
        Heading(say("column.traded"), unit, figures=True),
        Heading(say("column.price", money=f"{subject.currency}/{unit}"), figures=True, at_least=2),
        Heading(say("column.low"), figures=True, at_least=2, optional=True),
        Heading(say("column.high"), figures=True, at_least=2, optional=True),
        Heading(say("prices.source"), optional=True),
    ]
    rows = [
        [
            subject.period(row["period"]),
            names.place(row["place"]),
            names.country(names.country_of(row["place"])),
            row["quantity"],
            row["price"],
            *_range(row["low"], row["high"]),
            subject.cited.of_market(row["place"], good),
        ]
        for row in shown.iter_rows(named=True)
    ]
    caption = say("prices.caption", good=names.good(good))
    return table(caption, headings, rows, note=rest(subject, markets, shown, "quantity"))
