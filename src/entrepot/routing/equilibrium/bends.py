"""Where days told by points bend: what a system optimum charges others for their slope there.

At a point the slope of the days jumps, and an optimum may lie just there, with any slope between as
the one that others are charged for (the subdifferential of a convex function). While one is sought,
the charge rises along a *ramp* around the point, which at the point has any height: its *lean*, as
a share of the jump. The leans are found like the prices of capacities (`queues`).
"""

from __future__ import annotations

import numpy as np

from entrepot.routing.equilibrium.problem import Floats, Ints, Points
from entrepot.routing.equilibrium.state import Pieces

FLAT = 1e-9
"""Share of a slope by which the next may differ and be the same."""


class Bends:
    """The points of A arcs, P in all, with a ramp at each where days begin to grow faster.

    Attributes
    ----------
    lean : height of each ramp at its point, shape (P,)
    push : steepness of each ramp, in jumps per unit of load, 0 where there is none, shape (P,)
    widest : the least it may be, so that ramps do not meet: they are no wider than half the way to
        the nearest point of the same arc, or to no load, shape (P,)
    """

    def __init__(self, points: Points) -> None:
        self.points = points
        self.before, self.after = slopes_beside(points)
        self.lean = np.full(len(points.load), 0.5)
        self.widest = self._widest()
        self.push = self.widest.copy()
        self.bent = self.widest > 0

    def _widest(self) -> Floats:
        points = self.points
        away = points.load.copy()
        step, own = np.diff(points.load), _owner(points)
        beside = np.flatnonzero(own[1:] == own[:-1])
        away[beside + 1] = np.minimum(away[beside + 1], step[beside])
        away[beside] = np.minimum(away[beside], step[beside])
        bent = (self.after - self.before > FLAT * self.after) & (points.load > 0)
        return np.where(bent, 2.0 / np.where(bent, away, 1.0), 0.0)

    def pieces(self) -> Pieces:
        """Days and charges with the ramps as they stand; always of one size."""
        points, bent = self.points, self.bent
        counts = np.where(bent, 3, 1)
        at = np.cumsum(counts) - counts
        load, days = np.repeat(points.load, counts), np.repeat(points.days, counts)
        charge = np.repeat(self.after, counts)
        lean, push = self.lean[bent], self.push[bent]
        before, after = self.before[bent], self.after[bent]
        begin, end = lean / push, (1.0 - lean) / push
        load[at[bent]] -= begin
        days[at[bent]] -= before * begin
        charge[at[bent]] = before
        charge[at[bent] + 1] = before + lean * (after - before)
        load[at[bent] + 2] += end
        days[at[bent] + 2] += after * end
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)[points.first]
        return Pieces(first, load, days, charge)

    def leans(self, load: Floats) -> Floats:
        """How high the ramps are at the loads of arcs, shape (P,)."""
        height = self.lean + self.push * (load[_owner(self.points)] - self.points.load)
        return np.where(self.bent, np.clip(height, 0.0, 1.0), self.lean)

    def astray(self, lean: Floats) -> float:
        """How far loads lie from points that they should lie at, for such leans: share of load."""
        bent = self.bent
        moved = np.abs(lean - self.lean)[bent] / self.push[bent]
        return float((moved / self.points.load[bent]).max(initial=0.0))


def _owner(points: Points) -> Ints:
    """Arc of each point, shape (P,)."""
    return np.repeat(np.arange(len(points.first) - 1), np.diff(points.first))


def slopes_beside(points: Points) -> tuple[Floats, Floats]:
    """Slopes of days just before and just after each point, shape (P,) each.

    Before the first point of an arc days are level, beyond the last they grow as before it.
    """
    before, after = np.zeros(len(points.load)), np.zeros(len(points.load))
    own = _owner(points)
    inside = np.flatnonzero(own[1:] == own[:-1])
    slope = np.diff(points.days)[inside] / np.diff(points.load)[inside]
    after[inside], before[inside + 1] = slope, slope
    last = points.first[1:][np.diff(points.first) > 1] - 1
    after[last] = before[last]
    return before, after
