"""Sales and purchases by place and agent, and trade between countries."""

from __future__ import annotations

import polars as pl

from entrepot.report.content import MOST_ROWS, Section, Table, table
from entrepot.report.sections.rows import rest
from entrepot.report.subject import Subject
from entrepot.telling.columns import Heading
from entrepot.telling.largest import largest


def deals(subject: Subject) -> Section:
    """Who sold, who bought, and what crossed borders."""
    base, say = subject.base, subject.say
    return Section(
        "deals",
        say("deals.title"),
        [
            _dealt(subject, say("sales.caption"), base.sales, "offers"),
            _dealt(subject, say("purchases.caption"), base.purchases, "bids"),
            _trade(subject),
        ],
    )


def _dealt(subject: Subject, caption: str, found: pl.DataFrame, rows_of: str) -> Table:
    say, names = subject.say, subject.names
    worth = pl.col("quantity") * pl.col("price")
    shown = largest(found, worth.abs(), MOST_ROWS)
    headings = [
        Heading(say("column.period"), optional=True),
        Heading(say("column.place")),
        Heading(say("column.agent"), optional=True),
        Heading(say("column.good")),
        Heading(say("column.quantity"), figures=True, digits=0),
        Heading(say("column.unit")),
        Heading(say("column.price_plain", currency=subject.currency), figures=True, digits=2),
        Heading(say("column.value"), subject.currency, figures=True),
        Heading(say("column.source"), optional=True),
    ]
    rows = [
        [
            subject.period(row["period"]),
            names.place(row["place"]),
            row["agent"],
            names.short_good(row["good"]),
            row["quantity"],
            names.unit(row["good"]),
            row["price"],
            row["quantity"] * row["price"],
            subject.cited.of(rows_of, row["place"], row["good"], row["agent"]),
        ]
        for row in shown.iter_rows(named=True)
    ]
    note = rest(subject, found, shown, "quantity")
    return table(caption, headings, rows, note=note, folded=len(rows) > 25)


def _trade(subject: Subject) -> Table:
    say, names, found = subject.say, subject.names, subject.trade
    shown = largest(found, pl.col("value").abs(), MOST_ROWS)
    headings = [
        Heading(say("column.period"), optional=True),
        Heading(say("column.exporter")),
        Heading(say("column.importer")),
        Heading(say("column.good")),
        Heading(say("column.hs"), optional=True),
        Heading(say("column.quantity"), figures=True, digits=0),
        Heading(say("column.unit")),
        Heading(say("column.value_fob"), subject.currency, figures=True, at_least=2),
    ]
    rows = [
        [
            subject.period(row["period"]),
            names.country(row["reporter"]),
            names.country(row["partner"]),
            names.short_good(row["good"]),
            row["hs"],
            row["quantity"],
            row["unit"],
            row["value"],
        ]
        for row in shown.iter_rows(named=True)
    ]
    note = rest(subject, found, shown, "value") or say("trade.note")
    return table(say("trade.caption"), headings, rows, note=note)
