"""The proof of an equilibrium: measured again from the flows of arcs, with nothing of the solver.

Costs are worked out anew with numpy, cheapest paths are scipy's, sums are exact to the last digit
(`math.fsum`). Nothing here imports the kernels or the solver.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from entrepot.routing.equilibrium.problem import Congested, Flags, Floats, Ints, Points

if TYPE_CHECKING:
    from entrepot.routing.equilibrium.assignment import Assignment

AT_ONCE = 128
"""Starts whose distances are held at once."""

NEAR = 2e-9
"""Share of a load within which it lies at a point of its curve."""

PATHS_AT_ONCE = 50_000
"""Paths whose arcs are looked at together."""


@dataclass(frozen=True)
class Check:
    """What an independent look at an assignment found.

    Attributes
    ----------
    gap : what units pay above their cheapest paths over what they would pay on them; rounding may
        put it some 1e-16 on either side of 0
    imbalance : most units that appear or vanish at a node, as a share of all units of the class
    passing : most units that pass a node which paths may not pass, as a share of the same
    negative : lowest flow of an arc or path below 0, as a share of the same
    unlike : largest difference between the flow of an arc and the flows of the paths on it, as a
        share of the same
    overload : largest load above a hard capacity, as a share of it
    idle : largest wait at an arc that is not full: days × share of the capacity left
    """

    gap: float
    imbalance: float
    passing: float
    negative: float
    unlike: float
    overload: float
    idle: float


def check_gap(problem: Congested, assignment: Assignment) -> Check:
    """Measure gap, conservation and signs of an assignment independently of how it was found."""
    flow = assignment.flow
    load = np.maximum((flow * problem.uses).sum(axis=1), 0.0)
    cost = _costs(problem, assignment, load)
    totals = _sums(problem.klass, problem.quantity, problem.classes)
    totals = np.where(totals > 0, totals, 1.0)
    imbalance, passing = _conserved(problem, flow, totals)
    full = problem.hard & np.isfinite(problem.capacity) & (problem.alpha == 0)
    if problem.points is not None:
        full &= np.diff(problem.points.first) == 0
    room = 1.0 - load[full] / np.maximum(problem.capacity[full], 1e-300)
    return Check(
        gap=_gap(problem, flow, cost),
        imbalance=imbalance,
        passing=passing,
        negative=_negative(assignment, totals),
        unlike=_unlike(problem, assignment, totals),
        overload=max(-float(room.min(initial=0.0)), 0.0),
        idle=float((assignment.wait[full] * np.maximum(room, 0.0)).max(initial=0.0)),
    )


def gap_of_flows(problem: Congested, flow: Floats) -> float:
    """Relative gap of a user equilibrium's flows of arcs, shape (A, G), whoever found them.

    What units pay above their cheapest paths at the days that the flows make; no capacity is hard.
    """
    days, _ = _days_and_slopes(problem, np.maximum((flow * problem.uses).sum(axis=1), 0.0))
    cares = np.ones(problem.classes) if problem.timed is None else problem.timed
    return _gap(problem, flow, problem.payable + cares * days[:, None])


def _sums(place: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(place, weights=values, minlength=size).astype(np.float64)


def _days_and_slopes(problem: Congested, load: Floats) -> tuple[Floats, Floats]:
    """Days of each arc and how fast they grow, shape (A,) each; slopes of points are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(problem.alpha > 0, load / problem.capacity, 0.0)
        days = problem.free * (1.0 + problem.alpha * ratio**problem.power)
        steep = problem.alpha * problem.free * problem.power / problem.capacity
        slope = np.where(
            (problem.alpha > 0) & (problem.power > 0), steep * ratio ** (problem.power - 1.0), 0.0
        )
    if problem.points is not None:
        _put_pointwise(problem.points, load, days)
    return days, slope


