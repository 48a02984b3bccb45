"""The best journey over a route that does not come back to a place where it has been.

Where a route leads away from all that want a good, the first to gain from making it cheaper would
be whoever carries the good out and back again. What people want to know then is how far the best
journey is from paying that goes on from somebody who sells to somebody who buys. It is sought by
shortest paths (Dijkstra 1959) at the prices found, from the sellers to the route and from its end
to the buyers, the second of the two away from all places of the first, in both orders. The best
pair of paths without a common place is a harder problem; where both orders miss it, what is found
is still a journey, a little dearer.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from entrepot.network.columns import Floats
from entrepot.results.priced import Priced
from entrepot.results.traders import Trader, buyers, sellers

# Of the difference between prices that counts: paths nearer than this are equally long.
STEP = 0.125


@dataclass(frozen=True)
class Straight:
    """A journey from a seller over a route to a buyer.

    Attributes
    ----------
    seller, buyer : at its ends
    before, after : ways to the route and on from it
    """

    seller: Trader
    buyer: Trader
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True)
class _Path:
    """A path between a trader and one end of the route, in the direction of travel."""

    loss: float
    trader: Trader
    ways: tuple[int, ...]


class StraightJourneys:
    """Journeys of one good in one period that do not come back."""

    def __init__(self, priced: Priced, period: int, good: int) -> None:
        self.priced = priced
        self.ways = priced.of_good(period, good)
        self.sellers = _nearest(sellers(priced, period, good), priced.delivered, 1.0)
        self.buyers = _nearest(buyers(priced, period, good), priced.outlet, -1.0)

    def over(self, start: int, end: int, places: list[int]) -> Straight | None:
        """The best journey over a route between two balances; `places` are all it passes."""
        first, last = {places[0]}, {places[-1]}
        found: list[tuple[_Path, _Path]] = []
        there = self._to(start, set(places) - first)
        if there is not None:
            on = self._from(end, (set(places) | self._passed(there)) - last)
            found += [(there, on)] if on is not None else []
        on = self._from(end, set(places) - last)
        if on is not None:
            there = self._to(start, (set(places) | self._passed(on)) - first)
            found += [(there, on)] if there is not None else []
        if not found:
            return None
        before, after = min(found, key=lambda pair: pair[0].loss + pair[1].loss)
        return Straight(before.trader, after.trader, before.ways, after.ways)

    def _to(self, balance: int, barred: set[int]) -> _Path | None:
        """The cheapest path from a seller to a balance, not through some places."""
        return self._search(balance, barred, self.sellers, forward=False)

    def _from(self, balance: int, barred: set[int]) -> _Path | None:
        """The best path from a balance to a buyer, not through some places."""
        return self._search(balance, barred, self.buyers, forward=True)

    def _passed(self, path: _Path) -> set[int]:
        """Places of a path."""
        ways, place = self.priced.ways, self.priced.where.place
        return {int(place[end[way]]) for way in path.ways for end in (ways.tail, ways.head)}

    def _search(
        self,
        start: int,
        barred: set[int],
        traders: Mapping[int, tuple[float, Trader]],
        forward: bool,
    ) -> _Path | None:
        """The path of least loss between a balance and any trader, then of the fewest ways."""
        beside = self._beside(barred, forward)
        label, step = self.priced.label, STEP * self.priced.same
        came: dict[int, tuple[int, int]] = {}
        waiting: list[tuple[int, int, tuple[object, ...], float, int, int, int]] = []
        waiting.append((0, 0, (), 0.0, start, -1, -1))
        best: tuple[float, int, Trader] | None = None
        while waiting:
            _, hops, _, loss, at, way, before = heapq.heappop(waiting)
            if best is not None and loss >= best[0]:
                break
            if at in came:
                continue
            came[at] = (way, before)
            if at in traders and (best is None or loss + traders[at][0] < best[0] - step):
                best = (loss + traders[at][0], at, traders[at][1])
            for onward, far, more in beside.get(at, ()):
                if far not in came:
                    total = loss + more
                    rank = (round(total / step), hops + 1, label(onward))
                    heapq.heappush(waiting, (*rank, total, far, onward, at))
        if best is None:
            return None
        loss, at, trader = best
        ways = list(_back(came, at))
        return _Path(loss, trader, tuple(ways[::-1] if forward else ways))

    def _beside(self, barred: set[int], forward: bool) -> dict[int, list[tuple[int, int, float]]]:
        """From each balance the ways on, where they lead, and what a unit loses on them."""
        priced, ways = self.priced, self.ways
        tail, head = priced.ways.tail[ways], priced.ways.head[ways]
        price = priced.outlet if forward else priced.delivered
        with np.errstate(invalid="ignore"):
            loss = price[tail] + (priced.cost + priced.tolls)[ways] - price[head]
        place = priced.where.place
        near, far = (tail, head) if forward else (head, tail)
        fits = np.isfinite(loss) & ~np.isin(place[far], list(barred))
        found: dict[int, list[tuple[int, int, float]]] = {}
        columns = (ways[fits], near[fits], far[fits], np.maximum(loss[fits], 0.0))
        for way, at, end, more in zip(*(each.tolist() for each in columns), strict=True):
            found.setdefault(at, []).append((way, end, more))
        return found


def _back(came: Mapping[int, tuple[int, int]], at: int) -> Iterator[int]:
    """The ways by which a balance was reached, the last first."""
    way, before = came[at]
    while before >= 0:
        yield way
        way, before = came[before]


def _nearest(
    traders: Mapping[int, Iterable[Trader]], price: Floats, side: float
) -> dict[int, tuple[float, Trader]]:
    """At each balance the trader who would deal first, and by how much the price keeps him from it.

    One who deals already gives way at the price of the place.
    """
    found: dict[int, tuple[float, Trader]] = {}
    for balance, here in traders.items():
        for trader in here:
            loss = 0.0 if trader.runs else side * (trader.price - float(price[balance]))
            known = not math.isnan(loss) and np.isfinite(price[balance])
            if known and (balance not in found or loss < found[balance][0]):
                found[balance] = (max(loss, 0.0), trader)
    return found
