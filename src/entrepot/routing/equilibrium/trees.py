"""Kernels: cheapest paths from one node to all, from nothing or by the order found last."""

from __future__ import annotations

import math

from entrepot.routing.compiled import inner
from entrepot.routing.equilibrium.state import Floats, Roads, Scratch, Shorts

UNKNOWN = -2
"""Stands first in an order that is not known, or no longer worth keeping."""

WORTH = 1.5
"""Times the number of nodes that a search may look at before its order is not worth keeping."""


@inner
def _lift(key: Floats, node: Shorts, place: Shorts, position: int) -> None:
    """Move an entry of the heap up to where it belongs (four children a node)."""
    value = key[position]
    moving = node[position]
    while position > 0:
        parent = (position - 1) >> 2
        if key[parent] <= value:
            break
        key[position] = key[parent]
        node[position] = node[parent]
        place[node[position]] = position
        position = parent
    key[position] = value
    node[position] = moving
    place[moving] = position


@inner
def _sink(key: Floats, node: Shorts, place: Shorts, size: int) -> None:
    """Move the first entry of the heap down to where it belongs."""
    position = 0
    value = key[0]
    moving = node[0]
    while True:
        child = 4 * position + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if key[other] < key[least]:
                least = other
        if key[least] >= value:
            break
        key[position] = key[least]
        node[position] = node[least]
        place[node[position]] = position
        position = least
    key[position] = value
    node[position] = moving
    place[moving] = position


@inner
def grow(roads: Roads, work: Scratch, start: int, order: Shorts) -> None:
    """Cheapest paths from `start` at `work.cost` (Dijkstra 1959).

    Distances go into `work.days`, the last arc to each node into `work.via`; nodes that cannot be
    reached are at an infinite distance, and their last arc is -1. The nodes that paths pass go into
    `order` as they were reached, with -1 behind the last.
    """
    days, via, key, node, place = work.days, work.via, work.key, work.node, work.place
    days[:] = math.inf
    via[:] = -1
    days[start] = 0.0
    key[0] = 0.0
    node[0] = start
    place[start] = 0
    size = 1
    count = 0
    while size > 0:
        here = node[0]
        size -= 1
        place[here] = -1
        if size > 0:
            key[0] = key[size]
            node[0] = node[size]
            _sink(key, node, place, size)
        order[count] = here
        count += 1
        base = days[here]
        for arc in range(roads.first[here], roads.first[here + 1]):
            reach = base + work.cost[arc]
            there = roads.head[arc]
            if reach < days[there]:
                days[there] = reach
                via[there] = arc
                if not roads.through[there]:
                    continue
                position = place[there]
                if position < 0:
                    position = size
                    size += 1
                    node[position] = there
                key[position] = reach
                _lift(key, node, place, position)
    if count < order.size:
        order[count] = -1


@inner
def regrow(roads: Roads, work: Scratch, start: int, order: Shorts) -> None:
    """The same after costs have changed, by the order in which nodes were reached before.

    Nodes are gone through in that order, and again where one turns out nearer after it was passed
    (label correction: Pape 1974). The order hardly changes once loads settle, so that one round and
    a few nodes of a second do, without a heap. A round that had to return to many nodes makes the
    next search begin from nothing.
    """
    days, via, again = work.days, work.via, work.again
    days[:] = math.inf
    via[:] = -1
    days[start] = 0.0
    again[start] = True
    left = 1
    done = 0
    while left > 0:
        for position in range(order.size):
            here = order[position]
            if here < 0 or left == 0:
                break
            if not again[here]:
                continue
            again[here] = False
            left -= 1
            done += 1
            base = days[here]
            for arc in range(roads.first[here], roads.first[here + 1]):
                reach = base + work.cost[arc]
                there = roads.head[arc]
                if reach < days[there]:
                    days[there] = reach
                    via[there] = arc
                    if roads.through[there] and not again[there]:
                        again[there] = True
                        left += 1
    if done > WORTH * days.size:
        order[0] = UNKNOWN
