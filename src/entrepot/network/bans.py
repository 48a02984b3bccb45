"""Bans on one journey: what may not be bought at its end, and legs that it may not use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from entrepot.network.market import Market
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
