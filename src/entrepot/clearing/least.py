"""The least weighted sum of squares under linear conditions, to the last digit.

Rules that pick one point of a face ask for the smallest or the nearest one. An interior point
finds it only to the square root of its own precision; what it shows is which bounds and limits
hold, and with these the answer is the least-norm solution of linear equations.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import lsqr

from entrepot.clearing.program import Program
from entrepot.clearing.solvers.port import Solver

Floats = npt.NDArray[np.float64]

# Of the largest value: an interior point so near a bound leans on it. Tried one after the other.
LEANS = (1e-5, 1e-7, 1e-9)
# How often variables may be found to pass a bound, and the largest dense set of equations.
MOST_PINS = 50
DENSE_UP_TO = 40_000


def least_squares(change: Program, at: Floats, linear: Solver, quadratic: Solver) -> Floats:
    """Values with the least ``sum(change.slope * value**2)`` that a change from `at` can reach.

    Where only one value counts and it cannot change its sign, the least square is the least value:
    a linear program.

    Parameters
    ----------
    change : conditions on the change; its `worth` is not used and its balances give nothing
    at : values from which the change is counted, shape (n,)

    Raises
    ------
    NoAnswer : the conditions contradict each other, or the solver stopped
    """
    counting = np.flatnonzero(change.slope)
    if len(counting) == 1 and (change.lower + at)[counting] >= 0:
        alone = replace(change, worth=-change.slope, slope=np.zeros_like(at))
        return np.asarray(at + linear.solve(alone).level)
    near = at + quadratic.solve(replace(change, worth=-change.slope * at)).level
    for leans in LEANS:
        sharp = _sharpen(change, at, near, leans)
        if sharp is not None:
            return sharp
    return np.clip(near, change.lower + at, change.upper + at)


def _sharpen(change: Program, at: Floats, near: Floats, leans: float) -> Floats | None:
    """The least weighted sum of squares exactly, from an interior point near it.

    The interior point says which variables lean on a bound and which limits are full; with
    those held, the rest is the least-norm solution of linear equations. Variables that it would
    push past a bound are held too. None where that leads nowhere.
    """
    lower, upper, weight = change.lower + at, change.upper + at, change.slope
    size = max(float(np.abs(np.concatenate([near, at])).max(initial=0.0)), 1e-300)
    held = (near - lower <= leans * size) | (upper - near <= leans * size)
    level = np.where(near - lower <= upper - near, lower, upper)
    used = change.limit @ (near - at)
    slack = np.minimum(change.limit_upper - used, used - change.limit_lower)
    full = slack <= leans * size
    rows = sparse.csr_array(sparse.vstack([change.balance, change.limit.tocsr()[full]]))
    bound = np.where(
        change.limit_upper - used <= used - change.limit_lower,
        change.limit_upper,
        change.limit_lower,
    )[full]
    wanted = rows @ at + np.concatenate([np.zeros(change.balance.shape[0]), bound])
    # What has no weight in the sum stays near where the interior point put it.
    stays = np.where(weight > 0, 0.0, near)
    stretch = 1.0 / np.sqrt(np.maximum(weight, 1e-8 * weight.max(initial=1.0)))
    for _ in range(MOST_PINS):
        rest = ~held
        part = sparse.csr_array(rows[:, rest] * stretch[rest][None, :])
        level[rest] = stays[rest]
        level[rest] += stretch[rest] * _least_norm(part, wanted - rows @ level)
        if np.abs(rows @ level - wanted).max(initial=0.0) > 1e-9 * size:
            return None
        past = rest & ((level < lower - 1e-12 * size) | (level > upper + 1e-12 * size))
        if not past.any():
            level = np.clip(level, lower, upper)
            used = change.limit @ (level - at)
            over = np.maximum(used - change.limit_upper, change.limit_lower - used)
            return level if over.max(initial=0.0) <= 1e-9 * size else None
        level = np.where(past, np.clip(level, lower, upper), level)
        held |= past
    return None


def _least_norm(matrix: sparse.csr_array, right: Floats) -> Floats:
    """The smallest vector that solves linear equations, part by part where they fall apart."""
    rows, columns = matrix.shape
    found = np.zeros(columns)
    entries = sparse.coo_array(matrix)
    graph = sparse.coo_array(
        (np.ones(entries.nnz), (entries.row, rows + entries.col)), shape=(rows + columns,) * 2
    )
    count, label = connected_components(graph, directed=False)
    row_order, column_order = np.argsort(label[:rows]), np.argsort(label[rows:])
    row_cut = np.searchsorted(label[:rows][row_order], np.arange(count + 1))
    column_cut = np.searchsorted(label[rows:][column_order], np.arange(count + 1))
    for k in range(count):
        mine = row_order[row_cut[k] : row_cut[k + 1]]
        theirs = column_order[column_cut[k] : column_cut[k + 1]]
        if len(mine) and len(theirs) and right[mine].any():
            part = sparse.csr_array(sparse.csr_array(matrix[mine])[:, theirs])
            found[theirs] = _solve_part(part, right[mine])
    return found


def _solve_part(part: sparse.csr_array, right: Floats) -> Floats:
    """Dense where that is small, else by Lanczos steps (Paige and Saunders 1982)."""
    if part.shape[0] * part.shape[1] <= DENSE_UP_TO:
        return np.asarray(np.linalg.lstsq(part.toarray(), right, rcond=1e-12)[0])
    most = 20 * sum(part.shape)
    return np.asarray(lsqr(part, right, atol=1e-15, btol=1e-15, iter_lim=most)[0])
