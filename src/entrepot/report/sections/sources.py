"""Sources and ranges: every figure of the study with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import polars as pl

from entrepot.report.cited import target
from entrepot.report.content import Block, Cell, Section, Sources, Table, Text, table
from entrepot.report.sections.rows import left_out
from entrepot.report.subject import Subject
from entrepot.results.sourced import sourced_figures
from entrepot.telling.columns import Heading

MOST = 1000
"""Rows of one table; large studies have more than a reader of a report."""

BASES = ("published", "derived", "estimate")


def sources(subject: Subject) -> Section:
    """How many figures are published and how many are estimates, then each, then the sources."""
    say, found = subject.say, sourced_figures(subject.base.study)
    figures = found.filter(pl.col("column").is_not_null())
    blocks: list[Block] = [
        Text(say("sources.intro")),
        _counted(subject, figures),
    ]
    for name, rows in groupby(found.iter_rows(named=True), key=lambda row: row["table"]):
        blocks.append(_of_table(subject, name, list(rows)))
    numbers = subject.cited.numbers
    if numbers:
        blocks.append(Text(say("sources.list")))
        blocks.append(Sources([(target(number), text) for text, number in numbers.items()]))
    return Section("sources", say("sources.title"), blocks)


def _counted(subject: Subject, figures: pl.DataFrame) -> Table:
    say = subject.say
    total = max(figures.height, 1)
    ranged = pl.col("low").is_not_null() | pl.col("high").is_not_null()
    rows: list[list[object]] = []
    for basis in (*BASES, None):
        mine = figures.filter(pl.col("basis").eq_missing(basis))
        if mine.height:
            rows.append(
                [
                    say(f"basis.{basis or 'unstated'}"),
                    mine.height,
                    100 * mine.height / total,
                    mine.filter(ranged).height,
                ]
            )
    headings = [
        Heading(say("sources.basis")),
        Heading(say("sources.figures"), figures=True, digits=0),
        Heading("%", figures=True, digits=1),
        Heading(say("sources.ranged"), figures=True, digits=0),
    ]
    return table(say("sources.counted"), headings, rows)


def _of_table(subject: Subject, name: str, rows: list[dict[str, Any]]) -> Table:
    """One row for each row of the study's table, its figures told in one cell."""
    say = subject.say
    together = [list(group) for _, group in groupby(rows, key=lambda row: row["row"])]
    shown = together[:MOST]
    headings = [
        Heading(say("column.row")),
        Heading(say("sources.told"), optional=True),
        Heading(say("column.note"), optional=True),
        Heading(say("column.source"), optional=True),
    ]
    told: list[list[object]] = []
    for group in shown:
        source = group[0]["source"]
        number = None if source is None else subject.cited.numbers[source]
        told.append(
            [
                group[0]["key"],
                "; ".join(_figure(subject, each) for each in group if each["column"]) or None,
                group[0]["note"],
                None if number is None else Cell(f"[{number}]", target(number)),
            ]
        )
    note = left_out(subject, len(together), len(shown))
    return table(say("sources.table", table=name), headings, told, note=note, folded=True)


def _figure(subject: Subject, row: dict[str, Any]) -> str:
    """`cost 1.8 (1.26 – 2.34, estimate)`."""
    beside = list(_beside(subject, row))
    return f"{row['column']} {row['value']:,.10g}" + (f" ({', '.join(beside)})" if beside else "")


def _beside(subject: Subject, row: dict[str, Any]) -> Iterator[str]:
    low, high = row["low"], row["high"]
    if low is not None or high is not None:
        ends = ("…" if end is None else f"{end:,.10g}" for end in (low, high))
        yield " – ".join(ends)
    if row["basis"] is not None:
        yield subject.say(f"basis.{row['basis']}")
