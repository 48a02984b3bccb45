"""What a unit more would lose on a route: its costs and the rents of the room that it takes.

Prices may be quoted from a range; a route comes into use when a unit on it loses nothing at any of
the optimal prices (`entrepot.results.leeway`), so the most that it loses at any of them counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from entrepot.clearing.rules.rule import Limits
from entrepot.clearing.solvers.port import Solver
from entrepot.network.columns import Ints
from entrepot.network.freight import Freight
from entrepot.results.leeway import Leeway
from entrepot.results.priced import Priced
from entrepot.results.routes import Route


@dataclass(frozen=True)
class Losses:
    """Losses of one good in one period."""

    priced: Priced
    carried: Freight
    leeway: Leeway
    solver: Solver
    period: int
    good: int

    def on_route(self, route: Route, layer: int, start: int, end: int, worth: float) -> float:
        """The most that a unit of a layer loses on a route: its switch price; inf out of reach.

        `start` and `end` are the balances at its ends, `worth` its freight and time.
        """
        if not (np.isfinite(self.priced.delivered[start]) and np.isfinite(self.priced.outlet[end])):
            return float("inf")
        return self.most({start: 1.0, end: -1.0}, worth, route, layer)

    def most(
        self,
        ends: Mapping[int, float],
        paid: float,
        route: Route,
        layer: int,
        others: Iterable[int] = (),
    ) -> float:
        """The most that a unit loses at any optimal prices, in money.

        Parameters
        ----------
        ends : 1 for a balance from which the unit is taken, -1 for one to which it is brought
        paid : what it costs besides, money per unit
        route, layer : the route that it uses
        others : ways that it uses beside the route
        """
        state, ways = self.priced.state, self.priced.ways
        price, weight = np.nan_to_num(state.prices.price), self._weight
        taken, limits = self._room(route, layer, others)
        loss, shifts = paid * weight, dict(ends)
        for way, amount in taken.items():
            # A unit more takes the place of one on a full way, at the prices of that way's ends.
            for balance, side in ((int(ways.head[way]), amount), (int(ways.tail[way]), -amount)):
                shifts[balance] = shifts.get(balance, 0.0) + side
            loss -= amount * self.priced.cost[way] * weight
        loss += sum(side * price[balance] for balance, side in shifts.items())
        loss += sum(use * state.prices.rent[k] for k, use in limits.items())
        return float((loss + self.leeway.most(shifts, limits, self.solver)) / weight)

    @property
    def _weight(self) -> float:
        return float(self.priced.state.stack.market.weights[self.period])

    def _room(
        self, route: Route, layer: int, others: Iterable[int]
    ) -> tuple[dict[int, float], dict[int, float]]:
        """The full ways whose place a unit takes, and the limits that it shares with others."""
        taken, limits = dict[int, float](), dict[int, float]()
        used = dict(self._ways_on(route, layer))
        turned = [way for turn in route.turns for way in self.on_turn(turn).tolist()]
        within = [w for w in turned if self.priced.where.layer[self.priced.ways.tail[w]] == layer]
        for way in (*used.values(), *within, *others):
            if self.priced.tolls[way] > self.priced.shared[way]:
                taken[way] = taken.get(way, 0.0) + 1.0
                continue
            for k, use in self._shared_by(int(self.priced.ways.column[way])):
                limits[k] = limits.get(k, 0.0) + use
        for leg in route.legs:
            if leg not in used:
                self._add_room_of_others(leg, taken, limits)
        return taken, limits

    def _ways_on(self, route: Route, layer: int) -> Iterator[tuple[int, int]]:
        """The route's legs that a layer may use, each with its way."""
        priced = self.priced
        ways = priced.of_good(self.period, self.good)
        for way in ways[np.isin(priced.ways.leg[ways], route.legs)].tolist():
            if priced.where.layer[priced.ways.tail[way]] == layer:
                yield int(priced.ways.leg[way]), way

    def on_turn(self, turn: int) -> Ints:
        """The good's ways by which it makes a turn, one a layer."""
        ways, where = self.priced.ways, self.priced.where
        network = self.priced.state.stack.market.network
        mine = self.priced.of_good(self.period, self.good)
        tail, head = where.node[ways.tail[mine]], where.node[ways.head[mine]]
        wanted = (tail == network.turn_tail[turn]) & (head == network.turn_head[turn])
        return np.asarray(mine[wanted])

    def _shared_by(self, column: int) -> Iterator[tuple[int, float]]:
        """Limits that an activity shares, and how much of each a unit uses.

        A limit of nothing is what closes a leg: it is told as such and left out here.
        """
        program = self.priced.state.program
        for at in range(program.limit.indptr[column], program.limit.indptr[column + 1]):
            k = int(program.limit.indices[at])
            if program.limit_upper[k] != 0:
                yield k, float(program.limit.data[at])

    def _add_room_of_others(
        self, leg: int, taken: dict[int, float], limits: dict[int, float]
    ) -> None:
        """Room that a unit would need on a leg which it may not use now."""
        stack = self.priced.state.stack
        for found, alone in ((stack.limits, False), (stack.single, True)):
            for k in self._capacities(found, leg):
                use = float(self.carried.use[leg]) if found.table[k] == "legs" else 1.0
                entry = int(np.flatnonzero(found.row == k)[0])
                if not alone:
                    limits[k] = limits.get(k, 0.0) + use
                    continue
                for way in np.flatnonzero(self.priced.ways.column == found.column[entry]).tolist():
                    if self.priced.tolls[way] > self.priced.shared[way]:
                        share = use / float(found.use[entry])
                        taken[way] = taken.get(way, 0.0) + share

    def _capacities(self, found: Limits, leg: int) -> Iterator[int]:
        """The capacity of a leg, and that for the good alone, among some limits."""
        where, ways = self.priced.where, self.priced.ways
        name = self.priced.state.stack.market.network.legs[leg]
        for k in np.flatnonzero((found.period == self.period) & (found.upper > 0)).tolist():
            if found.name[k] != name or found.table[k] not in ("legs", "leg_goods"):
                continue
            column = found.column[np.flatnonzero(found.row == k)[0]]
            (way,) = np.flatnonzero(ways.column == column)[:1].tolist()
            if found.table[k] == "legs" or where.good[ways.tail[way]] == self.good:
                yield k
