"""By how much the best journey over unused legs is too dear, quickly.

At the prices of an answer a leg brings the difference of the prices at its ends; how much more it
costs is the least that a journey over it can be too dear. The legs are tried in that order until
the best journey found is nearer than any other can be. Prices are taken as they are quoted:
`entrepot.results.why_not` asks in addition how far they could move, which matters where steps leave
prices open.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from entrepot.results.priced import Priced
from entrepot.results.straight import Straight, StraightJourneys


class TooDear:
    """Journeys of one good in one period over legs that it does not use."""

    def __init__(self, priced: Priced, period: int, good: int) -> None:
        self.priced = priced
        self.ways = priced.of_good(period, good)
        self.straight = StraightJourneys(priced, period, good)

    def over(self, legs: npt.NDArray[np.bool_]) -> float | None:
        """Money per unit that the best journey over any of the legs is too dear; None without one.

        Parameters
        ----------
        legs : of the network, shape (L,)
        """
        priced, ways = self.priced, self.priced.ways
        mine = self.ways[(ways.leg[self.ways] >= 0) & legs[np.maximum(ways.leg[self.ways], 0)]]
        with np.errstate(invalid="ignore"):
            gap = priced.delivered[ways.tail[mine]] + (priced.cost + priced.tolls)[mine]
            gap = gap - priced.outlet[ways.head[mine]]
        best = np.inf
        for at in np.argsort(gap, kind="stable").tolist():
            if not np.isfinite(gap[at]) or gap[at] >= best:
                break
            way = int(mine[at])
            tail, head = int(ways.tail[way]), int(ways.head[way])
            ends = [int(priced.where.place[end]) for end in (tail, head)]
            found = self.straight.over(tail, head, ends)
            if found is not None:
                best = min(best, self._loss(found, way))
        return max(best, 0.0) if np.isfinite(best) else None

    def _loss(self, found: Straight, way: int) -> float:
        """What a unit loses from the seller to the buyer."""
        priced = self.priced
        passed = [*found.before, way, *found.after]
        paid = float((priced.cost + priced.tolls)[passed].sum())
        seller, buyer = found.seller, found.buyer
        asked = float(priced.delivered[seller.balance]) if seller.runs else seller.price
        bid = float(priced.outlet[buyer.balance]) if buyer.runs else buyer.price
        return asked + paid - bid
