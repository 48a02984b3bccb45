"""Freight between countries by the cheapest journeys of a study's network."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import polars as pl

from entrepot.study import Study

Freight = Callable[[str, str, str], float | None]
"""From a country to a country, of a code of the Harmonized System: money per unit, or None."""

ENDS = ("mine", "plant", "city", "market", "port")
GENERAL = "container"


def freight_of(study: Study) -> Freight:
    """Freight of a unit from one country to another, money and the worth of time together.

    Of all journeys from a mine, plant, city, market or port of the one country to such a place of
    the other the cheapest counts, as table `legs` has it; rents and duties are left out. A product
    travels as the good of the study whose code it shares most of, else as the good without a code
    that is handled in containers. None where no good fits or no way leads.
    """
    # Loaded with the first network, not with every measure of trade.
    from entrepot.routing.reach import reach

    places = study.table("places").filter(pl.col("kind").is_in(ENDS))
    ends: dict[str, list[str]] = {}
    for place, country in places.select("place", "country").iter_rows():
        ends.setdefault(country, []).append(place)
    goods = list(study.table("goods").select("good", "hs", "handling", "unit").iter_rows())

    @cache
    def carried_as(hs: str) -> str | None:
        near = [
            (_shared(hs, code), good)
            for good, code, _, unit in goods
            if code and unit in (None, "t") and (hs.startswith(code) or code.startswith(hs))
        ]
        if near:
            return str(max(near)[1])
        boxes = [good for good, code, handling, _ in goods if not code and handling == GENERAL]
        return str(boxes[0]) if boxes else None

    @cache
    def from_country(origin: str, good: str) -> dict[str, float]:
        least: dict[str, float] = {}
        for place in ends.get(origin, []):
            told = reach(study, place, good).drop_nulls("generalised")
            for other, country, cost in told.select("place", "country", "generalised").iter_rows():
                if other in ends.get(country, ()) and cost < least.get(country, float("inf")):
                    least[country] = cost
        return least

    def freight(origin: str, destination: str, hs: str) -> float | None:
        good = carried_as(hs)
        return None if good is None else from_country(origin, good).get(destination)

    return freight


def _shared(a: str, b: str) -> int:
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y),
                min(len(a), len(b)))  # fmt: skip
