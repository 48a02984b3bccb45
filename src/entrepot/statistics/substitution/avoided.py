"""Whom an importer would rather not buy from: countries, members of blocs, or who is unfriendly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics.flows import flows
from entrepot.statistics.known import instead_of
from entrepot.statistics.potential.study_duties import members_of
from entrepot.statistics.relations.unfriendly import unfriendly
from entrepot.study import Study

Avoided = dict[str, list[str]]


def avoided_by_name(
    trade: pl.DataFrame,
    importers: Sequence[str],
    names: Sequence[str],
    study: Study | None,
    day: date | None,
) -> Avoided:
    """The countries that names stand for, the same for every importer, the importers left out.

    Parameters
    ----------
    names : countries that trade, or blocs of the study, whose members on the day are meant

    Raises
    ------
    QuestionError : a name that is neither
    """
    blocs = [] if study is None else study.table("blocs")["bloc"].unique().sort().to_list()
    rows = flows(trade)
    known = sorted({*rows["exporter"].unique(), *rows["importer"].unique()})
    for name in names:
        if name not in (*blocs, *known):
            cure = instead_of(name, [*blocs, *known])
            raise QuestionError(f"{name!r} is neither a country that trades nor a bloc; {cure}")
    countries = list(names)
    if study is not None:
        countries = [country for name in names for country in members_of(study, name, day)]
    return {each: sorted(set(countries) - set(importers)) for each in importers}


def avoided_by_relations(
    trade: pl.DataFrame,
    importers: Sequence[str],
    study: Study,
    threshold: float,
    day: date,
) -> tuple[Avoided, tuple[str, ...]]:
    """Suppliers whose alignment with each importer is below a threshold, and notes.

    Raises
    ------
    QuestionError : nobody is unfriendly to any of them
    StatisticsError : a threshold that is none, or no relation names any of the importers
    """
    relations, blocs = study.table("relations"), study.table("blocs")
    suppliers = flows(trade)
    found: Avoided = {}
    notes: list[str] = []
    for importer in importers:
        among = set(suppliers.filter(pl.col("importer") == importer)["exporter"])
        try:
            away = unfriendly(relations, blocs, day, importer, threshold, among)
        except StatisticsError as error:
            if not str(error).startswith("no relation of") or len(importers) == 1:
                raise
            away = []
            notes.append(str(error))
        away = [each for each in away if each not in importers]
        if away:
            found[importer] = away
            notes.append(
                f"suppliers unfriendly to {importer} (alignment below {threshold:g} on {day}): "
                f"{', '.join(away)}"
            )
        else:
            notes.append(f"no supplier's alignment with {importer} is below {threshold:g} on {day}")
    if not found:
        raise QuestionError("; ".join(notes) + "; raise --unfriendly-below or name whom to --avoid")
    return found, tuple(notes)
