"""From one place to everywhere: least cost, time and distance, the rings of isochrones."""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.errors import QuestionError, StudyError
from entrepot.network.columns import column
from entrepot.network.market import Market, read_market
from entrepot.routing.cheapest import load_cheapest
from entrepot.routing.checks import paying_circle
from entrepot.routing.graph import MEASURES, TURN, By, Demand, Graph, build_graph
from entrepot.routing.k_shortest import k_shortest
from entrepot.routing.listed import Listed
from entrepot.routing.pairs import Pairs, pairs_of
from entrepot.routing.shortest import CircleError, Lengths, lengths
from entrepot.study import Study
from entrepot.tables.nearest import did_you_mean

DIGITS = 12


def reach(
    study: Study, origin: str, good: str | None = None, *, by: By = "generalised"
) -> pl.DataFrame:
    """What it takes to bring one unit from a place to every other, in the first period.

    Isochrones are its rows by `days`: ``reach(…, by="time").filter(pl.col("days") <= 10)``.

    Parameters
    ----------
    good : may be left out where the study has one
    by : what the routes make least

    Returns
    -------
    Frame (place, country, generalised, cost, days, km, legs), a row for each place, the nearest
    first; blank numbers where no way leads; `km` blank where a leg has no length.

    Raises
    ------
    QuestionError : an unknown place, good or measure
    StudyError : a circle of legs that pays for itself
    """
    market = read_market(study)
    good = _good(market, good)
    places = market.network.places
    _known(origin, places, "place")
    graph, demand = _single(market, good, [origin] * len(places), places)
    frame = _told(graph, demand, _measure(by), 1)
    found = pl.DataFrame({"place": places, "country": market.network.countries}).join(
        frame.drop("origin").rename({"destination": "place"}), on="place", how="left"
    )
    least = {"generalised": "generalised", "cost": "cost", "time": "days"}[by]
    order = found.sort(least, "place", nulls_last=True)
    return order.select("place", "country", "generalised", "cost", "days", "km", "legs")


def alternatives(
    study: Study,
    origin: str,
    destination: str,
    good: str | None = None,
    *,
    routes: int = 5,
    by: By = "generalised",
) -> pl.DataFrame:
    """The cheapest routes between two places that pass no place twice, in the first period.

    Parameters
    ----------
    good : may be left out where the study has one
    routes : how many; fewer where there are no more
    by : what they are ranked by

    Returns
    -------
    Frame (route, legs, generalised, cost, days, km), the cheapest first, equal ones by their legs'
    names; empty where no way leads. A place with `transfers` may be passed twice, where going round
    is cheaper than the transfer or makes up for a forbidden one.

    Raises
    ------
    QuestionError : an unknown place, good or measure
    StudyError : a circle of legs that pays for itself
    """
    market = read_market(study)
    good = _good(market, good)
    for place in (origin, destination):
        _known(place, market.network.places, "place")
    graph, demand = _single(market, good, [origin], [destination])
    frame = _told(graph, demand, _measure(by), routes)
    return frame.with_columns(route=pl.int_range(1, pl.len() + 1)).select(
        "route", "legs", "generalised", "cost", "days", "km"
    )


def _good(market: Market, good: str | None) -> str:
    if good is None and len(market.goods) == 1:
        return market.goods[0]
    if good is None:
        raise QuestionError(f"name a good: one of {', '.join(market.goods)}")
    _known(good, market.goods, "good")
    return good


def _known(name: str, names: list[str], what: str) -> None:
    if name not in names:
        cure = did_you_mean(name, names, f"name a {what} of {what}s.csv")
        raise QuestionError(f"the study has no {what} {name!r}; {cure}")


def _measure(by: By) -> By:
    if by not in MEASURES:
        cure = did_you_mean(by, MEASURES, f"one of {', '.join(MEASURES)}")
        raise QuestionError(f"routes cannot be ranked by {by!r}; {cure}")
    return by


def _single(
    market: Market, good: str, origins: list[str], destinations: list[str]
) -> tuple[Graph, Demand]:
    """The graph of the first period with one unit from each origin to each destination."""
    count = len(origins)
    wanted = pl.DataFrame(
        {
            "consignment": [str(number) for number in range(count)],
            "good": [good] * count,
            "origin": origins,
            "destination": destinations,
            "quantity": [1.0] * count,
        }
    )
    return build_graph(market, 0, wanted)


def _told(graph: Graph, demand: Demand, by: By, most: int) -> pl.DataFrame:
    """Ends, costs, days, km and legs of the cheapest routes."""
    market, stays = graph.market, np.flatnonzero(demand.stays)
    parts = [(0, Listed.staying(stays))] if len(graph.good) else []
    for klass in range(len(graph.good)):
        wanted = pairs_of(demand, klass)
        try:
            found = lengths(graph.cost(klass, by), graph.tail, graph.head, graph.nodes)
        except CircleError as error:
            raise StudyError(market.study.name, [paying_circle(graph, klass, error)]) from None
        parts.append((klass, _routes(graph, found, wanted, most).of(wanted.row)))
    km = np.zeros(graph.arcs)
    on_leg = graph.leg != TURN
    row = market.network.leg_row[graph.leg[on_leg]]
    km[on_leg] = column(market.study.table("legs"), "length_km", np.nan)[row]
    frames = []
    for klass, routes in parts:
        k, value = routes.consignment, market.value_of_time[graph.good[klass]]
        money, days = routes.total(graph.money[klass]), routes.total(graph.days[klass])
        frames.append(
            pl.DataFrame(
                {
                    "origin": [market.network.places[p] for p in demand.origin[k].tolist()],
                    "destination": [
                        market.network.places[p] for p in demand.destination[k].tolist()
                    ],
                    "generalised": money + value * days,
                    "cost": money,
                    "days": days,
                    "km": routes.total(km),
                    "legs": [";".join(graph.legs_of(routes.route(r))) for r in range(len(k))],
                },
                schema_overrides={"origin": pl.String, "destination": pl.String, "legs": pl.String},
            )
        )
    floats = ("generalised", "cost", "days", "km")
    return pl.concat(frames).with_columns(
        (pl.col(name).round_sig_figs(DIGITS) + 0.0).fill_nan(None) for name in floats
    )


def _routes(graph: Graph, found: Lengths, wanted: Pairs, most: int) -> Listed:
    if most == 1:
        return load_cheapest(graph, found.cost, wanted, 1).listed
    return k_shortest(graph, found.cost, wanted, most).routes
