"""What every way of choosing routes is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from entrepot.routing.graph import By, Demand, Graph
from entrepot.routing.listed import Listed, joined
from entrepot.routing.pairs import Pairs, pairs_of
from entrepot.routing.settings import RoutingSettings

if TYPE_CHECKING:
    from entrepot.routing.equilibrium.assignment import Assignment

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Options:
    """How routes are to be chosen.

    Attributes
    ----------
    settings : of the study, with what the caller says over it
    by : what ``cheapest`` makes least
    gap : relative gap at which an equilibrium is taken for found
    progress : called with a line of text at each stage
    start : an equilibrium of a similar network, to begin from
    """

    settings: RoutingSettings
    by: By
    gap: float
    progress: Callable[[str], None]
    start: Assignment | None = None


@dataclass(frozen=True)
class Chosen:
    """Where K consignments of C classes go over A arcs.

    Attributes
    ----------
    flow : units of each class on each arc, shape (C, A)
    listed : routes with their shares, by row of the demand
    rest : share of each consignment that goes by routes not listed, shape (K,)
    objective : what the choice makes least, in money a period
    gap : relative gap or residual of the answer; None where there is nothing to measure
    iterations : rounds of the method
    settings : what the choice used, for the report
    notes : what the reader should know
    days : of each class on each arc under its load, shape (C, A); absent: those of the graph
    state : the answer of an equilibrium as it was found
    """

    flow: Floats
    listed: Listed
    rest: Floats
    objective: float
    gap: float | None = None
    iterations: int = 1
    settings: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    days: Floats | None = None
    state: Assignment | None = None


Chooser = Callable[[Graph, Demand, Options], Chosen]

ForOne = Callable[[int, Pairs], tuple[Floats, Listed, Floats, float]]
"""Class and its consignments to flow (A,), routes by row of these, share of the rest (K,) and
objective."""


def by_class(graph: Graph, demand: Demand, one: ForOne) -> Chosen:
    """Choose for one class after another, where classes are nothing to each other.

    Consignments that stay where they are have one route without arcs.
    """
    flow = np.zeros((len(graph.good), graph.arcs))
    rest = np.zeros(len(demand.name))
    objective = 0.0
    parts = [Listed.staying(np.flatnonzero(demand.stays))]
    for klass in range(len(graph.good)):
        wanted = pairs_of(demand, klass)
        if len(wanted.row):
            flow[klass], found, left, cost = one(klass, wanted)
            rest[wanted.row] = left
            parts.append(found.of(wanted.row))
            objective += cost
    return Chosen(flow, joined(parts), rest, objective)
