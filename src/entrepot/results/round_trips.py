"""Round trips: when a route would be used only to carry goods in a circle."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import dijkstra

from entrepot.network.columns import Floats
from entrepot.network.parallel import cheapest_arcs
from entrepot.results.priced import Priced
from entrepot.results.traders import FULL


class RoundTrips:
    """The cheapest ways on with room, for one good in one period."""

    def __init__(self, priced: Priced, period: int, good: int) -> None:
        price = np.where(np.isfinite(priced.price), priced.price, priced.delivered)
        self.price: Floats = np.where(np.isfinite(price), price, priced.outlet)
        ways = priced.of_good(period, good)
        upper = priced.state.program.upper[priced.ways.column[ways]]
        ways = ways[priced.flow[ways] < upper * (1 - FULL)]
        tail, head = priced.ways.tail[ways], priced.ways.head[ways]
        # With prices as potentials no way is shorter than nothing.
        with np.errstate(invalid="ignore"):
            loss = self.price[tail] + (priced.cost + priced.shared)[ways] - self.price[head]
        known = np.isfinite(loss)
        sides = tail[known], head[known], np.maximum(loss[known], 0.0)
        self.graph = cheapest_arcs(*sides, len(price))

    def cost(self, start: int, end: int) -> float:
        """What a unit pays from one balance to another in all, inf where no way leads there."""
        if not (np.isfinite(self.price[start]) and np.isfinite(self.price[end])):
            return float("inf")
        loss = float(dijkstra(self.graph, indices=[start])[0, end])
        return loss - float(self.price[start] - self.price[end])
