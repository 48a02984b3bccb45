"""The networks of all periods with what is consigned on them, where all of it can be routed."""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.errors import Problem, StudyError
from entrepot.network.market import Market
from entrepot.routing.checks import banned_trade, must_have, paying_circle, unreachable
from entrepot.routing.graph import Demand, Graph, build_graph
from entrepot.routing.pairs import joined, pairs_of
from entrepot.routing.shortest import CircleError, lengths


def routable(market: Market, consignments: pl.DataFrame) -> list[tuple[Graph, Demand]]:
    """What each period with consignments is routed on.

    Parameters
    ----------
    consignments : (consignment, good, origin, destination, quantity); those without a `period` are
        of every one

    Raises
    ------
    StudyError : there are none, or some cannot be routed; all of them
    """
    must_have(market.study.name, consignments)
    graphs: list[tuple[Graph, Demand]] = []
    problems: list[Problem] = []
    for period in range(len(market.periods)):
        of_period = in_period(consignments, market.periods[period])
        if of_period.is_empty():
            continue
        problems += banned_trade(market, period, of_period)
        graph, demand = build_graph(market, period, of_period)
        problems += _unroutable(graph, demand)
        graphs.append((graph, demand))
    if problems:
        raise StudyError(market.study.name, problems)
    return graphs


def in_period(consignments: pl.DataFrame, period: str) -> pl.DataFrame:
    """The consignments of one period; those without a period are of every one."""
    if "period" not in consignments.columns:
        return consignments
    return consignments.filter(pl.col("period").is_null() | (pl.col("period") == period))


def _unroutable(graph: Graph, demand: Demand) -> list[Problem]:
    """Circles that pay, and consignments that no way leads to."""
    lost = np.zeros(len(demand.name), dtype=bool)
    problems = []
    for klass in range(len(graph.good)):
        pairs = pairs_of(demand, klass)
        try:
            lengths(graph.cost(klass), graph.tail, graph.head, graph.nodes)
        except CircleError as error:
            problems.append(paying_circle(graph, klass, error))
            continue
        lost[pairs.row] = ~joined(graph, graph.cost(klass), pairs)
    return problems + unreachable(graph, demand, lost)
