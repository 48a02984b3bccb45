"""An estimate of a gravity equation, with what proves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.errors import CertificateError, QuestionError
from entrepot.statistics.gravity.covariance import Covariance
from entrepot.statistics.gravity.effects import Codes
from entrepot.statistics.gravity.kernels import Floats, sizes
from entrepot.statistics.gravity.rows import Rows

TOLERANCE = 1e-8
"""How far fitted and observed trade of a level may differ, relative to what is in it."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """Slopes of a gravity equation.

    Attributes
    ----------
    method : "ppml" or "ols"
    outcome : what is explained
    table : (covariate, estimate, standard_error, low, high, p), a row a covariate; `low` to `high`
        is the 95 % interval
    covariance : of the estimates, (K, K)
    errors : how they were computed: clusters and small-sample factor, in words
    clusters : how many, of each way to cluster; empty where each row is its own
    rows : used
    dropped : (reason, effect, rows) of the rows that were not
    levels : of each fixed effect
    fitted : (row, fitted) of the rows used, `row` counted from 0 in the frame; for "ols" what the
        outcome is fitted by
    r_squared : square of the correlation of outcome and fitted
    identity : what was checked, in words
    residual : by how much it is off at most, relative; at most `TOLERANCE`
    steps, passes : of the search, and over the data
    notes : what the reader must know
    """

    method: str
    outcome: str
    table: pl.DataFrame
    covariance: Floats
    errors: str
    clusters: tuple[int, ...]
    rows: int
    dropped: pl.DataFrame
    levels: dict[str, int]
    fitted: pl.DataFrame
    r_squared: float
    identity: str
    residual: float
    steps: int
    passes: int
    notes: tuple[str, ...] = ()

    @property
    def slopes(self) -> dict[str, float]:
        """The estimate of each covariate."""
        return dict(self.table.select("covariate", "estimate").iter_rows())

    def slope(self, covariate: str) -> float:
        """The estimate of a covariate.

        Raises
        ------
        QuestionError : no such covariate
        """
        found = self.slopes.get(covariate)
        if found is None:
            has = ", ".join(self.slopes) or "none"
            raise QuestionError(f"no covariate {covariate!r} was estimated; there are: {has}")
        return found

    def draws(self, count: int, seed: int) -> Floats:
        """Slopes drawn from the normal distribution of the estimates, (count, K)."""
        generator = np.random.default_rng(seed)
        centre = self.table["estimate"].to_numpy()
        return generator.multivariate_normal(centre, self.covariance, count, method="eigh")


def estimate_of(
    rows: Rows,
    slopes: Floats,
    covariance: Covariance,
    fitted: Floats,
    residual: float,
    *,
    method: str,
    outcome: str,
    identity: str,
    steps: int,
    passes: int,
) -> Estimate:
    """The estimate as it is told.

    Raises
    ------
    CertificateError : the identity does not hold
    """
    if not residual <= TOLERANCE:
        raise CertificateError(
            f"{method}: {identity} does not hold (off by {residual:.3g}); no estimate is given"
        )
    low, high = covariance.interval(slopes)
    table = pl.DataFrame(
        {
            "covariate": list(rows.names),
            "estimate": slopes,
            "standard_error": np.sqrt(np.diag(covariance.values)),
            "low": low,
            "high": high,
            "p": covariance.chance(slopes),
        },
        schema_overrides={"covariate": pl.String},
    ).fill_nan(None)
    by = f"clustered by {' and by '.join(rows.clusters)}" if rows.clusters else "robust"
    return Estimate(
        method=method,
        outcome=outcome,
        table=table,
        covariance=covariance.values,
        errors=f"{by}; {covariance.words}",
        clusters=covariance.clusters,
        rows=len(rows.outcome),
        dropped=pl.DataFrame(
            list(rows.dropped),
            schema={"reason": pl.String, "effect": pl.String, "rows": pl.Int64},
            orient="row",
        )
        .group_by("reason", "effect", maintain_order=True)
        .agg(pl.col("rows").sum()),
        levels={name: int(codes.max()) + 1 for name, codes in rows.effects.items()},
        fitted=pl.DataFrame({"row": rows.kept, "fitted": fitted}),
        r_squared=_r_squared(rows.outcome, fitted),
        identity=identity,
        residual=residual,
        steps=steps,
        passes=passes,
    )


def _r_squared(outcome: Floats, fitted: Floats) -> float:
    """Squared correlation; 1 where nothing varies."""
    scale = float(np.abs(outcome).max()) or 1.0
    one, two = ((each / scale - (each / scale).mean()) for each in (outcome, fitted))
    spread = float(one @ one) * float(two @ two)
    return float(one @ two) ** 2 / spread if spread > 0 else 1.0


def margins_off(effects: dict[str, Codes], fitted: Floats, observed: Floats, size: Floats) -> float:
    """The largest difference of fitted and observed sums of a level, relative to its size.

    Taken from the rows anew, without what the search computed.

    Parameters
    ----------
    fitted, observed, size : of each row (n,)
    """
    worst = 0.0
    for codes in effects.values():
        gap = np.abs(np.bincount(codes, weights=fitted - observed))
        whole = np.bincount(codes, weights=size)
        there = whole > 0
        worst = max(worst, float((gap[there] / whole[there]).max(initial=0.0)))
    return worst


def moments_off(columns: Floats, fitted: Floats, observed: Floats, size: Floats) -> float:
    """The same for sums weighted by each covariate (K, n)."""
    whole = sizes(size, columns)
    # Not by a product of matrices: that wakes other processors for less than they take to wake.
    gaps = np.abs(np.einsum("kr,r->k", columns, fitted - observed))
    return float((gaps / np.where(whole > 0, whole, 1.0)).max(initial=0.0))
