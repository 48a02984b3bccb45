"""Which relations hold between which countries on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import product

import polars as pl

from entrepot.errors import StatisticsError

NEEDED = ("relation", "a", "b", "domain", "date", "until", "weight")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation as it holds between two countries.

    Attributes
    ----------
    relation : its name
    domain : what it concerns; "other" where the table leaves that open
    weight : from -1 (hostile) to +1 (allied)
    """

    relation: str
    domain: str
    weight: float


@dataclass(frozen=True, eq=False)
class InForce:
    """What holds on a day.

    Attributes
    ----------
    members : the countries of each bloc, sorted
    ties : of each pair of countries (in the order of the alphabet), in the order of the table
    notes : rows that do not count, and why
    """

    members: dict[str, tuple[str, ...]]
    ties: dict[Pair, list[Tie]]
    notes: tuple[str, ...]


def as_date(date: dt.date | str) -> dt.date:
    """A day, from a date or its ISO 8601 form.

    Raises
    ------
    StatisticsError : no such day
    """
    if isinstance(date, dt.date):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError:
        raise StatisticsError(f"{date!r} is not a day; write it as 2024-01-31") from None


def members_on(blocs: pl.DataFrame | None, date: dt.date) -> dict[str, tuple[str, ...]]:
    """The members of each bloc on a day; blocs without a member on it are left out."""
    if blocs is None or blocs.is_empty():
        return {}
    found: dict[str, set[str]] = defaultdict(set)
    for bloc, country, since, until in blocs.select(
        "bloc", "country", "since", "until"
    ).iter_rows():
        if (since is None or since <= date) and (until is None or date <= until):
            found[bloc].add(country)
    return {bloc: tuple(sorted(found[bloc])) for bloc in sorted(found)}


def in_force(relations: pl.DataFrame, blocs: pl.DataFrame | None, date: dt.date) -> InForce:
    """The ties between countries on a day: a bloc's relation holds for each of its members.

    A relation holds from `date` to `until`, both days included; a blank end is open. It counts once
    for a pair, and never between a country and itself. A bloc that stands on both sides of a
    relation ties its members to each other; membership alone ties nobody.

    Raises
    ------
    StatisticsError : columns are missing, or a weight is not between -1 and 1
    """
    missing = [name for name in NEEDED if name not in relations.columns]
    if missing:
        raise StatisticsError(f"relations lack {', '.join(missing)}")
    members = members_on(blocs, date)
    ties: dict[Pair, list[Tie]] = defaultdict(list)
    weightless: list[str] = []
    for row in relations.select(NEEDED).iter_rows(named=True):
        since, until, weight = row["date"], row["until"], row["weight"]
        if (since is not None and date < since) or (until is not None and until < date):
            continue
        if weight is None:
            weightless.append(row["relation"])
            continue
        if not -1 <= weight <= 1:
            raise StatisticsError(
                f"relation {row['relation']!r} has weight {weight}; give one from -1 to 1"
            )
        sides = (members.get(row["a"], (row["a"],)), members.get(row["b"], (row["b"],)))
        tie = Tie(row["relation"], row["domain"] or "other", float(weight))
        for pair in sorted({(min(a, b), max(a, b)) for a, b in product(*sides) if a != b}):
            ties[pair].append(tie)
    notes = (f"without a weight, not counted: {', '.join(weightless)}",) if weightless else ()
    return InForce(members, dict(ties), notes)
