"""The duties of a study as tariffs between countries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from entrepot.statistics.potential.tariffs import ANY, TARIFFS
from entrepot.study import Study

BY_NAME, BY_BLOC, BY_ALL = 2, 1, 0


def duties_as_tariffs(study: Study, day: date | None) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Duties on the value that are in force on a day, by importer, exporter and code.

    A good of the study stands for its code. The most specific good wins, then origin, then
    destination, as when clearing. Duties by amount need prices and are left out.

    Parameters
    ----------
    day : None takes all that have no end

    Returns
    -------
    Frame (importer, exporter, hs, tariff) as `tariffs_on` takes it, and what is left out
    """
    codes = dict(study.table("goods").select("good", "hs").iter_rows())
    best: dict[tuple[str, str, str], tuple[tuple[int, int], float]] = {}
    by_amount = 0
    for row in study.table("duties").iter_rows(named=True):
        if not _in_force(row["since"], row["until"], day):
            continue
        by_amount += bool(row["specific"])
        code = "" if row["good"] in (None, ANY) else codes.get(row["good"], row["good"])
        for importer, near in _members(study, row["destination"], day, named=True):
            for exporter, close in _members(study, row["origin"], day, named=False):
                key, rank = (importer, exporter, code or ANY), (close, near)
                if exporter != importer and (key not in best or rank > best[key][0]):
                    best[key] = (rank, row["ad_valorem"])
    rows = [(*key, tariff) for key, (_, tariff) in best.items()]
    notes = (f"{by_amount} duties by amount are left out",) if by_amount else ()
    return pl.DataFrame(rows, schema=dict(TARIFFS), orient="row"), notes


def members_of(study: Study, name: str, day: date | None) -> list[str]:
    """The countries that a name stands for on a day: a bloc's members, or the country itself."""
    return [country for country, _ in _members(study, name, day, named=True)]


def _members(
    study: Study, name: str | None, day: date | None, *, named: bool
) -> Iterator[tuple[str, int]]:
    """Countries that a country, a bloc or `*` stands for, each with how specific that is."""
    blocs = study.table("blocs")
    if name is None or name == ANY:
        everyone = study.table("countries")["country"].to_list() if named else [ANY]
        yield from ((country, BY_ALL) for country in everyone)
    elif name in set(blocs["bloc"]):
        for row in blocs.filter(pl.col("bloc") == name).iter_rows(named=True):
            if _in_force(row["since"], row["until"], day):
                yield row["country"], BY_BLOC
    else:
        yield name, BY_NAME


def _in_force(since: date | None, until: date | None, day: date | None) -> bool:
    if day is None:
        return until is None
    return (since is None or since <= day) and (until is None or day <= until)
