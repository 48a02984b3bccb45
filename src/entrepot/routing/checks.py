"""What keeps consignments from being routed, all of it at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import Problem, StudyError
from entrepot.network.bans import bans_on, is_banned
from entrepot.network.market import Market
from entrepot.routing.graph import Demand, Graph, country_of
from entrepot.routing.shortest import NONE, CircleError, all_distances, star

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FILE = "consignments.csv"


def must_have(study: str, consignments: pl.DataFrame) -> None:
    """Refuse a study without consignments, or with amounts that are none.

    Raises
    ------
    StudyError : names every consignment at fault
    """
    if consignments.is_empty():
        cure = "add what is to be moved: consignment, good, origin, destination, quantity"
        raise StudyError(study, [Problem(FILE, None, None, None, "has no rows", cure)])
    amount = pl.col("quantity")
    good = (amount.is_finite() & (amount >= 0)).fill_null(False)
    wrong = [
        Problem(FILE, None, f"quantity of {name}", str(quantity), "is no amount", "write a number")
        for name, quantity in consignments.filter(~good)["consignment", "quantity"].iter_rows()
    ]
    if wrong:
        raise StudyError(study, wrong)


def banned_trade(market: Market, period: int, consignments: pl.DataFrame) -> list[Problem]:
    """Consignments that a ban without `via` keeps out of their destination."""
    if not market.study.table("bans")["via"].is_null().any():
        return []
    problems = []
    for row in consignments.iter_rows(named=True):
        good = market.good_index[row["good"]]
        home = country_of(market, row["origin"], row.get("country"))
        bound = country_of(market, row["destination"])
        if is_banned(market, good, home, bound, period):
            bans = [
                ban["ban"]
                for ban in bans_on(market, good, period)
                if ban["via"] is None and market.applies(ban, home, bound, period)
            ]
            message = f"may not be brought from {home} to {bound}: ban {bans[0]}"
            cure = "take the consignment out, or lift the ban in a scenario"
            problems.append(_of(row["consignment"], row["good"], message, cure))
    return problems


def unreachable(graph: Graph, demand: Demand, lost: Flags) -> list[Problem]:
    """Consignments that no way leads to, and what stands in theirs.

    Parameters
    ----------
    lost : which consignments no way leads to, shape (K,)
    """
    network, goods = graph.market.network, graph.market.goods
    problems = []
    for k in np.flatnonzero(lost).tolist():
        origin, destination = (network.places[p[k]] for p in (demand.origin, demand.destination))
        message = f"no way that {goods[demand.good[k]]} may take leads from {origin} "
        message += f"to {destination}{_when(graph)}"
        problems.append(_of(demand.name[k], None, message, _remedy(graph, demand, k)))
    return problems


def _of(name: str, value: str | None, message: str, cure: str) -> Problem:
    return Problem(FILE, None, name, value, message, cure)


def _when(graph: Graph) -> str:
    periods = graph.market.periods
    return f" in period {periods[graph.period]}" if len(periods) > 1 else ""


def _remedy(graph: Graph, demand: Demand, k: int) -> str:
    """What would join the ends: lifting a restriction, opening a leg, or building one."""
    network = graph.market.network
    start, end = int(demand.start[k]), int(demand.end[k])
    free = np.zeros(graph.arcs)
    if _joined(start, end, free, graph.tail, graph.head, graph.nodes):
        closed = graph.legs_of(np.flatnonzero(~graph.allowed[demand.klass[k]]))
        return f"bans, leg_goods or no capacity keep it off {_some(closed)}: allow one of them"
    every = (
        np.concatenate([network.tail, network.turn_tail]),
        np.concatenate([network.head, network.turn_head]),
    )
    if _joined(start, end, np.zeros(len(every[0])), *every, graph.nodes):
        shut = set(range(len(network.legs))) - set(graph.leg.tolist())
        names = [network.legs[leg] for leg in sorted(shut)]
        verb = "is" if len(names) == 1 else "are"
        return f"{_some(names)} {verb} closed then: see opens, closes and period in legs.csv"
    return "add the legs that are missing between them to legs.csv, or check transfers and through"


def _some(names: list[str]) -> str:
    told = sorted(set(names))
    more = f" and {len(told) - 5} more" if len(told) > 5 else ""
    return ("leg " if len(told) == 1 else "legs ") + ", ".join(told[:5]) + more


def _joined(start: int, end: int, cost: Floats, tail: Ints, head: Ints, nodes: int) -> bool:
    leaving = star(tail, nodes)
    roots = np.array([start])
    found = all_distances(roots, cost, leaving.first, leaving.arcs, head, nodes)
    return bool(np.isfinite(found[0, end]))


def paying_circle(graph: Graph, klass: int, error: CircleError) -> Problem:
    """A circle of legs that pays for itself, in the words of the table."""
    arcs = np.array(error.arcs)
    legs = graph.legs_of(arcs)
    good = graph.market.goods[graph.good[klass]]
    total = float(graph.cost(klass)[arcs].sum())
    message = f"{good} would go round for ever: the circle costs {total:.6g} per unit"
    cure = "see that cost and value_of_time x days of the legs do not add up to less than nothing"
    return Problem("legs.csv", None, "cost", ";".join(legs), message, cure)


def below_zero(graph: Graph, choice: str) -> list[Problem]:
    """Legs that cost some class less than nothing, for choices that cannot have that."""
    problems = {}
    for klass in range(len(graph.good)):
        cost = graph.cost(klass)
        good = graph.market.goods[graph.good[klass]]
        for arc in np.flatnonzero(cost < 0).tolist():
            leg = int(graph.leg[arc])
            what = "a transfer" if leg == NONE else graph.market.network.legs[leg]
            message = f"{what} costs {good} {cost[arc]:.6g} per unit in all, and {choice} needs "
            message += "costs of at least zero"
            cure = "raise the cost, or choose cheapest or logit"
            table = "transfers.csv" if leg == NONE else "legs.csv"
            problems[good, arc] = Problem(table, None, "cost", None, message, cure)
    return list(problems.values())