def _costs(problem: Congested, assignment: Assignment, load: Floats) -> Floats:
    """What one more unit of each class pays on each arc, or costs everyone, shape (A, G)."""
    flow, wait = assignment.flow, assignment.wait
    days, slope = _days_and_slopes(problem, load)
    if problem.points is not None:
        _put_slopes(problem.points, load, assignment.charged, slope)
    cares = np.ones(problem.classes) if problem.timed is None else problem.timed
    if assignment.kind != "system-optimum":
        return problem.payable + cares * (days + wait)[:, None]
    worth = np.ones(problem.classes) if problem.worth is None else problem.worth
    late = (flow * cares * worth).sum(axis=1)
    with np.errstate(invalid="ignore"):
        external = (np.where(late > 0, slope * late, 0.0) + wait)[:, None]
        charged = np.where(problem.uses > 0, problem.uses * external, 0.0)
    return worth * (problem.payable + cares * days[:, None]) + charged


def _put_pointwise(points: Points, load: Floats, days: Floats) -> None:
    """Days of the arcs that have points, into `days`; beyond the last point by the last slope."""
    for arc in np.flatnonzero(np.diff(points.first)):
        here = slice(points.first[arc], points.first[arc + 1])
        at, told = points.load[here], points.days[here]
        days[arc] = np.interp(load[arc], at, told)
        if len(at) > 1 and load[arc] > at[-1]:
            days[arc] += (load[arc] - at[-1]) * (told[-1] - told[-2]) / (at[-1] - at[-2])


def _put_slopes(points: Points, load: Floats, charged: Floats, slope: Floats) -> None:
    """Slopes of the arcs that have points, into `slope`.

    The one charged for where it is a slope of the curve within `NEAR` of the load, else the nearest
    that is: at a point every slope between the two pieces is.
    """
    for arc in np.flatnonzero(np.diff(points.first)):
        here = slice(points.first[arc], points.first[arc + 1])
        pieces = np.diff(points.days[here]) / np.diff(points.load[here])
        pieces = np.concatenate([[0.0], pieces, pieces[-1:] if len(pieces) else [0.0]])
        near = load[arc] * np.array([1.0 - NEAR, 1.0 + NEAR])
        # No load falls below nothing, so that there the slope is the one upwards.
        side: Literal["left", "right"] = "left" if load[arc] > 0 else "right"
        least, most = pieces[np.searchsorted(points.load[here], near, side=side)]
        slope[arc] = np.clip(charged[arc], least, most)


def _gap(problem: Congested, flow: Floats, cost: Floats) -> float:
    """The worse gap of the classes that pay in days and of those that pay in money."""
    cares = np.ones(problem.classes) if problem.timed is None else problem.timed
    worst = 0.0
    for group in (cares > 0, cares == 0):
        paid: list[float] = []
        least: list[float] = []
        for klass in np.flatnonzero(group):
            used = flow[:, klass] != 0
            paid.extend(flow[used, klass] * cost[used, klass])
            least.extend(_least(problem, cost[:, klass], int(klass)))
        base = math.fsum(least)
        above = math.fsum([*paid, *(-value for value in least)])
        if base > 0 and abs(above / base) > abs(worst):
            worst = above / base
    return worst


def _least(problem: Congested, cost: Floats, klass: int) -> Floats:
    """What the units of each row of a class would pay on its cheapest path."""
    rows = np.flatnonzero((problem.klass == klass) & (problem.quantity > 0))
    graph, source = _graph(problem, cost)
    starts, place = np.unique(problem.start[rows], return_inverse=True)
    least = np.empty(len(rows))
    for begin in range(0, len(starts), AT_ONCE):
        far = dijkstra(graph, indices=source[starts[begin : begin + AT_ONCE]])
        here = np.flatnonzero((place >= begin) & (place < begin + AT_ONCE))
        least[here] = far[place[here] - begin, problem.end[rows[here]]]
    least[problem.start[rows] == problem.end[rows]] = 0.0
    return least * problem.quantity[rows]


