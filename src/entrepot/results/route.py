"""Route choice for a study or for what a clearing trades: the public way in.

The routes themselves are chosen in `entrepot.routing`, which knows nothing of clearings.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.results.journeys import journeys
from entrepot.results.ways import locate, read_ways
from entrepot.routing.answers import Routing
from entrepot.routing.graph import By
from entrepot.routing.route import route_consignments
from entrepot.study import Study

SCHEMA = {
    "consignment": pl.String,
    "period": pl.String,
    "good": pl.String,
    "origin": pl.String,
    "destination": pl.String,
    "country": pl.String,
    "quantity": pl.Float64,
}


def route(
    source: Study | Clearing,
    choice: str = "cheapest",
    *,
    by: By = "generalised",
    scale: float | None = None,
    routes: int | None = None,
    gap: float = 1e-12,
    start: Routing | None = None,
    progress: Callable[[str], None] | None = None,
) -> Routing:
    """Choose the routes of a study's consignments, or of what a clearing trades.

    Parameters
    ----------
    source : a study with `consignments`; one that has none, but offers and bids, is cleared first.
        A clearing's trade is taken as it is, from where each journey starts to where it ends, and
        sent over routes anew; the clearing's own routes are forgotten
    choice : ``cheapest``, ``logit``, ``path-size``, ``perturbed``, ``equilibrium``,
        ``system-optimum`` or ``stochastic-equilibrium``
    by : what ``cheapest`` makes least: ``generalised`` cost (money plus value of time), money
        (``cost``) or ``time``
    scale : money per unit by which a route must be dearer for its share to fall by the factor e,
        in place of what `[routing]` of the study says
    routes : how many routes of each consignment are listed, in place of what `[routing]` says
    gap : relative gap at which an equilibrium is taken for found
    start : an equilibrium of this study or of another scenario, whose routes are begun with
    progress : called with a line of text at each stage

    Returns
    -------
    The flows, the routes, and how they were found.

    Raises
    ------
    QuestionError : an unknown choice or measure
    StudyError : consignments, legs or settings that cannot be routed with; all of them
    EntrepotError : whatever `clear` raises, where the study is cleared first
    """
    study = source.study if isinstance(source, Clearing) else source
    if isinstance(source, Study) and is_market(source):
        source = clear(source, progress=progress)
    return route_consignments(
        study,
        traded(source) if isinstance(source, Clearing) else None,
        choice,
        by=by,
        scale=scale,
        routes=routes,
        gap=gap,
        start=start,
        progress=progress,
    )


def is_market(study: Study) -> bool:
    """Whether there is trade to be cleared and none is given."""
    given = [study.table(name).height > 0 for name in ("consignments", "offers", "bids")]
    return not given[0] and all(given[1:])


def traded(clearing: Clearing) -> pl.DataFrame:
    """What a clearing ships from place to place, as consignments.

    Returns
    -------
    Frame (consignment, period, good, origin, destination, country, quantity): `country` is the
    country of origin, as far as the study's rules tell it apart.
    """
    state = clearing.state
    stack, where = state.stack, locate(state.stack)
    market = stack.market
    places = market.network.places
    rows = []
    for each in journeys(state, read_ways(stack), where):
        start, end = where.place[each.start], where.place[each.end]
        if start == end:
            continue
        countries = stack.layers.countries[where.layer[each.start]]
        rows.append(
            (
                market.periods[where.period[each.start]],
                market.goods[where.good[each.start]],
                places[start],
                places[end],
                countries[0] if len(countries) == 1 else None,
                each.quantity,
            )
        )
    keys = ["period", "good", "origin", "destination", "country"]
    schema = {key: SCHEMA[key] for key in (*keys, "quantity")}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    summed = frame.group_by(keys).agg(pl.col("quantity").sum()).sort(keys)
    name = pl.concat_str(pl.col("good", "origin", "destination"), separator=".")
    told = pl.concat_str(name, pl.col("country").str.to_lowercase(), separator=".")
    shared = pl.struct("period", "good", "origin", "destination").is_duplicated()
    named = pl.when(shared & pl.col("country").is_not_null()).then(told).otherwise(name)
    return summed.with_columns(consignment=named).select(*SCHEMA)
