"""What corridors carry by route choice, in one draw of all that is not known.

Given consignments are sent over all routes by a logit, which is fitted to the observed figures anew
in each draw, so that its constants make up for whatever costs are drawn (a parametric bootstrap,
Efron and Tibshirani 1993, section 6.5). Drawn beside the figures with a range are what was
observed, by its standard errors; a scale that is only assumed, half to double of which is its 95 %
range; parameters that the figures cannot tell; and a constant for each corridor of which nothing
was observed, as widely as the fitted constants scatter around nothing. The parameters are fitted
after these are drawn, so that what was observed stays met, within its error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import QuestionError, StudyError
from entrepot.network.market import read_market
from entrepot.network.network import WAY_BACK
from entrepot.routing.calibration.calibrate import (
    KEPT,
    calibrate_consignments,
    made_dearer,
)
from entrepot.routing.calibration.calibration import Calibration
from entrepot.routing.calibration.model import Model
from entrepot.routing.calibration.observations import IN_RANGE, Observation, arcs_by_leg, on_legs
from entrepot.routing.graph import Demand, Graph
from entrepot.routing.routable import routable
from entrepot.study import Study
from entrepot.study.ranges import Input

Floats = npt.NDArray[np.float64]
Carried = dict[tuple[str, str, str], float]
"""Units per period by corridor, good and period."""

ASSUMED = float(np.log(2)) / IN_RANGE
"""Standard error of the logarithm of an assumed scale: half to double is its 95 % range."""

SMALLER, SMALLER_STEPS = 0.85, 16
"""By how much a scale that the network does not bear is made smaller, and how often at most."""

LEAST = 1e-9
"""Of all consigned: less is nothing."""


@dataclass(frozen=True)
class Choice:
    """What is drawn of route choice beside the figures with a range.

    Attributes
    ----------
    goods : that are forecast: those of which something was observed
    errors : standard error of each observed figure that is fitted to, units per period
    scales : money per unit, of the goods whose scale is only assumed
    untold : parameters that the figures cannot tell
    unknown : legs and goods of each corridor of which nothing was observed
    spread : how far the constants of corridors scatter around nothing, money per unit
    """

    goods: tuple[str, ...]
    errors: Mapping[str, float]
    scales: Mapping[str, float]
    untold: tuple[str, ...]
    unknown: Mapping[str, pl.DataFrame]
    spread: float

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What is drawn, each a standard normal figure."""
        return (
            *(_observed(name) for name in self.errors),
            *(_scale(good) for good in self.scales),
            *(_parameter(name) for name in self.untold),
            *(_constant(corridor) for corridor in self.unknown),
        )


def _observed(observation: str) -> Input:
    return Input("observed", "quantity", observation, 1, False)


def _scale(good: str) -> Input:
    return Input("goods", "scale", good, 1, False)


def _parameter(name: str) -> Input:
    return Input("routing.fit", "parameter", name, 1, False)


def _constant(corridor: str) -> Input:
    return Input("corridors", "constant", corridor, 1, False)


def read_choice(study: Study) -> Choice | None:
    """What there is to be drawn of route choice; None where nothing was observed to fit it to.

    Raises
    ------
    StudyError, QuestionError : as `calibrate_consignments`
    """
    fitted_to = study.table("observed").filter(pl.col("use") == "calibrate")
    if study.table("consignments").is_empty() or fitted_to.is_empty():
        return None
    found = calibrate_consignments(study, study.table("consignments"))
    names = [each.name for each in found.found]
    figures = found.figures.filter(pl.col("use") == "calibrate")
    loose = ~found.fit.identified & ~found.fit.at_bound
    return Choice(
        goods=tuple(found.goods),
        errors=dict(figures.select("observation", "error").rows()),
        scales={
            good: scale
            for good, scale in found.scale.items()
            if not {"scale", f"scale.{good}"} & set(names)
        },
        untold=tuple(name for name, told in zip(names, loose, strict=True) if told),
        unknown=_unobserved(found),
        spread=_spread(found),
    )


