"""The figures of one answer that a forecast is about, read off the engine's arrays.

| measure | name | value |
|---|---|---|
| ``corridor`` | corridor | units per period over all its legs, both directions |
| ``routed`` | corridor | units per period, by the logit over all routes of given consignments |
| ``price`` | place where somebody bids or offers | money per unit |
| ``rent`` | leg | what a unit pays for its room, money per unit |
| ``switch`` | corridor | by how much the best journey over it is too dear, money per unit; 0 where
goods go over it; missing where no journey can |
| ``welfare`` | | money over all periods |
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from entrepot.clearing.answers import State, filled
from entrepot.clearing.held_back import rents_table
from entrepot.forecasting.too_dear import TooDear
from entrepot.results.priced import Priced, price_ways
from entrepot.results.worth_asking import legs_by_corridor

Floats = npt.NDArray[np.float64]

DIGITS = 8
"""Of a figure that are kept: the others are the solver's."""


class Figure(NamedTuple):
    """What a figure is about; good and period are empty where it is about all of them."""

    measure: str
    name: str
    good: str
    period: str


def figures(state: State, asked: Collection[str]) -> dict[Figure, float]:
    """The figures of an answer.

    Parameters
    ----------
    asked : goods whose switch prices are worked out
    """
    priced = price_ways(state)
    found = {Figure("welfare", "", "", ""): kept(_welfare(state))}
    found.update(_corridors(priced, asked))
    found.update(_prices(priced))
    for period, leg, good, rent, income in rents_table(state).iter_rows():
        if income > 0:
            found[Figure("rent", leg, good, period)] = kept(rent)
    return found


def _corridors(priced: Priced, asked: Collection[str]) -> Iterator[tuple[Figure, float]]:
    """What each corridor carries of each good, and how far it is from carrying it."""
    market = priced.state.stack.market
    goods, periods = market.goods, market.periods
    ways, where = priced.ways, priced.where
    on_leg = np.flatnonzero(ways.leg >= 0)
    flow = np.where(priced.used, priced.flow, 0.0)[on_leg]
    good, period = where.good[ways.tail[on_leg]], where.period[ways.tail[on_leg]]
    of_class = period * len(goods) + good
    corridors = legs_by_corridor(market.study)
    members = {
        name: np.array([leg in legs for leg in market.network.legs], dtype=bool)
        for name, legs in corridors.items()
    }
    far = {
        (t, market.good_index[name]): TooDear(priced, t, market.good_index[name])
        for t in range(len(periods))
        for name in asked
    }
    for name, legs in members.items():
        mine = legs[ways.leg[on_leg]]
        total = np.bincount(of_class[mine], flow[mine], minlength=len(goods) * len(periods))
        for number, quantity in enumerate(total.tolist()):
            t, g = divmod(number, len(goods))
            if quantity > 0:
                yield Figure("corridor", name, goods[g], periods[t]), kept(quantity)
            if (t, g) in far:
                missing = 0.0 if quantity > 0 else far[t, g].over(legs)
                if missing is not None:
                    near = missing <= priced.same
                    told = Figure("switch", name, goods[g], periods[t])
                    yield told, 0.0 if near else kept(missing)


def kept(value: float) -> float:
    """A figure to the digits that are kept."""
    return float(f"{value:.{DIGITS}g}")


def _prices(priced: Priced) -> Iterator[tuple[Figure, float]]:
    """Prices at the balances of offers and bids; of several at a place, that of the first."""
    state, market = priced.state, priced.state.stack.market
    for table in ("bids", "offers"):
        orders, _ = filled(state, table)
        rows = market.study.table(table).select("place", "good").rows()
        price = state.prices.price[orders.balance] / market.weights[orders.period]
        for r in range(len(orders.row) - 1, -1, -1):
            if np.isfinite(price[r]):
                place, good = rows[orders.row[r]]
                period = market.periods[orders.period[r]]
                yield Figure("price", place, good, period), kept(float(price[r]))


def _welfare(state: State) -> float:
    """Worth to buyers less costs of sellers, movers, makers and keepers; duties are a transfer."""
    market = state.stack.market
    total = 0.0
    for table, side in (("bids", 1.0), ("offers", -1.0)):
        orders, quantity = filled(state, table)
        weight = market.weights[orders.period]
        for r, amount in enumerate(quantity.tolist()):
            if amount > 0 or orders.elasticity[r]:
                total += side * float(weight[r]) * orders.worth(r, amount)
    for kind in ("moving", "processing", "storing"):
        part, _ = state.stack.part(kind)
        total += float((part.worth * market.weights[part.period]) @ state.levels(kind))
    return total