def _graph(problem: Congested, cost: Floats) -> tuple[csr_array, Ints]:
    """The arcs open to a class, the cheapest of parallel ones; and where each node's paths begin.

    A node that paths may not pass is two: one where they end, one where they begin.
    """
    shut: Flags = ~problem.through.astype(bool)
    source = np.arange(problem.nodes)
    source[shut] = problem.nodes + np.arange(int(shut.sum()))
    size = problem.nodes + int(shut.sum())
    open_ = np.isfinite(cost)
    tail, head, value = source[problem.tail[open_]], problem.head[open_], cost[open_]
    order = np.lexsort((value, head, tail))
    tail, head, value = tail[order], head[order], value[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    pointers = np.concatenate([[0], np.cumsum(np.bincount(tail[first], minlength=size))])
    graph = csr_array((value[first], head[first], pointers), shape=(size, size))
    return graph, source


def _conserved(problem: Congested, flow: Floats, totals: Floats) -> tuple[float, float]:
    """Largest imbalance of a node, and largest flow through one that must not be passed."""
    worst, passing = 0.0, 0.0
    away = problem.start != problem.end
    for klass in range(problem.classes):
        rows = away & (problem.klass == klass)
        quantity = problem.quantity[rows]
        leaves = _sums(problem.start[rows], quantity, problem.nodes)
        stays = _sums(problem.end[rows], quantity, problem.nodes)
        out = _sums(problem.tail, flow[:, klass], problem.nodes)
        into = _sums(problem.head, flow[:, klass], problem.nodes)
        apart = np.abs(out - into - leaves + stays)
        worst = max(worst, float(apart.max(initial=0.0) / totals[klass]))
        over = np.abs(out - leaves)[~problem.through.astype(bool)]
        passing = max(passing, float(over.max(initial=0.0) / totals[klass]))
    return worst, passing


def _negative(assignment: Assignment, totals: Floats) -> float:
    """How far flows of arcs or paths fall below 0."""
    owner = np.repeat(np.arange(len(assignment.quantity)), np.diff(assignment.first_path))
    paths = assignment.path_flow / totals[assignment.klass[owner]]
    lowest = min((assignment.flow / totals).min(initial=0.0), paths.min(initial=0.0))
    return max(-float(lowest), 0.0)


def _unlike(problem: Congested, assignment: Assignment, totals: Floats) -> float:
    """Whether the paths add up to the flows of arcs and to the quantities, and join their ends."""
    owner = np.repeat(np.arange(len(assignment.quantity)), np.diff(assignment.first_path))
    sums = _sums(owner, assignment.path_flow, len(assignment.quantity))
    again = np.zeros(assignment.flow.size)
    steps = np.arange(PATHS_AT_ONCE, len(owner) + PATHS_AT_ONCE, PATHS_AT_ONCE)
    for end in np.minimum(steps, len(owner)).tolist():
        begin = (end - 1) // PATHS_AT_ONCE * PATHS_AT_ONCE
        if not _joined(problem, assignment, owner, slice(begin, end)):
            return math.inf
        first = assignment.first_arc[begin : end + 1]
        arcs = assignment.arcs[first[0] : first[-1]].astype(np.int64)
        cell = arcs * problem.classes + np.repeat(
            assignment.klass[owner[begin:end]], np.diff(first)
        )
        flow = np.repeat(assignment.path_flow[begin:end], np.diff(first))
        again += _sums(cell, flow, len(again))
    apart = (np.abs(sums - assignment.quantity) / totals[assignment.klass]).max(initial=0.0)
    off = np.abs(again.reshape(assignment.flow.shape) - assignment.flow) / totals
    return float(max(off.max(initial=0.0), apart))


def _joined(problem: Congested, assignment: Assignment, owner: Ints, rows: slice) -> bool:
    """Whether some paths lead from the starts of their pairs to the ends without a break."""
    first = assignment.first_arc[rows.start : rows.stop + 1]
    arcs = assignment.arcs[first[0] : first[-1]]
    tails, heads = problem.tail[arcs], problem.head[arcs]
    start, end = assignment.start[owner[rows]], assignment.end[owner[rows]]
    place = first - first[0]
    some = np.diff(place) > 0
    inner = np.ones(len(arcs), dtype=bool)
    inner[place[:-1][some]] = False
    return bool(
        (tails[inner] == heads[:-1][inner[1:]]).all()
        and (tails[place[:-1][some]] == start[some]).all()
        and (heads[place[1:][some] - 1] == end[some]).all()
        and (start[~some] == end[~some]).all()
    )
