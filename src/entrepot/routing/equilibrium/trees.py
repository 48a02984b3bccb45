"""Kernels: cheapest paths from one node to all, from nothing or from the tree found last."""

from __future__ import annotations

import math

from entrepot.routing.equilibrium.kernels import inner
from entrepot.routing.equilibrium.state import Floats, Roads, Scratch, Shorts

WORTH = 3
"""A tree is grown anew where more than this part of its nodes would have to be searched again."""


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
def _run(
    roads: Roads, work: Scratch, start: int, via: Shorts, size: int, slack: float, most: int
) -> bool:
    """Empty the heap, lowering the distance of all that its nodes lead to (Dijkstra 1959).

    False where more than `most` nodes had to be taken off; what is left is put back.
    """
    days, key, node, place, cost = work.days, work.key, work.node, work.place, work.cost
    first, head, through = roads.first, roads.head, roads.through
    while size > 0:
        if most == 0:
            for position in range(size):
                place[node[position]] = -1
            return False
        most -= 1
        here = node[0]
        size -= 1
        place[here] = -1
        if size > 0:
            key[0] = key[size]
            node[0] = node[size]
            _sink(key, node, place, size)
        if not (through[here] or here == start):
            continue
        base = days[here]
        for arc in range(first[here], first[here + 1]):
            reach = base + cost[arc]
            there = head[arc]
            if reach < days[there]:
                if reach >= days[there] * slack:
                    continue
                days[there] = reach
                via[there] = arc
                position = place[there]
                if position < 0:
                    position = size
                    size += 1
                    node[position] = there
                key[position] = reach
                _lift(key, node, place, position)
    return True


@inner
def grow(roads: Roads, work: Scratch, start: int, via: Shorts) -> None:
    """Cheapest paths from `start` at `work.cost`: distances into `work.days`, last arcs into `via`.

    Nodes that cannot be reached are at an infinite distance; their last arc is -1.
    """
    work.days[:] = math.inf
    via[:] = -1
    work.days[start] = 0.0
    work.key[0] = 0.0
    work.node[0] = start
    work.place[start] = 0
    _run(roads, work, start, via, 1, 1.0, 2 * work.days.size)


@inner
def _measure(roads: Roads, work: Scratch, start: int, via: Shorts) -> None:
    """Distances along a tree as it stands, into `work.days`."""
    days, stack = work.days, work.stack
    days[:] = -1.0
    days[start] = 0.0
    for node in range(days.size):
        depth = 0
        here = node
        while days[here] < 0.0:
            if via[here] < 0:
                days[here] = math.inf
                break
            stack[depth] = here
            depth += 1
            here = roads.tail[via[here]]
        reach = days[here]
        while depth > 0:
            depth -= 1
            here = stack[depth]
            reach += work.cost[via[here]]
            days[here] = reach


@inner
def regrow(roads: Roads, work: Scratch, start: int, via: Shorts, slack: float) -> bool:
    """Mend a tree of cheapest paths from `start` after costs have changed.

    Distances are measured along the old tree; only nodes that some arc reaches at less, and what
    lies behind them, are searched again. As most trees stay as they are once loads settle, this
    takes a fraction of the time of `grow`.

    Parameters
    ----------
    slack : a node is reached anew only at less than `slack` times its distance; 1 is exact

    Returns
    -------
    whether it was worth it: False where so much had changed that it was grown from nothing
    """
    _measure(roads, work, start, via)
    days, key, node, place, cost = work.days, work.key, work.node, work.place, work.cost
    first, head, through = roads.first, roads.head, roads.through
    size = 0
    for here in range(days.size):
        base = days[here]
        if base == math.inf or not (through[here] or here == start):
            continue
        for arc in range(first[here], first[here + 1]):
            reach = base + cost[arc]
            there = head[arc]
            if reach < days[there]:
                if reach >= days[there] * slack:
                    continue
                days[there] = reach
                via[there] = arc
                position = place[there]
                if position < 0:
                    position = size
                    size += 1
                    node[position] = there
                key[position] = reach
                _lift(key, node, place, position)
    if _run(roads, work, start, via, size, slack, days.size // WORTH):
        return True
    grow(roads, work, start, via)
    return False
