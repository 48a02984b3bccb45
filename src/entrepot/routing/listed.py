"""Routes of consignments, listed one after another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.routing.compiled import compiled

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.integer]
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
    arcs: Numbers

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

    def route(self, number: int) -> Numbers:
        """The arcs of one route, in order."""
        return self.arcs[self.first[number] : self.first[number + 1]]

    def total(self, values: Floats) -> Floats:
        """Sum of what the arcs of each route count, shape (R,); `values` has shape (A,)."""
        return _total(self.first, self.arcs, values)

    def of(self, row: Ints) -> Listed:
        """The same routes of consignments that are called otherwise: number k is ``row[k]``."""
        return Listed(row[self.consignment], self.share, self.first, self.arcs)


def joined(parts: list[Listed]) -> Listed:
    """The routes of several sets of consignments."""
    parts = [part for part in parts if len(part.consignment)] or [Listed.none()]
    if len(parts) == 1:
        return parts[0]
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


def some_of(first: Ints, arcs: Numbers, routes: Ints, number: Ints) -> tuple[Ints, Numbers]:
    """Some of many routes, in another order and with arcs that are numbered otherwise.

    Parameters
    ----------
    first, arcs : of all routes, as in `Listed`
    routes : those wanted, shape (R,)
    number : of each arc in the new numbering, shape (A,)
    """
    begins = np.concatenate([[0], np.cumsum(np.diff(first)[routes])]).astype(np.int64)
    taken = np.empty(begins[-1], dtype=np.int32)
    _take(first, arcs, routes, number, begins, taken)
    return begins, taken


@compiled
def _total(first: Ints, arcs: Numbers, values: Floats) -> Floats:
    sums = np.zeros(len(first) - 1)
    for route in range(len(sums)):
        total = 0.0
        for place in range(first[route], first[route + 1]):
            total += values[arcs[place]]
        sums[route] = total
    return sums


@compiled
def _take(
    first: Ints, arcs: Numbers, routes: Ints, number: Ints, begins: Ints, taken: Numbers
) -> None:
    for place in range(len(routes)):
        begin = first[routes[place]]
        for step in range(begins[place + 1] - begins[place]):
            taken[begins[place] + step] = number[arcs[begin + step]]
