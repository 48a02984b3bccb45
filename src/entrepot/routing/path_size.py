"""Path-size logit: a choice among enumerated routes that tells routes apart by what they share.

Ben-Akiva and Bierlaire (1999, *Discrete choice methods and their applications to short term travel
decisions*): the share of a route is proportional to its path size times exp(-cost / scale). The
path size adds up, over the arcs of the route, the arc's part of the route's cost divided by the
number of routes in the choice set that use the arc: 1 for a route that shares nothing, 1/n for n
routes that are the same.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from entrepot.errors import StudyError
from entrepot.routing.checks import below_zero
from entrepot.routing.choice import Chosen, Options, by_class
from entrepot.routing.graph import Demand, Graph
from entrepot.routing.k_shortest import Enumerated, k_shortest
from entrepot.routing.listed import Listed
from entrepot.routing.pairs import Pairs
from entrepot.routing.scales import Scales

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def path_size(graph: Graph, demand: Demand, options: Options) -> Chosen:
    """Share every consignment among its cheapest routes without repeated nodes.

    How many of them are in the choice set is `options.settings.routes`. The objective is the
    expected least cost, ``-scale log Σ path size × exp(-cost / scale)``, over all consignments.

    Raises
    ------
    StudyError : arcs that cost less than nothing
    """
    wrong = below_zero(graph, "path-size")
    if wrong:
        raise StudyError(graph.market.study.name, wrong)
    scales = Scales(graph, demand, options)

    def one(klass: int, wanted: Pairs) -> tuple[Floats, Listed, Floats, float]:
        cost = graph.cost(klass)
        scale = scales.of(klass)
        found = k_shortest(graph, cost, wanted, max(options.settings.routes, 1))
        share, least = shares(found, cost, len(wanted.row), scale)
        amount = share * wanted.quantity[found.routes.consignment]
        each = np.repeat(amount, np.diff(found.routes.first))
        flow = np.bincount(found.routes.arcs, each, minlength=graph.arcs).astype(np.float64)
        routes = _likeliest_first(replace(found.routes, share=share))
        return flow, routes, np.zeros(len(wanted.row)), float(wanted.quantity @ least)

    chosen = by_class(graph, demand, one)
    return replace(chosen, settings=scales.used, notes=scales.notes)


def shares(found: Enumerated, cost: Floats, count: int, scale: float) -> tuple[Floats, Floats]:
    """Share of each route in its consignment, and the expected least cost of each consignment.

    Parameters
    ----------
    cost : of each arc, shape (A,)
    count : number of consignments, K

    Returns
    -------
    shape (R,) and (K,)
    """
    routes = found.routes
    size = path_sizes(routes, cost, found.length)
    k = routes.consignment
    least = np.full(count, np.inf)
    np.minimum.at(least, k, found.length)
    weight = size * np.exp(-(found.length - least[k]) / scale)
    total = np.bincount(k, weight, minlength=count)
    return weight / total[k], least - scale * np.log(total)


def path_sizes(routes: Listed, cost: Floats, length: Floats) -> Floats:
    """Path size of each route among those of its consignment, shape (R,)."""
    of_route = np.repeat(np.arange(len(routes.share)), np.diff(routes.first))
    key = routes.consignment[of_route] * len(cost) + routes.arcs
    _, number, uses = np.unique(key, return_inverse=True, return_counts=True)
    part = np.bincount(of_route, cost[routes.arcs] / uses[number], minlength=len(length))
    return np.where(length > 0, part / np.where(length > 0, length, 1.0), 1.0)


def _likeliest_first(routes: Listed) -> Listed:
    """The same routes, those of one consignment by falling share."""
    order = np.lexsort((-routes.share, routes.consignment))
    sizes = np.diff(routes.first)[order]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    at = np.repeat(routes.first[:-1][order] - first[:-1], sizes) + np.arange(first[-1])
    return Listed(routes.consignment[order], routes.share[order], first, routes.arcs[at])
