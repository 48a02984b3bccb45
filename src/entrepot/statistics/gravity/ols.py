"""Least squares with fixed effects: the older way to estimate gravity, of the logarithm of trade.

It leaves out what is not traded and is biased where the error's variance depends on the covariates
(Santos Silva and Tenreyro 2006); it is here because published tables have it beside PPML.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.gravity.collinear import check_collinear
from entrepot.statistics.gravity.covariance import Convention, sandwich
from entrepot.statistics.gravity.effects import needed, sorted_by_effects
from entrepot.statistics.gravity.estimate import Estimate, estimate_of, margins_off, moments_off
from entrepot.statistics.gravity.leave_out import left_out
from entrepot.statistics.gravity.ppml import panel_of
from entrepot.statistics.gravity.rows import check_varies, rows_of, ways
from entrepot.statistics.gravity.weighted import Weighted

IDENTITY = (
    "what is not fitted adds up to zero in every level of every effect and by every covariate"
)
NO_LOGARITHM = "no trade, so no logarithm"
ACCURATE = 1e-13


def ols(
    frame: pl.DataFrame,
    covariates: Sequence[str],
    effects: Sequence[str] = (),
    *,
    outcome: str = "log(trade)",
    cluster: str | Sequence[str] | None = None,
    convention: Convention = "stata",
) -> Estimate:
    """Estimate outcome = covariates + fixed effects by least squares.

    Parameters
    ----------
    frame, covariates, effects, cluster, convention : as in `ppml`
    outcome : a column or ``log(column)``; rows where the column is 0 are left out and counted

    Raises
    ------
    StatisticsError : the frame cannot be estimated from; every problem is named
    CertificateError : the conditions of least squares do not hold
    """
    rows = rows_of(frame, outcome, covariates, effects, ways(cluster))
    there = np.isfinite(rows.outcome)
    if not there.any():
        raise StatisticsError(f"cannot be estimated: {outcome} is of 0 in every row")
    if not there.all():
        rows = rows.only(there, (NO_LOGARITHM, None, int((~there).sum())))
    check_varies(rows, outcome)
    rows = left_out(rows, of_trade=False)
    laid_out = sorted_by_effects(needed(list(rows.effects.values())), panel_of(rows))
    count = len(covariates)
    columns = laid_out.ordered(np.vstack([rows.columns, rows.outcome]))
    ones = np.ones(columns.shape[1])
    weighted = Weighted(laid_out, ones)
    levels, passes = weighted.project(columns, None, ACCURATE, strict=True)
    left = np.stack(
        [weighted.left_over(column, own) for column, own in zip(columns, levels, strict=True)]
    )
    products = left @ left.T
    bread = products[:count, :count]
    check_collinear(bread, ones, columns[:count], rows.names)
    slopes = np.asarray(np.linalg.solve(bread, products[:count, count]), dtype=np.float64)
    rest = left[count] - slopes @ left[:count]
    covariance = sandwich(
        bread, left[:count] * rest,
        *({name: laid_out.ordered(codes) for name, codes in each.items()}
          for each in (rows.clusters, rows.effects)),
        poisson=False, convention=convention,
    )  # fmt: skip
    fitted = rows.outcome - laid_out.as_given(rest)
    size = np.abs(rows.outcome) + np.abs(rows.outcome).mean()
    residual = max(
        margins_off(rows.effects, fitted, rows.outcome, size),
        moments_off(rows.columns, fitted, rows.outcome, size),
    )
    return estimate_of(
        rows, slopes, covariance, fitted, residual, method="ols", outcome=outcome,
        identity=IDENTITY, steps=1, passes=passes,
    )  # fmt: skip
