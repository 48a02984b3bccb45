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


def pairs_of(demand: Demand, klass: int) -> Pairs:
    """The consignments of a class that leave their place."""
    rows = np.flatnonzero((demand.klass == klass) & ~demand.stays)
    row = rows[np.lexsort((demand.start[rows], demand.end[rows]))]
    ends, first = np.unique(demand.end[row], return_index=True)
    bounds = np.append(first, len(row)).astype(np.int64)
    return Pairs(demand.start[row], demand.quantity[row], ends, bounds, row)


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
