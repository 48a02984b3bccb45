"""All or nothing: every consignment goes by its cheapest route.

Equally cheap routes share a consignment equally (decision 14): how many there are is counted from
the destination backwards, so that none need be listed. Ways whose costs agree to a billionth are
equally cheap; detours that cost nothing and bring goods no nearer are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from entrepot.routing.choice import Chosen, Options, by_class
from entrepot.routing.compiled import compiled, longer
from entrepot.routing.graph import Demand, Graph
from entrepot.routing.listed import Listed
from entrepot.routing.pairs import Pairs
from entrepot.routing.shortest import distances, lengths, star

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Star = tuple[Ints, Ints]
Store = tuple[int, Ints, Floats, Ints, Ints]

EQUAL = 1e-9
"""Of the cost of a way: what differs by less is equally cheap."""


@dataclass(frozen=True)
class Loads:
    """Where K consignments go.

    Attributes
    ----------
    flow : units on each arc, shape (A,)
    length : of each consignment's cheapest route, inf where none leads, shape (K,)
    routes : how many equally cheap routes it has, shape (K,)
    listed : the first of them, by the names of their legs
    """

    flow: Floats
    length: Floats
    routes: Floats
    listed: Listed


def cheapest(graph: Graph, demand: Demand, options: Options) -> Chosen:
    """Send every consignment by its cheapest routes, by what `options.by` counts.

    The objective is the total of that; the gap compares it with the lengths of cheapest ways.
    """
    least = 0.0

    def one(klass: int, wanted: Pairs) -> tuple[Floats, Listed, Floats, float]:
        nonlocal least
        cost = graph.cost(klass, options.by)
        found = lengths(cost, graph.tail, graph.head, graph.nodes)
        loads = load_cheapest(graph, found.cost, wanted, options.settings.routes)
        shift = found.potential[wanted.end] - found.potential[wanted.start]
        least += float(wanted.quantity @ (loads.length + shift))
        told = np.bincount(loads.listed.consignment, minlength=len(wanted.row))
        rest = np.where(told < loads.routes, 1.0 - told / np.maximum(loads.routes, 1.0), 0.0)
        used = loads.flow > 0
        return loads.flow, loads.listed, rest, float(loads.flow[used] @ cost[used])

    chosen = by_class(graph, demand, one)
    gap = abs(chosen.objective - least) / abs(least) if least else 0.0
    return replace(chosen, gap=gap, settings={"by": options.by})


def load_cheapest(graph: Graph, cost: Floats, wanted: Pairs, most: int) -> Loads:
    """Send every consignment by its cheapest routes.

    Parameters
    ----------
    cost : of each arc, at least zero, inf where closed, shape (A,)
    most : routes listed of each consignment
    """
    by_name = np.lexsort((graph.order, graph.tail)).astype(np.int64)
    leaving = np.searchsorted(graph.tail[by_name], np.arange(graph.nodes + 1)).astype(np.int64)
    entering = star(graph.head, graph.nodes)
    flow, length, routes, store = _load(
        (wanted.ends, wanted.first, wanted.start, wanted.quantity),
        cost,
        graph.tail,
        graph.head,
        (leaving, by_name),
        (entering.first, entering.arcs),
        _zones(cost, graph.tail, graph.head, graph.nodes),
        most,
    )
    size, consignment, share, first, arcs = store
    found = Listed(consignment[:size], share[:size], first[: size + 1], arcs[: first[size]])
    return Loads(flow, length, routes, found)


def _zones(cost: Floats, tail: Ints, head: Ints, nodes: int) -> Ints:
    """Nodes that reach each other at no cost are one zone, shape (N,)."""
    free = np.flatnonzero(cost <= 0)
    graph = sparse.coo_array((np.ones(len(free)), (tail[free], head[free])), shape=(nodes, nodes))
    return np.asarray(connected_components(graph, connection="strong")[1]).astype(np.int64)


@compiled
def _tight(cost: float, near: float, far: float) -> bool:
    """Whether an arc from distance `far` to distance `near` lies on a cheapest way."""
    return near <= far and cost + near <= far * (1.0 + EQUAL)


@compiled
def _mark(
    root: int,
    cost: Floats,
    tail: Ints,
    entering: Star,
    zone: Ints,
    distance: Floats,
    usable: Flags,
    order: Ints,
) -> int:
    """Arcs on cheapest ways to the root, and nodes in an order in which all of them lead back.

    Where nodes of one zone are equally near, an arc counts only if it needs fewer arcs to the root
    from its head than from its tail.
    """
    first, arcs = entering
    hops = np.empty(len(distance), np.int64)
    known = _tight_arcs(root, cost, tail, entering, distance, usable, order, hops)
    open_arcs = np.zeros(len(distance), np.int64)
    for at in range(known):
        node = order[at]
        for position in range(first[node], first[node + 1]):
            arc = arcs[position]
            other = tail[arc]
            if not usable[arc]:
                continue
            if distance[other] == distance[node] and (
                cost[arc] > 0 or (zone[other] == zone[node] and hops[node] >= hops[other])
            ):
                usable[arc] = False
            else:
                open_arcs[other] += 1
    return _leading_back(root, tail, entering, usable, open_arcs, order)


@compiled
def _tight_arcs(
    root: int,
    cost: Floats,
    tail: Ints,
    entering: Star,
    distance: Floats,
    usable: Flags,
    order: Ints,
    hops: Ints,
) -> int:
    """Arcs that lose nothing on the way to the root; nodes by how few of them they need to it."""
    first, arcs = entering
    nodes = len(distance)
    usable[:] = False
    hops[:] = nodes + 1
    hops[root] = 0
    order[0] = root
    done, known = 0, 1
    while done < known:
        node = order[done]
        done += 1
        for position in range(first[node], first[node + 1]):
            arc = arcs[position]
            other = tail[arc]
            if other != root and _tight(cost[arc], distance[node], distance[other]):
                usable[arc] = True
                if hops[other] > nodes:
                    hops[other] = hops[node] + 1
                    order[known] = other
                    known += 1
    return known


@compiled
def _leading_back(
    root: int, tail: Ints, entering: Star, usable: Flags, open_arcs: Ints, order: Ints
) -> int:
    """Nodes in an order in which each stands behind all that its arcs lead to.

    Parameters
    ----------
    open_arcs : how many usable arcs leave each node; counted down
    """
    first, arcs = entering
    order[0] = root
    done, known = 0, 1
    while done < known:
        node = order[done]
        done += 1
        for position in range(first[node], first[node + 1]):
            arc = arcs[position]
            if usable[arc]:
                other = tail[arc]
                open_arcs[other] -= 1
                if open_arcs[other] == 0:
                    order[known] = other
                    known += 1
    return known


@compiled
def _count(order: Ints, star: Star, head: Ints, usable: Flags, count: Floats) -> None:
    """How many ways lead from each node to the first of `order`, 0 where none does."""
    count[:] = 0.0
    count[order[0]] = 1.0
    for node in order[1:]:
        for position in range(star[0][node], star[0][node + 1]):
            arc = star[1][position]
            if usable[arc]:
                count[node] += count[head[arc]]


@compiled
def _push(
    order: Ints,
    star: Star,
    head: Ints,
    usable: Flags,
    count: Floats,
    through: Floats,
    flow: Floats,
) -> None:
    """Send what stands at the nodes on, each way an equal part, and add it to the flow."""
    for node in order[:0:-1]:
        if through[node] == 0.0:
            continue
        for position in range(star[0][node], star[0][node + 1]):
            arc = star[1][position]
            if usable[arc]:
                part = through[node] * (count[head[arc]] / count[node])
                flow[arc] += part
                through[head[arc]] += part


@compiled
def _list(
    k: int,
    start: int,
    root: int,
    star: Star,
    head: Ints,
    usable: Flags,
    most: int,
    share: float,
    store: Store,
) -> Store:
    """Add the first routes of one consignment to the store: depth first, arcs by name."""
    size, consignment, shares, first, arcs = store
    stack, next_at = np.empty(len(star[0]), np.int64), np.empty(len(star[0]), np.int64)
    depth, found = 0, 0
    stack[0], next_at[0] = start, star[0][start]
    while depth >= 0 and found < most:
        if stack[depth] == root:
            if size == len(shares):
                consignment = longer(consignment, 2 * size + 1)
                shares = longer(shares, 2 * size + 1)
                first = longer(first, 2 * size + 2)
            begins = first[size]
            if begins + depth > len(arcs):
                arcs = longer(arcs, 2 * (begins + depth))
            for step in range(depth):
                arcs[begins + step] = star[1][next_at[step] - 1]
            consignment[size], shares[size] = k, share
            size += 1
            first[size] = begins + depth
            found += 1
            depth -= 1
            continue
        position, last = next_at[depth], star[0][stack[depth] + 1]
        while position < last and not usable[star[1][position]]:
            position += 1
        if position == last:
            depth -= 1
            continue
        next_at[depth] = position + 1
        depth += 1
        stack[depth] = head[star[1][position]]
        next_at[depth] = star[0][stack[depth]]
    return size, consignment, shares, first, arcs


@compiled
def _load(
    wanted: tuple[Ints, Ints, Ints, Floats],
    cost: Floats,
    tail: Ints,
    head: Ints,
    leaving: Star,
    entering: Star,
    zone: Ints,
    most: int,
) -> tuple[Floats, Floats, Floats, Store]:
    """One destination after another: distances, counts of routes, flows, routes listed."""
    ends, bounds, start, quantity = wanted
    nodes = len(leaving[0]) - 1
    distance, count, through = np.empty(nodes), np.empty(nodes), np.empty(nodes)
    heap, order = np.empty(2 * nodes, np.int64), np.empty(nodes, np.int64)
    usable = np.zeros(len(cost), np.bool_)
    flow = np.zeros(len(cost))
    length, routes = np.full(len(start), np.inf), np.zeros(len(start))
    room = len(start) if most > 0 else 0
    store = (
        0,
        np.empty(room, np.int64),
        np.empty(room),
        np.zeros(room + 1, np.int64),
        np.empty(16 * room, np.int64),
    )
    for row in range(len(ends)):
        root = ends[row]
        distances(root, cost, entering[0], entering[1], tail, distance, heap)
        known = _mark(root, cost, tail, entering, zone, distance, usable, order)
        _count(order[:known], leaving, head, usable, count)
        through[:] = 0.0
        for k in range(bounds[row], bounds[row + 1]):
            if np.isfinite(distance[start[k]]):
                length[k], routes[k] = distance[start[k]], count[start[k]]
                through[start[k]] += quantity[k]
                if most > 0:
                    share = 1.0 / routes[k]
                    store = _list(k, start[k], root, leaving, head, usable, most, share, store)
        _push(order[:known], leaving, head, usable, count, through, flow)
    return flow, length, routes, store
