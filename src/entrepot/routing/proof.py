"""Checks flows from the consignments alone: what sets out arrives, and nothing is lost between."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from entrepot.routing.graph import Demand, Graph

Floats = npt.NDArray[np.float64]

CONSERVED = 1e-9
"""Of all consignments: the most that may be lost or gained at a node."""


def imbalance(graph: Graph, demand: Demand, flow: Floats) -> float:
    """The largest amount lost or gained at a node, as a share of all that is consigned.

    Parameters
    ----------
    flow : units of each class on each arc, shape (C, A)
    """
    total = float(demand.quantity.sum())
    if total == 0:
        return float(np.abs(flow).max(initial=0.0))
    worst = 0.0
    for klass in range(len(flow)):
        net = np.bincount(graph.head, flow[klass], minlength=graph.nodes)
        net -= np.bincount(graph.tail, flow[klass], minlength=graph.nodes)
        rows = (demand.klass == klass) & ~demand.stays
        quantity = demand.quantity[rows]
        net += np.bincount(demand.start[rows], quantity, minlength=graph.nodes)
        net -= np.bincount(demand.end[rows], quantity, minlength=graph.nodes)
        worst = max(worst, float(np.abs(net).max(initial=0.0)))
    return worst / total


def forbidden(graph: Graph, flow: Floats) -> bool:
    """Whether anything goes where its class may not."""
    return bool((flow[~graph.allowed] != 0).any())
