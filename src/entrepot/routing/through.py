"""The cheapest journey from place to place, over some legs where asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.network.market import Market
from entrepot.network.network import WAY_BACK
from entrepot.routing.graph import TURN, Graph, build_graph
from entrepot.routing.shortest import Star, all_distances, lengths, star

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SAME = 1e-14
"""Of a distance: a way longer by less is as short."""

STEP = 1e-9
"""Of the dearest arc: what every arc counts more, so that of equal ways the one with fewest arcs is
taken and no circle is free."""


@dataclass(frozen=True)
class Journey:
    """One way from place to place.

    Attributes
    ----------
    legs : names in order
    cost : money per unit
    days, length_km : in all; legs without a length count nothing
    """

    legs: list[str]
    cost: float
    days: float
    length_km: float


def cheapest_journey(
    market: Market,
    good: str,
    origin: str,
    destination: str,
    via: Collection[str] = (),
    *,
    period: int = 0,
) -> Journey | None:
    """The journey with the least generalised cost, None where there is none.

    Parameters
    ----------
    via : names of legs, one of which is used, either way; any journey where empty
    period : number of the period

    Raises
    ------
    CircleError : going round a circle pays
    """
    asked = pl.DataFrame(
        {
            "consignment": ["asked"],
            "good": [good],
            "origin": [origin],
            "destination": [destination],
            "quantity": [1.0],
        }
    )
    graph, demand = build_graph(market, period, asked)
    cost = lengths(graph.cost(0), graph.tail, graph.head, graph.nodes).cost
    cost = cost + STEP * max(float(cost[np.isfinite(cost)].max(initial=0.0)), 1e-300)
    start, end = int(demand.start[0]), int(demand.end[0])
    leaving, entering = star(graph.tail, graph.nodes), star(graph.head, graph.nodes)
    roots = np.array([start]), np.array([end])
    gone = all_distances(roots[0], cost, leaving.first, leaving.arcs, graph.head, graph.nodes)[0]
    left = all_distances(roots[1], cost, entering.first, entering.arcs, graph.tail, graph.nodes)[0]
    if not via:
        found = _onward(graph, cost, start, end, left) if np.isfinite(left[start]) else None
        return None if found is None else _journey(graph, found)
    legs = market.network.legs
    members = {*via, *(name + WAY_BACK for name in via)}
    inside = [n for n, leg in enumerate(graph.leg.tolist()) if leg != TURN and legs[leg] in members]
    total = gone[graph.tail[inside]] + cost[inside] + left[graph.head[inside]]
    if not len(inside) or not np.isfinite(total.min()):
        return None
    middle = inside[int(np.argmin(total))]
    before = _back(graph, cost, start, int(graph.tail[middle]), gone)
    after = _onward(graph, cost, int(graph.head[middle]), end, left)
    return _journey(graph, [*before, middle, *after])


def _onward(graph: Graph, cost: Floats, start: int, end: int, left: Floats) -> list[int]:
    """Arcs of a cheapest way, from what is left to go at each node."""
    out = star(graph.tail, graph.nodes)
    return _walk(start, end, out, graph.head, cost, left, graph.order)


def _back(graph: Graph, cost: Floats, start: int, end: int, gone: Floats) -> list[int]:
    """Arcs of a cheapest way, from what has been gone at each node, found from its end."""
    into = star(graph.head, graph.nodes)
    return _walk(end, start, into, graph.tail, cost, gone, graph.order)[::-1]


def _walk(
    node: int,
    goal: int,
    at_node: Star,
    far: Ints,
    cost: Floats,
    distance: Floats,
    order: Ints,
) -> list[int]:
    """Follow the arcs that lose as much distance as they cost; the first by name of several."""
    found: list[int] = []
    while node != goal:
        arcs = at_node.arcs[at_node.first[node] : at_node.first[node + 1]]
        ahead = cost[arcs] + distance[far[arcs]]
        nearest = arcs[ahead <= ahead.min() * (1 + SAME)]
        best = int(nearest[np.argmin(order[nearest])])
        found.append(best)
        node = int(far[best])
    return found


def _journey(graph: Graph, arcs: list[int]) -> Journey:
    market = graph.market
    known = market.study.table("legs")["length_km"].fill_null(0.0).to_numpy().astype(float)
    legs = [leg for leg in graph.leg[arcs].tolist() if leg != TURN]
    return Journey(
        legs=graph.legs_of(arcs),
        cost=float(graph.money[0, arcs].sum()),
        days=float(graph.days[0, arcs].sum()),
        length_km=float(known[market.network.leg_row[legs]].sum()),
    )
