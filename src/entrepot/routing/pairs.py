"""Consignments of one class in the order of their ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.routing.compiled import compiled
from entrepot.routing.graph import Demand, Graph
from entrepot.routing.shortest import distances, star

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """K consignments of one class that go from node to node, to E different ends.

    Attributes
    ----------
    start : node where each sets out, shape (K,)
    quantity : units, shape (K,)
    ends : nodes, shape (E,)
    first : the consignments to end e are ``first[e]`` up to ``first[e + 1]``, shape (E + 1,)
    row : row of each consignment in the demand, shape (K,)
    """

    start: Ints
    quantity: Floats
    ends: Ints
    first: Ints
    row: Ints

    @property
    def end(self) -> Ints:
        """Node where each consignment arrives, shape (K,)."""
        return np.repeat(self.ends, np.diff(self.first))


def pairs_of(demand: Demand, klass: int, among: Flags | None = None) -> Pairs:
    """The consignments of a class that leave their place.

    Parameters
    ----------
    among : those that are asked for, shape (K,); all where not given
    """
    wanted = (demand.klass == klass) & ~demand.stays
    row = np.flatnonzero(wanted if among is None else wanted & among)
    for node in (demand.start, demand.end):
        row = _by_node(row, node, int(node.max(initial=-1)) + 1)
    end = demand.end[row]
    first = np.flatnonzero(np.diff(end, prepend=-1))
    bounds = np.append(first, len(row)).astype(np.int64)
    return Pairs(demand.start[row], demand.quantity[row], end[first], bounds, row)


@compiled
def _by_node(rows: Ints, node: Ints, nodes: int) -> Ints:
    """Rows in the order of their nodes, those of one node in the order given."""
    place = np.zeros(nodes + 1, np.int64)
    for row in rows:
        place[node[row] + 1] += 1
    for number in range(nodes):
        place[number + 1] += place[number]
    ordered = np.empty(len(rows), np.int64)
    for row in rows:
        ordered[place[node[row]]] = row
        place[node[row]] += 1
    return ordered


def shortest_lengths(graph: Graph, cost: Floats, wanted: Pairs) -> Floats:
    """Cost of each consignment's cheapest way, inf where none leads, shape (K,).

    Parameters
    ----------
    cost : of each arc, at least zero, inf where closed, shape (A,)
    """
    entering = star(graph.head, graph.nodes)
    return _lengths(
        (wanted.ends, wanted.first, wanted.start),
        cost,
        (entering.first, entering.arcs),
        graph.tail,
        graph.nodes,
    )


def joined(graph: Graph, cost: Floats, wanted: Pairs) -> Flags:
    """Whether any way leads from each consignment's start to its end, shape (K,).

    Parameters
    ----------
    cost : of each arc, inf where closed, shape (A,)
    """
    open_ = np.flatnonzero(np.isfinite(cost))
    entering = star(graph.head[open_], graph.nodes)
    return _joined(
        (wanted.ends, wanted.first, wanted.start),
        (entering.first, graph.tail[open_][entering.arcs]),
        graph.nodes,
    )


@compiled
def _joined(wanted: tuple[Ints, Ints, Ints], entering: tuple[Ints, Ints], nodes: int) -> Flags:
    """A search in breadth from each end, against the arcs."""
    ends, bounds, start = wanted
    first, tail = entering
    found = np.empty(len(start), np.bool_)
    seen, queue = np.full(nodes, -1), np.empty(nodes, np.int64)
    for number in range(len(ends)):
        queue[0] = ends[number]
        seen[ends[number]] = number
        done, size = 0, 1
        while done < size:
            for place in range(first[queue[done]], first[queue[done] + 1]):
                node = tail[place]
                if seen[node] != number:
                    seen[node] = number
                    queue[size] = node
                    size += 1
            done += 1
        for k in range(bounds[number], bounds[number + 1]):
            found[k] = seen[start[k]] == number
    return found


@compiled
def _lengths(
    wanted: tuple[Ints, Ints, Ints],
    cost: Floats,
    entering: tuple[Ints, Ints],
    tail: Ints,
    nodes: int,
) -> Floats:
    ends, bounds, start = wanted
    length, distance = np.empty(len(start)), np.empty(nodes)
    heap = np.empty(2 * nodes, np.int64)
    for row in range(len(ends)):
        distances(ends[row], cost, entering[0], entering[1], tail, distance, heap)
        for k in range(bounds[row], bounds[row + 1]):
            length[k] = distance[start[k]]
    return length
