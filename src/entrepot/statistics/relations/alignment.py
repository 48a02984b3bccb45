"""Alignment: how far two countries stand together, from the relations between them.

Friendly and hostile ties are gathered apart, as evidence for and against, and set off:

    friendly = 1 - product over friendly ties of (1 - weight)
    hostile  = 1 - product over hostile ties of (1 - |weight|)
    alignment = friendly - hostile                                   from -1 to +1

This is the certainty factor of Shortliffe, E. and Buchanan, B. (1975), "A model of inexact
reasoning in medicine", Mathematical Biosciences 23, 351-379: another friendly tie never lowers the
alignment, the order of the rows is nothing, one tie alone gives its own weight, and many weak ties
do not pass one that is full. The parts by domain are the same measure over the ties of that domain;
of all friendly parts, 1 - friendly is the product of their (1 - part), and so for hostile ones.

Of a bloc, alignment is the plain mean over its members other than the country itself; between two
blocs, over all pairs of different countries. Countries without a tie count with 0 there. Weights
are judgements: the measure says how the table's judgements add up, not how the world is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.schema.relations import RELATIONS
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.relations.in_force import InForce, Pair, Tie, as_date, in_force

DOMAINS: tuple[str, ...] = next(
    tuple(column.one_of or ()) for column in RELATIONS.own if column.name == "domain"
)
IDENTITY = "alignment is friendly less hostile, and these follow from the parts of the domains"
_FIGURES = ("alignment", "friendly", "hostile", *DOMAINS)


def alignment(relations: pl.DataFrame, blocs: pl.DataFrame | None, date: dt.date | str) -> Measure:
    """How far countries and blocs stand together on a day.

    Parameters
    ----------
    relations, blocs : tables of a study; without blocs every name is a country
    date : the day

    Returns
    -------
    Table (date, a, b, between, alignment, friendly, hostile, trade, transport, political,
    mediation, membership, other, ties, named), a row a pair, `a` before `b`. `between` is
    "countries", "bloc" (one side is a bloc) or "blocs". The columns of domains are the alignment
    by that domain's ties alone, null without one. `ties` is their number and `named` their names,
    separated by "; ". Pairs of countries without a tie are left out: their alignment is 0.

    Raises
    ------
    StatisticsError : columns are missing, a weight is not from -1 to 1, no such day
    """
    day = as_date(date)
    found = in_force(relations, blocs, day)
    rows = [
        {"a": a, "b": b, "between": "countries", **_of(ties)}
        for (a, b), ties in sorted(found.ties.items())
    ]
    by_pair = {(row["a"], row["b"]): row for row in rows}
    table = pl.DataFrame(
        [{"date": day, **row} for row in (*rows, *_of_blocs(found, by_pair))], schema=_SCHEMA
    )
    notes = list(found.notes)
    if table.is_empty():
        notes.append(f"no relation is in force on {day}")
    # The other way to the same figures: from all ties of a pair at once, not by domain.
    direct = [_gathered(found.ties[pair]) for pair in by_pair]
    by_domain = [_from_domains(found.ties[pair]) for pair in by_pair]
    sides = (np.array([f - h for f, h in by_domain]), np.array([f - h for f, h in direct]))
    return certified("alignment", table, IDENTITY, sides, scale=1.0, notes=notes)


def alignment_over_time(
    relations: pl.DataFrame, blocs: pl.DataFrame | None, dates: Iterable[dt.date | str]
) -> Measure:
    """The rows of `alignment` on several days, one day after another.

    Raises
    ------
    StatisticsError : as `alignment`, or no day is given
    """
    found = [alignment(relations, blocs, date) for date in dates]
    if not found:
        raise StatisticsError("alignment over time needs at least one day")
    return Measure(
        "alignment",
        pl.concat([each.table for each in found]),
        IDENTITY,
        max(each.residual for each in found),
        tuple(dict.fromkeys(note for each in found for note in each.notes)),
    )


def turning_days(relations: pl.DataFrame) -> list[dt.date]:
    """The days on which a relation begins, or no longer holds, in order."""
    begun = relations["date"].drop_nulls().to_list()
    ended = [day + dt.timedelta(days=1) for day in relations["until"].drop_nulls()]
    return sorted({*begun, *ended})


_SCHEMA = pl.Schema(
    {
        "date": pl.Date(),
        **{name: pl.String() for name in ("a", "b", "between")},
        **{name: pl.Float64() for name in _FIGURES},
        "ties": pl.Int64(),
        "named": pl.String(),
    }
)


def _of(ties: Sequence[Tie]) -> dict[str, Any]:
    """The figures of a pair of countries."""
    friendly, hostile = _gathered(ties)
    parts: dict[str, float | None] = {}
    for domain in DOMAINS:
        own = [tie for tie in ties if tie.domain == domain]
        f, h = _gathered(own)
        parts[domain] = f - h if own else None
    return {
        "alignment": friendly - hostile,
        "friendly": friendly,
        "hostile": hostile,
        **parts,
        "ties": len(ties),
        "named": "; ".join(tie.relation for tie in ties),
    }


def _gathered(ties: Sequence[Tie]) -> tuple[float, float]:
    """Friendly and hostile ties, each gathered as evidence."""
    friendly = hostile = 1.0
    # In the order of the weights, so that the order of the rows does not change the last digit.
    for weight in sorted(tie.weight for tie in ties):
        if weight > 0:
            friendly *= 1.0 - weight
        else:
            hostile *= 1.0 + weight
    return 1.0 - friendly, 1.0 - hostile


def _from_domains(ties: Sequence[Tie]) -> tuple[float, float]:
    """The same from what each domain gathers."""
    parts = [_gathered([tie for tie in ties if tie.domain == domain]) for domain in DOMAINS]
    friendly = 1.0 - float(np.prod([1.0 - f for f, _ in parts]))
    hostile = 1.0 - float(np.prod([1.0 - h for _, h in parts]))
    return friendly, hostile


def _of_blocs(found: InForce, by_pair: dict[Pair, dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of blocs: means over pairs of different countries, those without a tie with 0."""
    countries = sorted({name for pair in by_pair for name in pair})
    asked = [(bloc, country, "bloc") for bloc, country in product(found.members, countries)]
    asked += [(a, b, "blocs") for a, b in combinations(found.members, 2)]
    rows = []
    for first, second, between in asked:
        sides = [found.members.get(name, (name,)) for name in (first, second)]
        pairs = {(min(a, b), max(a, b)) for a, b in product(*sides) if a != b}
        tied = [by_pair[pair] for pair in sorted(pairs) if pair in by_pair]
        if not tied:
            continue
        means: dict[str, float | None] = {}
        for name in _FIGURES:
            given = [row[name] for row in tied if row[name] is not None]
            means[name] = sum(given) / len(pairs) if given else None
        names = dict.fromkeys(name for row in tied for name in row["named"].split("; "))
        a, b = min(first, second), max(first, second)
        rows.append(
            {"a": a, "b": b, "between": between, **means}
            | {"ties": len(names), "named": "; ".join(names)}
        )
    return sorted(rows, key=lambda row: (row["between"], row["a"], row["b"]))
