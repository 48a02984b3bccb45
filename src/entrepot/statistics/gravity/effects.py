"""Fixed effects on sorted rows: which level each row is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from entrepot.statistics.gravity.kernels import Floats, Ints, Starts

Codes = npt.NDArray[np.int64]
Values = TypeVar("Values", bound=npt.NDArray[Any])
DENSE_ENOUGH = 3.0
"""A panel is laid out in full where that takes at most so many cells a row."""

MOST_LEVELS, MOST_PAIRS = 6_000, 2e9
"""What the whole matrix may take: levels, and pairs of rows in groups."""

SAMPLE = 10_000
"""Rows that tell first, and mostly, that an effect does not follow from another."""


@dataclass(frozen=True, eq=False)
class Layout:
    """A panel laid out in full: exporters by importers by periods.

    Attributes
    ----------
    shape : (I, J, T)
    cells : where each row stands, (n,)
    """

    shape: tuple[int, int, int]
    cells: Codes


@dataclass(frozen=True, eq=False)
class Effects:
    """Fixed effects of n rows that are sorted by the group.

    Attributes
    ----------
    order : the rows as they were given, in the order of the groups (n,); None: as they stand
    starts : of each group (groups + 1,)
    index : level of each row in each kept effect, numbered through (F, n)
    levels : how many levels the kept effects have in all, L
    layout : None where the panel is not laid out in full
    """

    order: Codes | None
    starts: Starts
    index: Ints
    levels: int
    layout: Layout | None

    @property
    def runs(self) -> bool:
        """Whether the rows of a group are in the order of their levels in every effect."""
        return self.layout is not None

    def ordered(self, values: Values) -> Values:
        """Values of rows as given (…, n), in the order of the groups."""
        if self.order is None:
            return values
        return cast(Values, np.ascontiguousarray(values[..., self.order]))

    def as_given(self, values: Floats) -> Floats:
        """Values of rows in the order of the groups (n,), as the rows were given."""
        if self.order is None:
            return values
        back = np.empty_like(values)
        back[self.order] = values
        return back

    @cached_property
    def small(self) -> bool:
        """Whether the normal equations can be had as a matrix."""
        pairs = np.square(np.diff(self.starts).astype(np.float64)).sum()
        return self.levels <= MOST_LEVELS and float(pairs) <= MOST_PAIRS


def sorted_by_effects(
    codes: Sequence[Codes], panel: tuple[Codes, Codes, Codes] | None = None
) -> Effects:
    """Rows sorted by the effect with the most levels.

    Parameters
    ----------
    codes : level of each row in each effect, numbered from 0 without gaps, none of which follows
        from another (`needed`); no effect is one level
    panel : exporter, importer and period of each row where the effects are exactly exporter by
        period, importer by period and exporter by importer, and each triple has one row at most
    """
    rows = len(codes[0])
    if panel is not None:
        exporter, importer, period = panel
        i, j, t = (int(each.max(initial=-1)) + 1 for each in panel)
        if i * j * t <= DENSE_ENOUGH * rows:
            # Sums in place: what is laid out anew takes longer than what is added.
            pair = exporter * j
            pair += importer
            cells = pair * t
            cells += period
            order = _order(cells)
            index = np.empty((2, rows), dtype=np.int32)
            for f, (side, first) in enumerate(((exporter, 0), (importer, i))):
                level = side * t
                level += period
                level += first * t
                index[f] = _taken(level, order)
            steps = np.flatnonzero(np.diff(_taken(pair, order)))
            starts = np.r_[0, steps + 1, rows].astype(np.int64)
            layout = Layout((i, j, t), _taken(cells, order))
            return Effects(order, starts, index, (i + j) * t, layout)
    sizes = [int(each.max(initial=-1)) + 1 for each in codes]
    group = int(np.argmax(sizes))
    order = _order(codes[group])
    starts = np.r_[0, np.cumsum(np.bincount(codes[group], minlength=sizes[group]))].astype(np.int64)
    index = np.empty((len(codes) - 1, rows), dtype=np.int32)
    offset, at = 0, 0
    for f, each in enumerate(codes):
        if f != group:
            index[at] = _taken(each, order) + offset
            offset += sizes[f]
            at += 1
    return Effects(order, starts, index, offset, None)


def needed(codes: Sequence[Codes]) -> list[Codes]:
    """Effects without those that follow from another: levels that are sums of another's levels."""
    left = list(codes)
    for each in sorted(codes, key=lambda own: int(own.max(initial=-1))):
        others = [other for other in left if other is not each]
        if any(follows(each, other) for other in others):
            left = others
    return left


def follows(codes: Codes, other: Codes) -> bool:
    """Whether each level of the other effect lies in one level of this one."""
    if int(codes.max(initial=-1)) > int(other.max(initial=-1)):
        return False
    for rows in (slice(0, SAMPLE), slice(None)):
        of_level = np.zeros(int(other.max(initial=-1)) + 1, dtype=np.int64)
        of_level[other[rows]] = codes[rows]
        if not np.array_equal(of_level[other[rows]], codes[rows]):
            return False
    return True


def _order(codes: Codes) -> Codes | None:
    """The order that sorts rows, the rows of a level as they were; None where they are sorted."""
    if np.all(codes[1:] >= codes[:-1]):
        return None
    return np.argsort(codes, kind="stable")


def _taken(values: Codes, order: Codes | None) -> Codes:
    return values if order is None else values[order]
