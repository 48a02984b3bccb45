"""Duties: what a country takes on goods from another when they are bought or used there."""

from __future__ import annotations

from collections.abc import Hashable

from entrepot.clearing.rules.rule import Rule, Treatment
from entrepot.network.market import Market


def duty_on(market: Market, good: int, origin: str, country: str, period: int) -> int | None:
    """Row of table ``duties`` that holds for a good from `origin` bought in `country`, if any.

    Where several fit, the most specific good wins, then origin, then destination (the study's
    checks refuse equals).
    """
    best: tuple[tuple[int, int, int], int] | None = None
    for number, row in enumerate(market.study.table("duties").iter_rows(named=True)):
        rank = market.good_rank(row["good"], good)
        if rank is None or not market.in_force(row["since"], row["until"], period):
            continue
        if not market.applies(row, origin, country, period):
            continue
        key = (
            rank,
            market.country_rank(row["origin"], origin, period) or 0,
            market.country_rank(row["destination"], country, period) or 0,
        )
        if best is None or key > best[0]:
            best = (key, number)
    return None if best is None else best[1]


def by_origin(market: Market, good: int) -> Treatment | None:
    """Origins that pay the same duties in every country that buys or uses the good."""
    duties = market.study.table("duties")
    if not any(market.good_rank(pattern, good) is not None for pattern in duties["good"]):
        return None
    countries = sorted(set(market.network.countries))

    def treatment(origin: str) -> Hashable:
        return tuple(
            duty_on(market, good, origin, country, period)
            for country in countries
            for period in range(len(market.periods))
        )

    return treatment


RULE = Rule(name="duties", by_origin=by_origin)
