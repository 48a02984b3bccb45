"""Weighted rows within their fixed effects: what effects fit, and what they leave."""

from __future__ import annotations

import numpy as np

from entrepot.errors import CertificateError
from entrepot.statistics.gravity import kernels
from entrepot.statistics.gravity.conjugate import (
    Precondition,
    by_diagonal,
    conjugate_gradients,
    one_over,
)
from entrepot.statistics.gravity.effects import Effects
from entrepot.statistics.gravity.kernels import Flags, Floats, Grouped

FLOOR = 1e-6
"""Of the diagonal, against a level's weight: less than this is lost to rounding."""

FEW, MANY = 300, 5_000
"""Passes before the whole matrix is factored, or, where that is too large, an end is made."""

LIFT, STRICT = 1e-13, 1e-6


class Weighted:
    """Effects of n rows and a weight for each row.

    Parameters
    ----------
    effects : of the rows
    weights : at least 0 (n,), in the order of `effects`
    """

    def __init__(self, effects: Effects, weights: Floats) -> None:
        self._effects = effects
        inverse = one_over(kernels.group_sums(weights, effects.starts))
        self._rows = Grouped(weights, effects.starts, inverse, effects.index, effects.runs)

    def project(
        self,
        columns: Floats,
        start: Floats | None,
        tolerance: float,
        *,
        strict: bool = False,
    ) -> tuple[Floats, int]:
        """The levels in the kept effects that fit columns best, by weighted least squares.

        Parameters
        ----------
        columns : (C, n)
        start : levels to begin with (C, L)
        tolerance : of the normal equations
        strict : what is not solved to `STRICT` is an error, not a start for another step

        Returns
        -------
        levels (C, L) and the passes over the weights

        Raises
        ------
        CertificateError : `strict`, and they cannot be solved
        """
        effects, rows = self._effects, self._rows
        right = np.empty((len(columns), effects.levels))
        kernels.gathered(rows, columns, right)
        diagonal, whole = kernels.diagonal(rows, effects.levels)
        diagonal = np.maximum(diagonal, FLOOR * whole)
        accuracy = np.full(len(columns), tolerance)
        begin = np.zeros_like(right) if start is None else start
        if effects.layout is None:

            def apply(values: Floats, active: Flags, out: Floats) -> None:
                kernels.normal(rows, values, active, out)

        else:
            panel, of_pairs = self._in_full()

            def apply(values: Floats, active: Flags, out: Floats) -> None:
                kernels.normal_of_panel(panel, of_pairs, values, active, out)

        easy = by_diagonal(diagonal)
        found, passes, off = conjugate_gradients(
            apply, diagonal, right, begin, accuracy, easy, FEW if effects.small else MANY
        )
        if passes == FEW and effects.small:
            factored = self._factor(diagonal)
            found, more, off = conjugate_gradients(
                apply, diagonal, right, found, accuracy, factored, FEW
            )
            passes += more
        if strict and off * tolerance > STRICT:
            raise CertificateError(
                "covariates cannot be told from the fixed effects closely enough (off by "
                f"{off * tolerance:.0e}); look for parts of the data that hang "
                "together by a few rows of little trade only"
            )
        return found, passes

    def _factor(self, diagonal: Floats) -> Precondition:
        """A preconditioner from a factor of the whole matrix, scaled to a diagonal of ones."""
        from scipy.linalg import cho_factor, cho_solve

        effects = self._effects
        matrix = kernels.normal_matrix(self._rows, effects.levels)
        root = np.sqrt(one_over(diagonal))
        matrix *= root[:, None]
        matrix *= root[None, :]
        at, lift = np.diag_indices(effects.levels), LIFT
        while True:
            # The null space is lifted, by as much as rounding asks for.
            lifted = matrix.copy()
            lifted[at] += lift
            try:
                factor = cho_factor(lifted, lower=True, overwrite_a=True, check_finite=False)
                break
            except np.linalg.LinAlgError:
                lift *= 10.0

        def solve(values: Floats) -> Floats:
            solved = cho_solve(factor, (values * root).T, check_finite=False)
            return np.asarray(solved.T * root)

        return solve

    def moments(self, columns: Floats, levels: Floats) -> Floats:
        """Weighted products of what is left of columns (C, n), given their levels (C, L)."""
        return kernels.moments(self._rows, columns, levels)

    def left_over(self, column: Floats, levels: Floats) -> Floats:
        """What is left of a column (n,), given its levels (L,)."""
        return kernels.left_over(self._rows, column, levels)

    def _in_full(self) -> tuple[Floats, Floats]:
        """Weights (I, J, T), and one over the weight of each pair (I, J)."""
        layout = self._effects.layout
        assert layout is not None
        panel, of_pairs = np.zeros(layout.shape), np.zeros(layout.shape[:2])
        panel.reshape(-1)[layout.cells] = self._rows.weights
        first = layout.cells[self._effects.starts[:-1]]
        of_pairs.reshape(-1)[first // layout.shape[2]] = self._rows.inverse
        return panel, of_pairs
