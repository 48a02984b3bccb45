"""Observed flows as sums over arcs: what the model says beside each measured figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import Problem, QuestionError, StudyError
from entrepot.network.market import EVERYTHING, Market
from entrepot.network.network import WAY_BACK
from entrepot.routing.graph import TURN, Demand, Graph

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FILE = "observed.csv"

ERROR = 0.05
"""Of a figure without a range: its standard error."""

IN_RANGE = 1.959964
"""Standard errors from the middle to either end of a 95 % range."""


@dataclass(frozen=True)
class Observation:
    """A measured flow, K consignments and C classes over A arcs.

    Attributes
    ----------
    name, kind, target, good, use : of the row in ``observed``; `use` may be ""
    quantity : units per period
    error : standard error, units per period
    counts : consignments that may count, shape (K,)
    weight : how often a unit on an arc counts, shape (C, A)
    fixed : units that count whatever the routes
    period : that it was measured in
    """

    name: str
    kind: str
    target: str
    good: str
    use: str
    quantity: float
    error: float
    counts: Flags
    weight: Floats
    fixed: float
    period: str = ""

    @property
    def tells(self) -> bool:
        """Whether it has to do with routes: what arrives somewhere follows from what is sent."""
        return bool(self.weight.any())


def read_observations(graph: Graph, demand: Demand) -> list[Observation]:
    """The observed rows of a period that this network and these consignments can speak to.

    A row without a period is one of every period.

    A row with a range has the standard error that makes the range its 95 % interval, a missing end
    being the figure itself; a row without one has a twentieth of the figure.
    """
    market, by_leg = graph.market, arcs_by_leg(graph)
    goods = {market.goods[number] for number in np.unique(demand.good).tolist()}
    return [
        _observation(graph, by_leg, demand, row)
        for row in market.study.table("observed").iter_rows(named=True)
        if row["good"] in goods and row["period"] in (None, market.periods[graph.period])
    ]


def _observation(
    graph: Graph, by_leg: Mapping[str, list[int]], demand: Demand, row: dict[str, object]
) -> Observation:
    market = graph.market
    good = market.good_index[str(row["good"])]
    counts = (demand.good == good) & _from(market, demand, graph.period, row["origin"])
    weight = np.zeros((len(graph.good), graph.arcs))
    fixed = np.zeros(len(demand.name), dtype=bool)
    target = str(row["target"])
    mine = graph.good == good
    if row["kind"] in ("leg", "corridor"):
        weight[mine] = on_legs(graph, by_leg, str(row["kind"]), target)
    elif row["kind"] == "place":
        place = market.network.place_index[target]
        enters = (graph.leg != TURN) & (market.network.node_place[graph.head] == place)
        weight[mine] = enters.astype(float)
        fixed = demand.origin == place
    else:
        fixed = _bound_for(market, demand, graph.period, target)
    quantity = float(row["quantity"])  # type: ignore[arg-type]
    return Observation(
        name=str(row["observation"]),
        kind=str(row["kind"]),
        target=target,
        good=str(row["good"]),
        use=str(row["use"] or ""),
        quantity=quantity,
        error=_error(row, quantity),
        counts=counts,
        weight=weight,
        fixed=float(demand.quantity[fixed & counts].sum()),
        period=market.periods[graph.period],
    )


def _error(row: dict[str, object], quantity: float) -> float:
    """Standard error; nothing where nothing was observed, and no range says how surely."""
    low, high = (
        end if isinstance(end, float) else quantity
        for end in (row.get("quantity_low"), row.get("quantity_high"))
    )
    return (high - low) / (2 * IN_RANGE) if high > low else ERROR * quantity


def arcs_by_leg(graph: Graph) -> dict[str, list[int]]:
    """The arcs of each leg, by its name."""
    found: dict[str, list[int]] = {}
    names = graph.market.network.legs
    for arc, leg in enumerate(graph.leg.tolist()):
        if leg != TURN:
            found.setdefault(names[leg], []).append(arc)
    return found


def on_legs(graph: Graph, by_leg: Mapping[str, list[int]], kind: str, target: str) -> Floats:
    """Arcs of a leg, or of the legs of a corridor both ways, shape (A,).

    Parameters
    ----------
    by_leg : the graph's `arcs_by_leg`
    """
    members = [target]
    if kind == "corridor":
        table = graph.market.study.table("corridors")
        legs = table.filter(table["corridor"] == target)["leg"].to_list()
        members = [*legs, *(leg + WAY_BACK for leg in legs)]
    weight = np.zeros(graph.arcs)
    for leg in members:
        weight[by_leg.get(leg, [])] = 1.0
    return weight


def _from(market: Market, demand: Demand, period: int, origin: object) -> Flags:
    """Consignments from a place, a country or a bloc."""
    if origin is None or origin == EVERYTHING:
        return np.ones(len(demand.name), dtype=bool)
    return _among(market, demand.origin, period, str(origin))


def _bound_for(market: Market, demand: Demand, period: int, target: str) -> Flags:
    return _among(market, demand.destination, period, target)


def _among(market: Market, places: npt.NDArray[np.int64], period: int, name: str) -> Flags:
    network = market.network
    if name in network.place_index:
        return np.asarray(places == network.place_index[name])
    inside = np.array(
        [market.country_rank(name, country, period) is not None for country in network.countries]
    )
    return np.asarray(inside[places])


def enough(observations: list[Observation], parameters: int, study: str) -> None:
    """Refuse a calibration that the facts cannot carry.

    Raises
    ------
    QuestionError : nothing to calibrate to, or more parameters than facts
    StudyError : figures to calibrate to without a standard error, all of them
    """
    fitted_to = [each for each in observations if each.use == "calibrate"]
    facts = sum(each.tells for each in fitted_to)
    if not fitted_to:
        raise QuestionError(
            f"{study}: nothing to calibrate to: observed.csv has no row with use 'calibrate' for a "
            "good that is routed; mark at least one"
        )
    if parameters > facts:
        some = f"{facts} observed figure" + ("" if facts == 1 else "s")
        beside = f" that routes decide ({_idle(fitted_to)})" if facts < len(fitted_to) else ""
        raise QuestionError(
            f"{study}: {parameters} parameters cannot be found from {some}{beside}; take "
            f"{parameters - facts} out under [routing.fit], or mark more rows of observed.csv "
            "'calibrate'"
        )
    message = "is nothing, and no range says how surely"
    cure = "write in quantity_high how much may have gone unseen, or mark the row 'validate'"
    unsure = dict.fromkeys(each.name for each in fitted_to if each.error <= 0)
    if unsure:
        columns = [f"quantity of {name}" for name in unsure]
        raise StudyError(
            study, [Problem(FILE, None, column, "0", message, cure) for column in columns]
        )


def _idle(fitted_to: list[Observation]) -> str:
    names = dict.fromkeys(each.name for each in fitted_to if not each.tells)
    return f"not {', '.join(names)}: the same whatever the routes"


def observed_table(observations: list[Observation], model: Floats) -> pl.DataFrame:
    """(observation, kind, target, good, use, observed, error, model, off): units per period.

    `period` comes behind `observation` where the figures are of several.

    Parameters
    ----------
    model : what the model says of each, shape (K,)

    Returns
    -------
    `off` is the difference in standard errors, missing where the figure has none.
    """
    periods = [each.period for each in observations]
    return pl.DataFrame(
        {
            "observation": [each.name for each in observations],
            **({"period": periods} if len(set(periods)) > 1 else {}),
            "kind": [each.kind for each in observations],
            "target": [each.target for each in observations],
            "good": [each.good for each in observations],
            "use": [each.use for each in observations],
            "observed": [each.quantity for each in observations],
            "error": [each.error for each in observations],
            "model": model,
        }
    ).with_columns(
        off=pl.when(pl.col("error") > 0).then(
            (pl.col("model") - pl.col("observed")) / pl.col("error")
        )
    )
