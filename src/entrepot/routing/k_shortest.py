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
from entrepot.routing.pool import (
    Pool,
    add_route,
    cheapest_left,
    list_taken,
    longest_wanted,
    new_pool,
    new_store,
)
from entrepot.routing.shortest import distances, rise, sink, star

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Star = tuple[Ints, Ints]
Room = tuple[Floats, Floats, Ints, Ints, Ints, Ints, Ints]


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
        pool = add_route(pool, root, start, target, tail, room[2], room[0][target])
    found, lengths = np.empty(most, np.int64), np.empty(most)
    for number in range(most):
        latest = cheapest_left(pool, taken, order)
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
        if step >= pool[2][latest] and length + least <= longest_wanted(pool, taken, best):
            for arc in route[: step + 1]:
                shut[0][place_of[tail[arc]]] = counter[0]
            if way_on(
                node, target, cost, head, star, ahead, place_of, shut[0], shut[1], counter[0], room
            ):
                whole = length + room[0][target]
                pool = add_route(pool, route[:step], node, target, tail, room[2], whole)
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
    pool = new_pool()
    store = new_store(len(start), most)
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
            store = list_taken(k, pool, taken, most, store)
    listed, consignment, length, first, arcs = store
    return consignment[:listed], length[:listed], first[: listed + 1], arcs[: first[listed]]
