"""Moving: a leg takes a good at its origin and gives it at its destination.

Turns (going on from one leg to the next at a place with `transfers`, or from a place's sellers to
its buyers where journeys may not pass through) and the choice of a heading are movements within a
place: they cost what the table says or nothing, and no leg.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from entrepot.clearing.activities.activity import Activities, Columns, Kind
from entrepot.clearing.layers import NO_HEADING
from entrepot.network.bans import legs_banned
from entrepot.network.freight import legs_open

if TYPE_CHECKING:
    from entrepot.clearing.stack import Draft
    from entrepot.network.columns import Ints
    from entrepot.network.network import Network


def draw_up(draft: Draft) -> Activities:
    """Every layer on every open leg that it may use, then the turns, then the headings."""
    market, layers, balances = draft.market, draft.layers, draft.balances
    network = market.network
    columns = Columns()
    open_legs = legs_open(market)
    for good in range(len(market.goods)):
        carried = market.freight[good]
        worth = -(carried.cost + market.value_of_time[good] * carried.days)
        for layer in np.flatnonzero((layers.good == good) & layers.moves).tolist():
            for t, legs in enumerate(open_legs):
                banned = _banned(draft, layer, t)
                legs = legs[carried.allowed[legs] & ~banned[legs]]
                columns.add(
                    len(legs),
                    takes=balances.at(t, layer, network.tail[legs]),
                    gives=balances.at(t, layer, network.head[legs]),
                    worth=worth[legs],
                    period=t,
                    row=legs,
                    layer=layer,
                )
    _turns(draft, columns)
    _headings(draft, columns)
    return columns.done()


def _banned(draft: Draft, layer: int, period: int) -> npt.NDArray[np.bool_]:
    """Legs banned to a layer; a layer's countries are treated alike, so its first stands for it."""
    market, layers = draft.market, draft.layers
    good, members = int(layers.good[layer]), layers.countries[layer]
    if not members:
        return np.zeros(len(market.network.legs), dtype=bool)
    number = int(layers.heading[layer])
    heading = None if number == NO_HEADING else layers.heading_country[good, number]
    return legs_banned(market, good, members[0], heading, period)


def _turns(draft: Draft, columns: Columns) -> None:
    market, layers, balances = draft.market, draft.layers, draft.balances
    network = market.network
    for layer in np.flatnonzero(layers.moves).tolist():
        time = market.value_of_time[layers.good[layer]]
        for t in range(len(market.periods)):
            columns.add(
                len(network.turn_tail),
                takes=balances.at(t, layer, network.turn_tail),
                gives=balances.at(t, layer, network.turn_head),
                worth=-(network.turn_cost + time * network.turn_days),
                period=t,
                layer=layer,
            )


def turns_between(network: Network, tail: Ints, head: Ints) -> Ints:
    """The turn that leads from one node to another, -1 where none does; shape of the nodes."""
    if not len(network.turn_tail):
        return np.full(len(tail), -1, dtype=np.int64)
    nodes = len(network.node_place)
    known = network.turn_tail * nodes + network.turn_head
    order = np.argsort(known)
    wanted = tail * nodes + head
    at = np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)
    return np.where(known[order][at] == wanted, order[at], -1)


def _headings(draft: Draft, columns: Columns) -> None:
    """Goods in an entry layer take up one of its headings, at their place of origin."""
    layers, balances, source = draft.layers, draft.balances, draft.market.network.source
    for entry in np.flatnonzero(~layers.moves).tolist():
        for layer in layers.travelling(int(layers.good[entry]), entry):
            for t in range(balances.periods):
                columns.add(
                    len(source),
                    takes=balances.at(t, entry, source),
                    gives=balances.at(t, layer, source),
                    period=t,
                    layer=layer,
                )


KIND = Kind("moving", draw_up)
