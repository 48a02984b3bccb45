"""The program that goes to a solver, and the answer that comes back: arrays and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]


def sizes(matrix: sparse.csc_array) -> sparse.csc_array:
    """A matrix with the sizes of its entries."""
    return sparse.csc_array((np.abs(matrix.data), matrix.indices, matrix.indptr), matrix.shape)


def pattern(matrix: sparse.csc_array) -> sparse.csc_array:
    """A matrix with a one where there is an entry other than zero."""
    ones = (matrix.data != 0).astype(float)
    return sparse.csc_array((ones, matrix.indices, matrix.indptr), matrix.shape)


@dataclass(frozen=True)
class Program:
    """Greatest ``worth @ x - slope @ x**2 / 2`` with balances and limits kept.

    Attributes
    ----------
    worth, slope, lower, upper : one entry an activity, shape (n,); `slope` is never negative
    balance : amounts given (positive) and taken, shape (m, n); ``balance @ x == -given``
    given : amounts given from outside (initial stocks), shape (m,)
    limit : use of each limit, shape (k, n); ``limit_lower <= limit @ x <= limit_upper``
    """

    worth: Floats
    slope: Floats
    lower: Floats
    upper: Floats
    balance: sparse.csc_array
    given: Floats
    limit: sparse.csc_array
    limit_lower: Floats
    limit_upper: Floats

    @property
    def is_linear(self) -> bool:
        """Whether every worth is constant."""
        return not self.slope.any()

    def gain(self, price: Floats, rent: Floats, level: Floats) -> Floats:
        """What one more unit of each activity gains at prices and rents, shape (n,).

        At an optimum no activity with room gains, and none that runs loses.
        """
        marginal = self.worth - self.slope * level
        return np.asarray(marginal + self.balance.T @ price - self.limit.T @ rent)

    def quantity_scale(self, level: Floats) -> float:
        """Units per period against which a level is large or small.

        The largest level, but never less than a hundredth of the typical bound or of what could
        be traded along a typical curve, so that rounding in a market without trade is not taken
        for trade.
        """
        bounds = np.concatenate([self.upper, self.limit_upper, np.abs(self.given)])
        sloped = self.slope > 0
        reach = np.abs(self.worth[sloped]) / self.slope[sloped]
        sizes_ = np.concatenate([bounds[np.isfinite(bounds)], reach])
        typical = float(np.median(sizes_[sizes_ > 0])) if (sizes_ > 0).any() else 0.0
        return max(float(np.abs(level).max(initial=0.0)), 1e-2 * typical, 1e-300)

    def price_scale(self, price: Floats) -> float:
        """Money per unit against which a price is large or small: the typical price or worth."""
        known = np.abs(price[np.isfinite(price)])
        worth = np.abs(self.worth)
        sizes_ = [float(np.median(each[each > 0])) for each in (known, worth) if (each > 0).any()]
        return max(sizes_, default=1e-300)

    def objective(self, level: Floats) -> float:
        """Worth of all activities at their levels."""
        return float(self.worth @ level - self.slope @ level**2 / 2)


@dataclass(frozen=True)
class Answer:
    """Levels (n,), prices of balances (m,), rents of limits (k,), in the program's own units.

    A rent is positive where more room would raise the worth, negative where an obligation costs.
    """

    level: Floats
    price: Floats
    rent: Floats
