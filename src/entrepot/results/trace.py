"""The marginal journey: from where a price comes, or to where it goes.

A way is *tight* where the price at its end is the price at its beginning plus all that a unit pays
on it. Along tight ways prices explain each other. From a balance where goods are, the journey
follows ways that are used; where nothing is, ways along which something could come at the price
quoted. Of several journeys the first of these is taken: one without rents that ends at a trader
whose own price it is, one with rents that does, one that ends at a plant or store, one that ends
at a trader who is sold out or fully served. Of these it is the one with the fewest ways, then by
name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from entrepot.network.columns import Floats
from entrepot.results.priced import Priced
from entrepot.results.traders import FULL, Trader, buyers, sellers


@dataclass(frozen=True)
class Trail:
    """A journey between a balance and the trader at its far end.

    Attributes
    ----------
    ways : in the direction of travel
    trader : who sells at the beginning or buys at the end
    own_price : whether the price at the trader's balance is the trader's own
    """

    ways: tuple[int, ...]
    trader: Trader
    own_price: bool


def upstream(priced: Priced, balance: int) -> Trail | None:
    """The journey by which the marginal unit comes to a balance; None if none can come."""
    return _Search(priced, balance, forward=False).best()


def downstream(priced: Priced, balance: int) -> Trail | None:
    """The journey by which the marginal unit leaves a balance for a buyer; None if none can."""
    return _Search(priced, balance, forward=True).best()


def setter(priced: Priced, balance: int) -> Trader | None:
    """The nearest partly filled order whose price moves the price at a balance one for one."""
    period, good = int(priced.where.period[balance]), int(priced.where.good[balance])
    beside: dict[int, list[tuple[int, int]]] = {}
    for way in priced.of_good(period, good).tolist():
        upper = float(priced.state.program.upper[priced.ways.column[way]])
        free = abs(priced.tolls[way]) <= priced.same
        if priced.used[way] and free and priced.flow[way] < upper * (1 - FULL):
            tail, head = int(priced.ways.tail[way]), int(priced.ways.head[way])
            beside.setdefault(tail, []).append((way, head))
            beside.setdefault(head, []).append((way, tail))
    orders = (sellers(priced, period, good), buyers(priced, period, good))
    seen, waiting = {balance}, deque([balance])
    while waiting:
        at = waiting.popleft()
        for trader in (each for side in orders for each in side.get(at, [])):
            if trader.kind in ("offer", "bid") and trader.runs and not trader.full:
                return trader
        for _, other in sorted(beside.get(at, []), key=lambda pair: priced.label(pair[0])):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return None


class _Search:
    """Tight ways around one balance, searched in one direction."""

    def __init__(self, priced: Priced, balance: int, forward: bool) -> None:
        period, good = int(priced.where.period[balance]), int(priced.where.good[balance])
        self.priced, self.start, self.forward = priced, balance, forward
        self.price: Floats = priced.outlet if forward else priced.delivered
        self.traders: Mapping[int, list[Trader]] = (
            buyers(priced, period, good) if forward else sellers(priced, period, good)
        )
        ways = priced.ways
        self.near, self.far = (ways.tail, ways.head) if forward else (ways.head, ways.tail)
        self.next = self._tight(priced.of_good(period, good).tolist())

    def _tight(self, candidates: Iterable[int]) -> dict[int, list[int]]:
        """Ways to follow from each balance, by name."""
        priced, found = self.priced, dict[int, list[int]]()
        pays = priced.cost + priced.tolls
        with np.errstate(invalid="ignore"):
            gap = self.price[priced.ways.tail] + pays - self.price[priced.ways.head]
            tight = np.abs(gap) <= priced.same
        touched = np.isfinite(priced.price)
        for way in candidates:
            follow = priced.used[way] if touched[self.near[way]] else tight[way]
            if follow:
                found.setdefault(int(self.near[way]), []).append(way)
        for ways in found.values():
            ways.sort(key=priced.label)
        return found

    def best(self) -> Trail | None:
        """The journey that the rule prefers."""
        free = list(self._reached(without_rents=True))
        every = list(self._reached(without_rents=False))
        for reached, fits in (
            (free, self._is_own),
            (every, self._is_own),
            (every, lambda trader: trader.kind in ("plant", "store") and trader.runs),
            (every, lambda trader: trader.runs),
        ):
            for balance, path in reached:
                for trader in self.traders.get(balance, []):
                    if fits(trader):
                        ways = path if self.forward else path[::-1]
                        return Trail(tuple(ways), trader, self._is_own(trader))
        return None

    def _is_own(self, trader: Trader) -> bool:
        """Whether the price is that of an order which sets it, or would be the first to trade."""
        if trader.kind in ("plant", "store"):
            return not trader.runs and self._near(trader)
        return self._near(trader)

    def _near(self, trader: Trader) -> bool:
        return bool(abs(trader.price - self.price[trader.balance]) <= self.priced.same)

    def _reached(self, without_rents: bool) -> Iterator[tuple[int, list[int]]]:
        """Balances by the number of ways to them, with the ways from the start in order."""
        came: dict[int, int | None] = {self.start: None}
        waiting = deque([self.start])
        while waiting:
            balance = waiting.popleft()
            yield balance, self._path(came, balance)
            for way in self.next.get(balance, []):
                far = int(self.far[way])
                costs_rent = abs(self.priced.tolls[way]) > self.priced.same
                if far not in came and not (without_rents and costs_rent):
                    came[far] = way
                    waiting.append(far)

    def _path(self, came: Mapping[int, int | None], balance: int) -> list[int]:
        path: list[int] = []
        way = came[balance]
        while way is not None:
            path.append(way)
            way = came[int(self.near[way])]
        return path[::-1]
