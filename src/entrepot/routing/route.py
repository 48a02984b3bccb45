"""Route choice: which routes carry given consignments.

Every choice is one function of a graph and a demand; they are listed in `CHOICES`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

import polars as pl

from entrepot.errors import ProofError, QuestionError
from entrepot.network.market import read_market
from entrepot.routing.answers import Part, Routing, flows_table, routes_table, transfers_table
from entrepot.routing.cheapest import cheapest
from entrepot.routing.choice import Chooser, Options
from entrepot.routing.congestion import equilibrium, optimum
from entrepot.routing.graph import MEASURES, By
from entrepot.routing.logit import logit
from entrepot.routing.notes import notes_on
from entrepot.routing.path_size import path_size
from entrepot.routing.perturbed import perturbed
from entrepot.routing.proof import CONSERVED, forbidden, imbalance
from entrepot.routing.routable import routable
from entrepot.routing.settings import read_settings
from entrepot.routing.stochastic import stochastic_equilibrium
from entrepot.study import Study
from entrepot.tables.nearest import did_you_mean

CHOICES: dict[str, Chooser] = {
    "cheapest": cheapest,
    "logit": logit,
    "path-size": path_size,
    "perturbed": perturbed,
    "equilibrium": equilibrium,
    "system-optimum": optimum,
    "stochastic-equilibrium": stochastic_equilibrium,
}


def route_consignments(
    study: Study,
    consignments: pl.DataFrame | None = None,
    choice: str = "cheapest",
    *,
    by: By = "generalised",
    scale: float | None = None,
    routes: int | None = None,
    gap: float = 1e-12,
    start: Routing | None = None,
    progress: Callable[[str], None] | None = None,
) -> Routing:
    """Choose the routes of consignments.

    Parameters
    ----------
    study : checked tables
    consignments : (consignment, good, origin, destination, quantity), the study's own where not
        given; `period` and `country` (of origin) may follow
    choice : one of `CHOICES`
    by : what ``cheapest`` makes least
    scale : money per unit by which a route must be dearer for its share to fall by the factor e;
        over what the study's `[routing]` says
    routes : how many routes of each consignment are listed
    gap : relative gap at which an equilibrium is taken for found
    start : an equilibrium of this study or of another scenario, whose routes are begun with
    progress : called with a line of text at each stage

    Raises
    ------
    QuestionError : an unknown choice or measure, a measure that the choice does not count by, a gap
        that is none
    StudyError : consignments that cannot be routed, settings or legs that make no sense
    ProofError : the answer loses goods on the way
    """
    chooser = _chooser(choice, by)
    if not 0 < gap < math.inf:
        raise QuestionError(
            f"a gap of {gap:g} cannot be asked for; give a number above 0, such as 1e-12"
        )
    began = time.perf_counter()
    options = Options(read_settings(study, scale, routes), by, gap, progress or _silent)
    wanted = study.table("consignments") if consignments is None else consignments
    options.progress("reading the network")
    market = read_market(study)
    before = {} if start is None else {each.period: each.chosen.state for each in start.parts}
    parts: list[Part] = []
    for graph, demand in routable(market, wanted):
        options.progress(f"choosing routes: {choice}")
        begun = replace(options, start=before.get(market.periods[graph.period]))
        parts.append(Part(graph, demand, chooser(graph, demand, begun)))
    chosen = [part.chosen for part in parts]
    gaps = [each.gap for each in chosen if each.gap is not None]
    return Routing(
        study=study,
        choice=choice,
        consignments=wanted,
        objective=float(f"{math.fsum(each.objective for each in chosen):.15g}"),
        gap=max(gaps) if gaps else None,
        conservation=_proved(parts),
        iterations=max(each.iterations for each in chosen),
        seconds=time.perf_counter() - began,
        settings={"routes": options.settings.routes} | chosen[0].settings,
        notes=notes_on(market, parts),
        flows=flows_table(parts),
        routes=routes_table(parts),
        transfers=transfers_table(parts),
        parts=tuple(parts),
    )


def _silent(_: str) -> None:
    """Nobody wants to know."""


def _chooser(choice: str, by: str) -> Chooser:
    if choice not in CHOICES:
        cure = did_you_mean(choice, CHOICES, f"one of {', '.join(CHOICES)}")
        raise QuestionError(f"{choice!r} is not a way of choosing routes; {cure}")
    if by not in MEASURES:
        cure = did_you_mean(by, MEASURES, f"one of {', '.join(MEASURES)}")
        raise QuestionError(f"routes cannot be cheapest by {by!r}; {cure}")
    if by != "generalised" and choice != "cheapest":
        raise QuestionError(
            f"only cheapest counts {by} alone: {choice} counts money and the value of time; set "
            "the costs of legs or the value_of_time of goods to 0 instead"
        )
    return CHOICES[choice]


def _proved(parts: list[Part]) -> float:
    """The worst imbalance of the periods, which must be rounding."""
    worst = max(imbalance(part.graph, part.demand, part.chosen.flow) for part in parts)
    if worst > CONSERVED or any(forbidden(part.graph, part.chosen.flow) for part in parts):
        raise ProofError(
            f"the routes fail their check: {worst:.3g} of all consigned is lost on the way, or "
            "goods go where they may not; please report this study"
        )
    return worst
