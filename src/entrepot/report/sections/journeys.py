"""Who ships what to whom: the journeys behind the flows."""

from __future__ import annotations

import polars as pl

from entrepot.report.content import Block, Section, Table, table
from entrepot.report.sections.rows import rest
from entrepot.report.subject import Subject
from entrepot.telling.columns import Heading
from entrepot.telling.figures import amount
from entrepot.telling.largest import largest

MOST = 60


def journeys(subject: Subject) -> Section:
    """A table of journeys for each good, the largest first."""
    blocks: list[Block] = [
        _of_good(subject, good, subject.journeys.filter(pl.col("good") == good))
        for good in subject.goods
        if good in subject.journeys["good"]
    ]
    return Section("journeys", subject.say("journeys.title"), blocks)


def _of_good(subject: Subject, good: str, journeys: pl.DataFrame) -> Table:
    say, names = subject.say, subject.names
    unit = names.unit(good)
    shown = largest(journeys, pl.col("quantity"), MOST)
    total = float(journeys["quantity"].sum())
    headings = [
        Heading(say("column.period"), optional=True),
        Heading(say("column.from")),
        Heading(say("column.to")),
        Heading("", unit, figures=True),
        Heading("%", figures=True, digits=1),
        Heading(
            say("column.freight", money=f"{subject.currency}/{unit}"), figures=True, at_least=2
        ),
        Heading(say("column.duty"), figures=True, at_least=2, optional=True),
        Heading(say("column.days"), figures=True, digits=1),
        Heading(say("column.through"), optional=True),
        Heading(say("column.route")),
    ]
    duties = bool((journeys["duty"] > 0).any())
    rows = [
        [
            subject.period(row["period"]),
            names.place(row["origin"]),
            names.place(row["destination"]),
            row["quantity"],
            100 * row["quantity"] / total,
            row["cost"],
            row["duty"] if duties else None,
            row["days"],
            names.through(row["legs"]),
            names.route(row["legs"]),
        ]
        for row in shown.iter_rows(named=True)
    ]
    caption = say("journeys.caption", good=names.good(good), total=amount(total, unit))
    return table(caption, headings, rows, note=rest(subject, journeys, shown, "quantity"))
