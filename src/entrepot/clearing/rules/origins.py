"""Buyers who accept goods from some countries or blocs only (`bids.origins`)."""

from __future__ import annotations

from collections.abc import Hashable

from entrepot.clearing.rules.rule import Rule, Treatment
from entrepot.network.market import Market

ANY: tuple[str, ...] = ()


def accepted(origins: str | None) -> tuple[str, ...]:
    """The countries and blocs that a buyer accepts, sorted; `ANY` where the buyer takes all."""
    if origins is None:
        return ANY
    return tuple(sorted({part.strip() for part in origins.split(";") if part.strip()}))


def accepts(market: Market, wanted: tuple[str, ...], origin: str, period: int) -> bool:
    """Whether buyers who want `wanted` take goods from `origin`."""
    return wanted == ANY or any(
        market.country_rank(pattern, origin, period) is not None for pattern in wanted
    )


def by_origin(market: Market, good: int) -> Treatment | None:
    """Origins that the same buyers accept."""
    bids = market.study.table("bids")
    mine = bids.filter((bids["good"] == market.goods[good]) & bids["origins"].is_not_null())
    wanted = sorted({accepted(text) for text in mine["origins"]} - {ANY})
    if not wanted:
        return None

    def treatment(origin: str) -> Hashable:
        return tuple(
            accepts(market, each, origin, period)
            for each in wanted
            for period in range(len(market.periods))
        )

    return treatment


RULE = Rule(name="origins", by_origin=by_origin)
