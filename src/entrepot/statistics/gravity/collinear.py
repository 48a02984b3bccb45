"""Covariates that fixed effects and other covariates explain whole: refused, never dropped."""

from __future__ import annotations

import numpy as np

from entrepot.errors import StatisticsError
from entrepot.statistics.gravity.kernels import Floats, squares

COLLINEAR = 1e-11
"""What is left of a covariate within effects and other covariates, as a share of its square."""

MAYBE = 1e-4
"""Below this an accurate projection has to tell."""


def suspicious(bread: Floats, weights: Floats, columns: Floats) -> bool:
    """Whether a covariate may be collinear.

    Parameters
    ----------
    bread : weighted products of what is left of the covariates within the effects (K, K)
    weights, columns : (n,) and (K, n)
    """
    return bool((_shares(bread, weights, columns) < MAYBE).any())


def check_collinear(
    bread: Floats, weights: Floats, columns: Floats, names: tuple[str, ...]
) -> None:
    """Refuse covariates of which nothing is left.

    Raises
    ------
    StatisticsError : names them
    """
    shares = _shares(bread, weights, columns)
    found = [name for name, share in zip(names, shares, strict=True) if not share > COLLINEAR]
    if found:
        raise StatisticsError(
            f"{', '.join(found)} cannot be told from the fixed effects and the other covariates "
            "(collinear, or the same in every row); leave it out, or take fewer effects"
        )


def _shares(bread: Floats, weights: Floats, columns: Floats) -> Floats:
    """What is left of each covariate's square within the effects and the covariates before it."""
    raw = squares(weights, columns)
    size = np.sqrt(np.where(raw > 0, raw, 1.0))
    left = bread / np.outer(size, size)
    shares = np.zeros(len(bread))
    for k in range(len(bread)):
        shares[k] = left[k, k]
        if left[k, k] > COLLINEAR:
            left = left - np.outer(left[:, k], left[k]) / left[k, k]
    return shares
