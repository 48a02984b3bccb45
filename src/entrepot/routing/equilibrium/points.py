"""Kernels: days of an arc told point by point, straight between points."""

from __future__ import annotations

import numpy as np

from entrepot.routing.equilibrium.kernels import compiled, inner
from entrepot.routing.equilibrium.problem import Floats, Ints, Points


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
