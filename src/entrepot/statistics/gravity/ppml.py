"""Poisson pseudo-maximum likelihood with fixed effects, from a frame to a certified estimate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from entrepot.errors import CertificateError, StatisticsError
from entrepot.statistics.gravity.covariance import Convention, sandwich
from entrepot.statistics.gravity.effects import (
    DENSE_ENOUGH,
    Codes,
    Effects,
    needed,
    sorted_by_effects,
)
from entrepot.statistics.gravity.estimate import Estimate, estimate_of, margins_off, moments_off
from entrepot.statistics.gravity.kernels import Floats
from entrepot.statistics.gravity.leave_out import SEPARATED, left_out
from entrepot.statistics.gravity.poisson import (
    Fit,
    Progress,
    SeparationFoundError,
    fit_poisson,
)
from entrepot.statistics.gravity.rows import Rows, check_varies, parts, rows_of, ways
from entrepot.statistics.gravity.separation import separated
from entrepot.statistics.gravity.weighted import Weighted

IDENTITY = (
    "fitted trade adds up to observed trade in every level of every effect and, "
    "weighted, by every covariate"
)


def ppml(
    frame: pl.DataFrame,
    covariates: Sequence[str],
    effects: Sequence[str] = (),
    *,
    trade: str = "trade",
    cluster: str | Sequence[str] | None = None,
    convention: Convention = "stata",
    progress: Progress | None = None,
) -> Estimate:
    """Estimate trade = exp(covariates + fixed effects) by Poisson pseudo-maximum likelihood.

    Method: `entrepot.statistics.gravity.poisson`; errors: `.covariance`; which rows are left out:
    `.leave_out` and `.separation`.

    Parameters
    ----------
    frame : a row a flow
    covariates : columns, ``log(column)``, ``column=value`` (1 where it holds), or products of these
        with ``*``
    effects : columns joined by ``^``, a level for each combination; a constant where there is none
    trade : column of what is explained, at least 0
    cluster : columns joined by ``^``, or several of these, to cluster by each (multi-way); each row
        is its own cluster where None
    convention : of the errors: ``stata`` or ``fixest``
    progress : told of every step

    Raises
    ------
    StatisticsError : the frame cannot be estimated from; every problem is named
    CertificateError : fitted and observed trade differ by more than 1e-8 in some level
    """
    rows = rows_of(frame, trade, covariates, effects, ways(cluster))
    if not rows.outcome.any():
        raise StatisticsError(f"cannot be estimated: {trade} is 0 in every row")
    check_varies(rows, trade)
    rows = left_out(rows, of_trade=True)
    rows, laid_out, columns, found = _fitted(rows, progress)
    fitted = laid_out.as_given(found.fitted)
    residual = max(
        margins_off(rows.effects, fitted, rows.outcome, rows.outcome),
        moments_off(rows.columns, fitted, rows.outcome, rows.outcome),
    )
    rest = (laid_out.ordered(rows.outcome) - found.fitted) / found.scale
    weighted = Weighted(laid_out, found.fitted / found.scale)
    scores = np.empty((len(columns), len(rest)))
    for score, column, levels in zip(scores, columns, found.levels, strict=True):
        np.multiply(weighted.left_over(column, levels), rest, out=score)
    covariance = sandwich(
        found.bread, scores, _in_order(rows.clusters, laid_out), _in_order(rows.effects, laid_out),
        poisson=True, convention=convention,
    )  # fmt: skip
    return estimate_of(
        rows, found.slopes, covariance, fitted, residual, method="ppml", outcome=trade,
        identity=IDENTITY, steps=found.steps, passes=found.passes,
    )  # fmt: skip


def _fitted(rows: Rows, progress: Progress | None) -> tuple[Rows, Effects, Floats, Fit]:
    """The fit of the rows that are not separated; their effects and covariates as sorted."""
    looked_for = False
    while True:
        laid_out = sorted_by_effects(needed(list(rows.effects.values())), panel_of(rows))
        columns = laid_out.ordered(rows.columns)
        outcome = laid_out.ordered(rows.outcome)
        try:
            found = fit_poisson(
                laid_out, outcome, columns, rows.names, looked_for=looked_for, progress=progress
            )
            return rows, laid_out, columns, found
        except StatisticsError as error:
            gone = sum(count for reason, _, count in rows.dropped if reason == SEPARATED)
            if not gone or isinstance(error, CertificateError):
                raise
            raise StatisticsError(
                f"{error}; {gone:,} rows without trade, which covariates and effects tell from all "
                "others, are left out before (separation)"
            ) from None
        except SeparationFoundError as falls:
            if progress is not None:
                progress(f"looking for separation among {int(falls.falling.sum()):,} rows")
            apart = separated(laid_out, columns, falls.falling)
            looked_for = not apart.any()
            if apart.any():
                given = laid_out.as_given(apart.astype(np.float64)) > 0
                rows = rows.only(~given, (SEPARATED, None, int(apart.sum())))
                rows = left_out(rows, of_trade=True)


def panel_of(rows: Rows) -> tuple[Codes, Codes, Codes] | None:
    """Exporter, importer and period where three effects pair three columns, each row once."""
    if len(rows.effects) != 3:
        return None
    pairs = [frozenset(parts(word)) for word in rows.effects]
    columns = frozenset().union(*pairs)
    if len(columns) != 3 or any(len(pair) != 2 for pair in pairs) or len(set(pairs)) != 3:
        return None
    sizes = [int(codes.max()) for codes in rows.effects.values()]
    pair = parts(list(rows.effects)[int(np.argmax(sizes))])
    period = next(name for name in columns if name not in pair)
    found = (rows.parts[pair[0]], rows.parts[pair[1]], rows.parts[period])
    i, j, t = (int(each.max()) + 1 for each in found)
    if i * j * t > DENSE_ENOUGH * len(rows.outcome):
        return None
    cells = (found[0] * j + found[1]) * t + found[2]
    return found if int(np.bincount(cells).max()) == 1 else None


def _in_order(effects: dict[str, Codes], laid_out: Effects) -> dict[str, Codes]:
    return {name: laid_out.ordered(codes) for name, codes in effects.items()}
