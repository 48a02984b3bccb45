"""Kernels: days of an arc told point by point, straight between points."""

from __future__ import annotations

import numpy as np

from entrepot.routing.compiled import compiled, inner
from entrepot.routing.equilibrium.problem import Floats, Ints, Points
from entrepot.routing.equilibrium.state import Pieces


def no_points(arcs: int) -> Points:
    """Points of arcs that have none."""
    return Points(np.zeros(arcs + 1, dtype=np.int64), np.empty(0), np.empty(0))


def points_of(points: Points, arcs: Ints) -> Points:
    """The points of some arcs, in that order."""
    counts = np.diff(points.first)[arcs]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    take = np.arange(first[-1]) + np.repeat(points.first[:-1][arcs] - first[:-1], counts)
    return Points(first, points.load[take].astype(float), points.days[take].astype(float))


def pieces_of(points: Points) -> Pieces:
    """The points of arcs whose users pay their own days and nothing for those of others."""
    return Pieces(*points, np.zeros(len(points.load)))


@inner
def along(pieces: Pieces, arc: int, load: float) -> tuple[float, float, float, float]:
    """Days at a load, how fast they grow from there on, what is charged for it, and its slope."""
    low = pieces.first[arc]
    high = pieces.first[arc + 1] - 1
    if low == high or load < pieces.load[low]:
        return pieces.days[low], 0.0, pieces.charge[low], 0.0
    while high - low > 1:
        middle = (low + high) >> 1
        if pieces.load[middle] <= load:
            low = middle
        else:
            high = middle
    wide = pieces.load[high] - pieces.load[low]
    beyond = load - pieces.load[low]
    slope = (pieces.days[high] - pieces.days[low]) / wide
    bend = (pieces.charge[high] - pieces.charge[low]) / wide
    return pieces.days[low] + slope * beyond, slope, pieces.charge[low] + bend * beyond, bend


@compiled
def put_days(pieces: Pieces, load: Floats, days: Floats) -> None:
    """Days of the arcs with points at their loads, into `days`, shape (A,)."""
    for arc in range(load.size):
        if pieces.first[arc + 1] > pieces.first[arc]:
            days[arc] = along(pieces, arc, load[arc])[0]


@compiled
def put_charges(pieces: Pieces, load: Floats, charge: Floats) -> None:
    """What others are charged for on the arcs with points, into `charge`, shape (A,)."""
    for arc in range(load.size):
        if pieces.first[arc + 1] > pieces.first[arc]:
            charge[arc] = along(pieces, arc, load[arc])[2]


@compiled
def put_areas(pieces: Pieces, load: Floats, area: Floats) -> None:
    """Areas under the days of the arcs with points, from 0 to their loads, into `area`."""
    for arc in range(load.size):
        begin, end = pieces.first[arc], pieces.first[arc + 1]
        if end == begin:
            continue
        at = 0.0
        days = pieces.days[begin]
        total = 0.0
        for point in range(begin, end):
            if pieces.load[point] >= load[arc]:
                break
            total += 0.5 * (days + pieces.days[point]) * (pieces.load[point] - at)
            at = pieces.load[point]
            days = pieces.days[point]
        last = along(pieces, arc, load[arc])[0]
        area[arc] = total + 0.5 * (days + last) * (load[arc] - at)
