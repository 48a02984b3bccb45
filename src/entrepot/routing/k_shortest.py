"""The cheapest routes of each consignment that pass no place twice, one after another.

Yen (1971, Management Science 17) with Lawler's rule (1972, Management Science 18): every route
found is left at each of its nodes once, by the cheapest way on that no earlier route has taken
there. Ways on are sought by A* with the exact distances of the whole network ahead of them (Hart,
Nilsson and Raphael 1968), which mostly walks straight. Legs between the same places make different
routes.

A place that `transfers` split is several nodes. No way on comes back to a place of the route that
it leaves, so that a place is passed twice only where going round is all there is, or is cheaper
than the transfer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.routing.compiled import compiled, longer
from entrepot.routing.graph import Graph
from entrepot.routing.listed import Listed
from entrepot.routing.pairs import Pairs
from entrepot.routing.shortest import distances, rise, sink, star

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Star = tuple[Ints, Ints]
Pool = tuple[int, Floats, Ints, Ints, Ints]
Room = tuple[Floats, Floats, Ints, Ints, Ints, Ints, Ints]

EQUAL = 1e-9
"""Of the cost of a route: of routes that differ by less, the first by its legs' names leads."""


@dataclass(frozen=True)
class Enumerated:
    """The cheapest routes of K consignments.

    Attributes
    ----------
    routes : R routes, the cheapest of each consignment first; their shares are still zero
    length : cost of each route, shape (R,)
    """

    routes: Listed
    length: Floats


def k_shortest(graph: Graph, cost: Floats, wanted: Pairs, most: int) -> Enumerated:
    """The cheapest routes of every consignment that pass no place twice.

    Parameters
    ----------
    cost : of each arc, at least zero, inf where closed, shape (A,)
    most : how many routes of each are wanted; fewer where there are no more
    """
    by_name = np.lexsort((graph.order, graph.tail)).astype(np.int64)
    leaving = np.searchsorted(graph.tail[by_name], np.arange(graph.nodes + 1)).astype(np.int64)
    entering = star(graph.head, graph.nodes)
    consignment, length, first, arcs = _all_routes(
        (wanted.ends, wanted.first, wanted.start),
        cost,
        graph.tail,
        graph.head,
        graph.order,
        (leaving, by_name),
        (entering.first, entering.arcs),
        graph.market.network.node_place,
        most,
    )
    return Enumerated(Listed(consignment, np.zeros(len(consignment)), first, arcs), length)


@compiled
def new_room(nodes: int) -> Room:
    """Room for `way_on` to work in: cost so far, key, arc before, stamp, heap, place, counter."""
    return (
        np.empty(nodes),
        np.empty(nodes),
        np.empty(nodes, np.int64),
        np.zeros(nodes, np.int64),
        np.empty(nodes, np.int64),
        np.zeros(nodes, np.int64),
        np.zeros(1, np.int64),
    )


@compiled
def way_on(
    source: int,
    target: int,
    cost: Floats,
    head: Ints,
    star: Star,
    ahead: Floats,
    place_of: Ints,
    place_shut: Ints,
    arc_shut: Ints,
    search: int,
    room: Room,
) -> bool:
    """The cheapest way on that is not shut (stamped with `search`); arcs are left in ``via``.

    A shut place may be left, and passed from node to node before it is, but not come back to.
    """
    so_far, key, via, seen, heap, place, _ = room
    so_far[source], key[source], seen[source] = 0.0, ahead[source], search
    heap[0], place[source] = source, 0
    size = 1
    while size > 0:
        node = heap[0]
        place[node] = -1
        if node == target:
            return True
        size -= 1
        if size > 0:
            sink(heap, place, key, heap[size], size)
        for position in range(star[0][node], star[0][node + 1]):
            arc = star[1][position]
            other = head[arc]
            if arc_shut[arc] == search:
                continue
            if place_shut[place_of[other]] == search and place_of[other] != place_of[node]:
                continue
            length = so_far[node] + cost[arc]
            if not np.isfinite(length + ahead[other]):
                continue
            if seen[other] != search:
                seen[other] = search
                place[other] = size
                heap[size] = other
                size += 1
            elif place[other] == -1 or length >= so_far[other]:
                continue
            so_far[other], key[other], via[other] = length, length + ahead[other], arc
            rise(heap, place, key, other)
    return False


@compiled
def _before(one: Ints, other: Ints, order: Ints) -> bool:
    """Whether a route comes before another of the same cost, by the names of its legs."""
    for step in range(min(len(one), len(other))):
        if one[step] != other[step]:
            return bool(order[one[step]] < order[other[step]])
    return len(one) < len(other)


