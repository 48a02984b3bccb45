"""One route for one good in one period: is it used, what must it cost, and who is in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from entrepot.clearing.answers import Clearing, State
from entrepot.clearing.solvers.port import Solver
from entrepot.network.freight import Freight, freight, leg_capacity
from entrepot.results.closed import Openness, banned, bans_at, openness, why_closed
from entrepot.results.leeway import Leeway, leeway
from entrepot.results.priced import Priced
from entrepot.results.round_trips import RoundTrips
from entrepot.results.routes import Route, in_period
from entrepot.results.trace import downstream, upstream

ROWS = {
    "period": pl.String,
    "good": pl.String,
    "unit": pl.String,
    "route": pl.String,
    "status": pl.String,
    "why": pl.String,
    "quantity": pl.Float64,
    "rent": pl.Float64,
    "cost": pl.Float64,
    "switch": pl.Float64,
    "break_even": pl.Float64,
    "origin": pl.String,
    "destination": pl.String,
    "journey": pl.String,
    "rival_origin": pl.String,
    "rival": pl.String,
}

RIVALS = {
    "period": pl.String,
    "good": pl.String,
    "route": pl.String,
    "leg": pl.String,
    "used": pl.Float64,
    "capacity": pl.Float64,
    "room": pl.Float64,
    "rent": pl.Float64,
    "needed": pl.Float64,
}


@dataclass(frozen=True)
class Verdict:
    """What is to be said of one route: a row, and the legs of its rival.

    Attributes
    ----------
    detour : whether the best journey over the route comes back to a place that it has left
    """

    period: int
    row: dict[str, Any]
    rivals: list[dict[str, Any]] = field(default_factory=list)
    detour: bool = False


@dataclass(frozen=True)
class _Case:
    """One good in one period, with what all its routes need."""

    clearing: Clearing
    priced: Priced
    period: int
    good: int
    open: Openness
    carried: Freight
    leeway: Leeway
    solver: Solver
    round: RoundTrips
    shipped: pl.DataFrame


@dataclass(frozen=True)
class _Offer:
    """A route in one layer: the balances at its ends, freight and time, and the switch price."""

    banned: bool
    start: int
    end: int
    worth: float
    switch: float


def judge(
    clearing: Clearing,
    priced: Priced,
    shipped: pl.DataFrame,
    period: int,
    good: int,
    routes: list[tuple[str, ...]],
    solver: Solver,
) -> Iterator[Verdict]:
    """A verdict on each route for one good in one period; `shipped` are all consignments."""
    market = clearing.state.stack.market
    name = market.goods[good]
    case = _Case(
        clearing=clearing,
        priced=priced,
        period=period,
        good=good,
        open=openness(market, good, period),
        carried=freight(market, good),
        leeway=leeway(priced, good),
        solver=solver,
        round=RoundTrips(priced, period, good),
        shipped=shipped.filter(
            (pl.col("good") == name) & (pl.col("period") == market.periods[period])
        ),
    )
    for names in routes:
        yield _verdict(case, in_period(market.network, names, case.open))


def _verdict(case: _Case, route: Route) -> Verdict:
    cost = float(case.carried.cost[list(route.legs)].sum()) + route.turn_cost
    best = min(_offers(case, route, cost), key=lambda each: (each.banned, each.switch))
    quantity = _quantity(case, route)
    row = _blank(case, route) | {"quantity": quantity, "cost": cost}
    if quantity > 0:
        row |= {"status": "used", "rent": _rent(case, route)}
        return Verdict(case.period, row)
    reasons = _shut(case, route, best)
    reached = np.isfinite(best.switch)
    status = "closed" if reasons else "unused" if reached else "unreachable"
    if not reached:
        reasons.append(_out_of_reach(case, best))
    row |= {"status": status, "why": "; ".join(reasons)}
    if not reached:
        return Verdict(case.period, row)
    switch = best.switch if abs(best.switch) > case.priced.same else 0.0
    row |= {"switch": switch, "break_even": cost - switch}
    return _with_rival(case, route, best, row)


def _blank(case: _Case, route: Route) -> dict[str, Any]:
    market = case.clearing.state.stack.market
    return dict.fromkeys(ROWS) | {
        "period": market.periods[case.period],
        "good": market.goods[case.good],
        "unit": market.units[case.good],
        "route": route.name,
        "why": "",
    }


def _offers(case: _Case, route: Route, cost: float) -> Iterator[_Offer]:
    """The route in each layer of the good."""
    stack, network = case.clearing.state.stack, case.clearing.state.stack.market.network
    legs = list(route.legs)
    days = float(case.carried.days[legs].sum()) + route.turn_days
    worth = cost + float(stack.market.value_of_time[case.good]) * days
    for layer in stack.draft.moving_layers(case.good):
        start = int(stack.balances.at(case.period, layer, int(network.tail[legs[0]])))
        end = int(stack.balances.at(case.period, layer, int(network.head[legs[-1]])))
        shut = bool(banned(stack.market, stack.layers, layer, case.period)[legs].any())
        switch = _too_dear(case, route, layer, (start, end), worth)
        yield _Offer(shut, start, end, worth, switch)


def _too_dear(case: _Case, route: Route, layer: int, ends: tuple[int, int], worth: float) -> float:
    """The most that a unit on a route loses at any optimal prices: its switch price."""
    priced, state = case.priced, case.clearing.state
    start, end = ends
    if not (np.isfinite(priced.delivered[start]) and np.isfinite(priced.outlet[end])):
        return float("inf")
    price = np.nan_to_num(state.prices.price)
    weight = priced.weight(start)
    loss = price[start] - price[end] + worth * weight
    shifts: dict[int, float] = {start: 1.0}
    shifts[end] = shifts.get(end, 0.0) - 1.0
    limits: dict[int, float] = {}
    for way in _ways_on(case, route, layer):
        column = int(priced.ways.column[way])
        own = float(priced.tolls[way] - priced.shared[way])
        if own > 0:
            # A full way of its own: a unit more takes the place of one, at the prices of its ends.
            tail, head = int(priced.ways.tail[way]), int(priced.ways.head[way])
            loss += price[head] - price[tail] - priced.cost[way] * weight
            shifts[head] = shifts.get(head, 0.0) + 1.0
            shifts[tail] = shifts.get(tail, 0.0) - 1.0
            continue
        for k, use in _uses(state, column):
            loss += use * float(state.prices.rent[k])
            limits[k] = limits.get(k, 0.0) + use
    return float(loss + case.leeway.most(shifts, limits, case.solver)) / weight


def _ways_on(case: _Case, route: Route, layer: int) -> list[int]:
    """The route's legs as ways of a layer, where it may use them."""
    priced = case.priced
    ways = priced.of_good(case.period, case.good)
    ways = ways[np.isin(priced.ways.leg[ways], route.legs)]
    return [int(way) for way in ways if priced.where.layer[priced.ways.tail[way]] == layer]


