"""The one shape of everything that a market can do: take here, give there, be worth something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from entrepot.clearing.stack import Draft

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NOWHERE = -1


@dataclass(frozen=True)
class Activities:
    """n activities of one kind, as columns.

    Attributes
    ----------
    takes, gives : the balance from which one unit is taken and to which `yields` units are given,
        or -1, shape (n,)
    yields : units given per unit taken, shape (n,)
    worth : money per unit, costs negative, shape (n,)
    slope : by how much `worth` falls per unit of level, shape (n,)
    upper : greatest level, units per period, shape (n,)
    period : shape (n,)
    row : what the activity is, in terms of its kind (a leg, an order, a plant's row …), shape (n,)
    layer : the layer that it moves or holds, or -1, shape (n,)
    more_balance, more_column, more_amount : amounts beyond one taken and one given (recipes)
    """

    takes: Ints
    gives: Ints
    worth: Floats
    upper: Floats
    period: Ints
    row: Ints
    layer: Ints
    yields: Floats
    slope: Floats
    more_balance: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    more_column: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    more_amount: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def count(self) -> int:
        """Number of activities."""
        return len(self.worth)


@dataclass(frozen=True)
class Kind:
    """Something a market can do: its name and how to draw its activities up."""

    name: str
    draw_up: Callable[[Draft], Activities]


class Columns:
    """Collects activities piece by piece; every piece is arrays of one length or numbers."""

    def __init__(self) -> None:
        self._parts: dict[str, list[npt.NDArray[np.generic]]] = {}
        self._names = (
            "takes", "gives", "worth", "upper", "period", "row", "layer", "yields", "slope",
        )  # fmt: skip

    def add(
        self,
        count: int,
        *,
        takes: Ints | int = NOWHERE,
        gives: Ints | int = NOWHERE,
        worth: Floats | float = 0.0,
        upper: Floats | float = np.inf,
        period: Ints | int,
        row: Ints | int = NOWHERE,
        layer: Ints | int = NOWHERE,
        yields: Floats | float = 1.0,
        slope: Floats | float = 0.0,
    ) -> None:
        """Add `count` activities; a single number stands for all of them."""
        values = (takes, gives, worth, upper, period, row, layer, yields, slope)
        for name, value in zip(self._names, values, strict=True):
            kind = np.float64 if name in ("worth", "upper", "yields", "slope") else np.int64
            part = np.broadcast_to(np.asarray(value, dtype=kind), (count,))
            self._parts.setdefault(name, []).append(part)

    def done(self) -> Activities:
        """All pieces as one block."""
        if not self._parts:
            none, nothing = np.empty(0, np.int64), np.empty(0)
            return Activities(none, none, nothing, nothing, none, none, none, nothing, nothing)
        joined = {name: np.concatenate(self._parts[name]) for name in self._names}
        return Activities(**joined)
