"""The ways that a logit counts: none goes straight back, and each ends where it first arrives.

Where every place is one node, the equations of `entrepot.routing.chain` leave out straight returns
themselves. Where `transfers` split places, a return is not seen from node to node: it passes the
nodes of one place, and the next leg may lead back. There the network is *unfolded*: each leg has a
node at either end of its own, and a turn leads from the end of one leg to the beginning of each
that may follow and does not lead back (the dual graph of Caldwell 1961, Communications of the
ACM 4). Goods then set out from a node of their own at each place and arrive at another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.routing.elimination import Pattern, pattern
from entrepot.routing.graph import TURN, Graph

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FREE = -1
"""An arc that no arc of the graph stands behind: it costs nothing."""


@dataclass(frozen=True)
class Ways:
    """N nodes and W arcs among which no way goes straight back, for a graph of A arcs.

    Attributes
    ----------
    nodes : N
    tail, head : nodes, shape (W,)
    behind : arc of the graph behind each, `FREE` for none, shape (W,)
    ending : node such that goods on their way to it do not take the arc: they have arrived where it
        begins, shape (W,)
    start, end : where goods set out and arrive here, for each node of the graph
    shape : of the equations
    unfolded : whether nodes and arcs are others than the graph's
    """

    nodes: int
    tail: Ints
    head: Ints
    behind: Ints
    ending: Ints
    start: Ints
    end: Ints
    shape: Pattern
    unfolded: bool

    def costs(self, cost: Floats) -> Floats:
        """Of each arc here, from those of the graph's arcs in the last place, shape (…, W)."""
        if not self.unfolded:
            return cost
        free = np.zeros((*cost.shape[:-1], 1))
        return np.concatenate([cost, free], axis=-1)[..., self.behind]

    def folded(self, flow: Floats, arcs: int) -> Floats:
        """Sums over the arcs here behind which each arc of the graph stands, shape (…, A)."""
        if not self.unfolded:
            return flow
        told = self.behind != FREE
        found = np.zeros((*flow.shape[:-1], arcs))
        np.add.at(found.T, self.behind[told], flow.T[told])
        return found


def ways_between(tail: Ints, head: Ints, nodes: int) -> Ways:
    """The ways over arcs between places that are a node each."""
    every = np.arange(nodes)
    return Ways(
        nodes=nodes,
        tail=tail,
        head=head,
        behind=np.arange(len(tail)),
        ending=tail,
        start=every,
        end=every,
        shape=pattern(tail, head, nodes),
        unfolded=False,
    )


def ways_of(graph: Graph) -> Ways:
    """The ways through a graph."""
    if not graph.market.study.table("transfers").height:
        return ways_between(graph.tail, graph.head, graph.nodes)
    legs = np.flatnonzero(graph.leg != TURN)
    first, last, turn = _following(graph, legs)
    place = graph.market.network.node_place
    onward = place[graph.head[legs[last]]] != place[graph.tail[legs[first]]]
    first, last, turn = first[onward], last[onward], turn[onward]
    network = graph.market.network
    leaving, from_node, out = _at(network.source, _from_nodes(graph, legs))
    arriving, to_node, into = _at(network.market, _to_nodes(graph, legs))
    count = len(legs)
    # Beginnings of legs, their ends, where goods set out, where they arrive.
    start = 2 * count + np.arange(graph.nodes)
    end = 2 * count + graph.nodes + np.arange(graph.nodes)
    number = np.arange(count)
    tail = np.concatenate([number, count + first, start[from_node], count + arriving])
    head = np.concatenate([count + number, last, leaving, end[to_node]])
    home = end[graph.market.network.market[place[graph.head[legs]]]]
    ending = np.concatenate([np.full(count, -1), home[first], np.full(len(out) + len(into), -1)])
    nodes = 2 * count + 2 * graph.nodes
    return Ways(
        nodes=nodes,
        tail=tail,
        head=head,
        behind=np.concatenate([legs, turn, out, into]),
        ending=ending,
        start=start,
        end=end,
        shape=pattern(tail, head, nodes),
        unfolded=True,
    )


def _following(graph: Graph, legs: Ints) -> tuple[Ints, Ints, Ints]:
    """Pairs of legs that may follow each other, by position, and the turn between them."""
    arriving, node, turn = _to_nodes(graph, legs)
    leaving = np.argsort(graph.tail[legs], kind="stable")
    tails = graph.tail[legs][leaving]
    begins, stops = np.searchsorted(tails, node), np.searchsorted(tails, node, side="right")
    many = stops - begins
    at = np.repeat(begins - np.concatenate([[0], np.cumsum(many)[:-1]]), many)
    return np.repeat(arriving, many), leaving[at + np.arange(len(at))], np.repeat(turn, many)


def _at(nodes: Ints, found: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints, Ints]:
    """Of legs, nodes and turns those at some nodes."""
    kept = np.isin(found[1], nodes)
    return found[0][kept], found[1][kept], found[2][kept]


def _to_nodes(graph: Graph, legs: Ints) -> tuple[Ints, Ints, Ints]:
    """Nodes that each leg leads to, straight or by a turn: leg by position, node, turn."""
    return _by_turns(graph, graph.head[legs], graph.tail, graph.head)


def _from_nodes(graph: Graph, legs: Ints) -> tuple[Ints, Ints, Ints]:
    """Nodes from which each leg sets out, straight or by a turn: leg by position, node, turn."""
    return _by_turns(graph, graph.tail[legs], graph.head, graph.tail)


def _by_turns(graph: Graph, near: Ints, side: Ints, far: Ints) -> tuple[Ints, Ints, Ints]:
    turns = np.flatnonzero(graph.leg == TURN)
    turns = turns[np.argsort(side[turns], kind="stable")]
    begins = np.searchsorted(side[turns], near)
    many = np.searchsorted(side[turns], near, side="right") - begins
    at = np.repeat(begins - np.concatenate([[0], np.cumsum(many)[:-1]]), many)
    by_turn = turns[at + np.arange(len(at))]
    number = np.arange(len(near))
    return (
        np.concatenate([number, np.repeat(number, many)]),
        np.concatenate([near, far[by_turn]]),
        np.concatenate([np.full(len(near), FREE), by_turn]),
    )