def routed(
    choice: Choice,
    versions: Mapping[str, Study],
    dearer: Mapping[str, pl.DataFrame],
    chance: Mapping[Input, float],
) -> dict[str, Carried]:
    """What corridors carry in each version of a study, in every period.

    The parameters are the same in all periods, also in those of which nothing was observed.

    Parameters
    ----------
    versions : by name; the parameters are fitted to ""
    dearer : (period, leg, good, cost) by version: money per unit by which scarcity makes a leg
        dearer than in "", where the parameters hold scarcity as it was
    chance : a standard normal figure for each input; 0 where it is not given

    Returns
    -------
    Units per period by corridor, good and period, of each version; what is nothing is left out.

    Raises
    ------
    StudyError : what is consigned cannot be routed
    QuestionError : the logit has no answer, or what is consigned under a scenario cannot be routed
    """
    constants = _constants(choice, chance)
    found = _fitted(choice, versions[""], constants, chance)
    values = _moved(choice, found, chance)
    carried = {}
    for name, study in versions.items():
        try:
            carried[name] = _quantities(study, found, values, (constants, dearer.get(name)))
        except (QuestionError, StudyError) as error:
            if not name:
                raise
            raise QuestionError(f"scenario {name}: {error}") from error
    return carried


def _constants(choice: Choice, chance: Mapping[Input, float]) -> pl.DataFrame:
    """(leg, good, cost): the constants of corridors of which nothing was observed."""
    empty = pl.DataFrame(schema={"leg": pl.String, "good": pl.String, "cost": pl.Float64})
    given = [
        legs.with_columns(cost=pl.lit(choice.spread * chance.get(_constant(corridor), 0.0)))
        for corridor, legs in choice.unknown.items()
    ]
    return (
        pl.concat([empty, *given])
        .group_by("leg", "good")
        .agg(pl.col("cost").sum())
        .sort("leg", "good")
    )


def _fitted(
    choice: Choice, study: Study, constants: pl.DataFrame, chance: Mapping[Input, float]
) -> Calibration:
    """The parameters fitted to the drawn figures.

    Scales larger than the network bears, so that goods would go round in circles, are none: they
    are taken smaller until it does.
    """
    for step in range(SMALLER_STEPS if choice.scales else 0):
        base = _as_observed(choice, study, chance, SMALLER**step)
        try:
            return calibrate_consignments(base, base.table("consignments"), dearer=constants)
        except QuestionError:
            continue
    base = _as_observed(choice, study, chance, SMALLER**SMALLER_STEPS)
    return calibrate_consignments(base, base.table("consignments"), dearer=constants)


def _as_observed(
    choice: Choice, study: Study, chance: Mapping[Input, float], factor: float
) -> Study:
    """The study with other observed figures and assumed scales."""
    observed = study.table("observed")
    moved = [
        _drawn(row, choice.errors.get(row["observation"]), chance)
        for row in observed.iter_rows(named=True)
    ]
    tables = dict(study.tables)
    columns = ("quantity", "quantity_low", "quantity_high")
    tables["observed"] = observed.with_columns(
        pl.Series(name, values, dtype=pl.Float64)
        for name, values in zip(columns, zip(*moved, strict=True), strict=True)
    )
    scales = {
        good: factor * scale * float(np.exp(ASSUMED * chance.get(_scale(good), 0.0)))
        for good, scale in choice.scales.items()
    }
    routing = dict(study.settings.routing)
    routing["scales"] = dict(routing.get("scales", {})) | scales
    settings = study.settings.model_copy(update={"routing": routing})
    return Study(study.name, settings, tables, study.scenarios, study.applied)


def _drawn(
    row: Mapping[str, Any], error: float | None, chance: Mapping[Input, float]
) -> tuple[float | None, float | None, float | None]:
    """A drawn figure of the same standard error, and its range; the row's own where it has none."""
    if error is None:
        return row["quantity"], row.get("quantity_low"), row.get("quantity_high")
    drawn = row["quantity"] + error * chance.get(_observed(row["observation"]), 0.0)
    return max(drawn, 0.0), drawn - IN_RANGE * error, drawn + IN_RANGE * error


def _moved(choice: Choice, found: Calibration, chance: Mapping[Input, float]) -> Floats:
    """Values of the parameters, those moved that the figures cannot tell, shape (P,)."""
    values = found.fit.values.copy()
    for number, each in enumerate(found.found):
        if each.name in choice.untold:
            score = chance.get(_parameter(each.name), 0.0)
            if each.kind == "scale":
                values[number] *= np.exp(ASSUMED * score)
            else:
                values[number] += choice.spread * score
            values[number] = np.clip(values[number], each.low, each.high)
    return values


