"""The loops over rows: what has to be fast, and nothing else.

Rows are sorted by the effect with the most levels, the *group*, whose level is eliminated: what is
left of a column is taken within its group. The other effects are the *kept* ones; their levels are
numbered through, L in all. A column of rows has shape (n,), a column of levels (L,); C columns at
once make one pass over the weights.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

from entrepot.statistics.gravity.exponential import exponentials

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Starts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
TINY = 1e-280
SHORT = 16
"""Rows of which a slice costs more than it saves."""


class Grouped(NamedTuple):
    """Weighted rows, sorted by their groups: n rows in F kept effects."""

    weights: Floats  # (n,)
    starts: Starts  # of each group (groups + 1,)
    inverse: Floats  # one over the weight of each group, 0 where it has none (groups,)
    level_of: Ints  # level of each row in each effect, numbered through (F, n)
    runs: bool  # rows of a group are in the order of their levels in every effect


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
def largest(starts: Starts) -> int:
    """How many rows the largest group has."""
    most = 0
    for g in range(len(starts) - 1):
        most = max(most, starts[g + 1] - starts[g])
    return most


@fused
def add_levels(values: Floats, levels: Floats, index: Ints, runs: bool) -> None:
    """Add to the rows of a group (size,) what an effect's levels are.

    Parameters
    ----------
    index : level of each of these rows (size,)
    runs : rows of a group are in the order of their levels, so that these may follow each other
    """
    size = len(values)
    if runs and size > SHORT and index[size - 1] - index[0] == size - 1:
        # A slice needs no look-up, and no check of signs: it is what the processor does fastest.
        own = levels[index[0] : index[0] + size]
        for s in range(size):
            values[s] += own[s]
    else:
        for s in range(size):
            values[s] += levels[index[s]]


@fused
def add_rows(levels: Floats, values: Floats, index: Ints, runs: bool) -> None:
    """The reverse: add to an effect's levels what the rows of a group are."""
    size = len(values)
    if runs and size > SHORT and index[size - 1] - index[0] == size - 1:
        own = levels[index[0] : index[0] + size]
        for s in range(size):
            own[s] += values[s]
    else:
        for s in range(size):
            levels[index[s]] += values[s]


@fused
def squares(weights: Floats, columns: Floats) -> Floats:
    """Weighted sum of squares of each column (C, n), shape (C,)."""
    sums = np.zeros(columns.shape[0])
    for c in range(columns.shape[0]):
        total = 0.0
        for r in range(len(weights)):
            total += weights[r] * columns[c, r] * columns[c, r]
        sums[c] = total
    return sums


@fused
def sizes(weights: Floats, columns: Floats) -> Floats:
    """Weighted sum of each column without its signs (C, n), shape (C,)."""
    sums = np.zeros(columns.shape[0])
    for c in range(columns.shape[0]):
        total = 0.0
        for r in range(len(weights)):
            total += weights[r] * abs(columns[c, r])
        sums[c] = total
    return sums


@fused
def diagonal(rows: Grouped, levels: int) -> tuple[Floats, Floats]:
    """Of the normal equations, where a group has a level once; and each level's weight: (L,)."""
    weights, starts, inverse, level_of, runs = rows
    sums, whole = np.zeros(levels), np.zeros(levels)
    room = np.empty(largest(starts))
    for g in range(len(inverse)):
        start, end = starts[g], starts[g + 1]
        weight, own = weights[start:end], room[: end - start]
        for s in range(len(own)):
            own[s] = weight[s] - weight[s] * weight[s] * inverse[g]
        for f in range(level_of.shape[0]):
            add_rows(sums, own, level_of[f, start:end], runs)
            add_rows(whole, weight, level_of[f, start:end], runs)
    return sums, whole


@fused
def left_in_group(weight: Floats, inverse: float, values: Floats, left: Floats) -> None:
    """What is left of values (size,) within their group, weighted; written to `left` (size,)."""
    mean = 0.0
    for s in range(len(left)):
        mean += weight[s] * values[s]
    mean *= inverse
    for s in range(len(left)):
        left[s] = weight[s] * (values[s] - mean)


@fused
def gathered(rows: Grouped, columns: Floats, out: Floats) -> None:
    """What columns within groups, weighted, add up to at each level: (C, n) to (C, L)."""
    weights, starts, inverse, level_of, runs = rows
    out[:] = 0.0
    room = np.empty(largest(starts))
    for g in range(len(inverse)):
        start, end = starts[g], starts[g + 1]
        weight, left = weights[start:end], room[: end - start]
        for c in range(columns.shape[0]):
            left_in_group(weight, inverse[g], columns[c, start:end], left)
            for f in range(level_of.shape[0]):
                add_rows(out[c], left, level_of[f, start:end], runs)


