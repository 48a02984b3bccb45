"""Sharing: what a leg, a transfer or a warehouse can take, all goods and origins together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from entrepot.clearing.activities.moving import turns_between
from entrepot.clearing.rules.rule import Limits, Rule, join_limits
from entrepot.network.columns import Floats, Ints, column
from entrepot.network.freight import Freight, leg_capacity

if TYPE_CHECKING:
    from entrepot.clearing.stack import Stack


def limits(stack: Stack) -> Limits:
    """Capacity of each leg for all goods and for single goods, each transfer and warehouse."""
    carried = stack.market.freight
    return join_limits(
        [
            _legs(stack, carried),
            _leg_goods(stack, carried),
            _transfers(stack, carried),
            _warehouses(stack),
        ]
    )


def _legs(stack: Stack, carried: tuple[Freight, ...]) -> Limits:
    market = stack.market
    moving, columns = stack.part("moving")
    capacity = leg_capacity(market)
    on_leg = np.flatnonzero(moving.row >= 0)
    limited = on_leg[np.isfinite(capacity[moving.row[on_leg]])]
    use = np.ones(len(limited))
    for good, its in enumerate(carried):
        mine = stack.layers.good[moving.layer[limited]] == good
        use[mine] = its.use[moving.row[limited[mine]]]
    return _summed(
        "legs",
        moving.period[limited],
        moving.row[limited],
        columns[limited],
        use,
        _named(market.network.legs, capacity),
    )


def _leg_goods(stack: Stack, carried: tuple[Freight, ...]) -> Limits:
    market = stack.market
    moving, columns = stack.part("moving")
    parts = []
    for good, its in enumerate(carried):
        alone = its.capacity
        if not np.isfinite(alone).any():
            continue
        found = np.flatnonzero((moving.row >= 0) & (stack.layers.good[moving.layer] == good))
        found = found[np.isfinite(alone[moving.row[found]])]
        parts.append(
            _summed(
                "leg_goods",
                moving.period[found],
                moving.row[found],
                columns[found],
                np.ones(len(found)),
                _named(market.network.legs, alone),
            )
        )
    return join_limits(parts)


def _transfers(stack: Stack, carried: tuple[Freight, ...]) -> Limits:
    """What may go on from one leg to the next; a unit takes the room that it takes on the latter.

    Rows of one leg for several periods are one transfer.
    """
    market, nodes = stack.market, stack.balances.nodes
    network, transfers = market.network, market.study.table("transfers")
    capacity = column(transfers, "capacity", np.inf)
    moving, columns = stack.part("moving")
    if not np.isfinite(capacity).any():
        return Limits()
    inside = np.flatnonzero(moving.row < 0)
    turn = turns_between(network, moving.takes[inside] % nodes, moving.gives[inside] % nodes)
    row = np.where(turn >= 0, network.turn_row[turn], -1)
    limited = (row >= 0) & np.isfinite(capacity[row])
    inside, turn, row = inside[limited], turn[limited], row[limited]
    use = np.ones(len(inside))
    for good, its in enumerate(carried):
        mine = stack.layers.good[moving.layer[inside]] == good
        use[mine] = its.use[network.turn_to[turn[mine]]]
    names = [";".join(legs) for legs in transfers.select("from_leg", "to_leg").iter_rows()]
    return _summed(
        "transfers", moving.period[inside], row, columns[inside], use, _named(names, capacity)
    )


def _warehouses(stack: Stack) -> Limits:
    stores = stack.market.study.table("warehouses")
    storing, columns = stack.part("storing")
    capacity = column(stores, "capacity", np.inf)
    names = [f"{place} {good}" for place, good in stores.select("place", "good").iter_rows()]
    found = np.flatnonzero(storing.row >= 0)
    found = found[np.isfinite(capacity[storing.row[found]])]
    return _summed(
        "warehouses",
        storing.period[found],
        storing.row[found],
        columns[found],
        np.ones(len(found)),
        _named(names, capacity),
    )


def _named(names: list[str], bound: Floats) -> Callable[[int], tuple[str, float]]:
    """Name and bound of an item by its number."""
    return lambda item: (names[item], float(bound[item]))


def _summed(
    table: str,
    period: Ints,
    item: Ints,
    columns: Ints,
    use: Floats,
    describe: Callable[[int], tuple[str, float]],
) -> Limits:
    """One limit for each (period, item) over the columns that name it."""
    if not len(columns):
        return Limits()
    items = int(item.max()) + 1
    keys, row = np.unique(period * items + item, return_inverse=True)
    named = [describe(each) for each in (keys % items).tolist()]
    return Limits(
        table=[table] * len(keys),
        name=[name for name, _ in named],
        period=keys // items,
        lower=np.full(len(keys), -np.inf),
        upper=np.array([bound for _, bound in named], dtype=float),
        row=row.reshape(-1).astype(np.int64),
        column=columns,
        use=use,
    )


RULE = Rule(name="sharing", limits=limits)
