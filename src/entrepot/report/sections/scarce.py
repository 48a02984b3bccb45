"""What is full, and what one more unit of room would be worth there."""

from __future__ import annotations

import polars as pl

from entrepot.report.content import Block, Section, Text, table
from entrepot.report.subject import Subject
from entrepot.telling.columns import Heading
from entrepot.telling.largest import largest


def scarce(subject: Subject) -> Section:
    """Every limit that earns a rent, the dearest in all first."""
    say, names = subject.say, subject.names
    held = subject.base.limits.filter(pl.col("rent") > 0)
    if held.is_empty():
        return Section("scarce", say("scarce.title"), [Text(say("scarce.none"))])
    headings = [
        Heading(say("column.period"), optional=True),
        Heading(say("column.what")),
        Heading(say("column.good"), optional=True),
        Heading(say("column.limit"), figures=True, digits=0),
        Heading(say("column.rent", currency=subject.currency), figures=True, digits=2),
        Heading(say("column.income"), subject.currency, figures=True, at_least=1),
        Heading(say("column.source"), optional=True),
    ]
    rows = [
        [
            subject.period(row["period"]),
            names.limit(row["table"], row["name"]),
            None if row["good"] is None else names.short_good(row["good"]),
            row["limit"],
            row["rent"],
            row["income"],
            subject.cited.of_limit(row["table"], row["name"], row["good"]),
        ]
        for row in largest(held, pl.col("income"), held.height).iter_rows(named=True)
    ]
    blocks: list[Block] = [
        Text(say("scarce.intro")),
        table(say("scarce.caption"), headings, rows, note=say("scarce.note")),
    ]
    return Section("scarce", say("scarce.title"), blocks)
