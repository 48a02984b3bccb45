"""How a duty on the value falls with the cost of the way to the border.

A clearing keeps the duty of its last round as an amount per unit. Where nothing arrives at a
border, what would be the first to arrive there sets the value itself: made cheaper by one, it pays
one and the duty on one less. So a route that leads to such a border comes into use sooner than the
duty due at the quoted price says.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse.csgraph import dijkstra

from entrepot.clearing.activities.customs import duty_rates
from entrepot.network.columns import Floats
from entrepot.network.parallel import cheapest_arcs
from entrepot.results.priced import Priced
from entrepot.results.traders import buyers


class DutiesSaved:
    """Borders at which nothing of a good arrives, with the duties on its value, in one period."""

    def __init__(self, priced: Priced, period: int, good: int) -> None:
        self.priced, self.period, self.good = priced, period, good
        self.rates = dict(self._rates())
        if self.rates:
            self.exit = self._exits()
            ways = priced.of_good(period, good)
            ways = ways[~np.isin(ways, list(self.rates))]
            tail, head = priced.ways.tail[ways], priced.ways.head[ways]
            with np.errstate(invalid="ignore"):
                loss = (
                    priced.outlet[tail] + (priced.cost + priced.tolls)[ways] - priced.outlet[head]
                )
            known = np.isfinite(loss)
            sides = tail[known], head[known], np.maximum(loss[known], 0.0)
            self.graph = cheapest_arcs(*sides, len(priced.outlet))

    def switch(self, end: int, at_quoted: float) -> float:
        """The switch price of a route that ends at a balance, from that at the duties due now."""
        if not self.rates or not np.isfinite(at_quoted):
            return at_quoted
        outlet = self.priced.outlet
        away = dijkstra(self.graph, indices=[end])[0]
        best = float((away + self.exit).min())
        for way, (share, specific) in self.rates.items():
            tail, head = int(self.priced.ways.tail[way]), int(self.priced.ways.head[way])
            most = (float(outlet[head]) - specific) / (1.0 + share)
            if np.isfinite(away[tail]) and np.isfinite(most):
                best = min(best, float(away[tail] + outlet[tail]) - most)
        return at_quoted + best

    def _rates(self) -> Iterator[tuple[int, tuple[float, float]]]:
        """Ways over such borders, each with the share of the value and the amount per unit."""
        priced, layers = self.priced, self.priced.state.stack.layers
        market = priced.state.stack.market
        if not (market.study.table("duties")["ad_valorem"].fill_null(0.0) > 0).any():
            return
        for way in priced.of_good(self.period, self.good).tolist():
            tail, head = int(priced.ways.tail[way]), int(priced.ways.head[way])
            if priced.where.layer[head] >= 0 or np.isfinite(priced.price[tail]):
                continue
            origin = layers.countries[int(priced.where.layer[tail])][0]
            country = market.network.countries[priced.where.place[tail]]
            share, specific = duty_rates(market, self.good, origin, country, self.period)
            if share > 0:
                yield way, (share, specific)

    def _exits(self) -> Floats:
        """By how much less than its outlet a good is worth at each balance to those there."""
        lost = np.where(np.isfinite(self.priced.price), 0.0, np.inf)
        for balance, here in buyers(self.priced, self.period, self.good).items():
            for buyer in here:
                if np.isfinite(buyer.price) and np.isfinite(self.priced.outlet[balance]):
                    less = float(self.priced.outlet[balance]) - buyer.price
                    lost[balance] = min(lost[balance], max(less, 0.0))
        return np.asarray(lost)
