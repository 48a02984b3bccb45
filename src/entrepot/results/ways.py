"""Every way by which a unit of a good goes on: what it costs, how long it takes, what duty it pays.

Legs, turns inside a place, the choice of a heading and customs are all one unit from one balance
to another. Here their worth is taken apart again into freight, time and duty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.clearing.activities.moving import turns_between
from entrepot.clearing.stack import Stack
from entrepot.network.columns import Floats, Ints

NO_LEG = -1
NO_LAYER = -1


@dataclass(frozen=True)
class Locations:
    """Where each balance is.

    Attributes
    ----------
    period, place, good : shape (m,)
    layer : -1 for the pools behind a border, shape (m,)
    node : of the network, -1 for pools, shape (m,)
    """

    period: Ints
    place: Ints
    good: Ints
    layer: Ints
    node: Ints


@dataclass(frozen=True)
class Ways:
    """n ways of one unit from balance `tail` to balance `head`.

    Attributes
    ----------
    column : activity of the stack, shape (n,)
    tail, head : balances, shape (n,)
    leg : leg of the network, or -1, shape (n,)
    freight, time, duty : money per unit, shape (n,)
    days : shape (n,)
    """

    column: Ints
    tail: Ints
    head: Ints
    leg: Ints
    freight: Floats
    time: Floats
    duty: Floats
    days: Floats


def locate(stack: Stack) -> Locations:
    """Period, place, good and layer of each balance of a stack."""
    balances, network = stack.balances, stack.market.network
    number = np.arange(balances.periods * balances.layers * balances.nodes)
    rest, node = np.divmod(number, balances.nodes)
    period, layer = np.divmod(rest, balances.layers)
    pools = list(balances.pools)
    behind = np.array([pool[:3] for pool in pools], dtype=np.int64).reshape(len(pools), 3)
    nowhere = np.full(len(pools), -1, dtype=np.int64)
    return Locations(
        period=np.concatenate([period, behind[:, 0]]),
        place=np.concatenate([network.node_place[node], behind[:, 1]]),
        good=np.concatenate([stack.layers.good[layer], behind[:, 2]]),
        layer=np.concatenate([layer, nowhere]),
        node=np.concatenate([node, nowhere]),
    )


def read_ways(stack: Stack) -> Ways:
    """All movements and customs of a stack, with what they cost taken apart."""
    moving, moved = stack.part("moving")
    customs, cleared = stack.part("customs")
    cost, days, value = _movements(stack)
    nothing = np.zeros(customs.count)
    return Ways(
        column=np.concatenate([moved, cleared]),
        tail=np.concatenate([moving.takes, customs.takes]),
        head=np.concatenate([moving.gives, customs.gives]),
        leg=np.concatenate([moving.row, np.full(customs.count, NO_LEG)]),
        freight=np.concatenate([cost, nothing]),
        time=np.concatenate([value * days, nothing]),
        duty=np.concatenate([np.zeros(moving.count), -customs.worth]),
        days=np.concatenate([days, nothing]),
    )


def _movements(stack: Stack) -> tuple[Floats, Floats, Floats]:
    """Freight, days and value of a day of each movement."""
    market, layers = stack.market, stack.layers
    moving, _ = stack.part("moving")
    good = layers.good[moving.layer]
    cost, days = np.zeros(moving.count), np.zeros(moving.count)
    on_leg = moving.row >= 0
    for number in range(len(market.goods)):
        mine = np.flatnonzero(on_leg & (good == number))
        if len(mine):
            carried = market.freight[number]
            cost[mine] = carried.cost[moving.row[mine]]
            days[mine] = carried.days[moving.row[mine]]
    inside, nodes = np.flatnonzero(~on_leg), stack.balances.nodes
    turn = turns_between(market.network, moving.takes[inside] % nodes, moving.gives[inside] % nodes)
    turned = inside[turn >= 0]
    cost[turned] = market.network.turn_cost[turn[turn >= 0]]
    days[turned] = market.network.turn_days[turn[turn >= 0]]
    return cost, days, market.value_of_time[good]
