"""Unused routes worth asking about: those that prices say are nearest to being used.

At the prices of an answer a leg costs its freight and time and brings the difference of the prices
at its ends. How much dearer it is than what it brings is an upper estimate of its switch price,
found without solving anything; the nearest ones are then asked about properly.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.network.network import WAY_BACK
from entrepot.results.priced import Priced, price_ways
from entrepot.results.why_not import why_not
from entrepot.study import Study
from entrepot.telling.largest import largest

GOODS = 3
"""Goods asked about: those with the largest trade in money."""


def worth_asking(clearing: Clearing, most: int) -> pl.DataFrame:
    """Switch prices of the unused legs of corridors that come nearest to being used.

    One leg is asked about for each corridor and good that the corridor does not carry; where the
    study has no corridors, every leg that is no transfer counts as one.

    Parameters
    ----------
    most : how many are asked about

    Returns
    -------
    Rows of `entrepot.results.why_not.WhyNot` that are unused or closed and have a journey that does
    not come back, with `corridor` before them; that whose journey is least `too_dear` first.
    """
    found = []
    for corridor, leg, good, period in _nearest(clearing)[:most]:
        rows = why_not(clearing, leg, good, period).rows
        told = rows.filter(
            (pl.col("route") == leg)
            & pl.col("too_dear").is_not_null()
            & pl.col("journey").is_not_null()
            & pl.col("status").is_in(["unused", "closed"])
        )
        found.append(told.select(pl.lit(corridor).alias("corridor"), pl.all()))
    if not found:
        return pl.DataFrame()
    return pl.concat(found).sort("too_dear", "corridor", "good", "period")


def _nearest(clearing: Clearing) -> list[tuple[str, str, str, str]]:
    """(corridor, leg, good, period), the smallest gap first."""
    priced = price_ways(clearing.state)
    best: dict[tuple[str, str, str], tuple[float, str]] = {}
    goods = _goods(clearing)
    for corridor, legs in legs_by_corridor(clearing.study).items():
        for period, good, leg, gap in _gaps(clearing, priced, legs, goods):
            key = (corridor, good, period)
            best[key] = min((gap, leg), best.get(key, (float("inf"), "")))
    ranked = sorted((gap, key, leg) for key, (gap, leg) in best.items())
    return [(corridor, leg, good, period) for _, (corridor, good, period), leg in ranked]


def _goods(clearing: Clearing) -> list[str]:
    worth = (pl.col("quantity") * pl.col("price")).abs().sum()
    traded = clearing.purchases.group_by("good").agg(worth=worth)
    return list(largest(traded.sort("good"), pl.col("worth"), GOODS)["good"])


def legs_by_corridor(study: Study) -> dict[str, set[str]]:
    """Legs by corridor, ways back included; without corridors, each leg that is no transfer."""
    members: dict[str, set[str]] = {}
    table = study.table("corridors").select("corridor", "leg")
    if table.is_empty():
        ways = study.table("legs").filter(pl.col("mode") != "transfer")["leg"].unique()
        pairs = [(leg, leg) for leg in sorted(ways)]
    else:
        pairs = list(table.iter_rows())
    for corridor, leg in pairs:
        own = leg.removesuffix(WAY_BACK)
        members.setdefault(corridor, set()).update((own, own + WAY_BACK))
    return members


def _gaps(
    clearing: Clearing, priced: Priced, legs: set[str], goods: list[str]
) -> Iterator[tuple[str, str, str, float]]:
    """(period, good, leg, gap) of each unused leg of a corridor that carries none of the good."""
    market, ways, where = clearing.state.stack.market, priced.ways, priced.where
    mine = np.array([name in legs for name in market.network.legs], dtype=bool)
    on = np.flatnonzero((ways.leg >= 0) & mine[np.maximum(ways.leg, 0)])
    for period in range(len(market.periods)):
        for good in goods:
            number = market.good_index[good]
            tail = ways.tail[on]
            own = on[(where.period[tail] == period) & (where.good[tail] == number)]
            if not len(own) or priced.used[own].any():
                continue
            gap = priced.delivered[ways.tail[own]] + priced.cost[own] + priced.tolls[own]
            gap = gap - priced.outlet[ways.head[own]]
            for way in own[np.isfinite(gap)].tolist():
                at = int(np.flatnonzero(own == way)[0])
                yield market.periods[period], good, priced.leg(way), float(f"{gap[at]:.9g}")
