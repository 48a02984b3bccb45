"""Kernels: days of an arc told point by point, straight between points."""

from __future__ import annotations

import numpy as np

from entrepot.routing.equilibrium.kernels import compiled, inner
from entrepot.routing.equilibrium.problem import Floats, Ints, Points

FLAT = 1e-9
"""Share of a slope by which the next may differ and be the same."""


def no_points(arcs: int) -> Points:
    """Points of arcs that have none."""
    return Points(np.zeros(arcs + 1, dtype=np.int64), np.empty(0), np.empty(0))


def points_of(points: Points, arcs: Ints) -> Points:
    """The points of some arcs, in that order."""
    counts = np.diff(points.first)[arcs]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    take = np.arange(first[-1]) + np.repeat(points.first[:-1][arcs] - first[:-1], counts)
    return Points(first, points.load[take].astype(float), points.days[take].astype(float))


@inner
def along(points: Points, arc: int, load: float) -> tuple[float, float]:
    """Days of an arc with points at a load, and how fast they grow from there on."""
    low = points.first[arc]
    high = points.first[arc + 1] - 1
    if low == high or load < points.load[low]:
        return points.days[low], 0.0
    while high - low > 1:
        middle = (low + high) >> 1
        if points.load[middle] <= load:
            low = middle
        else:
            high = middle
    slope = (points.days[high] - points.days[low]) / (points.load[high] - points.load[low])
    return points.days[low] + slope * (load - points.load[low]), slope


@inner
def _piece(points: Points, arc: int, point: int) -> float:
    """How fast days grow from a point on; 0 before the first, beyond the last as before it."""
    first, last = points.first[arc], points.first[arc + 1] - 1
    if point < first or first == last:
        return 0.0
    low = min(point, last - 1)
    rise = float(points.days[low + 1] - points.days[low])
    return rise / float(points.load[low + 1] - points.load[low])


@inner
def _share(points: Points, lean: Floats, push: Floats, point: int, load: float) -> float:
    """How much of the bend at a point counts at a load."""
    height = lean[point] + push[point] * (load - points.load[point])
    return float(min(max(height, 0.0), 1.0))


@inner
def charged(
    points: Points, lean: Floats, push: Floats, arc: int, load: float
) -> tuple[float, float]:
    """How fast days of an arc grow at a load, as others are charged for it, and how that bends.

    At a point the slope jumps from that of the piece before to that of the piece after, and every
    slope between is one (the subdifferential of a convex function). The share of the jump that
    counts is ``lean + push × (load - the point's)``, within 0 and 1: a ramp that lies around the
    point, and at the point has any height. Where `push` is 0 there is no ramp. Ramps do not meet.
    """
    first, last = points.first[arc], points.first[arc + 1] - 1
    low, high = first - 1, last + 1
    while high - low > 1:
        middle = (low + high) >> 1
        if points.load[middle] <= load:
            low = middle
        else:
            high = middle
    here = _piece(points, arc, low)
    slope = here
    bend = 0.0
    if low >= first and push[low] > 0.0:
        jump = here - _piece(points, arc, low - 1)
        share = _share(points, lean, push, low, load)
        slope -= jump * (1.0 - share)
        bend += jump * push[low] if 0.0 < share < 1.0 else 0.0
    if high <= last and push[high] > 0.0:
        jump = _piece(points, arc, high) - here
        share = _share(points, lean, push, high, load)
        slope += jump * share
        bend += jump * push[high] if 0.0 < share < 1.0 else 0.0
    return slope, bend


@compiled
def put_charged(points: Points, lean: Floats, push: Floats, load: Floats, slope: Floats) -> None:
    """Slopes that others are charged for on the arcs with points, into `slope`, shape (A,)."""
    for arc in range(load.size):
        if points.first[arc + 1] > points.first[arc]:
            slope[arc] = charged(points, lean, push, arc, load[arc])[0]


@compiled
def put_leans(points: Points, lean: Floats, push: Floats, load: Floats, out: Floats) -> None:
    """Shares of the jumps that count at the loads of the arcs, into `out`, shape (P,)."""
    for arc in range(load.size):
        for point in range(points.first[arc], points.first[arc + 1]):
            out[point] = lean[point]
            if push[point] > 0.0:
                out[point] = _share(points, lean, push, point, load[arc])


def pieces(points: Points) -> tuple[Floats, Floats]:
    """Slopes of days just before and just after each point, shape (P,) each."""
    load, days = points.load, points.days
    inner_ = np.zeros(len(load), dtype=bool)
    inner_[: len(load) - 1] = True
    inner_[points.first[1:][np.diff(points.first) > 0] - 1] = False
    after = np.zeros(len(load))
    at = np.flatnonzero(inner_)
    after[at] = (days[at + 1] - days[at]) / (load[at + 1] - load[at])
    before = np.zeros(len(load))
    before[at + 1] = after[at]
    ends = np.setdiff1d(np.flatnonzero(~inner_), points.first[:-1])
    after[ends] = before[ends]
    return before, after


def ramps(points: Points) -> Floats:
    """Steepness to begin with at the points where days begin to grow faster, else 0, shape (P,).

    A ramp is half as wide as the way to the nearest point of the same arc, or to no load.
    """
    before, after = pieces(points)
    away = np.full(len(points.load), np.inf)
    own = np.repeat(np.arange(len(points.first) - 1), np.diff(points.first))
    step = np.diff(points.load)
    beside = own[1:] == own[:-1]
    away[1:][beside] = step[beside]
    away[:-1][beside] = np.minimum(away[:-1][beside], step[beside])
    away = np.minimum(away, points.load)
    bends = (after - before > FLAT * np.maximum(after, 1e-300)) & (points.load > 0)
    return np.where(bends, 2.0 / np.where(bends, away, 1.0), 0.0)


@compiled
def put_days(points: Points, load: Floats, days: Floats) -> None:
    """Days of the arcs with points at their loads, into `days`, shape (A,)."""
    for arc in range(load.size):
        if points.first[arc + 1] > points.first[arc]:
            days[arc] = along(points, arc, load[arc])[0]


@compiled
def put_areas(points: Points, load: Floats, area: Floats) -> None:
    """Areas under the days of the arcs with points, from 0 to their loads, into `area`."""
    for arc in range(load.size):
        begin, end = points.first[arc], points.first[arc + 1]
        if end == begin:
            continue
        at = 0.0
        days = points.days[begin]
        total = 0.0
        for point in range(begin, end):
            if points.load[point] >= load[arc]:
                break
            total += 0.5 * (days + points.days[point]) * (points.load[point] - at)
            at = points.load[point]
            days = points.days[point]
        last = along(points, arc, load[arc])[0]
        area[arc] = total + 0.5 * (days + last) * (load[arc] - at)
