"""Stochastic equilibrium: the logit over all routes where delays grow with load.

Every consignment is shared among its routes as by `logit`, at the days that the loads make; the
loads are those that result (Daganzo and Sheffi 1977; without listing routes Akamatsu 1996). The
scale stays the one that has an answer on the empty network: delays only make circles weigh less.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from entrepot.routing.chain import spread
from entrepot.routing.choice import Chosen, Options, by_class
from entrepot.routing.congestion import congested, own_days
from entrepot.routing.equilibrium.stochastic import settled
from entrepot.routing.graph import Demand, Graph
from entrepot.routing.listed import Listed
from entrepot.routing.logit import fitting_scales, likeliest
from entrepot.routing.pairs import Pairs
from entrepot.routing.scales import Scales
from entrepot.routing.shortest import lengths
from entrepot.routing.ways import ways_of

Floats = npt.NDArray[np.float64]

EXACT = 1e-10
"""Residual below which rounding in the weights of routes may keep it from falling."""


def stochastic_equilibrium(graph: Graph, demand: Demand, options: Options) -> Chosen:
    """Share every consignment among all its routes at the days that all of them together make.

    The objective is the expected least cost of all consignments, in money. The gap is the residual
    of the loads: what the choice at their days puts elsewhere, as a share of all.

    Raises
    ------
    StudyError : a scale without an answer, legs whose delay says too little
    RoutingError : legs that cost less than nothing
    """
    problem, _, arc = congested(graph, demand)
    scales = Scales(graph, demand, options)
    ways = ways_of(graph)
    scale = fitting_scales(graph, scales, ways)
    own = own_days(graph)

    def at(days: Floats, routes: int) -> Chosen:
        now = np.empty(graph.arcs)
        now[arc] = days
        loaded = replace(graph, days=graph.days + (now - own))

        def one(klass: int, wanted: Pairs) -> tuple[Floats, Listed, Floats, float]:
            found = lengths(loaded.cost(klass), graph.tail, graph.head, graph.nodes)
            flow, least = spread(ways, found.cost, wanted, scale[klass])
            listed, rest = likeliest(loaded, found, wanted, scale[klass], least, routes)
            shift = found.potential[wanted.end] - found.potential[wanted.start]
            return flow, listed, rest, float(wanted.quantity @ (least + shift))

        return replace(by_class(loaded, demand, one), days=loaded.days)

    found = settled(
        problem,
        lambda days: at(days, 0).flow[:, arc].T,
        max(options.gap, EXACT),
        lambda number, left: options.progress(f"loading {number}, residual {left:.1e}"),
    )
    notes = scales.notes
    if found.residual > max(options.gap, EXACT):
        notes += (f"the loads did not settle: a residual of {found.residual:.2g} is left",)
    return replace(
        at(found.days, options.settings.routes),
        gap=found.residual,
        iterations=found.iterations,
        settings=scales.used | {"solver_seconds": round(found.seconds, 6)},
        notes=notes,
    )
