"""Equilibria by gradient projection on paths.

A pass over all starts finds the cheapest path of every pair at the present costs and adds it where
it saves more than the gap; sweeps over the pairs with several paths then move flow between them
until they cost the same (Bertsekas and Gafni 1983; Jayakrishnan, Tsai, Prashker and Rajadhyaksha
1994; survey in Perederieieva, Ehrgott, Raith and Wang 2015). The gap of the result is measured at
one point over all starts.
"""

from __future__ import annotations

import math
import time

import numpy as np

from entrepot.errors import RoutingError
from entrepot.routing.equilibrium.assignment import Assignment, beckmann, days_under, total_days
from entrepot.routing.equilibrium.bends import FLAT, slopes_beside
from entrepot.routing.equilibrium.converge import Progress, converge, send_all
from entrepot.routing.equilibrium.delays import MOST_DAYS
from entrepot.routing.equilibrium.problem import Congested, Floats, check_problem, shortened
from entrepot.routing.equilibrium.queues import converge_with_queues
from entrepot.routing.equilibrium.store import Store, seed


def user_equilibrium(
    problem: Congested,
    gap: float = 1e-12,
    start: Assignment | None = None,
    progress: Progress | None = None,
) -> Assignment:
    """Flows where no unit finds a cheaper path (Wardrop 1952, first principle).

    Parameters
    ----------
    gap : relative gap to stop at: what units pay above their cheapest paths over what they would
        pay on them
    start : answer to a similar problem, to begin from: its paths are kept where they are still
        open. Nodes and arcs are matched by name where both problems have names, else by number
    progress : called after each pass with its number and the gap before it

    Raises
    ------
    RoutingError : see `check_problem`; pairs that are not connected; hard capacities that cannot
        hold what must pass them; delays of more than `MOST_DAYS` days
    """
    return _solved(problem, gap, start, progress, optimum=False)


def system_optimum(
    problem: Congested,
    gap: float = 1e-12,
    start: Assignment | None = None,
    progress: Progress | None = None,
) -> Assignment:
    """Flows with the least total of days × `worth` (Wardrop 1952, second principle).

    An equilibrium in which each unit also pays for the delay it causes to others. Where the worths
    of classes are not in proportion to their uses, the total is not convex and the answer is one
    that no shift of a single pair betters.

    Parameters and errors as in `user_equilibrium`; the gap is that of the marginal costs. Where
    days are told by points, what one more unit costs all others jumps at each point; the optimum
    may lie just there, and the slope that others are charged for is then one of those between.

    Raises
    ------
    RoutingError : points along which days grow slower after faster: their total is not convex
    """
    if problem.points is not None:
        _check_convex(problem)
    return _solved(problem, gap, start, progress, optimum=True)


def _check_convex(problem: Congested) -> None:
    assert problem.points is not None
    points = problem.points
    before, after = slopes_beside(points)
    slower = np.flatnonzero(before - after > FLAT * before)
    arcs = np.searchsorted(points.first, slower, side="right") - 1
    if len(slower):
        raise RoutingError(
            [
                "a system optimum needs days that grow ever faster along a delay_curve, or its "
                "total is not convex: take out the points named, or choose equilibrium",
                *shortened(
                    [
                        f"{problem.arc_name(arc)} grows by {before[point]:g} days a unit up to a "
                        f"load of {points.load[point]:g} and by {after[point]:g} from there"
                        for arc, point in zip(arcs.tolist(), slower.tolist(), strict=True)
                    ]
                ),
            ]
        )


def _solved(
    problem: Congested,
    gap: float,
    start: Assignment | None,
    progress: Progress | None,
    optimum: bool,
) -> Assignment:
    check_problem(problem)
    store = Store(problem, optimum)
    began = time.perf_counter()
    if start is not None:
        seed(store, start)
    send_all(store)
    priced = problem.full().any() or (store.bends is not None and store.bends.bent.any())
    loop = converge_with_queues if priced else converge
    gaps = loop(store, gap, start is not None, began, progress)
    return _assignment(store, gaps, time.perf_counter() - began)


def _check_days(problem: Congested, load: Floats) -> None:
    """Refuse delays so long that flows were not told by them, but by what goes on in their place.

    Raises
    ------
    RoutingError : arcs that take more than `MOST_DAYS` days above those when empty
    """
    steep = (problem.alpha * problem.free > 0) & (problem.power > 0) & (load > 0)
    arcs = np.flatnonzero(steep)
    size = np.log(load[arcs]) - np.log(problem.capacity[arcs])
    days = np.log(problem.alpha[arcs] * problem.free[arcs]) + problem.power[arcs] * size
    endless = arcs[days > math.log(MOST_DAYS)]
    if len(endless):
        raise RoutingError(
            [
                f"delays of more than {MOST_DAYS:g} days: widen what is named, choose a lower "
                "power, or open another way",
                *shortened(
                    [
                        f"{problem.arc_name(arc)} would carry {load[arc]:g}, "
                        f"{load[arc] / problem.capacity[arc]:g} times its capacity, to the power "
                        f"{problem.power[arc]:g}"
                        for arc in endless.tolist()
                    ]
                ),
            ]
        )


def _assignment(store: Store, gaps: list[tuple[float, float]], seconds: float) -> Assignment:
    problem = store.problem
    first_path, path_flow, first_arc, arcs, flow = store.gathered()
    load = (flow * problem.uses).sum(axis=1)
    _check_days(problem, load)
    days = days_under(problem, load)
    wait = store.wait(load)
    kind = "system-optimum" if store.optimum else "user-equilibrium"
    objective = total_days(problem, flow, days) if store.optimum else beckmann(problem, flow, load)
    return Assignment(
        problem=problem,
        kind=kind,
        flow=flow,
        load=load,
        days=days if store.optimum else days + wait,
        wait=wait,
        charged=store.charged(load) if store.optimum else np.zeros(problem.arcs),
        start=store.start,
        end=store.end,
        klass=store.klass,
        quantity=store.pairs.quantity,
        pair=store.pair,
        first_path=first_path,
        path_flow=path_flow,
        first_arc=first_arc,
        arcs=arcs,
        objective=objective,
        gap=gaps[-1][1] if gaps else 0.0,
        gaps=tuple(gaps),
        iterations=len(gaps),
        seconds=seconds,
    )
