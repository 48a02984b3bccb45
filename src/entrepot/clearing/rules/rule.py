"""What a rule is: how it tells goods of different origin apart, and the limits that it sets."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from entrepot.clearing.stack import Stack
    from entrepot.network.market import Market

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

Treatment = Callable[[str], Hashable]


@dataclass(frozen=True)
class Limits:
    """K rows that sum over activities: ``lower <= sum(use x level) <= upper``.

    Attributes
    ----------
    table, name : where the limit stands in the study, length K
    period : shape (K,)
    lower, upper : units per period, shape (K,)
    row, column, use : which activity uses how much of which limit, one entry each
    """

    table: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    period: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    lower: Floats = field(default_factory=lambda: np.empty(0))
    upper: Floats = field(default_factory=lambda: np.empty(0))
    row: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    column: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    use: Floats = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class Rule:
    """One tie across activities.

    Attributes
    ----------
    name : as the golden cases call it
    by_origin : for a market and a good, how the rule treats each country of origin (countries
        treated alike give equal values); None where it treats all alike
    by_heading : the same for countries of destination, where goods must be told apart by it
        while they are still under way
    limits : the limits that the rule sets on a stack of activities
    """

    name: str
    by_origin: Callable[[Market, int], Treatment | None] | None = None
    by_heading: Callable[[Market, int], Treatment | None] | None = None
    limits: Callable[[Stack], Limits] | None = None


def join_limits(parts: list[Limits]) -> Limits:
    """Several sets of limits as one."""
    parts = [part for part in parts if part.name]
    if not parts:
        return Limits()
    offset, rows = 0, []
    for part in parts:
        rows.append(part.row + offset)
        offset += len(part.name)
    return Limits(
        table=[name for part in parts for name in part.table],
        name=[name for part in parts for name in part.name],
        period=np.concatenate([part.period for part in parts]),
        lower=np.concatenate([part.lower for part in parts]),
        upper=np.concatenate([part.upper for part in parts]),
        row=np.concatenate(rows),
        column=np.concatenate([part.column for part in parts]),
        use=np.concatenate([part.use for part in parts]),
    )
