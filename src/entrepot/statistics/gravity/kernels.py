"""The loops over rows: what has to be fast, and nothing else.

Rows are sorted by the effect with the most levels, the *group*, whose level is eliminated: what is
left of a column is taken within its group. The other effects are the *kept* ones; their levels are
numbered through, L in all. A column of rows has shape (n,), a column of levels (L,); C columns at
once make one pass over the weights.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Starts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
TINY = 1e-280
Kernel = TypeVar("Kernel", bound=Callable[..., object])


def fused(kernel: Kernel) -> Kernel:
    """A function of arrays, compiled so that sums may be taken in any order."""
    free = {"reassoc", "contract", "nsz"}
    return cast(Kernel, njit(cache=True, nogil=True, error_model="numpy", fastmath=free)(kernel))


@fused
def group_sums(values: Floats, starts: Starts) -> Floats:
    """Sum of each group, shape (groups,)."""
    sums = np.empty(len(starts) - 1)
    for g in range(len(sums)):
        total = 0.0
        for r in range(starts[g], starts[g + 1]):
            total += values[r]
        sums[g] = total
    return sums


@fused
def level_sums(values: Floats, index: Ints, levels: int) -> Floats:
    """Sum at each level of the kept effects, shape (L,)."""
    sums = np.zeros(levels)
    for f in range(index.shape[0]):
        for r in range(len(values)):
            sums[index[f, r]] += values[r]
    return sums


@fused
def diagonal(weights: Floats, starts: Starts, inverse: Floats, index: Ints, levels: int) -> Floats:
    """Of the normal equations in the kept effects, where a group has a level once; shape (L,)."""
    sums = np.zeros(levels)
    for g in range(len(starts) - 1):
        for r in range(starts[g], starts[g + 1]):
            own = weights[r] - weights[r] * weights[r] * inverse[g]
            for f in range(index.shape[0]):
                sums[index[f, r]] += own
    return sums


@fused
def gathered(
    weights: Floats, starts: Starts, inverse: Floats, index: Ints, columns: Floats, out: Floats
) -> None:
    """What columns within groups, weighted, add up to at each level: (C, n) to (C, L)."""
    out[:] = 0.0
    for c in range(columns.shape[0]):
        for g in range(len(starts) - 1):
            mean = 0.0
            for r in range(starts[g], starts[g + 1]):
                mean += weights[r] * columns[c, r]
            mean *= inverse[g]
            for r in range(starts[g], starts[g + 1]):
                own = weights[r] * (columns[c, r] - mean)
                for f in range(index.shape[0]):
                    out[c, index[f, r]] += own


@fused
def normal(
    weights: Floats,
    starts: Starts,
    inverse: Floats,
    index: Ints,
    values: Floats,
    active: Flags,
    out: Floats,
) -> None:
    """The normal equations in the kept effects, applied: (C, L) to (C, L), of active columns."""
    effects = index.shape[0]
    for c in range(values.shape[0]):
        if not active[c]:
            continue
        out[c, :] = 0.0
        for g in range(len(starts) - 1):
            mean = 0.0
            for r in range(starts[g], starts[g + 1]):
                here = 0.0
                for f in range(effects):
                    here += values[c, index[f, r]]
                mean += weights[r] * here
            mean *= inverse[g]
            for r in range(starts[g], starts[g + 1]):
                here = -mean
                for f in range(effects):
                    here += values[c, index[f, r]]
                here *= weights[r]
                for f in range(effects):
                    out[c, index[f, r]] += here


@fused
def normal_of_panel(
    weights: Floats, inverse: Floats, values: Floats, active: Flags, out: Floats
) -> None:
    """The same where groups are pairs (i, j) over T periods, and the others (i, t) and (j, t).

    Parameters
    ----------
    weights : (I, J, T), zero where there is no row
    inverse : of the sums of each pair's weights, (I, J), zero where there is no row
    values, out : (C, (I + J) T)
    """
    exporters, importers, periods = weights.shape
    across = exporters * periods
    here = np.empty(periods)
    for c in range(values.shape[0]):
        if active[c]:
            out[c, :] = 0.0
    for i in range(exporters):
        for j in range(importers):
            own = inverse[i, j]
            if own == 0.0:
                continue
            weight = weights[i, j]
            for c in range(values.shape[0]):
                if not active[c]:
                    continue
                of_i = values[c, i * periods : (i + 1) * periods]
                of_j = values[c, across + j * periods : across + (j + 1) * periods]
                mean = 0.0
                for t in range(periods):
                    here[t] = of_i[t] + of_j[t]
                    mean += weight[t] * here[t]
                mean *= own
                to_i = out[c, i * periods : (i + 1) * periods]
                to_j = out[c, across + j * periods : across + (j + 1) * periods]
                for t in range(periods):
                    left = weight[t] * (here[t] - mean)
                    to_i[t] += left
                    to_j[t] += left


@fused
def moments(
    weights: Floats,
    starts: Starts,
    inverse: Floats,
    index: Ints,
    columns: Floats,
    levels: Floats,
) -> Floats:
    """Weighted products of what is left of columns within all effects, (C, C).

    Parameters
    ----------
    columns : (C, n)
    levels : of each column in the kept effects, (C, L)
    """
    count = columns.shape[0]
    largest = 0
    for g in range(len(starts) - 1):
        largest = max(largest, starts[g + 1] - starts[g])
    left = np.empty((count, largest))
    products = np.zeros((count, count))
    for g in range(len(starts) - 1):
        start, size = starts[g], starts[g + 1] - starts[g]
        for c in range(count):
            mean = 0.0
            for s in range(size):
                here = columns[c, start + s]
                for f in range(index.shape[0]):
                    here -= levels[c, index[f, start + s]]
                left[c, s] = here
                mean += weights[start + s] * here
            mean *= inverse[g]
            for s in range(size):
                left[c, s] -= mean
        for c in range(count):
            for d in range(c + 1):
                total = 0.0
                for s in range(size):
                    total += weights[start + s] * left[c, s] * left[d, s]
                products[c, d] += total
    for c in range(count):
        for d in range(c):
            products[d, c] = products[c, d]
    return products


@fused
def stepped(
    step: float,
    before: Floats,
    trade: Floats,
    starts: Starts,
    group_trade: Floats,
    index: Ints,
    covariates: Floats,
    slopes: Floats,
    levels: Floats,
    after: Floats,
    fitted: Floats,
) -> tuple[float, int, float]:
    """Move the predictor, and set each group's level so that its fitted trade is the observed.

    Parameters
    ----------
    before, after : linear predictor, (n,); `after` and `fitted` are written
    covariates, slopes, levels : (K, n), (K,), (L,): the direction

    Returns
    -------
    sum of trade times predictor, which is the log-likelihood up to a constant where groups fit;
    how many rows without trade fell by half a step or more; and how far a row moved at most
    """
    total = 0.0
    falling = 0
    furthest = 0.0
    for g in range(len(starts) - 1):
        highest = -np.inf
        for r in range(starts[g], starts[g + 1]):
            move = 0.0
            for c in range(covariates.shape[0]):
                move += slopes[c] * covariates[c, r]
            for f in range(index.shape[0]):
                move += levels[index[f, r]]
            after[r] = before[r] + step * move
            highest = max(highest, after[r])
        summed = 0.0
        for r in range(starts[g], starts[g + 1]):
            # Never quite zero: what is fitted is divided by.
            fitted[r] = max(np.exp(after[r] - highest), TINY)
            summed += fitted[r]
        scale = group_trade[g] / summed
        shift = np.log(scale) - highest
        for r in range(starts[g], starts[g + 1]):
            after[r] += shift
            fitted[r] *= scale
            total += trade[r] * after[r]
            furthest = max(furthest, abs(after[r] - before[r]))
            if trade[r] == 0.0 and after[r] - before[r] < -0.5 * step:
                falling += 1
    return total, falling, furthest


@fused
def left_over(
    weights: Floats, starts: Starts, inverse: Floats, index: Ints, column: Floats, levels: Floats
) -> Floats:
    """What is left of a column (n,) within all effects, given its kept levels (L,)."""
    left = np.empty(len(column))
    for g in range(len(starts) - 1):
        mean = 0.0
        for r in range(starts[g], starts[g + 1]):
            here = column[r]
            for f in range(index.shape[0]):
                here -= levels[index[f, r]]
            left[r] = here
            mean += weights[r] * here
        mean *= inverse[g]
        for r in range(starts[g], starts[g + 1]):
            left[r] -= mean
    return left
