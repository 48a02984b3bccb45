"""Routes of consignments, listed one after another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Listed:
    """R routes of some consignments, those of one together, the likeliest first.

    Attributes
    ----------
    consignment : of each route, shape (R,)
    share : of the consignment that goes by it, shape (R,)
    first : where its arcs begin in `arcs`, shape (R + 1,)
    arcs : the arcs of all routes, each in order
    """

    consignment: Ints
    share: Floats
    first: Ints
    arcs: Ints

    @staticmethod
    def none() -> Listed:
        """No routes at all."""
        nothing = np.empty(0, np.int64)
        return Listed(nothing, np.empty(0), np.zeros(1, np.int64), nothing)

    @staticmethod
    def staying(consignment: Ints) -> Listed:
        """One route without arcs for each of some consignments."""
        count = len(consignment)
        nothing = np.empty(0, np.int64)
        return Listed(consignment, np.ones(count), np.zeros(count + 1, np.int64), nothing)

    def route(self, number: int) -> Ints:
        """The arcs of one route, in order."""
        return self.arcs[self.first[number] : self.first[number + 1]]

    def total(self, values: Floats) -> Floats:
        """Sum of what the arcs of each route count, shape (R,); `values` has shape (A,)."""
        begins, filled = self.first[:-1], self.first[1:] > self.first[:-1]
        sums = np.zeros(len(begins))
        if filled.any():
            sums[filled] = np.add.reduceat(values[self.arcs], begins[filled])
        return sums

    def of(self, row: Ints) -> Listed:
        """The same routes of consignments that are called otherwise: number k is ``row[k]``."""
        return Listed(row[self.consignment], self.share, self.first, self.arcs)


def joined(parts: list[Listed]) -> Listed:
    """The routes of several sets of consignments."""
    sizes = np.concatenate([np.diff(part.first) for part in parts])
    return Listed(
        consignment=np.concatenate([part.consignment for part in parts]),
        share=np.concatenate([part.share for part in parts]),
        first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        arcs=np.concatenate([part.arcs for part in parts]),
    )


def listed(routes: list[tuple[int, float, list[int]]]) -> Listed:
    """Routes from (consignment, share, arcs)."""
    sizes = [len(arcs) for _, _, arcs in routes]
    return Listed(
        consignment=np.array([number for number, _, _ in routes], dtype=np.int64),
        share=np.array([share for _, share, _ in routes], dtype=np.float64),
        first=np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64),
        arcs=np.array([arc for _, _, arcs in routes for arc in arcs], dtype=np.int64),
    )
