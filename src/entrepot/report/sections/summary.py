"""The summary in plain words: who ships what to whom, what is scarce, what scenarios change."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.report.content import Block, Facts, Items, Section, Text
from entrepot.report.subject import Subject
from entrepot.results.compare import Comparison
from entrepot.telling.figures import amount, figure, money
from entrepot.telling.largest import largest

NAMED = 3
"""Sellers, buyers, limits and corridors that a sentence names."""

SMALL = 5e-4
"""Of the base: a change below it is told as none."""


def summary(subject: Subject) -> Section:
    """What a reader takes away who reads no further."""
    say = subject.say
    blocks: list[Block] = [Facts(list(_facts(subject)))]
    moved = list(_goods(subject))
    blocks.append(Items(moved) if moved else Text(say("summary.nothing")))
    blocks.append(Text(_scarce(subject)))
    for other, comparison in zip(subject.others, subject.comparisons, strict=True):
        blocks.append(Text(_change(subject, other, comparison)))
    return Section("summary", say("summary.title"), blocks)


def _facts(subject: Subject) -> Iterator[tuple[str, str]]:
    base, say = subject.base, subject.say
    unit = f"{subject.currency} {say('a_period')}"
    yield say("summary.welfare"), f"{money(base.welfare, unit)}: {say('summary.what_welfare')}"
    if base.duty_revenue:
        yield say("summary.duties"), money(base.duty_revenue, unit)
    study = base.study
    counts = (f"{say(f'table.{name}')} {study.table(name).height:,}" for name in _COUNTED)
    yield say("summary.study"), ", ".join(counts)


_COUNTED = ("places", "legs", "goods")


def _goods(subject: Subject) -> Iterator[str]:
    """A sentence on each good that anyone buys, the dearest market first."""
    names, say = subject.names, subject.say
    ends = subject.journeys.with_columns(
        seller=pl.col("origin").map_elements(names.country_of, return_dtype=pl.String),
        buyer=pl.col("destination").map_elements(names.country_of, return_dtype=pl.String),
    )
    for good in subject.goods:
        mine = ends.filter(pl.col("good") == good)
        if mine.is_empty():
            continue
        yield say(
            "summary.good",
            good=names.good(good),
            total=amount(float(mine["quantity"].sum()), names.unit(good)),
            sellers=_shares(subject, mine, "seller"),
            buyers=_shares(subject, mine, "buyer"),
        )


def _shares(subject: Subject, journeys: pl.DataFrame, side: str) -> str:
    """The countries with the largest parts of one side of the trade."""
    total = float(journeys["quantity"].sum())
    parts = journeys.group_by(side).agg(pl.col("quantity").sum()).sort(side)
    shown = largest(parts, pl.col("quantity"), NAMED)
    told = [
        f"{subject.names.country(country)} {100 * quantity / total:.1f} %"
        for country, quantity in shown.iter_rows()
    ]
    if parts.height > NAMED:
        others = parts.height - NAMED
        word = "summary.other" if others == 1 else "summary.others"
        told.append(subject.say(word, count=others))
    return ", ".join(told)


def _scarce(subject: Subject) -> str:
    say, names = subject.say, subject.names
    full = subject.base.limits.filter((pl.col("rent") > 0) & (pl.col("limit") > 0))
    if full.is_empty():
        return say("summary.no_scarcity")
    dearest = [
        say(
            "summary.rent",
            what=names.limit(row["table"], row["name"]),
            rent=figure(row["rent"], 2),
            currency=subject.currency,
        )
        for row in largest(full, pl.col("income"), NAMED).iter_rows(named=True)
    ]
    return say("summary.scarce", count=full.height, dearest="; ".join(dearest))


def _change(subject: Subject, other: Clearing, comparison: Comparison) -> str:
    say, names = subject.say, subject.names
    change = float(comparison.totals["change"][0])
    unit = f"{subject.currency} {say('a_period')}"
    told = [
        say(
            "summary.change",
            scenario=subject.title(other),
            change=money(change, unit, signed=True),
        )
    ]
    countries = comparison.countries.filter(pl.col("country").is_not_null())
    for word, found in (
        ("gain", countries.filter(pl.col("change") > 0).sort("change", descending=True)),
        ("lose", countries.filter(pl.col("change") < 0).sort("change")),
    ):
        least = SMALL * abs(change)
        top = found.filter(pl.col("change").abs() > least).head(NAMED)
        if not top.is_empty():
            who = ", ".join(
                f"{names.country(row['country'])} "
                f"({money(row['change'], subject.currency, signed=True)})"
                for row in top.iter_rows(named=True)
            )
            told.append(say(f"summary.{word}", who=who))
    shifts = _shifts(subject, comparison)
    if shifts:
        told.append(say("summary.shift", what="; ".join(shifts)))
    return " ".join(told)


def _shifts(subject: Subject, comparison: Comparison) -> list[str]:
    """The corridors whose load changes most."""
    moved = comparison.corridors.filter(
        pl.col("change").abs() > SMALL * pl.max_horizontal("base", "other")
    )
    return [
        f"{subject.names.corridor(row['corridor'])}, {subject.names.short_good(row['good'])} "
        f"{amount(row['change'], row['unit'], signed=True)}"
        for row in largest(moved, pl.col("change").abs(), NAMED).iter_rows(named=True)
    ]
