"""Bans and quotas as marks on a map: on the legs that they name, or at the countries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.results.restrictions import restrictions
from entrepot.telling.catalogue import Catalogue
from entrepot.telling.names import Names

ALL = "*"


def rules_on_a_map(
    clearing: Clearing, legs: pl.DataFrame, names: Names, say: Catalogue
) -> list[dict[str, Any]]:
    """Bans and quotas in force, each with where it is drawn.

    Parameters
    ----------
    legs : (leg, start, end): lines of the map

    Returns
    -------
    For each rule `kind` (ban, quota), `name`, `told` (in words), `lines` (start, end of the legs
    that it names) and `at` (longitude and latitude of the countries that it is about, where it
    names no leg): the country transited, else that of destination, else that of origin.
    """
    lines: dict[str, list[tuple[int, int]]] = {}
    for leg, start, end in legs.select("leg", "start", "end").iter_rows():
        lines.setdefault(leg, []).append((start, end))
    where, members = _middles(clearing), _members(clearing)
    found = []
    for row in restrictions(clearing).iter_rows(named=True):
        if row["kind"] not in ("ban", "quota") or not row["in_force"]:
            continue
        by = list(_by(clearing, row))
        on = [line for each in by for line in lines.get(each, [])]
        about = [each for each in by if each in where] or [
            country
            for end in ("destination", "origin")
            for country in members.get(row[end], [row[end]])
            if country in where
        ]
        found.append(
            {
                "kind": row["kind"],
                "name": row["name"],
                "told": _told(row, by, names, say),
                "lines": on,
                "at": [] if on else [where[country] for country in dict.fromkeys(about)],
            }
        )
    return found


def _by(clearing: Clearing, row: dict[str, Any]) -> Iterator[str]:
    """Legs and countries that a rule names as the way."""
    if row["kind"] == "ban":
        yield from (each.strip() for each in (row["what"] or "").split(";") if each.strip())
        return
    quotas = clearing.study.table("quotas").filter(pl.col("quota") == row["name"])
    yield from quotas["leg"].drop_nulls().unique(maintain_order=True).to_list()


def _middles(clearing: Clearing) -> dict[str, tuple[float, float]]:
    """The middle of a country's places."""
    places = clearing.study.table("places").drop_nulls(["longitude", "latitude"])
    middle = places.group_by("country", maintain_order=True).agg(
        pl.col("longitude", "latitude").median()
    )
    return {country: (east, north) for country, east, north in middle.iter_rows()}


def _members(clearing: Clearing) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for bloc, country in clearing.study.table("blocs").select("bloc", "country").iter_rows():
        found.setdefault(bloc, []).append(country)
    return found


def _told(row: dict[str, Any], by: list[str], names: Names, say: Catalogue) -> str:
    """Such as: ban lt: Potash, Belarus → all, by way of Lithuania."""

    def end(country: str | None) -> str:
        all_ = country in (None, ALL)
        return say("restrictions.all") if all_ else names.country(str(country))

    good = say("restrictions.all") if row["good"] in (None, ALL) else names.good(row["good"])
    words = {"name": row["name"], "good": good, "origin": end(row["origin"])}
    told = say(f"map.rule.{row['kind']}", **words, destination=end(row["destination"]))
    if row["kind"] == "quota":
        told += f" {row['what']}"
    way = ", ".join(names.anything(each) if each not in ALL else each for each in by)
    return f"{told} ({say('map.rule.by', way=way)})" if way else told
