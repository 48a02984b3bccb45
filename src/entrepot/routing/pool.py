"""Routes found for one consignment, the cheapest first, and the store of those listed for all.

Kernels on plain tuples of arrays, which grow as routes are added.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from entrepot.routing.compiled import compiled, longer

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Pool = tuple[int, Floats, Ints, Ints, Ints]
Store = tuple[int, Ints, Floats, Ints, Ints]

EQUAL = 1e-9
"""Of the cost of a route: of routes that differ by less, the first by its legs' names leads."""


@compiled
def new_pool() -> Pool:
    """No routes yet: how many, the length of each, where it left its root, its arcs in CSR form."""
    return (
        0,
        np.empty(64),
        np.empty(64, np.int64),
        np.zeros(65, np.int64),
        np.empty(2048, np.int64),
    )


@compiled
def new_store(consignments: int, most: int) -> Store:
    """Nothing listed yet: how many routes, their consignments, lengths, and arcs in CSR form."""
    room = consignments * most
    return (
        0,
        np.empty(room, np.int64),
        np.empty(room),
        np.zeros(room + 1, np.int64),
        np.empty(16 * room, np.int64),
    )


@compiled
def _before(one: Ints, other: Ints, order: Ints) -> bool:
    """Whether a route comes before another of the same cost, by the names of its legs."""
    for step in range(min(len(one), len(other))):
        if one[step] != other[step]:
            return bool(order[one[step]] < order[other[step]])
    return len(one) < len(other)


@compiled
def cheapest_left(pool: Pool, taken: Ints, order: Ints) -> int:
    """The cheapest route of the pool that is not taken, or -1."""
    size, length, _, first, arcs = pool
    best = -1
    for r in range(size):
        if taken[r] >= 0:
            continue
        if best == -1:
            best = r
            continue
        slack = EQUAL * length[best]
        if length[r] < length[best] - slack or (
            length[r] <= length[best] + slack
            and _before(arcs[first[r] : first[r + 1]], arcs[first[best] : first[best + 1]], order)
        ):
            best = r
    return best


@compiled
def add_route(
    pool: Pool, root: Ints, spur: int, target: int, tail: Ints, via: Ints, length: float
) -> Pool:
    """Put a route into the pool: the arcs of its root, then those that `via` tells backwards."""
    size, lengths, leaves, first, arcs = pool
    steps, node = 0, target
    while node != spur:
        steps += 1
        node = tail[via[node]]
    begins = first[size]
    ends = begins + len(root) + steps
    if size + 1 == len(first) - 1:
        lengths = longer(lengths, 2 * size + 2)
        leaves = longer(leaves, 2 * size + 2)
        first = longer(first, 2 * size + 3)
    if ends > len(arcs):
        arcs = longer(arcs, 2 * ends)
    arcs[begins : begins + len(root)] = root
    node, at = target, ends
    while node != spur:
        at -= 1
        arcs[at] = via[node]
        node = tail[via[node]]
    lengths[size], leaves[size] = length, len(root)
    first[size + 1] = ends
    return size + 1, lengths, leaves, first, arcs


@compiled
def longest_wanted(pool: Pool, taken: Ints, best: Floats) -> float:
    """The longest that a route may be to be wanted still: as many shorter ones are in the pool.

    Parameters
    ----------
    best : room for as many lengths as routes are wanted still
    """
    wanted = len(best)
    for i in range(wanted):
        best[i] = np.inf
    for r in range(pool[0]):
        if taken[r] >= 0 or pool[1][r] >= best[wanted - 1]:
            continue
        at = wanted - 1
        while at > 0 and best[at - 1] > pool[1][r]:
            best[at] = best[at - 1]
            at -= 1
        best[at] = pool[1][r]
    return float(best[wanted - 1] * (1.0 + 2.0 * EQUAL))


@compiled
def list_taken(k: int, pool: Pool, taken: Ints, most: int, store: Store) -> Store:
    """Put the routes of a consignment that were taken behind those listed, round after round."""
    listed, consignment, length, first, arcs = store
    for number in range(most):
        for r in range(pool[0]):
            if taken[r] == number:
                begins, stops = pool[3][r], pool[3][r + 1]
                last = first[listed] + stops - begins
                if last > len(arcs):
                    arcs = longer(arcs, 2 * last)
                arcs[first[listed] : last] = pool[4][begins:stops]
                consignment[listed], length[listed] = k, pool[1][r]
                listed += 1
                first[listed] = last
    return listed, consignment, length, first, arcs