def _uses(state: State, column: int) -> Iterator[tuple[int, float]]:
    """Limits that an activity shares, and how much of each a unit uses.

    A limit of nothing is what closes a leg: it is told as such and left out here.
    """
    matrix = state.program.limit
    for at in range(matrix.indptr[column], matrix.indptr[column + 1]):
        if state.program.limit_upper[matrix.indices[at]] != 0:
            yield int(matrix.indices[at]), float(matrix.data[at])


def _quantity(case: _Case, route: Route) -> float:
    """What goes over all of the route without leaving it, units per period."""
    inside = pl.format(";{};", pl.col("legs")).str.contains(f";{route.name};", literal=True)
    return float(case.shipped.filter(inside)["quantity"].sum())


def _rent(case: _Case, route: Route) -> float:
    rents, market = case.clearing.rents, case.clearing.state.stack.market
    mine = rents.filter(
        (pl.col("period") == market.periods[case.period])
        & (pl.col("good") == market.goods[case.good])
        & pl.col("leg").is_in(route.name.split(";"))
    )
    return float(mine["rent"].sum())


def _shut(case: _Case, route: Route, best: _Offer) -> list[str]:
    """What keeps the good off the route whatever it costs."""
    market = case.clearing.state.stack.market
    reasons = []
    for leg in route.legs:
        told = why_closed(market, case.open, case.good, case.period, leg)
        bans = bans_at(market, case.good, case.period, leg) if best.banned else []
        told += [f"it is banned by {', '.join(bans)}"] if bans else []
        if told:
            reasons.append(f"{market.network.legs[leg]}: {', '.join(told)}")
    if not route.joined:
        reasons.append("its legs may not follow each other")
    return reasons


