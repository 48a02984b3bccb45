"""The price quoted for a good at a place, and its range (decision on prices in docs/decisions).

- Where goods are bought or used: what one more unit is worth to those who do, duty paid. Where
  buyers accept different origins, the price of what all of them accept comes first, then that of
  the largest volume.
- Where they are only offered: what one more unit is worth to the sellers; of several origins, to
  those who sell most.
- Elsewhere: what one more unit delivered there would be worth or cost, duty paid.

A place where nothing is quotes the best price at which it could trade: where goods are only
offered, what the best outlet would pay; elsewhere the cheapest delivery; and where one end of the
range is open, the other end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.clearing.activities.customs import duty_rates
from entrepot.clearing.layers import NO_HEADING
from entrepot.clearing.rules.origins import ANY
from entrepot.network.bans import is_banned

if TYPE_CHECKING:
    from entrepot.clearing.answers import State

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NONE = -1


def prices_table(state: State) -> pl.DataFrame:
    """(period, place, good, price, low, high, traded) for every good everywhere.

    Ends of a range that nothing bounds, and prices that nothing bounds at all, are null.
    """
    stack = state.stack
    market = stack.market
    shape = (len(market.periods), len(market.network.places), len(market.goods))
    balance, sellers_only = _balances(state, shape)
    period = np.broadcast_to(np.arange(shape[0])[:, None, None], shape)
    weight = market.weights[period]
    found = state.prices
    at = np.maximum(balance, 0)
    price, low, high = (each[at] / weight for each in (found.price, found.low, found.high))
    touched = found.touched[at]
    outlet = np.isfinite(low) & (sellers_only | ~np.isfinite(high))
    price = np.where(touched, price, np.where(outlet, low, high))
    beyond = balance == NONE
    for t, p, g in np.argwhere(beyond).tolist():
        low[t, p, g], high[t, p, g], touched[t, p, g] = _behind_border(state, t, p, g)
        price[t, p, g] = high[t, p, g] if np.isfinite(high[t, p, g]) else low[t, p, g]
    place = np.broadcast_to(np.arange(shape[1])[None, :, None], shape)
    good = np.broadcast_to(np.arange(shape[2])[None, None, :], shape)
    return pl.DataFrame(
        {
            "period": _names(market.periods, period),
            "place": _names(market.network.places, place),
            "good": _names(market.goods, good),
            "price": _number(price),
            "low": _number(low),
            "high": _number(high),
            "traded": touched.ravel(),
        }
    )


def _names(values: list[str], index: Ints) -> pl.Series:
    return pl.Series(values, dtype=pl.String).gather(pl.Series(index.ravel(), dtype=pl.UInt32))


def _number(values: Floats) -> pl.Series:
    flat = values.ravel()
    return pl.Series(np.where(np.isfinite(flat), flat, np.nan)).fill_nan(None)


def _balances(state: State, shape: tuple[int, int, int]) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """The balance that is quoted for each (period, place, good), and where goods are only offered.

    `NONE` where a ruled good is neither bought, used nor offered.
    """
    stack = state.stack
    market, layers, balances = stack.market, stack.layers, stack.balances
    network = market.network
    quoted = np.full(shape, NONE, dtype=np.int64)
    layer = np.array([int((layers.good == good).argmax()) for good in range(shape[2])])
    for good in np.flatnonzero(~layers.ruled).tolist():
        for t in range(shape[0]):
            quoted[t, :, good] = balances.at(t, int(layer[good]), network.market)
    offered = np.zeros(shape, dtype=bool)
    bought = np.zeros(shape, dtype=bool)
    offers, bids = stack.draft.offers, stack.draft.bids
    selling, _ = stack.part("selling")
    sold = np.bincount(selling.gives, state.levels("selling"), minlength=balances.count)
    # The last of several wins: that of which most is sold.
    last = np.lexsort((-offers.balance, sold[offers.balance]))
    where, what = _places_and_goods(state, "offers", offers.row[last])
    at = (offers.period[last], where, what)
    offered[at] = True
    quoted[at] = offers.balance[last]
    at = (bids.period, *_places_and_goods(state, "bids", bids.row))
    bought[at] = True
    plain = ~layers.ruled[at[2]]
    period, where, what = (each[plain] for each in at)
    quoted[period, where, what] = balances.at(period, layer[what], network.market[where])
    volume = _volumes(state)
    best: dict[tuple[int, int, int], tuple[bool, float, int]] = {}
    for (t, place, good, wanted), pool in balances.pools.items():
        rank = (wanted == ANY, float(volume[pool]), -pool)
        if (t, place, good) not in best or rank > best[t, place, good]:
            best[t, place, good] = rank
            quoted[t, place, good] = pool
            bought[t, place, good] = True
    return quoted, offered & ~bought


def _places_and_goods(state: State, table: str, row: Ints) -> tuple[Ints, Ints]:
    """Numbers of the place and of the good that rows of orders name."""
    market = state.stack.market
    rows = market.study.table(table)
    places, goods = market.network.place_index, market.good_index
    place = np.array([places[name] for name in rows["place"].to_list()], dtype=np.int64)
    good = np.array([goods[name] for name in rows["good"].to_list()], dtype=np.int64)
    return place[row], good[row]


def _volumes(state: State) -> Floats:
    """What passes each pool, units per period, shape (m,)."""
    customs, _ = state.stack.part("customs")
    volume = np.zeros(state.stack.balances.count)
    np.add.at(volume, customs.gives, state.levels("customs"))
    return volume


def _behind_border(state: State, t: int, place: int, good: int) -> tuple[float, float, bool]:
    """Range of a ruled good where nobody bids or offers: the cheapest of its origins, duty paid."""
    stack = state.stack
    market, layers = stack.market, stack.layers
    country = market.network.countries[place]
    low, high, touched = -np.inf, np.inf, False
    for layer in stack.draft.moving_layers(good):
        members, heading = layers.countries[layer], int(layers.heading[layer])
        if not members or heading not in (NO_HEADING, layers.headings[good, country]):
            continue
        if is_banned(market, good, members[0], country, t):
            continue
        balance = int(stack.balances.at(t, layer, int(market.network.market[place])))
        share, specific = duty_rates(market, good, members[0], country, t)
        weight = market.weights[t]
        bottom, top = state.prices.low[balance] / weight, state.prices.high[balance] / weight
        if state.prices.touched[balance]:
            bottom = top = state.prices.price[balance] / weight
        touched |= bool(state.prices.touched[balance])
        high = min(high, top * (1 + share) + specific)
        low = max(low, bottom)
    return min(low, high), high, touched