def _quantities(
    study: Study,
    found: Calibration,
    values: Floats,
    dearer: tuple[pl.DataFrame, pl.DataFrame | None],
) -> Carried:
    """What corridors carry in each period in which something is consigned."""
    market = read_market(study)
    consigned = study.table("consignments").filter(pl.col("good").is_in(found.goods))
    corridors = study.table("corridors")["corridor"].unique().sort().to_list()
    carried: Carried = {}
    for network, demand in routable(market, consigned):
        period = market.periods[network.period]
        graph = _made_dearer(network, dearer, period)
        by_leg = arcs_by_leg(graph)
        asked = [
            _corridor(graph, by_leg, demand, name, good)
            for good in found.goods
            for name in corridors
        ]
        scale = np.array([found.scale[market.goods[good]] for good in graph.good.tolist()])
        quantities = _borne(Model(graph, demand, found.found, asked, scale), found, values)
        least = LEAST * float(demand.quantity.sum())
        for each, quantity in zip(asked, quantities.tolist(), strict=True):
            if quantity > least:
                carried[each.target, each.good, period] = quantity
    return carried


def _made_dearer(
    graph: Graph, dearer: tuple[pl.DataFrame, pl.DataFrame | None], period: str
) -> Graph:
    """The graph of a period with the constants, and with what scarcity adds in it."""
    constants, rents = dearer
    graph = made_dearer(graph, constants, KEPT)
    if rents is None:
        return graph
    return made_dearer(graph, rents.filter(pl.col("period") == period).drop("period"))


def _borne(model: Model, found: Calibration, values: Floats) -> Floats:
    """What the model says, at values as near to those drawn as the network bears.

    Raises
    ------
    QuestionError : it does not bear those that were found
    """
    if not model.bears(found.fit.values):
        raise QuestionError(
            f"{found.study.name}: the logit has no answer under the parameters found: goods would "
            "go round in circles"
        )
    while not model.bears(values):
        # More chance than the network bears: half way back to what was found.
        values = (values + found.fit.values) / 2
    return model.quantities(values)


def _spread(found: Calibration) -> float:
    """How far gateway constants lie from nothing, money per unit; a scale where none was found."""
    constants = [
        value
        for value, each, told in zip(
            found.fit.values, found.found, found.fit.identified, strict=True
        )
        if each.kind == "gateway" and told
    ]
    if constants:
        return float(np.sqrt(np.mean(np.square(constants))))
    return float(np.mean(list(found.scale.values())))


def _unobserved(found: Calibration) -> dict[str, pl.DataFrame]:
    """Corridors that share no leg with one that was observed or fitted: their (leg, good)."""
    table = found.study.table("corridors").select("corridor", "leg")
    observed = found.figures.filter(pl.col("kind") == "corridor")["target"].to_list()
    known = {*observed, *(each.of for each in found.found if each.kind == "gateway")}
    legs = table.filter(pl.col("corridor").is_in(list(known)))["leg"].implode()
    sharing = table.filter(pl.col("leg").is_in(legs))["corridor"].to_list()
    goods = pl.DataFrame({"good": found.goods})
    own = pl.col("leg").str.strip_suffix(WAY_BACK)
    both = pl.concat([table.with_columns(own), table.with_columns(own + WAY_BACK)]).unique()
    return {
        corridor: both.filter(corridor=corridor).select("leg").join(goods, how="cross")
        for corridor in sorted(set(table["corridor"]) - known - set(sharing))
    }


def _corridor(
    graph: Graph, by_leg: Mapping[str, list[int]], demand: Demand, name: str, good: str
) -> Observation:
    """A corridor as something to be asked for."""
    number = graph.market.good_index[good]
    weight = np.zeros((len(graph.good), graph.arcs))
    weight[graph.good == number] = on_legs(graph, by_leg, "corridor", name)
    return Observation(
        name, "corridor", name, good, "", 0.0, 1.0, demand.good == number, weight, 0.0
    )
