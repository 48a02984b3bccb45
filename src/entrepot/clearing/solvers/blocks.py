"""The blocks of a program: what falls apart when limits and recipes are left out.

A good moves, is sold and is bought by itself; goods meet only where they share a capacity or a
quota and where recipes turn one into another. Without these each good is a small program of its
own, and its optimal basis is a good place to begin the search for all goods together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from entrepot.clearing.program import Program

Ints = npt.NDArray[np.int64]

# Small blocks are solved together, about so many balances at a time.
TOGETHER = 256


@dataclass(frozen=True)
class Block:
    """Balances (`rows`) and activities (`columns`) that hang together, by number."""

    rows: Ints
    columns: Ints

    def program(self, whole: Program) -> Program:
        """The block as a program without limits."""
        place = np.zeros(len(whole.given), dtype=np.int64)
        place[self.rows] = np.arange(len(self.rows))
        part = whole.balance[:, self.columns]
        size = (len(self.rows), len(self.columns))
        return Program(
            worth=whole.worth[self.columns],
            slope=whole.slope[self.columns],
            lower=whole.lower[self.columns],
            upper=whole.upper[self.columns],
            balance=sparse.csc_array((part.data, place[part.indices], part.indptr), shape=size),
            given=whole.given[self.rows],
            limit=sparse.csc_array((0, len(self.columns))),
            limit_lower=np.empty(0),
            limit_upper=np.empty(0),
        )


def blocks(program: Program) -> list[Block]:
    """The blocks; each balance is in one, and each activity that takes and gives like amounts.

    Recipes, and stores with a loss, are in none.
    """
    balance = program.balance
    rows, columns = balance.shape
    entries = np.diff(balance.indptr)
    odd = np.zeros(columns, dtype=bool)
    odd[np.repeat(np.arange(columns), entries)[np.abs(balance.data) != 1.0]] = True
    alike = np.flatnonzero((entries > 0) & (entries <= 2) & ~odd)
    first = balance.indices[balance.indptr[alike]]
    last = balance.indices[balance.indptr[alike + 1] - 1]
    ways = sparse.coo_array((np.ones(len(alike)), (first, last)), shape=(rows, rows))
    count, label = connected_components(ways, directed=False)
    before = np.cumsum(np.bincount(label, minlength=count)) - 1
    bundle = np.unique(before // TOGETHER, return_inverse=True)[1][label]
    return [
        Block(np.flatnonzero(bundle == k), alike[bundle[first] == k])
        for k in range(int(bundle.max(initial=-1)) + 1)
    ]
