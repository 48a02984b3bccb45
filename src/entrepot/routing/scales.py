"""The scale of each good, and what is taken where the study gives none."""

from __future__ import annotations

from typing import Any

import numpy as np

from entrepot.routing.choice import Options
from entrepot.routing.graph import Demand, Graph
from entrepot.routing.pairs import pairs_of, shortest_lengths
from entrepot.routing.shortest import lengths

SHARE = 0.05
"""Of the mean cost of the cheapest routes: the scale of a good for which none is given."""


class Scales:
    """Scales as the choice asks for them, with what has to be said of them.

    Attributes
    ----------
    used : for the report: ``scale`` of each good, and ``scale_given``
    notes : for the reader: scales that nobody gave
    """

    def __init__(self, graph: Graph, demand: Demand, options: Options) -> None:
        self.graph, self.demand, self.options = graph, demand, options
        self._of_good: dict[str, float] = {}
        self._missing: list[str] = []

    @property
    def used(self) -> dict[str, Any]:
        """The scales asked for so far."""
        return {"scale": dict(sorted(self._of_good.items())), "scale_given": not self._missing}

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of scales that were not given."""
        if not self._missing:
            return ()
        told = ", ".join(f"{self._of_good[good]:.6g} for {good}" for good in sorted(self._missing))
        return (
            "no scale is given, so a twentieth of the mean cost of the cheapest routes is taken, or"
            f" half of the largest that has an answer ({told}): set scale under [routing] in "
            "study.toml",
        )

    def given(self, klass: int) -> bool:
        """Whether somebody gave the scale of a class of goods."""
        return self.graph.market.goods[self.graph.good[klass]] not in self._missing

    def lower(self, klass: int, scale: float) -> None:
        """Take a smaller scale than the one that nobody gave."""
        self._of_good[self.graph.market.goods[self.graph.good[klass]]] = float(f"{scale:.6g}")

    def of(self, klass: int) -> float:
        """The scale of a class of goods, money per unit."""
        graph = self.graph
        good = graph.market.goods[graph.good[klass]]
        if good not in self._of_good:
            given = self.options.settings.scale_of(good)
            if given is None:
                self._missing.append(good)
                given = float(f"{SHARE * self._mean_cost(int(graph.good[klass])):.6g}")
            self._of_good[good] = given
        return self._of_good[good]

    def _mean_cost(self, good: int) -> float:
        """Mean cost of the cheapest routes of a good's consignments, each by its quantity."""
        graph = self.graph
        total = amount = 0.0
        for klass in np.flatnonzero(graph.good == good).tolist():
            wanted = pairs_of(self.demand, klass)
            found = lengths(graph.cost(klass), graph.tail, graph.head, graph.nodes)
            length = shortest_lengths(graph, found.cost, wanted)
            length += found.potential[wanted.end] - found.potential[wanted.start]
            total += float(wanted.quantity @ length)
            amount += float(wanted.quantity.sum())
        mean = total / amount if amount else 0.0
        return mean if mean > 0 else 1.0
