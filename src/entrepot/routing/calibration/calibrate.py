"""Calibrate route choice to observed flows.

The model is a logit over all routes for given consignments: how much goes where is taken as given
(a study's `consignments`, or what its clearing trades), the observed figures decide only by which
routes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import QuestionError
from entrepot.network.market import Market, read_market
from entrepot.routing.calibration.calibration import (
    Calibration,
    correlation_table,
    parameters_table,
)
from entrepot.routing.calibration.fit import MOST_ROUNDS, Fit, fit
from entrepot.routing.calibration.model import Model, Models
from entrepot.routing.calibration.observations import (
    Observation,
    enough,
    observed_table,
    read_observations,
)
from entrepot.routing.calibration.parameters import Parameter, read_parameters, starting_value
from entrepot.routing.chain import converges, largest_scale
from entrepot.routing.choice import Options
from entrepot.routing.graph import TURN, Demand, Graph
from entrepot.routing.routable import routable
from entrepot.routing.scales import Scales
from entrepot.routing.settings import read_settings
from entrepot.routing.shortest import lengths
from entrepot.routing.ways import ways_of
from entrepot.study import Study

Floats = npt.NDArray[np.float64]

KEPT = 0.5
"""Of what a leg costs, at least, where a constant makes it cheaper."""

DEFAULT: Mapping[str, Any] = {"scale": {}}


def calibrate_consignments(
    study: Study,
    consignments: pl.DataFrame,
    wanted: Mapping[str, Any] | None = None,
    *,
    scale: float | None = None,
    dearer: pl.DataFrame | None = None,
    progress: Callable[[str], None] | None = None,
) -> Calibration:
    """Find the parameters under which a logit comes nearest to the observed figures.

    All periods of which something was observed are fitted to at once; figures without a period
    hold in every one.

    Parameters
    ----------
    consignments : (consignment, good, origin, destination, quantity), `period` where there are
        several
    wanted : parameters by name, each with ``start``, ``low``, ``high`` where given, in place of
        `[routing.fit]` of the study; the scale alone where neither says
    scale : money per unit, where no parameter is a scale
    dearer : (leg, good, cost): money per unit that legs cost on top of what the study says; where
        that is less than nothing, they keep half of what they cost
    progress : called with a line of text at each stage

    Raises
    ------
    StudyError : parameters that mean nothing here; all of them
    StudyError : also consignments that cannot be routed, and figures without a standard error
    QuestionError : nothing to calibrate to, more parameters than facts, or no answer at the start
    """
    began = time.perf_counter()
    say = progress if progress is not None else _silent
    asked = wanted if wanted is not None else study.settings.routing.get("fit", DEFAULT)
    found = read_parameters(study, asked)
    if not found:
        raise QuestionError(f"{study.name}: no parameter to find; name some under [routing.fit]")
    market = read_market(study)
    chosen = _measured(study, consignments)
    models = tuple(_models(market, chosen, found, scale, dearer))
    model = Models(models)
    observations = model.observations if models else []
    enough(observations, len(found), study.name)
    typical = float(np.median(model.scale))
    start = np.array([starting_value(each, market, typical) for each in found])
    say(f"fitting {len(found)} parameters to {_facts(observations)} figures")
    answer = fit(model, start)
    by_good, is_fitted = _scale_by_good(models, answer)
    return Calibration(
        study=study,
        consignments=chosen,
        periods=tuple(market.periods[each.graph.period] for each in models),
        goods=sorted(by_good),
        scale=by_good,
        found=found,
        fit=answer,
        parameters=parameters_table(found, answer, by_good, is_fitted),
        correlation=correlation_table(found, answer),
        figures=observed_table(observations, answer.said),
        chi_square=float(answer.off @ answer.off),
        facts=_facts(observations),
        seconds=time.perf_counter() - began,
        notes=(*_left_out(study, observations), *_notes(found, answer, model, by_good, is_fitted)),
    )


def made_dearer(graph: Graph, dearer: pl.DataFrame, kept: float = 0.0) -> Graph:
    """A graph on which legs cost more for some goods: (leg, good, cost), money per unit.

    Where that is less than nothing, a leg keeps a share of what it costs, `kept`: on legs that cost
    nothing both ways goods would go round in circles.
    """
    names, goods = graph.market.network.legs, graph.market.goods
    more = {(leg, good): cost for leg, good, cost in dearer.iter_rows()}
    legs = [None if leg == TURN else names[leg] for leg in graph.leg.tolist()]
    added = [[more.get((leg, goods[good]), 0.0) for leg in legs] for good in graph.good.tolist()]
    least = np.where(graph.money > 0, kept * graph.money, graph.money)
    money = np.maximum(graph.money + np.array(added), least)
    return replace(graph, money=money)


def _silent(_: str) -> None:
    """Nobody wants to know."""


def _facts(observations: list[Observation]) -> int:
    return sum(each.use == "calibrate" for each in observations)


def _models(
    market: Market,
    consignments: pl.DataFrame,
    found: list[Parameter],
    scale: float | None,
    dearer: pl.DataFrame | None,
) -> Iterator[Model]:
    """A model of each period of which something was observed.

    Where nobody gave the scale of a good, one is assumed for all periods: the least of theirs.
    """
    if consignments.is_empty():
        return
    seen: list[tuple[Graph, Demand, list[Observation]]] = []
    scales: dict[int, float] = {}
    for network, demand in routable(market, consignments):
        graph = network if dearer is None else made_dearer(network, dearer, KEPT)
        observations = read_observations(graph, demand)
        if not observations:
            continue
        seen.append((graph, demand, observations))
        of_class = _scales(market.study, graph, demand, scale)
        for good, size in zip(graph.good.tolist(), of_class.tolist(), strict=True):
            scales[good] = min(size, scales.get(good, size))
    for graph, demand, observations in seen:
        of_class = np.array([scales[good] for good in graph.good.tolist()])
        yield Model(graph, demand, found, observations, of_class)


def _left_out(study: Study, observations: list[Observation]) -> list[str]:
    """Rows marked to be fitted to of which nothing is consigned in their period."""
    marked = study.table("observed").filter(pl.col("use") == "calibrate")["observation"].to_list()
    told = {each.name for each in observations}
    lost = [name for name in marked if name not in told]
    if not lost:
        return []
    return [f"left out, as nothing of their good is consigned in their period: {', '.join(lost)}"]


def _measured(study: Study, consignments: pl.DataFrame) -> pl.DataFrame:
    """Consignments of goods that something observed is to be calibrated to."""
    observed = study.table("observed")
    goods = observed.filter(pl.col("use") == "calibrate")["good"].unique().to_list()
    measured = consignments.filter(pl.col("good").is_in(goods))
    if not measured.is_empty() and measured["quantity"].sum() == 0:
        raise QuestionError(
            f"{study.name}: nothing is consigned of what was observed: the quantities in "
            "consignments.csv are 0, and nothing can be told of its routes"
        )
    return measured


def _scales(study: Study, graph: Graph, demand: Demand, scale: float | None) -> Floats:
    """Scale of each class where no parameter gives it: what is said, else one with an answer."""
    options = Options(read_settings(study, scale), "generalised", 1e-12, _silent)
    scales = Scales(graph, demand, options)
    ways = ways_of(graph)
    found = np.empty(len(graph.good))
    for klass in range(len(found)):
        found[klass] = scales.of(klass)
        cost = lengths(graph.cost(klass), graph.tail, graph.head, graph.nodes).cost
        if not scales.given(klass) and not converges(ways, cost, found[klass]):
            most = largest_scale(ways, cost, found[klass])
            if most is not None:
                found[klass] = float(f"{most / 2:.3g}")
    return found


def _scale_by_good(
    models: Sequence[Model], answer: Fit
) -> tuple[dict[str, float], dict[str, bool]]:
    values, fitted = {}, {}
    for model in models:
        for klass, good in enumerate(model.graph.good.tolist()):
            name, number = model.graph.market.goods[good], model.scale_parameter(klass)
            values[name] = float(model.scale[klass] if number is None else answer.values[number])
            fitted[name] = number is not None
    return values, fitted


def _notes(
    found: list[Parameter],
    answer: Fit,
    model: Models,
    scale: dict[str, float],
    fitted: dict[str, bool],
) -> tuple[str, ...]:
    notes = []
    if not answer.settled:
        notes.append(
            f"the search stopped after {MOST_ROUNDS} rounds before it stood still: the parameters "
            "are not the best ones; give better values to start from, or fewer parameters"
        )
    for group in answer.together:
        names = [found[n].name for n in group]
        if len(names) == 1:
            notes.append(f"no observed figure changes with {names[0]}: it cannot be told from them")
        else:
            notes.append(
                f"{', '.join(names)} cannot be told apart: moved together in the right proportion "
                "they change no observed figure; take one of them out, or observe more"
            )
    for n in np.flatnonzero(answer.at_bound).tolist():
        why = "at its bound"
        bounds = np.array([found[n].low, found[n].high])
        if found[n].kind == "scale" and not np.isclose(answer.values[n], bounds, atol=0).any():
            why = "at the largest that the network bears"
        notes.append(f"{found[n].name} stands {why}: the figures would have it beyond")
    idle = dict.fromkeys(
        each.name for each in model.observations if each.use == "calibrate" and not each.tells
    )
    if idle:
        told = ", ".join(idle)
        notes.append(f"the same whatever the routes, so that they tell nothing of them: {told}")
    for good, is_fitted in fitted.items():
        if not is_fitted:
            notes.append(f"the scale of {good}, {scale[good]:.6g}, is assumed, not fitted")
    missed = [
        each.name
        for each, off in zip(
            [o for o in model.observations if o.use == "calibrate"], answer.off, strict=True
        )
        if abs(off) > 3
    ]
    if missed:
        notes.append(f"off by more than three standard errors: {', '.join(missed)}")
    return tuple(notes)
