"""Gaussian elimination for many matrices with the same pattern of entries.

The pattern is symmetric and elimination runs along the diagonal, so where entries fill in is worked
out once (Liu 1990, SIAM J. Matrix Anal. Appl. 11: the elimination tree), and each matrix is then a
few loops over arrays. For the matrices here (diagonal above zero, all else at most zero, with an
inverse at least zero) this order of pivots loses no digits.

Indices are unsigned: numba asks of a signed one whether it counts from the end, which takes half of
the time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import linalg

from entrepot.routing.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint32]
Rows = tuple[Numbers, Numbers]


@dataclass(frozen=True)
class Pattern:
    """Which of N x N entries may differ from zero, and which of the factors'.

    Nodes are renumbered so that little fills in; everything but `place` and `slot` speaks of the
    new numbers. Rows are (first, columns): row i holds ``columns[first[i] : first[i + 1]]``.

    Attributes
    ----------
    place : new number of each node, shape (N,)
    entries : E entries off the diagonal, symmetric
    ends : new numbers of the tail and the head of each arc, shape (A,)
    slot : entry of each arc, E for one from a node to itself, shape (A,)
    mate : entry across the diagonal, of each entry, shape (E,)
    lower, upper : rows of the factors, without the diagonal
    """

    place: Numbers
    entries: Rows
    ends: Rows
    slot: Numbers
    mate: Numbers
    lower: Rows
    upper: Rows


def pattern(tail: Ints, head: Ints, nodes: int) -> Pattern:
    """The pattern of a matrix with an entry for each arc and one across from it."""
    place = _order(tail, head, nodes)
    a, b = place[tail], place[head]
    away = a != b
    key = np.unique(np.concatenate([a[away] * nodes + b[away], b[away] * nodes + a[away]]))
    row, column = np.divmod(key, nodes)
    first = np.searchsorted(row, np.arange(nodes + 1)).astype(np.int64)
    slot = np.full(len(tail), len(key), dtype=np.uint32)
    slot[away] = np.searchsorted(key, a[away] * nodes + b[away])
    mate = np.searchsorted(key, column * nodes + row)
    lower = _fill(first, column.astype(np.int64))
    return Pattern(
        place=place.astype(np.uint32),
        entries=_unsigned(first, column),
        ends=_unsigned(a, b),
        slot=slot,
        mate=mate.astype(np.uint32),
        lower=_unsigned(*lower),
        upper=_unsigned(*_across(*lower)),
    )


def _unsigned(first: Ints, columns: Ints) -> Rows:
    return first.astype(np.uint32), columns.astype(np.uint32)


def _order(tail: Ints, head: Ints, nodes: int) -> Ints:
    """New numbers of the nodes, by minimum degree."""
    ones = np.full(len(tail), -1.0)
    joined = sparse.coo_array((ones, (tail, head)), shape=(nodes, nodes))
    matrix = joined + joined.T + (2.0 * len(tail) + 1.0) * sparse.eye_array(nodes)
    solver = linalg.splu(
        sparse.csc_matrix(matrix),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    return np.asarray(solver.perm_c).astype(np.int64)


@compiled
def _fill(first: Ints, columns: Ints) -> tuple[Ints, Ints]:
    """Rows of the lower factor: what elimination leaves below the diagonal, in order."""
    nodes = len(first) - 1
    parent, above = np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    for i in range(nodes):
        parent[i], above[i] = -1, -1
        for position in range(first[i], first[i + 1]):
            k = columns[position]
            while k != -1 and k < i:
                following = above[k]
                above[k] = i
                if following == -1:
                    parent[k] = i
                k = following
    seen = np.empty(nodes, np.int64)
    starts = np.zeros(nodes + 1, np.int64)
    filled = np.empty(0, np.int64)
    for phase in range(2):
        if phase == 1:
            filled = np.empty(starts[nodes], np.int64)
        for i in range(nodes):
            seen[i] = -1
        count = 0
        for i in range(nodes):
            begins = count
            for position in range(first[i], first[i + 1]):
                k = columns[position]
                while k != -1 and k < i and seen[k] != i:
                    seen[k] = i
                    if phase == 1:
                        filled[count] = k
                    count += 1
                    k = parent[k]
            if phase == 1:
                filled[begins:count].sort()
            starts[i + 1] = count
    return starts, filled


@compiled
def _across(first: Ints, columns: Ints) -> tuple[Ints, Ints]:
    """The same entries by columns instead of rows."""
    nodes = len(first) - 1
    starts = np.zeros(nodes + 1, np.int64)
    for k in columns:
        starts[k + 1] += 1
    for k in range(nodes):
        starts[k + 1] += starts[k]
    at = starts[:nodes].copy()
    rows = np.empty(len(columns), np.int64)
    for i in range(nodes):
        for position in range(first[i], first[i + 1]):
            k = columns[position]
            rows[at[k]] = i
            at[k] += 1
    return starts, rows


@compiled
def eliminate(
    diagonal: Floats,
    entry: Floats,
    entries: Rows,
    lower: Rows,
    upper: Rows,
    below: Floats,
    above: Floats,
    work: Floats,
) -> None:
    """Factors of one matrix: fills `below` and `above`; `diagonal` becomes one over the pivots.

    It is 0 where a pivot is.
    """
    first, columns = upper
    for i in range(len(diagonal)):
        for position in range(lower[0][i], lower[0][i + 1]):
            work[lower[1][position]] = 0.0
        for position in range(first[i], first[i + 1]):
            work[columns[position]] = 0.0
        for position in range(entries[0][i], entries[0][i + 1]):
            work[entries[1][position]] = entry[position]
        work[i] = diagonal[i]
        for position in range(lower[0][i], lower[0][i + 1]):
            k = lower[1][position]
            factor = work[k] * diagonal[k]
            below[position] = factor
            if factor != 0.0:
                for other in range(first[k], first[k + 1]):
                    work[columns[other]] -= factor * above[other]
        diagonal[i] = 1.0 / work[i] if work[i] != 0.0 else 0.0
        for position in range(first[i], first[i + 1]):
            above[position] = work[columns[position]]


@compiled
def solve(
    inverted: Floats, lower: Rows, upper: Rows, below: Floats, above: Floats, values: Floats
) -> None:
    """Solve ``matrix x = values`` in place; `inverted` holds one over the pivots."""
    nodes = len(inverted)
    for i in range(nodes):
        left = values[i]
        for position in range(lower[0][i], lower[0][i + 1]):
            left -= below[position] * values[lower[1][position]]
        values[i] = left
    for i in range(nodes - 1, -1, -1):
        left = values[i]
        for position in range(upper[0][i], upper[0][i + 1]):
            left -= above[position] * values[upper[1][position]]
        values[i] = left * inverted[i]


@compiled
def solve_across(
    inverted: Floats, lower: Rows, upper: Rows, below: Floats, above: Floats, values: Floats
) -> None:
    """Solve ``transposed matrix x = values`` in place; `inverted` holds one over the pivots."""
    nodes = len(inverted)
    for i in range(nodes):
        values[i] *= inverted[i]
        here = values[i]
        if here != 0.0:
            for position in range(upper[0][i], upper[0][i + 1]):
                values[upper[1][position]] -= above[position] * here
    for i in range(nodes - 1, -1, -1):
        here = values[i]
        if here != 0.0:
            for position in range(lower[0][i], lower[0][i + 1]):
                values[lower[1][position]] -= below[position] * here
