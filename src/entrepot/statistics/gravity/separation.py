"""Separation: rows without trade that a combination of covariates and effects tells apart.

If some combination z is 0 wherever there is trade, and at least 0 and somewhere above it where
there is none, the likelihood grows without end along -z: those rows are fitted by zero at the
limit, and tell nothing of what is left (Correia, S., Guimaraes, P. and Zylkin, T. 2019, "Verifying
the existence of maximum likelihood estimates for generalized linear models", arXiv:1903.01633).
The iterative rectifier finds z by weighted least squares.

It is asked only about rows that fall without end in the search for the estimate. That is enough: an
estimate whose conditions hold has no z, since trade less fitted trade would have to be orthogonal
to z, and fitted trade is positive.
"""

from __future__ import annotations

import numpy as np

from entrepot.statistics.gravity.effects import Effects
from entrepot.statistics.gravity.kernels import Flags, Floats
from entrepot.statistics.gravity.weighted import Weighted

HEAVY = 1e6
"""Weight of rows at which z must be 0, against rows that are asked about."""

NEAR = 1e-3
MOST = 300


def separated(effects: Effects, covariates: Floats, asked: Flags) -> Flags:
    """Which of the rows asked about are separated.

    Parameters
    ----------
    covariates : (K, n), in the order of `effects`
    asked : rows without trade (n,)
    """
    weights = np.where(asked, 1.0, HEAVY)
    aim = asked.astype(np.float64)
    weighted = Weighted(effects, weights)
    levels, _ = weighted.project(covariates, None, 1e-10)
    bread = weighted.moments(covariates, levels)
    left = np.stack([weighted.left_over(x, own) for x, own in zip(covariates, levels,
                     strict=True)]) if len(covariates) else covariates  # fmt: skip
    own_levels: Floats | None = None
    nothing = np.zeros(len(aim), dtype=np.bool_)
    for _ in range(MOST):
        own_levels, _ = weighted.project(aim[None], own_levels, 1e-8)
        rest = weighted.left_over(aim, own_levels[0])
        slopes = np.linalg.lstsq(bread, left @ (weights * aim), rcond=1e-12)[0]
        combination = aim - (rest - slopes @ left)
        off = float(np.abs(combination[~asked]).max(initial=0.0))
        height = float(combination[asked].max(initial=0.0))
        if height <= NEAR:
            return nothing
        if off > NEAR * height:
            # It cannot be held at 0 where it must be.
            aim = np.where(asked, np.maximum(combination, 0.0), 0.0)
            continue
        if combination[asked].min() >= -NEAR * height:
            return np.asarray(asked & (combination > NEAR * height))
        aim = np.where(asked, np.maximum(combination, 0.0), 0.0)
    return nothing
