"""The search for the fit: where it stands, how far its conditions are, and its next step."""

from __future__ import annotations

import numpy as np

from entrepot.errors import CertificateError
from entrepot.statistics.gravity import kernels
from entrepot.statistics.gravity.collinear import check_collinear, suspicious
from entrepot.statistics.gravity.effects import Effects
from entrepot.statistics.gravity.kernels import Flags, Floats
from entrepot.statistics.gravity.weighted import Weighted

SWEEPS = 1
GAIN = 0.1
"""Share of the likelihood's slope that a step must gain (Armijo 1966)."""

FINAL = 1e-9
"""Of the projections that errors are computed from."""

ROUNDING = 1e-10
"""Of the likelihood, a sum over all rows: a loss that small is none."""

FAR = 3.0
"""A step that would move a row further, in logarithms, is solved more closely and cut short."""

COARSE, CLOSE, CLOSER = 0.03, 1e-4, 1e-3


class Search:
    """Newton's method for n rows, K covariates and L levels.

    Parameters
    ----------
    effects : of the rows
    trade : at least 0, with a mean of 1 (n,)
    covariates, names : (K, n) and (K,)

    Attributes
    ----------
    slopes : (K,)
    predictor, fitted : logarithm of fitted trade, and that trade (n,)
    levels : kept levels of the covariates' projections (K, L), as of the last step
    passes : over the weights so far
    """

    def __init__(
        self, effects: Effects, trade: Floats, covariates: Floats, names: tuple[str, ...]
    ) -> None:
        self._effects, self._trade = effects, trade
        self._covariates, self._names = covariates, names
        self._observed = kernels.level_sums(trade, effects.index, effects.levels)
        self._in_groups = kernels.group_sums(trade, effects.starts)
        self._size = kernels.sizes(trade, covariates)
        # Covariates, and below them the working residual.
        self._columns = np.empty((len(covariates) + 1, len(trade)))
        self._columns[:-1] = covariates
        self._worst = np.inf
        self._of_levels, self._of_covariates = np.zeros(effects.levels), np.zeros(len(covariates))
        self.slopes = np.zeros(len(covariates))
        self.levels = np.zeros((len(covariates), effects.levels))
        self.passes = 0
        self.predictor, self.fitted = np.zeros_like(trade), np.empty_like(trade)
        self._after, self._then = np.empty_like(trade), np.empty_like(trade)
        self._objective = self._begin()

    def conditions(self) -> float:
        """The largest relative difference of a condition; groups hold exactly."""
        effects, there = self._effects, self._observed > 0
        rest = np.subtract(self._trade, self.fitted, out=self._columns[-1])
        self._of_levels = kernels.level_sums(rest, effects.index, effects.levels)
        self._of_covariates = self._covariates @ rest
        of_levels = np.abs(self._of_levels[there] / self._observed[there]).max(initial=0.0)
        gaps = np.abs(self._of_covariates)
        of_covariates = np.divide(gaps, self._size, out=gaps, where=self._size > 0)
        self._worst = float(max(of_levels, of_covariates.max(initial=0.0)))
        return self._worst

    def step(self) -> Flags | None:
        """Take a step after `conditions`; tells which rows without trade fall freely, if any do.

        Raises
        ------
        StatisticsError : a covariate is collinear
        CertificateError : no step gains
        """
        # What `conditions` left there, to the working residual.
        self._columns[-1] /= self.fitted
        start = np.vstack([self.levels, np.zeros((1, self._effects.levels))])
        forcing = float(np.clip(self._worst, CLOSE, COARSE))
        found, slopes, moves = self._direction(start, forcing)
        objective, falling, furthest = self._tried(1.0, slopes, moves)
        if furthest > FAR:
            # Perhaps levels that hang together by rows of little weight are not solved for yet.
            found, slopes, moves = self._direction(found, forcing * CLOSER)
            objective, falling, furthest = self._tried(1.0, slopes, moves)
        self.levels = found[:-1]
        length, gain = 1.0, self._gain(slopes, moves)
        if furthest > FAR:
            length = FAR / furthest
            objective, falling, furthest = self._tried(length, slopes, moves)
        room = ROUNDING * max(1.0, abs(self._objective))
        while not objective >= self._objective + GAIN * length * gain - room:
            length /= 2.0
            if length < 1e-6:
                raise CertificateError(
                    f"the search for PPML stopped where conditions hold to {self._worst:.1e}; "
                    "no estimate is given"
                )
            objective, falling, furthest = self._tried(length, slopes, moves)
        fell = None
        if falling:
            fell = (self._trade == 0) & (self._after - self.predictor < -0.5 * length)
        self.slopes = self.slopes + length * slopes
        self._objective = objective
        self._accept()
        return fell

    def _begin(self) -> float:
        """Start where effects alone fit nearly, with slopes of zero; gives the likelihood there."""
        effects, none = self._effects, np.zeros(len(self.slopes))

        def go(moves: Floats) -> float:
            objective, _, _ = self._tried(1.0, none, moves)
            self._accept()
            return objective

        objective = go(np.zeros(effects.levels))
        for _ in range(SWEEPS):
            for f in range(len(effects.index)):
                # One effect at a time: its levels are set so that they fit.
                sums = kernels.level_sums(self.fitted, effects.index[f : f + 1], effects.levels)
                moves = np.zeros(effects.levels)
                at = sums > 0
                moves[at] = np.log(self._observed[at] / sums[at])
                objective = go(moves)
        return objective

    def _direction(self, start: Floats, accuracy: float) -> tuple[Floats, Floats, Floats]:
        """Projections of all columns (K + 1, L), and the step in slopes (K,) and levels (L,)."""
        weighted, count = Weighted(self._effects, self.fitted), len(self.slopes)
        found, passes = weighted.project(self._columns, start, accuracy)
        products = weighted.moments(self._columns, found)
        if suspicious(products[:count, :count], self.fitted, self._covariates):
            found, more = weighted.project(self._columns, found, FINAL)
            passes += more
            products = weighted.moments(self._columns, found)
            bread = products[:count, :count]
            check_collinear(bread, self.fitted, self._covariates, self._names)
        self.passes += passes
        slopes = np.linalg.solve(products[:count, :count], products[:count, count])
        moves = found[count] - slopes @ found[:count]
        return found, np.asarray(slopes, dtype=np.float64), np.asarray(moves, dtype=np.float64)

    def _gain(self, slopes: Floats, moves: Floats) -> float:
        """The slope of the likelihood along a direction."""
        return float(self._of_levels @ moves + slopes @ self._of_covariates)

    def _tried(self, length: float, slopes: Floats, moves: Floats) -> tuple[float, int, float]:
        """Lay out predictor and fitted trade after a step; gives what `kernels.stepped` tells."""
        told: tuple[float, int, float] = kernels.stepped(
            length, self.predictor, self._trade, self._effects.starts, self._in_groups,
            self._effects.index, self._effects.runs, self._covariates, slopes, moves, self._after,
            self._then,
        )  # fmt: skip
        return told

    def _accept(self) -> None:
        """Stand where the last step led; where it stood is room for the next."""
        self.predictor, self._after = self._after, self.predictor
        self.fitted, self._then = self._then, self.fitted
