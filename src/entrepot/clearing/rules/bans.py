"""Bans: trade that may not happen, journeys that may not cross a country or use a leg."""

from __future__ import annotations

from collections.abc import Hashable

from entrepot.clearing.rules.rule import Rule, Treatment
from entrepot.network.bans import bans_on, is_banned
from entrepot.network.market import Market


def by_origin(market: Market, good: int) -> Treatment | None:
    """Origins that the same bans hit, everywhere and under way."""
    periods = range(len(market.periods))
    rows = [(t, row) for t in periods for row in bans_on(market, good, t)]
    if not rows:
        return None
    countries = sorted(set(market.network.countries))

    def treatment(origin: str) -> Hashable:
        under_way = tuple(
            (
                market.country_rank(row["origin"], origin, t) is not None,
                origin in row["via"].split(";"),
            )
            for t, row in rows
            if row["via"] is not None
        )
        at_market = tuple(
            is_banned(market, good, origin, country, t) for t in periods for country in countries
        )
        return under_way, at_market

    return treatment


def by_heading(market: Market, good: int) -> Treatment | None:
    """Destinations that the bans on transit tell apart; None where none names a destination."""
    rows = [
        (t, row)
        for t in range(len(market.periods))
        for row in bans_on(market, good, t)
        if row["via"] is not None
    ]
    if not any(row["destination"] not in (None, "*") for _, row in rows):
        return None

    def treatment(country: str) -> Hashable:
        return tuple(
            (
                market.country_rank(row["destination"], country, t) is not None,
                country in row["via"].split(";"),
            )
            for t, row in rows
        )

    return treatment


RULE = Rule(name="bans", by_origin=by_origin, by_heading=by_heading)
