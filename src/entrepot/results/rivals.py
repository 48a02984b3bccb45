"""One route for one good in one period: is it used, what must it cost, and who is in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.clearing.solvers.port import Solver
from entrepot.network.columns import Ints
from entrepot.network.freight import Freight, leg_capacity
from entrepot.network.network import WAY_BACK
from entrepot.results.closed import Openness, banned, bans_at, openness, why_closed
from entrepot.results.duties_saved import DutiesSaved
from entrepot.results.leeway import leeway
from entrepot.results.losses import Losses
from entrepot.results.priced import Priced
from entrepot.results.round_trips import RoundTrips
from entrepot.results.routes import Route, in_period
from entrepot.results.straight import Straight, StraightJourneys
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
    "too_dear": pl.Float64,
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

# Reasons named at most where all ways on are shut.
TOLD = 3

_LEADS_BACK = "from its end goods could only go back where they came from"


@dataclass(frozen=True)
class Verdict:
    """What is to be said of one route: a row, and the legs of its rival.

    Attributes
    ----------
    detour : whether the first to use the route would only carry goods out and back again
    """

    period: int
    row: dict[str, Any]
    rivals: list[dict[str, Any]] = field(default_factory=list)
    detour: bool = False


@dataclass(frozen=True)
class _Case:
    """One good in one period, with what all its routes need; `carried` is by good."""

    clearing: Clearing
    priced: Priced
    period: int
    good: int
    open: Openness
    carried: tuple[Freight, ...]
    losses: Losses
    duties: DutiesSaved
    round: RoundTrips
    straight: StraightJourneys
    shipped: pl.DataFrame


@dataclass(frozen=True)
class _Offer:
    """A route in one layer: the balances at its ends, freight and time, and the switch price."""

    layer: int
    banned: bool
    start: int
    end: int
    worth: float
    switch: float


def judge(
    clearing: Clearing,
    priced: Priced,
    shipped: pl.DataFrame,
    carried: tuple[Freight, ...],
    period: int,
    good: int,
    routes: list[tuple[str, ...]],
    solver: Solver,
) -> Iterator[Verdict]:
    """A verdict on each route for one good in one period.

    `shipped` are all consignments, and `carried` is what each good pays and may do on the legs.
    """
    market = clearing.state.stack.market
    name = market.goods[good]
    case = _Case(
        clearing=clearing,
        priced=priced,
        period=period,
        good=good,
        open=openness(market, good, period),
        carried=carried,
        losses=Losses(priced, carried[good], leeway(priced, good), solver, period, good),
        duties=DutiesSaved(priced, period, good),
        round=RoundTrips(priced, period, good),
        straight=StraightJourneys(priced, period, good),
        shipped=shipped.filter(
            (pl.col("good") == name) & (pl.col("period") == market.periods[period])
        ),
    )
    for names in routes:
        yield _verdict(case, in_period(market.network, names, case.open))


def _verdict(case: _Case, route: Route) -> Verdict:
    cost = float(case.carried[case.good].cost[list(route.legs)].sum()) + route.turn_cost
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
        reasons.append(_out_of_reach(case, route, best))
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
    days = float(case.carried[case.good].days[legs].sum()) + route.turn_days
    worth = cost + float(stack.market.value_of_time[case.good]) * days
    for layer in stack.draft.moving_layers(case.good):
        start = int(stack.balances.at(case.period, layer, int(network.tail[legs[0]])))
        end = int(stack.balances.at(case.period, layer, int(network.head[legs[-1]])))
        shut = bool(banned(stack.market, stack.layers, layer, case.period)[legs].any())
        lost = case.losses.on_route(route, layer, start, end, worth)
        yield _Offer(layer, shut, start, end, worth, case.duties.switch(end, lost))


def _quantity(case: _Case, route: Route) -> float:
    """What goes over all of the route without leaving it, units per period."""
    inside = pl.format(";{};", pl.col("legs")).str.contains(f";{route.name};", literal=True)
    return float(case.shipped.filter(inside)["quantity"].sum())


def _rent(case: _Case, route: Route) -> float:
    """What a unit pays for room on the route's legs and between them, on average over layers."""
    rents, market = case.clearing.rents, case.clearing.state.stack.market
    mine = rents.filter(
        (pl.col("period") == market.periods[case.period])
        & (pl.col("good") == market.goods[case.good])
        & pl.col("leg").is_in(route.name.split(";"))
    )
    total = float(mine["rent"].sum())
    for turn in route.turns:
        ways = case.losses.on_turn(turn)
        passing = case.priced.flow[ways]
        total += float(passing @ case.priced.tolls[ways] / max(float(passing.sum()), 1e-300))
    return total


