"""Cheapest ways from every node to one, by Dijkstra's algorithm with a heap.

Arcs may cost less than nothing (a leg that is paid for being used) as long as no way round a circle
does: potentials (Johnson 1977, J. ACM 24) turn such costs into costs of at least zero that rank all
ways between two nodes alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.routing.compiled import compiled

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NONE = -1


@dataclass(frozen=True)
class Star:
    """The arcs at each node: those of node n are ``arcs[first[n] : first[n + 1]]``.

    Attributes
    ----------
    first : shape (N + 1,)
    arcs : numbers of arcs, shape (A,)
    """

    first: Ints
    arcs: Ints


def star(ends: Ints, nodes: int) -> Star:
    """Arcs by the node at one of their ends: pass heads for the arcs that enter a node."""
    arcs = np.argsort(ends, kind="stable").astype(np.int64)
    first = np.searchsorted(ends[arcs], np.arange(nodes + 1)).astype(np.int64)
    return Star(first, arcs)


@dataclass(frozen=True)
class Lengths:
    """Costs of at least zero that rank all ways between two nodes as the given costs do.

    Attributes
    ----------
    cost : of each arc, inf where it is closed, shape (A,)
    potential : shape (N,); a way from i to j costs ``potential[j] - potential[i]`` more than told
        by `cost`
    """

    cost: Floats
    potential: Floats


class CircleError(Exception):
    """A circle of arcs that costs less than nothing."""

    def __init__(self, arcs: list[int]) -> None:
        super().__init__(arcs)
        self.arcs = arcs


def lengths(cost: Floats, tail: Ints, head: Ints, nodes: int) -> Lengths:
    """Costs made fit for shortest ways.

    Raises
    ------
    CircleError : going round pays
    """
    if not (cost < 0).any():
        return Lengths(cost, np.zeros(nodes))
    potential, before = np.zeros(nodes), np.full(nodes, NONE, dtype=np.int64)
    at = _lower(cost, tail, head, potential, before)
    if at != NONE:
        for _ in range(nodes):
            at = int(tail[before[at]])
        circle, node = [int(before[at])], int(tail[before[at]])
        while node != at:
            circle.append(int(before[node]))
            node = int(tail[before[node]])
        raise CircleError(circle[::-1])
    reduced = np.maximum(cost + potential[tail] - potential[head], 0.0)
    return Lengths(reduced, potential)


@compiled
def _lower(cost: Floats, tail: Ints, head: Ints, potential: Floats, before: Ints) -> int:
    """Bellman and Ford's rounds; the node last lowered where they never end, else -1."""
    least = 0.0
    for arc in range(len(cost)):
        if np.isfinite(cost[arc]) and abs(cost[arc]) > least:
            least = abs(cost[arc])
    noise = 1e-12 * least
    for _ in range(len(potential) + 1):
        lowered = -1
        for arc in range(len(cost)):
            if np.isfinite(cost[arc]):
                reached = potential[tail[arc]] + cost[arc]
                if reached < potential[head[arc]] - noise:
                    potential[head[arc]] = reached
                    before[head[arc]] = arc
                    lowered = head[arc]
        if lowered == -1:
            return -1
    return lowered


@compiled
def distances(
    root: int, cost: Floats, first: Ints, arcs: Ints, far: Ints, distance: Floats, heap: Ints
) -> int:
    """Cost of the cheapest way between one node and every other, inf where none leads.

    Parameters
    ----------
    cost : at least zero, shape (A,)
    first, arcs : star of the arcs at each node on the side of the root, shape (N + 1,) and (A,)
    far : node at the other end of each arc, shape (A,)
    distance : filled, shape (N,)
    heap : room to work in, shape (2 N,); the first entries end as the nodes in the order reached

    Returns
    -------
    How many nodes are reached.
    """
    nodes = len(distance)
    place = heap[nodes:]
    for node in range(nodes):
        distance[node] = np.inf
        place[node] = -1
    distance[root] = 0.0
    heap[0], place[root] = root, 0
    size, reached = 1, 0
    order = np.empty(nodes, dtype=np.int64)
    while size > 0:
        node = heap[0]
        order[reached] = node
        reached += 1
        size -= 1
        if size > 0:
            sink(heap, place, distance, heap[size], size)
        for position in range(first[node], first[node + 1]):
            arc = arcs[position]
            length = distance[node] + cost[arc]
            other = far[arc]
            if length < distance[other]:
                distance[other] = length
                if place[other] == -1:
                    place[other] = size
                    heap[size] = other
                    size += 1
                rise(heap, place, distance, other)
    heap[:reached] = order[:reached]
    return reached


@compiled
def rise(heap: Ints, place: Ints, distance: Floats, node: int) -> None:
    """Move a node up the heap (four children each) until its parent is nearer."""
    at = place[node]
    while at > 0:
        parent = (at - 1) // 4
        above = heap[parent]
        if distance[above] <= distance[node]:
            break
        heap[at], place[above] = above, at
        at = parent
    heap[at], place[node] = node, at


@compiled
def sink(heap: Ints, place: Ints, distance: Floats, node: int, size: int) -> None:
    """Put a node at the top of the heap and move it down until its children are farther."""
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        nearest = child
        for other in range(child + 1, min(child + 4, size)):
            if distance[heap[other]] < distance[heap[nearest]]:
                nearest = other
        below = heap[nearest]
        if distance[below] >= distance[node]:
            break
        heap[at], place[below] = below, at
        at = nearest
    heap[at], place[node] = node, at


@compiled
def all_distances(
    roots: Ints, cost: Floats, first: Ints, arcs: Ints, far: Ints, nodes: int
) -> Floats:
    """`distances` for each of R roots, shape (R, N)."""
    found = np.empty((len(roots), nodes))
    heap = np.empty(2 * nodes, dtype=np.int64)
    for row in range(len(roots)):
        distances(roots[row], cost, first, arcs, far, found[row], heap)
    return found
