"""What the study's sources say beside what the model says."""

from __future__ import annotations

import polars as pl

from entrepot.report.content import Block, Section, Table, Text, table
from entrepot.report.subject import Subject
from entrepot.results.claims import claims as read_claims
from entrepot.telling.columns import Heading
from entrepot.telling.figures import amount


def claims(subject: Subject) -> Section | None:
    """Every claim with the model's figure; below, folded, those that this study cannot test."""
    say, found = subject.say, read_claims(subject.base)
    if found.is_empty():
        return None
    tested = found.filter(pl.col("model").is_not_null())
    others = found.filter(pl.col("model").is_null())
    blocks: list[Block] = [Text(say("claims.intro"))]
    if not tested.is_empty():
        blocks.append(_table(subject, tested, say("claims.caption")))
    if not others.is_empty():
        blocks.append(_table(subject, others, say("claims.untested"), folded=True))
    return Section("claims", say("claims.title"), blocks)


def _table(subject: Subject, found: pl.DataFrame, caption: str, *, folded: bool = False) -> Table:
    say = subject.say
    headings = [
        Heading(say("claims.claim")),
        Heading(say("claims.use"), optional=True),
        Heading(say("claims.said")),
        Heading(say("claims.model")),
        Heading(say("claims.difference"), optional=True),
        Heading(say("column.source"), optional=True),
    ]
    rows = []
    for row in found.iter_rows(named=True):
        unit = row["unit"] or ""
        difference = row["difference"]
        rows.append(
            [
                row["text"] or row["claim"],
                None if row["use"] is None else say(f"claims.{row['use']}"),
                None if row["value"] is None else amount(row["value"], unit),
                row["why"] if row["model"] is None else amount(row["model"], unit),
                None if difference is None else amount(difference, unit, signed=True),
                subject.cited.of("claims", row["claim"]),
            ]
        )
    return table(caption, headings, rows, folded=folded)
