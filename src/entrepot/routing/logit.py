"""Logit over all routes without listing any: a Markov chain from node to node.

Akamatsu (1996, Transportation Research B 30): where the share of a route is proportional to
exp(-cost / scale), what all routes weigh together follows from one linear equation for each node;
Fosgerau, Frejinger and Karlström (2013, Transportation Research B 56) read the same equations as a
recursive choice. Here no journey goes straight back to the node it comes from, and each ends when
it first arrives (decision 15). Wider circles still count, so the weights are finite only where
circles weigh less than one in all: where they do not, the largest scale that has an answer is told.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from entrepot.errors import Problem, StudyError
from entrepot.routing.chain import converges, largest_scale, spread
from entrepot.routing.choice import Chosen, Options, by_class
from entrepot.routing.graph import Demand, Graph
from entrepot.routing.k_shortest import k_shortest
from entrepot.routing.listed import Listed
from entrepot.routing.pairs import Pairs
from entrepot.routing.scales import Scales
from entrepot.routing.shortest import Lengths, lengths
from entrepot.routing.ways import Ways, ways_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def logit(graph: Graph, demand: Demand, options: Options) -> Chosen:
    """Share every consignment among all its routes.

    The objective is the expected least cost, ``-scale log Σ exp(-cost / scale)`` over all routes,
    of all consignments.

    Raises
    ------
    StudyError : a scale without an answer; names the largest that has one
    """
    scales = Scales(graph, demand, options)
    ways = ways_of(graph)
    scale_of = fitting_scales(graph, scales, ways)

    def one(klass: int, wanted: Pairs) -> tuple[Floats, Listed, Floats, float]:
        found = lengths(graph.cost(klass), graph.tail, graph.head, graph.nodes)
        scale = scale_of[klass]
        flow, least = spread(ways, found.cost, wanted, scale)
        routes, rest = likeliest(graph, found, wanted, scale, least, options.settings.routes)
        shift = found.potential[wanted.end] - found.potential[wanted.start]
        return flow, routes, rest, float(wanted.quantity @ (least + shift))

    chosen = by_class(graph, demand, one)
    return replace(chosen, settings=scales.used, notes=scales.notes)


def fitting_scales(graph: Graph, scales: Scales, ways: Ways) -> list[float]:
    """The scale of each class; one that nobody gave is lowered until it has an answer.

    Raises
    ------
    StudyError : goods whose scale has none, with the largest that has one; all of them
    """
    found: list[float] = []
    problems: dict[int, Problem] = {}
    least: dict[int, float] = {}
    for klass in range(len(graph.good)):
        cost = lengths(graph.cost(klass), graph.tail, graph.head, graph.nodes).cost
        scale = scales.of(klass)
        if not converges(ways, cost, scale):
            good, most = int(graph.good[klass]), largest_scale(ways, cost, scale)
            if most is None:
                problems[good] = _free_circle(graph, klass, cost)
            elif scales.given(klass):
                least[good] = min(most, least.get(good, math.inf))
                if least[good] == most:
                    problems[good] = _too_large(graph, klass, scale, most)
            else:
                scale = most / 2
                scales.lower(klass, scale)
        found.append(scale)
    if problems:
        raise StudyError(graph.market.study.name, problems.values())
    return found


def _too_large(graph: Graph, klass: int, scale: float, most: float) -> Problem:
    good = graph.market.goods[graph.good[klass]]
    message = (
        f"the logit has no answer for {good}: with so much chance goods would go round in circles "
        "for ever"
    )
    cure = (
        f"the largest scale that has one is {most:.4g}; take a smaller one, or choose path-size or "
        "perturbed, which know no circles"
    )
    return Problem("study.toml", None, "routing.scale", f"{scale:.6g}", message, cure)


def _free_circle(graph: Graph, klass: int, cost: Floats) -> Problem:
    """A circle that costs nothing, which no scale can bear."""
    free = np.flatnonzero(cost <= 0)
    tail, head = graph.tail[free], graph.head[free]
    joined = sparse.coo_array((np.ones(len(free)), (tail, head)), shape=(graph.nodes, graph.nodes))
    zone = connected_components(joined, connection="strong")[1]
    legs = sorted(set(graph.legs_of(free[zone[tail] == zone[head]])))
    told = ";".join(legs[:6]) + (f" and {len(legs) - 6} more" if len(legs) > 6 else "")
    message = (
        f"{graph.market.goods[graph.good[klass]]} can go round in a circle that costs nothing, and "
        "the logit has no answer at any scale"
    )
    cure = "give the legs of the circle a cost or days, or choose path-size or perturbed"
    return Problem("legs.csv", None, "cost", told, message, cure)


def likeliest(
    graph: Graph, found: Lengths, wanted: Pairs, scale: float, least: Floats, most: int
) -> tuple[Listed, Floats]:
    """The likeliest routes without repeated nodes, and what share is left for all others."""
    if most == 0:
        return Listed.none(), np.ones(len(wanted.row))
    best = k_shortest(graph, found.cost, wanted, most)
    k = best.routes.consignment
    share = np.minimum(np.exp((least[k] - best.length) / scale), 1.0)
    told = np.bincount(k, share, minlength=len(wanted.row))
    return replace(best.routes, share=share), np.maximum(1.0 - told, 0.0)
