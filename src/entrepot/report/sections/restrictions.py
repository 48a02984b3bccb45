"""Restrictions in force, shown openly: bans, duties, quotas, commitments, closed legs."""

from __future__ import annotations

import polars as pl

from entrepot.report.cited import target
from entrepot.report.content import MOST_ROWS, Block, Cell, Section, Table, Text, table
from entrepot.report.sections.rows import left_out
from entrepot.report.subject import Subject
from entrepot.results.restrictions import restrictions as read_restrictions
from entrepot.telling.columns import Heading

KINDS = ("ban", "duty", "quota", "commitment", "closed leg")


def restrictions(subject: Subject) -> Section:
    """A table for each kind that the study has."""
    say, found = subject.say, read_restrictions(subject.base)
    blocks: list[Block] = [Text(say("restrictions.intro" if found.height else "restrictions.none"))]
    for kind in KINDS:
        mine = found.filter(pl.col("kind") == kind)
        if not mine.is_empty():
            blocks.append(_of_kind(subject, kind, mine))
    return Section("restrictions", say("restrictions.title"), blocks)


def _of_kind(subject: Subject, kind: str, found: pl.DataFrame) -> Table:
    say, names = subject.say, subject.names
    closed = kind == "closed leg"
    headings = [
        Heading(say("column.name")),
        Heading(say("column.good"), optional=True),
        Heading(say("column.from"), optional=True),
        Heading(say("column.to"), optional=True),
        Heading(say(f"restrictions.what.{kind.replace(' ', '_')}"), optional=True),
        Heading(say("restrictions.closes" if closed else "restrictions.since"), optional=True),
        Heading(say("restrictions.opens" if closed else "restrictions.until"), optional=True),
        Heading(say("restrictions.held"), optional=True),
        Heading(say("column.note"), optional=True),
        Heading(say("column.source"), optional=True),
    ]
    shown = found.head(MOST_ROWS)
    rows = [
        [
            names.leg(row["name"]) if closed else row["name"],
            None if row["good"] is None else names.short_good(row["good"]),
            _end(subject, row["origin"], closed),
            _end(subject, row["destination"], closed),
            _ways(subject, row["what"]) if kind == "ban" else row["what"],
            row["since"],
            row["until"],
            None if closed or row["in_force"] else say("restrictions.not_in_force"),
            row["note"],
            _source(subject, row["source"]),
        ]
        for row in shown.iter_rows(named=True)
    ]
    return table(
        say(f"restrictions.{kind.replace(' ', '_')}"),
        headings,
        rows,
        note=left_out(subject, found.height, shown.height),
        folded=len(rows) > 15,
    )


def _end(subject: Subject, name: str | None, place: bool) -> str | None:
    """A place, a country or a bloc by name."""
    if name is None:
        return None
    if name == "*":
        return subject.say("restrictions.all")
    return subject.names.place(name) if place else subject.names.country(name)


def _ways(subject: Subject, via: str | None) -> str | None:
    """Countries and legs by name."""
    if via is None:
        return None
    names = subject.names
    known = set(subject.base.state.stack.market.network.legs)
    parts = [part.strip() for part in via.split(";")]
    return ", ".join(names.leg(each) if each in known else names.country(each) for each in parts)


def _source(subject: Subject, source: str | None) -> Cell | None:
    if source is None:
        return None
    number = subject.cited.numbers[source]
    return Cell(f"[{number}]", target(number))
