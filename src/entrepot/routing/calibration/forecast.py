"""What corridors would carry, with how surely that is known.

The parameters are drawn many times and the flows worked out anew, since flows are far from straight
lines of them (Krinsky and Robb 1986, Review of Economics and Statistics 68). Three things are
drawn: the parameters found, by their covariance; a scale that was only assumed, half to double of
which is its 95 % range, the parameters following it so that what was observed stays fitted; and a
constant for each corridor of which nothing was observed, which nobody knows, as widely as the
constants that were found scatter around nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import QuestionError
from entrepot.network.market import read_market
from entrepot.routing.calibration.calibration import Calibration
from entrepot.routing.calibration.model import Model
from entrepot.routing.calibration.observations import IN_RANGE, Observation, on_legs
from entrepot.routing.calibration.parameters import Parameter
from entrepot.routing.graph import TURN, Demand, Graph, build_graph
from entrepot.study import Study

Floats = npt.NDArray[np.float64]

ASSUMED = float(np.log(2)) / IN_RANGE
"""Standard error of the logarithm of an assumed scale: half to double is its 95 % range."""

LEAST = 1e-9
"""Of all consigned: a corridor that cannot have more is left out."""

DRAWS = 400


def forecast(
    calibration: Calibration,
    study: Study | None = None,
    dearer: pl.DataFrame | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> pl.DataFrame:
    """What the study's corridors carry under the parameters found.

    Parameters
    ----------
    study : another version of the study that was calibrated (a scenario), with the same
        consignments; that study itself where not given
    dearer : (leg, good, cost): money per unit by which scarcity makes a leg dearer than it was
        when the figures were observed
    draws : how often the parameters are drawn
    seed : of the draws

    Returns
    -------
    Frame (corridor, good, quantity, low, high): units per period, and the range that holds 95 % of
    the draws.

    Raises
    ------
    QuestionError : the logit has no answer in that study
    """
    market = read_market(calibration.study if study is None else study)
    graph, demand = build_graph(market, 0, calibration.consignments)
    if dearer is not None:
        graph = replace(graph, money=graph.money + _on_arcs(graph, dearer))
    parameters, values, error = _with_unknowns(calibration, graph)
    corridors = market.study.table("corridors")["corridor"].unique().sort().to_list()
    asked = [
        _corridor(graph, demand, name, good) for good in calibration.goods for name in corridors
    ]
    scale = np.array(
        [calibration.scale[market.goods[good]] for good in graph.good.tolist()], dtype=float
    )
    model = Model(graph, demand, parameters, asked, scale)
    if not model.bears(values):
        raise QuestionError(
            f"{market.study.name}: the logit has no answer under the parameters found: goods would "
            "go round in circles"
        )
    random = np.random.default_rng(seed)
    drawn = _drawn(model, values, error @ random.standard_normal((error.shape[1], draws)))
    frame = pl.DataFrame(
        {
            "corridor": [each.target for each in asked],
            "good": [each.good for each in asked],
            "quantity": model.quantities(values),
            "low": np.quantile(drawn, 0.025, axis=0),
            "high": np.quantile(drawn, 0.975, axis=0),
        }
    )
    least = LEAST * float(demand.quantity.sum())
    return frame.filter(pl.col("high") > least)


def _on_arcs(graph: Graph, dearer: pl.DataFrame) -> Floats:
    """Money per unit by class and arc, shape (C, A)."""
    names = graph.market.network.legs
    more = {(leg, good): cost for leg, good, cost in dearer.iter_rows()}
    return np.array(
        [
            [
                0.0 if leg == TURN else more.get((names[leg], graph.market.goods[good]), 0.0)
                for leg in graph.leg.tolist()
            ]
            for good in graph.good.tolist()
        ]
    )


def _drawn(model: Model, values: Floats, moves: Floats) -> Floats:
    """What the model says at drawn parameters, shape (draws, K); scales move by ratios.

    Parameters
    ----------
    moves : of each parameter (of the logarithm of a scale), shape (P, draws)
    """
    ratios = np.array([each.kind == "scale" for each in model.parameters])
    low = np.array([each.low for each in model.parameters])
    high = np.array([each.high for each in model.parameters])
    found = []
    for move in moves.T:
        drawn = np.where(ratios, values * np.exp(np.where(ratios, move, 0.0)), values + move)
        drawn = np.clip(drawn, low, high)
        while not model.bears(drawn):
            # More chance than the network bears: half way back to what was found.
            drawn = (drawn + values) / 2
        found.append(model.quantities(drawn))
    return np.array(found)


def _with_unknowns(
    calibration: Calibration, graph: Graph
) -> tuple[list[Parameter], Floats, Floats]:
    """The parameters found, then the scales assumed and the constants that nobody knows.

    Returns
    -------
    Parameters and values, shape (P,); a matrix that turns independent normal figures into moves of
    the parameters, shape (P, P).
    """
    fit, spread = calibration.fit, _spread(calibration)
    found, values = list(calibration.found), fit.values.tolist()
    size = len(found)
    scales = np.array([each.kind == "scale" for each in found])
    covariance = fit.covariance / np.where(scales, fit.values, 1.0)
    covariance = covariance / np.where(scales, fit.values, 1.0)[:, None]
    certain = np.flatnonzero(np.isfinite(np.diag(covariance)))
    error = np.zeros((size, size))
    error[np.ix_(certain, certain)] = _root(covariance[np.ix_(certain, certain)])
    # What the figures do not tell is as unknown as if nothing had been observed.
    for number in np.flatnonzero(~fit.identified & ~fit.at_bound).tolist():
        error[number, number] = ASSUMED if scales[number] else spread
    more: list[float] = []
    for good, scale in calibration.scale.items():
        if not any(each.kind == "scale" and each.of in ("", good) for each in found):
            found.append(Parameter(f"scale.{good}"))
            values.append(scale)
            more.append(ASSUMED)
    for corridor in _unobserved(calibration, graph):
        found.append(Parameter(f"gateway.{corridor}"))
        values.append(0.0)
        more.append(spread)
    whole = np.zeros((len(found), len(found)))
    whole[:size, :size] = error
    whole[size:, size:] = np.diag(more)
    assumed = calibration.follows.shape[1]
    whole[:size, size : size + assumed] = calibration.follows * ASSUMED
    return found, np.array(values), whole


def _root(covariance: Floats) -> Floats:
    """A matrix whose square is a covariance."""
    sizes, axes = np.linalg.eigh((covariance + covariance.T) / 2)
    return np.asarray(axes * np.sqrt(np.maximum(sizes, 0.0)))


def _spread(calibration: Calibration) -> float:
    """How far gateway constants lie from nothing, money per unit; a scale where none was found."""
    fit = calibration.fit
    constants = [
        value
        for value, each, told in zip(fit.values, calibration.found, fit.identified, strict=True)
        if each.kind == "gateway" and told
    ]
    if constants:
        return float(np.sqrt(np.mean(np.square(constants))))
    return float(np.mean(list(calibration.scale.values())))


def _unobserved(calibration: Calibration, graph: Graph) -> list[str]:
    """Corridors that share no leg with one that was observed or fitted."""
    table = graph.market.study.table("corridors")
    corridors = set(table["corridor"].to_list())
    observed = calibration.figures.filter(pl.col("kind") == "corridor")["target"].to_list()
    known = {*observed, *(each.of for each in calibration.found if each.kind == "gateway")}
    legs = set(table.filter(pl.col("corridor").is_in(list(known)))["leg"].to_list())
    sharing = table.filter(pl.col("leg").is_in(list(legs)))["corridor"].to_list()
    return sorted(corridors - known - set(sharing))


def _corridor(graph: Graph, demand: Demand, name: str, good: str) -> Observation:
    """A corridor as something to be asked for."""
    number = graph.market.good_index[good]
    weight = np.zeros((len(graph.good), graph.arcs))
    weight[graph.good == number] = on_legs(graph, "corridor", name)
    return Observation(
        name, "corridor", name, good, "", 0.0, 1.0, demand.good == number, weight, 0.0
    )