@compiled
def _best(pool: Pool, taken: Ints, order: Ints) -> int:
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
def _add(
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
def routes_of(
    start: int,
    target: int,
    cost: Floats,
    tail: Ints,
    head: Ints,
    order: Ints,
    star: Star,
    ahead: Floats,
    place_of: Ints,
    most: int,
    shut: tuple[Ints, Ints],
    room: Room,
    pool: Pool,
) -> tuple[Pool, Ints]:
    """Yen's rounds for one consignment: the pool, and which of it was taken in which round.

    Parameters
    ----------
    place_of : place of each node, shape (N,)
    shut : marks of places and of arcs
    """
    counter = room[6]
    pool = (0, pool[1], pool[2], pool[3], pool[4])
    taken = np.empty(len(pool[3]), np.int64)
    taken[:] = -1
    counter[0] += 1
    if way_on(start, target, cost, head, star, ahead, place_of, shut[0], shut[1], counter[0], room):
        root = np.empty(0, np.int64)
        pool = _add(pool, root, start, target, tail, room[2], room[0][target])
    found, lengths = np.empty(most, np.int64), np.empty(most)
    for number in range(most):
        latest = _best(pool, taken, order)
        if latest == -1:
            break
        taken[latest], found[number] = number, latest
        if number < most - 1:
            best = lengths[: most - 1 - number]
            pool, taken = _leave(
                found[: number + 1], target, cost, tail, head, star, ahead, place_of, best, shut,
                room, pool, taken,
            )  # fmt: skip
    return pool, taken


@compiled
def _leave(
    found: Ints,
    target: int,
    cost: Floats,
    tail: Ints,
    head: Ints,
    star: Star,
    ahead: Floats,
    place_of: Ints,
    best: Floats,
    shut: tuple[Ints, Ints],
    room: Room,
    pool: Pool,
    taken: Ints,
) -> tuple[Pool, Ints]:
    """Leave the last route found at each of its nodes, by ways that no route found has taken."""
    counter, latest = room[6], found[-1]
    route = pool[4][pool[3][latest] : pool[3][latest + 1]].copy()
    alike = np.ones(len(found), np.bool_)
    length = 0.0
    for step in range(len(route)):
        node = tail[route[step]]
        counter[0] += 1
        for f in range(len(found)):
            begins = pool[3][found[f]]
            if alike[f] and begins + step < pool[3][found[f] + 1]:
                shut[1][pool[4][begins + step]] = counter[0]
        least = _least_onward(node, cost, head, star, ahead, shut[1], counter[0])
        if step >= pool[2][latest] and length + least <= _worst(pool, taken, best):
            for arc in route[: step + 1]:
                shut[0][place_of[tail[arc]]] = counter[0]
            if way_on(
                node, target, cost, head, star, ahead, place_of, shut[0], shut[1], counter[0], room
            ):
                whole = length + room[0][target]
                pool = _add(pool, route[:step], node, target, tail, room[2], whole)
                if len(taken) < len(pool[3]):
                    size = len(taken)
                    taken = longer(taken, len(pool[3]))
                    taken[size:] = -1
        for f in range(len(found)):
            begins = pool[3][found[f]]
            alike[f] = (
                alike[f]
                and begins + step < pool[3][found[f] + 1]
                and pool[4][begins + step] == route[step]
            )
        length += cost[route[step]]
    return pool, taken


@compiled
def _least_onward(
    node: int, cost: Floats, head: Ints, star: Star, ahead: Floats, arc_shut: Ints, search: int
) -> float:
    """The least that any way on from a node can cost, by an arc that is not shut."""
    least = np.inf
    for position in range(star[0][node], star[0][node + 1]):
        arc = star[1][position]
        if arc_shut[arc] != search:
            least = min(least, cost[arc] + ahead[head[arc]])
    return least


@compiled
def _worst(pool: Pool, taken: Ints, best: Floats) -> float:
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
def _all_routes(
    wanted: tuple[Ints, Ints, Ints],
    cost: Floats,
    tail: Ints,
    head: Ints,
    order: Ints,
    leaving: Star,
    entering: Star,
    place_of: Ints,
    most: int,
) -> tuple[Ints, Floats, Ints, Ints]:
    """One destination after another, one consignment after another."""
    ends, bounds, start = wanted
    nodes = len(leaving[0]) - 1
    ahead, heap = np.empty(nodes), np.empty(2 * nodes, np.int64)
    shut = (np.zeros(nodes, np.int64), np.zeros(len(cost), np.int64))
    room = new_room(nodes)
    pool = (
        0,
        np.empty(64),
        np.empty(64, np.int64),
        np.zeros(65, np.int64),
        np.empty(2048, np.int64),
    )
    consignment, length = np.empty(len(start) * most, np.int64), np.empty(len(start) * most)
    first = np.zeros(len(start) * most + 1, np.int64)
    arcs = np.empty(16 * len(start) * most, np.int64)
    listed = 0
    for row in range(len(ends)):
        distances(ends[row], cost, entering[0], entering[1], tail, ahead, heap)
        for k in range(bounds[row], bounds[row + 1]):
            if not np.isfinite(ahead[start[k]]):
                continue
            pool, taken = routes_of(
                start[k],
                ends[row],
                cost,
                tail,
                head,
                order,
                leaving,
                ahead,
                place_of,
                most,
                shut,
                room,
                pool,
            )
            for number in range(most):
                for r in range(pool[0]):
                    if taken[r] == number:
                        begins, stops = pool[3][r], pool[3][r + 1]
                        ends_at = first[listed] + stops - begins
                        if ends_at > len(arcs):
                            arcs = longer(arcs, 2 * ends_at)
                        arcs[first[listed] : ends_at] = pool[4][begins:stops]
                        consignment[listed], length[listed] = k, pool[1][r]
                        listed += 1
                        first[listed] = ends_at
    return consignment[:listed], length[:listed], first[: listed + 1], arcs[: first[listed]]