def _shut(case: _Case, route: Route, best: _Offer) -> list[str]:
    """What keeps the good off the route whatever it costs."""
    market = case.clearing.state.stack.market
    reasons = []
    for leg in route.legs:
        told = why_closed(market, case.open, case.good, case.period, leg)
        bans = bans_at(market, case.good, case.period, leg) if best.banned else []
        told += [f"it is banned by {', '.join(bans)}"] if bans else []
        if told:
            where = f"{market.network.legs[leg]}: " if len(route.legs) > 1 else ""
            reasons.append(where + ", ".join(told))
    if not route.joined:
        reasons.append("its legs may not follow each other")
    return reasons


def _out_of_reach(case: _Case, route: Route, best: _Offer) -> str:
    """Which end of a route keeps it empty at any price, and what shuts the legs beyond it."""
    priced, network = case.priced, case.clearing.state.stack.market.network
    if np.isinf(priced.delivered[best.start]):
        before = np.flatnonzero(network.destination == network.origin[route.legs[0]])
        return f"nothing can come to {priced.place(best.start)}{_all_shut(case, route, before)}"
    if np.isinf(priced.outlet[best.end]):
        after = np.flatnonzero(network.origin == network.destination[route.legs[-1]])
        shut = _all_shut(case, route, after)
        return f"nothing that comes to {priced.place(best.end)} finds a use{shut}"
    return "what could come to it cannot go on from it"


def _all_shut(case: _Case, route: Route, legs: Ints) -> str:
    """What shuts each of some legs, the route and its way back apart; "" where one is open."""
    market = case.clearing.state.stack.market
    own = {name.removesuffix(WAY_BACK) for name in route.name.split(";")}
    reasons: dict[str, None] = {}
    for leg in legs.tolist():
        name = market.network.legs[leg]
        if name.removesuffix(WAY_BACK) in own:
            continue
        told = why_closed(market, case.open, case.good, case.period, leg)
        bans = bans_at(market, case.good, case.period, leg)
        told += [f"it is banned by {', '.join(bans)}"] if bans else []
        if not told:
            return ""
        reasons[", ".join(told)] = None
    if not 0 < len(reasons) <= TOLD:
        return ""
    return f" (of every other leg there: {' or '.join(reasons)})"


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
    row["too_dear"] = row["switch"]
    back = case.round.cost(best.end, best.start)
    circle = best.worth - best.switch + back <= priced.same
    if circle or _comes_back(case, through):
        found = case.straight.over(best.start, best.end, _places(case, route))
        if found is None:
            row |= {"too_dear": None, "why": "; ".join(filter(None, [row["why"], _LEADS_BACK]))}
            return Verdict(case.period, row, detour=True)
        row["too_dear"] = max(row["switch"], _straight_loss(case, route, best, found))
        start, end = found.seller.balance, found.buyer.balance
        before_legs, after_legs = _legs(priced, found.before), _legs(priced, found.after)
        through = [*before_legs, *route.name.split(";"), *after_legs]
    row |= {
        "origin": priced.place(start),
        "destination": priced.place(end),
        "journey": ";".join(through),
    }
    rival = upstream(priced, end)
    if rival is None:
        return Verdict(case.period, row, detour=circle)
    row |= {
        "rival_origin": priced.place(rival.trader.balance),
        "rival": ";".join(_legs(priced, rival.ways)),
    }
    ways = [w for w in rival.ways if priced.leg(w) and priced.leg(w) not in through]
    return Verdict(case.period, row, [_scarcity(case, row, way) for way in ways], circle)


def _places(case: _Case, route: Route) -> list[int]:
    """The places that a route passes, in order."""
    network = case.clearing.state.stack.market.network
    return [int(network.origin[route.legs[0]]), *(int(network.destination[n]) for n in route.legs)]


def _straight_loss(case: _Case, route: Route, best: _Offer, found: Straight) -> float:
    """The most that a journey from a seller to a buyer loses at any optimal prices."""
    cost = case.priced.cost
    paid = best.worth + float(cost[[*found.before]].sum() + cost[[*found.after]].sum())
    ends: dict[int, float] = {}
    for trader, side in ((found.seller, 1.0), (found.buyer, -1.0)):
        if trader.runs:
            ends[trader.balance] = ends.get(trader.balance, 0.0) + side
        else:
            paid += side * trader.price
    return case.losses.most(ends, paid, route, best.layer, (*found.before, *found.after))


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
    use = float(case.carried[case.good].use[leg])
    shared = float(leg_capacity(market)[leg]) / use if use > 0 else np.inf
    alone = float(case.carried[case.good].capacity[leg])
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
        "needed": rent + max(float(row["too_dear"]), 0.0),
    }


def _loads(case: _Case, leg: int) -> tuple[float, float]:
    """Load of all goods on a leg in units of its capacity, and units of the good alone."""
    priced = case.priced
    on = (priced.ways.leg == leg) & (priced.where.period[priced.ways.tail] == case.period)
    total, mine = 0.0, 0.0
    for way in np.flatnonzero(on).tolist():
        good = int(priced.where.good[priced.ways.tail[way]])
        total += float(priced.flow[way] * case.carried[good].use[leg])
        mine += float(priced.flow[way]) if good == case.good else 0.0
    return total, mine
