"""Who gains what: the welfare of an answer, part by part.

At the prices of an answer every activity earns what it gives, at the price where it gives it, less
what it takes, at the price where it takes it, less its own cost. What it gives is what another
takes, so these earnings add up to the welfare, with two corrections: duties are paid to a treasury
and initial stocks come from nowhere.

- Buyers: the worth of what they bought less what they paid, duty paid. Sellers: what they were
  paid less what they asked. The worth of a constant-elasticity curve is its antiderivative without
  a constant (see `entrepot.clearing.curves.Orders.worth`): where the area under it has no end the
  level means nothing, the difference between two answers is the usual surplus.
- Plants, stores, legs, transfers and quotas: their rents. Commitments earn less than nothing: what
  it costs to keep them.
- Duties: what each importing country receives. Stocks: what lay in store before the first period,
  at its price.

A leg inside one country is counted there; nobody says whose the rents of border-crossing legs, of
quotas and of commitments are, so they have no country. Money is summed over periods by weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.clearing.answers import Clearing, State, filled
from entrepot.network.columns import Floats
from entrepot.results.ways import locate

COLUMNS = {
    "part": pl.String,
    "country": pl.String,
    "agent": pl.String,
    "name": pl.String,
    "value": pl.Float64,
}

ON_CUSTOMS = ("quotas", "commitments")


@dataclass(frozen=True)
class _Part:
    """One sum of money and whose it is."""

    part: str
    country: str | None
    agent: str | None
    name: str | None
    value: float


def welfare_parts(clearing: Clearing) -> pl.DataFrame:
    """The welfare of an answer in parts that add up to it.

    Returns
    -------
    Frame (part, country, agent, name, value): part is one of buyers, sellers, plants, legs,
    transfers, stores, quotas, commitments, duties, stocks; name is the plant, leg, place of the
    transfers, warehouse ("place good"), quota or commitment; value in money.
    """
    state = clearing.state
    found = [
        *_orders(state, "bids", "buyers", 1.0),
        *_orders(state, "offers", "sellers", -1.0),
        *_plants(state),
        *_legs(state),
        *_transfers(state),
        *_stores(state),
        *_rules(state),
        *_duties(state),
        *_stocks(state),
    ]
    keys = [name for name in COLUMNS if name != "value"]
    frame = pl.DataFrame(found, schema=COLUMNS)
    return frame.group_by(keys).agg(pl.col("value").sum()).sort(keys, nulls_last=False)


def _prices(state: State) -> Floats:
    """Prices in the program's units, 0 where nothing has one (nothing passes there)."""
    return np.nan_to_num(state.prices.price)


def _earned(state: State) -> Floats:
    """What each activity earns in all, before it pays for limits, in money, shape (n,)."""
    program = state.program
    unit = program.worth + program.balance.T @ _prices(state)
    return np.asarray(unit * state.level)


def _orders(state: State, table: str, part: str, sign: float) -> Iterator[_Part]:
    market = state.stack.market
    orders, quantity = filled(state, table)
    paid = _prices(state)[orders.balance] * quantity
    rows = market.study.table(table).select("place", "agent").rows()
    for r in np.flatnonzero((quantity > 0) | (orders.elasticity != 0)).tolist():
        place, agent = rows[orders.row[r]]
        worth = float(market.weights[orders.period[r]]) * orders.worth(r, float(quantity[r]))
        country = market.network.countries[market.network.place_index[place]]
        yield _Part(part, country, agent, None, sign * (worth - float(paid[r])))


def _plants(state: State) -> Iterator[_Part]:
    part, columns = state.stack.part("processing")
    network = state.stack.market.network
    earned = _earned(state)[columns]
    plants = state.stack.market.study.table("plants").select("plant", "place", "agent").rows()
    for i in np.flatnonzero(state.levels("processing") > 0).tolist():
        plant, place, agent = plants[part.row[i]]
        country = network.countries[network.place_index[place]]
        yield _Part("plants", country, agent, plant, float(earned[i]))