def _out_of_reach(case: _Case, best: _Offer) -> str:
    """Which end of a route keeps it empty at any price."""
    priced = case.priced
    if np.isinf(priced.delivered[best.start]):
        return f"nothing can come to {priced.place(best.start)}"
    if np.isinf(priced.outlet[best.end]):
        return f"nothing that comes to {priced.place(best.end)} finds a use"
    return "what could come to it cannot go on from it"


def _with_rival(case: _Case, route: Route, best: _Offer, row: dict[str, Any]) -> Verdict:
    """The best journey over the route, and the legs of the journey that serves its end now."""
    priced = case.priced
    before, after = upstream(priced, best.start), downstream(priced, best.end)
    start = before.trader.balance if before else best.start
    end = after.trader.balance if after else best.end
    through = [
        *_legs(priced, before.ways if before else ()),
        *route.name.split(";"),
        *_legs(priced, after.ways if after else ()),
    ]
    row |= {
        "origin": priced.place(start),
        "destination": priced.place(end),
        "journey": ";".join(through),
    }
    back = case.round.cost(best.end, best.start)
    detour = _comes_back(case, through) or best.worth - best.switch + back <= priced.same
    if detour:
        row["why"] = "; ".join(filter(None, [row["why"], "it leads back to where goods come from"]))
    rival = upstream(priced, end)
    if rival is None:
        return Verdict(case.period, row, detour=detour)
    row |= {
        "rival_origin": priced.place(rival.trader.balance),
        "rival": ";".join(_legs(priced, rival.ways)),
    }
    ways = [w for w in rival.ways if priced.leg(w) and priced.leg(w) not in through]
    return Verdict(case.period, row, [_scarcity(case, row, way) for way in ways], detour)


def _comes_back(case: _Case, legs: list[str]) -> bool:
    """Whether a journey ends a leg at a place where it has been."""
    network = case.clearing.state.stack.market.network
    number = {name: leg for leg, name in enumerate(network.legs)}
    ends = [int(network.destination[number[leg]]) for leg in legs]
    places = [int(network.origin[number[legs[0]]]), *ends]
    return len(set(places)) < len(places)


def _legs(priced: Priced, ways: tuple[int, ...]) -> list[str]:
    return [priced.leg(way) for way in ways if priced.leg(way)]


def _scarcity(case: _Case, row: dict[str, Any], way: int) -> dict[str, Any]:
    """How full a rival's leg is, and how dear its room would have to be."""
    priced, leg = case.priced, int(case.priced.ways.leg[way])
    market = case.clearing.state.stack.market
    use = float(case.carried.use[leg])
    shared = float(leg_capacity(market)[leg]) / use if use > 0 else np.inf
    alone = float(case.carried.capacity[leg])
    load, mine = _loads(case, leg)
    capacity, used = min((shared, load / use if use > 0 else 0.0), (alone, mine))
    if shared < np.inf and alone < np.inf and shared - load / use < alone - mine:
        capacity, used = shared, load / use
    rents = [toll.amount for toll in priced.tolls_on(way) if toll.table in ("legs", "leg_goods")]
    rent = sum(rents)
    return {
        **{key: row[key] for key in ("period", "good", "route")},
        "leg": priced.leg(way),
        "used": used,
        "capacity": capacity if np.isfinite(capacity) else None,
        "room": max(capacity - used, 0.0) if np.isfinite(capacity) else None,
        "rent": rent,
        "needed": rent + max(float(row["switch"]), 0.0),
    }


def _loads(case: _Case, leg: int) -> tuple[float, float]:
    """Load of all goods on a leg in units of its capacity, and units of the good alone."""
    priced, market = case.priced, case.clearing.state.stack.market
    on = (priced.ways.leg == leg) & (priced.where.period[priced.ways.tail] == case.period)
    total, mine = 0.0, 0.0
    for way in np.flatnonzero(on).tolist():
        good = int(priced.where.good[priced.ways.tail[way]])
        total += float(priced.flow[way] * freight(market, good).use[leg])
        mine += float(priced.flow[way]) if good == case.good else 0.0
    return total, mine