@fused
def normal(rows: Grouped, values: Floats, active: Flags, out: Floats) -> None:
    """The normal equations in the kept effects, applied: (C, L) to (C, L), of active columns."""
    weights, starts, inverse, level_of, _ = rows
    room = np.empty(largest(starts))
    for c in range(values.shape[0]):
        if not active[c]:
            continue
        out[c, :] = 0.0
        for g in range(len(inverse)):
            start, end = starts[g], starts[g + 1]
            here = room[: end - start]
            here[:] = 0.0
            for f in range(level_of.shape[0]):
                add_levels(here, values[c], level_of[f, start:end], False)
            left_in_group(weights[start:end], inverse[g], here, here)
            for f in range(level_of.shape[0]):
                add_rows(out[c], here, level_of[f, start:end], False)


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
def normal_matrix(rows: Grouped, levels: int) -> Floats:
    """The matrix of the normal equations in the kept effects, (L, L)."""
    weights, starts, inverse, level_of, _ = rows
    matrix = np.zeros((levels, levels))
    effects = level_of.shape[0]
    for g in range(len(inverse)):
        for r in range(starts[g], starts[g + 1]):
            share = weights[r] * inverse[g]
            others = 0.0
            for s in range(starts[g], starts[g + 1]):
                if s == r:
                    continue
                others += weights[s]
                for f in range(effects):
                    for d in range(effects):
                        matrix[level_of[f, r], level_of[d, s]] -= share * weights[s]
            # Of the weight what the group leaves: taken as a sum, since a difference would round.
            for f in range(effects):
                for d in range(effects):
                    matrix[level_of[f, r], level_of[d, r]] += share * others
    return matrix


@fused
def moments(rows: Grouped, columns: Floats, levels: Floats) -> Floats:
    """Weighted products of what is left of columns within all effects, (C, C).

    Parameters
    ----------
    columns : (C, n)
    levels : of each column in the kept effects, (C, L)
    """
    weights, starts, inverse, level_of, runs = rows
    count = columns.shape[0]
    room = np.empty((count, largest(starts)))
    products = np.zeros((count, count))
    for g in range(len(inverse)):
        start, end = starts[g], starts[g + 1]
        weight, own_levels = weights[start:end], level_of[:, start:end]
        for c in range(count):
            left, column = room[c, : end - start], columns[c, start:end]
            within(weight, inverse[g], own_levels, runs, column, levels[c], left)
            for d in range(c + 1):
                other = room[d, : end - start]
                total = 0.0
                for s in range(len(left)):
                    total += weight[s] * left[s] * other[s]
                products[c, d] += total
    for c in range(count):
        for d in range(c):
            products[d, c] = products[c, d]
    return products


@fused
def within(
    weight: Floats,
    inverse: float,
    level_of: Ints,
    runs: bool,
    column: Floats,
    levels: Floats,
    left: Floats,
) -> None:
    """What is left of a column within all effects, in one group; written to `left` (size,)."""
    left[:] = 0.0
    for f in range(level_of.shape[0]):
        add_levels(left, levels, level_of[f], runs)
    mean = 0.0
    for s in range(len(left)):
        left[s] = column[s] - left[s]
        mean += weight[s] * left[s]
    mean *= inverse
    for s in range(len(left)):
        left[s] -= mean


@fused
def left_over(rows: Grouped, column: Floats, levels: Floats) -> Floats:
    """What is left of a column (n,) within all effects, given its kept levels (L,)."""
    weights, starts, inverse, level_of, runs = rows
    left = np.empty(len(column))
    for g in range(len(inverse)):
        start, end = starts[g], starts[g + 1]
        weight, own_levels = weights[start:end], level_of[:, start:end]
        own = column[start:end]
        within(weight, inverse[g], own_levels, runs, own, levels, left[start:end])
    return left


@fused
def stepped(
    step: float,
    before: Floats,
    trade: Floats,
    starts: Starts,
    group_trade: Floats,
    index: Ints,
    runs: bool,
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
    room = np.empty(largest(starts))
    for g in range(len(starts) - 1):
        start, end = starts[g], starts[g + 1]
        move, was, now = room[: end - start], before[start:end], after[start:end]
        fit, sold = fitted[start:end], trade[start:end]
        move[:] = 0.0
        for c in range(covariates.shape[0]):
            column, slope = covariates[c, start:end], slopes[c]
            for s in range(len(move)):
                move[s] += slope * column[s]
        for f in range(index.shape[0]):
            add_levels(move, levels, index[f, start:end], runs)
        highest = -np.inf
        for s in range(len(move)):
            now[s] = was[s] + step * move[s]
            highest = max(highest, now[s])
        for s in range(len(move)):
            fit[s] = now[s] - highest
        exponentials(fit, move)
        summed = 0.0
        for s in range(len(move)):
            # Never quite zero: what is fitted is divided by.
            fit[s] = max(fit[s], TINY)
            summed += fit[s]
        scale = group_trade[g] / summed
        shift = np.log(scale) - highest
        for s in range(len(move)):
            now[s] += shift
            fit[s] *= scale
            total += sold[s] * now[s]
            moved = now[s] - was[s]
            furthest = max(furthest, abs(moved))
            if sold[s] == 0.0 and moved < -0.5 * step:
                falling += 1
    return total, falling, furthest
