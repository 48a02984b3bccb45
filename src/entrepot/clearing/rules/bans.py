"""Bans: trade that may not happen, journeys that may not cross a country or use a leg."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from entrepot.clearing.market import Market
from entrepot.clearing.rules.rule import Rule, Treatment
from entrepot.network.network import WAY_BACK


def bans_on(market: Market, good: int, period: int) -> Iterator[dict[str, Any]]:
    """Rows of table ``bans`` in force on a good in a period."""
    for row in market.study.table("bans").iter_rows(named=True):
        if market.good_rank(row["good"], good) is not None and market.in_force(
            row["since"], row["until"], period
        ):
            yield row


def is_banned(market: Market, good: int, origin: str, country: str, period: int) -> bool:
    """Whether a good from `origin` may not be bought or used in `country` at all."""
    return any(
        row["via"] is None and market.applies(row, origin, country, period)
        for row in bans_on(market, good, period)
    )


def legs_banned(
    market: Market, good: int, origin: str, heading: str | None, period: int
) -> npt.NDArray[np.bool_]:
    """Legs that a good from `origin` on its way to `heading` may not use, shape (L,).

    A country is transited when goods of another country's origin leave it again: arriving in it
    and being used there is not transit, and neither is setting out from home. A ban on a two-way
    leg holds both ways unless it names the way back alone. `heading` is None where no ban on the
    good asks for the destination.
    """
    network = market.network
    banned = np.zeros(len(network.legs), dtype=bool)
    names = np.array(network.legs, dtype=object)
    countries = np.array(network.countries, dtype=object)
    for row in bans_on(market, good, period):
        if row["via"] is None or market.country_rank(row["origin"], origin, period) is None:
            continue
        if heading is not None and market.country_rank(row["destination"], heading, period) is None:
            continue
        for via in (part.strip() for part in row["via"].split(";")):
            on_leg = (names == via) | (names == via + WAY_BACK)
            if on_leg.any():
                banned |= on_leg
            elif via not in (origin, heading):
                leaves = countries[network.origin] == via
                banned |= leaves & (countries[network.destination] != via)
    return banned


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