def _stores(state: State) -> Iterator[_Part]:
    part, columns = state.stack.part("storing")
    network = state.stack.market.network
    earned = _earned(state)[columns]
    stores = state.stack.market.study.table("warehouses").select("place", "good").rows()
    for i in np.flatnonzero(state.levels("storing") > 0).tolist():
        place, good = stores[part.row[i]]
        country = network.countries[network.place_index[place]]
        yield _Part("stores", country, None, f"{place} {good}", float(earned[i]))


def _legs(state: State) -> Iterator[_Part]:
    """What legs earn, less what they pay for quotas."""
    part, columns = state.stack.part("moving")
    network = state.stack.market.network
    left = _earned(state) - _paid_to_rules(state)
    left[list(_bound_by_quota(state))] = 0.0
    on_leg = np.flatnonzero((part.row >= 0) & (state.levels("moving") > 0))
    total = np.bincount(part.row[on_leg], left[columns[on_leg]], minlength=len(network.legs))
    for leg in np.unique(part.row[on_leg]).tolist():
        start = network.countries[network.origin[leg]]
        end = network.countries[network.destination[leg]]
        country = start if start == end else None
        yield _Part("legs", country, None, network.legs[leg], float(total[leg]))


def _transfers(state: State) -> Iterator[_Part]:
    """What places earn by transfers that are full."""
    part, columns = state.stack.part("moving")
    stack, network = state.stack, state.stack.market.network
    inside = np.flatnonzero((part.row < 0) & (state.levels("moving") > 0))
    place = network.node_place[part.takes[inside] % stack.balances.nodes]
    earned = np.bincount(place, _earned(state)[columns[inside]], minlength=len(network.places))
    for at in np.unique(place[_limited(state)[columns[inside]]]).tolist():
        yield _Part("transfers", network.countries[at], None, network.places[at], float(earned[at]))


def _limited(state: State) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Activities that some limit ties or bounds, shape (n,)."""
    found = np.diff(state.program.limit.indptr) > 0
    found[state.stack.single.column] = True
    return found


def _rules(state: State) -> Iterator[_Part]:
    """What quotas earn and commitments cost, whether they tie several activities or bound one."""
    limits, single = state.stack.limits, state.stack.single
    used = state.program.limit @ state.level
    for k, table in enumerate(limits.table):
        if table in ON_CUSTOMS:
            income = float(state.prices.rent[k] * used[k])
            yield _Part(table, None, None, limits.name[k], income)
    left = _earned(state) - _paid_to_rules(state)
    for column, k in _bound_by_quota(state).items():
        yield _Part("quotas", None, None, single.name[k], float(left[column]))


def _paid_to_rules(state: State) -> Floats:
    """What each activity pays for the quotas and commitments that tie it to others, in money."""
    mine = np.array([table in ON_CUSTOMS for table in state.stack.limits.table], dtype=bool)
    rent = np.where(mine, state.prices.rent, 0.0)
    return np.asarray((state.program.limit.T @ rent) * state.level)


def _bound_by_quota(state: State) -> dict[int, int]:
    """Activities whose tightest bound of their own is a quota, with the number of that limit."""
    single = state.stack.single
    tightest: dict[int, tuple[float, int]] = {}
    for k, column, use in zip(
        single.row.tolist(), single.column.tolist(), single.use.tolist(), strict=True
    ):
        bound = (float(single.upper[k]) / use, k)
        tightest[column] = min(bound, tightest.get(column, bound))
    return {column: k for column, (_, k) in tightest.items() if single.table[k] == "quotas"}


def _duties(state: State) -> Iterator[_Part]:
    part, _ = state.stack.part("customs")
    market, pools = state.stack.market, list(state.stack.balances.pools)
    paid = -part.worth * market.weights[part.period] * state.levels("customs")
    for i in np.flatnonzero(paid).tolist():
        country = market.network.countries[pools[part.row[i]][1]]
        yield _Part("duties", country, None, None, float(paid[i]))


def _stocks(state: State) -> Iterator[_Part]:
    market, where = state.stack.market, locate(state.stack)
    price = _prices(state)
    for b in np.flatnonzero(state.program.given).tolist():
        place = int(where.place[b])
        name = f"{market.network.places[place]} {market.goods[where.good[b]]}"
        value = float(price[b] * state.program.given[b])
        yield _Part("stocks", market.network.countries[place], None, name, value)
