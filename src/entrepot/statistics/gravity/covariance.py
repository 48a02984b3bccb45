"""Errors of estimates: sandwich covariance, by clusters or by rows, by a named convention.

    V = q B^-1 (sum over clusters of s s') B^-1,   s = sum of the scores of a cluster

B holds the weighted products of what is left of the covariates. The small-sample factor q is where
programs differ; n rows, G clusters, K parameters.

- ``stata``: as ``ppmlhdfe`` and ``poisson`` do, q = G / (G - 1), or n / (n - 1) by rows; for least
  squares as ``reghdfe`` does, q = (n - 1) / (n - K) * G / (G - 1), or n / (n - K) by rows. Levels
  of effects that are nested in clusters do not count in K, and one counts for all of these.
- ``fixest``: q = (n - 1) / (n - K) * G / (G - 1) for both, or n / (n - K) by rows, as version 0.13
  does by default; of each effect after the first one level less counts.

Intervals are of the normal distribution for PPML, and of Student's with G - 1 (or n - K) degrees of
freedom for least squares, and for ``fixest`` with clusters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from entrepot.errors import StatisticsError
from entrepot.statistics.gravity.effects import Codes, follows
from entrepot.statistics.gravity.kernels import Floats

Convention = Literal["stata", "fixest"]


@dataclass(frozen=True, eq=False)
class Covariance:
    """Of K estimates.

    Attributes
    ----------
    values : (K, K)
    factor : q
    clusters : G; None where each row is its own
    freedom : degrees of freedom of Student's distribution; None where it is the normal
    words : how it was computed
    """

    values: Floats
    factor: float
    clusters: int | None
    freedom: int | None
    words: str

    def interval(self, estimates: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper bounds."""
        tail = 0.5 + level / 2
        wide = stats.norm.ppf(tail) if self.freedom is None else stats.t.ppf(tail, self.freedom)
        error = np.sqrt(np.diag(self.values))
        return estimates - wide * error, estimates + wide * error

    def chance(self, estimates: Floats) -> Floats:
        """Two-sided p-values of being zero; not a number where nothing is left to err."""
        error = np.sqrt(np.diag(self.values))
        ratio = np.full_like(error, np.nan)
        np.divide(np.abs(estimates), error, out=ratio, where=error > 0)
        if self.freedom is None:
            return np.asarray(2 * stats.norm.sf(ratio))
        return np.asarray(2 * stats.t.sf(ratio, self.freedom))


def sandwich(
    bread: Floats,
    scores: Floats,
    cluster: Codes | None,
    effects: dict[str, Codes],
    *,
    poisson: bool,
    convention: Convention,
) -> Covariance:
    """The covariance of estimates.

    Parameters
    ----------
    bread : (K, K)
    scores : of each covariate and row (K, n)
    cluster : of each row; None: each row is its own
    effects : levels of each effect, in the order of the rows
    poisson : whether it is PPML, else least squares

    Raises
    ------
    StatisticsError : one cluster only, or more parameters than rows
    """
    count, rows = scores.shape
    clusters = None if cluster is None else int(cluster.max()) + 1
    if clusters == 1:
        raise StatisticsError("errors by clusters need two clusters or more; there is one")
    # The factor of ppmlhdfe does not count them, so that the quicker count is enough.
    quick = poisson and convention == "stata"
    parameters = count + _levels(effects, cluster, "fixest" if quick else convention)
    if rows <= parameters:
        raise StatisticsError(
            f"{rows:,} rows cannot tell {parameters:,} parameters; take fewer effects"
        )
    summed = scores
    if cluster is not None:
        summed = np.stack([np.bincount(cluster, weights=each) for each in scores]) if count else (
            np.zeros((0, clusters or 0)))  # fmt: skip
    own = clusters if clusters is not None else rows
    factor, words = _factor(rows, parameters, clusters, poisson, convention)
    inverse = np.linalg.inv(bread)
    values = factor * inverse @ (summed @ summed.T) @ inverse
    # By convention of both programs; the likelihood's own is the normal.
    freedom = None
    if not poisson or (convention == "fixest" and clusters is not None):
        freedom = own - 1 if clusters is not None else rows - parameters
    return Covariance((values + values.T) / 2, factor, clusters, freedom, words)


def _factor(
    rows: int, parameters: int, clusters: int | None, poisson: bool, convention: Convention
) -> tuple[float, str]:
    as_rows = (rows - 1) / (rows - parameters)
    if convention == "stata" and poisson:
        if clusters is None:
            return rows / (rows - 1), "stata (ppmlhdfe): n / (n - 1), by rows"
        return clusters / (clusters - 1), "stata (ppmlhdfe): G / (G - 1)"
    program = "fixest" if convention == "fixest" else "stata (reghdfe)"
    if clusters is None:
        return rows / (rows - parameters), f"{program}: n / (n - K), by rows"
    factor = as_rows * clusters / (clusters - 1)
    return factor, f"{program}: (n - 1) / (n - K) × G / (G - 1)"


def _levels(effects: dict[str, Codes], cluster: Codes | None, convention: Convention) -> int:
    """How many parameters the effects count for."""
    counts = {name: int(codes.max()) + 1 for name, codes in effects.items()}
    nested = [
        name for name, codes in effects.items() if cluster is not None and follows(cluster, codes)
    ]
    if convention == "fixest":
        whole = sum(counts.values()) - max(len(counts) - 1, 0)
        return whole - sum(counts[name] for name in nested) + len(nested)
    free = [name for name in counts if name not in nested]
    redundant = 0
    for f, name in enumerate(free[1:], start=1):
        redundant += max(_components(effects[name], effects[other]) for other in free[:f])
    return sum(counts[name] for name in free) - redundant + bool(nested)


def _components(one: Codes, other: Codes) -> int:
    """Parts that two effects fall into: in each, a constant moves from one to the other."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = int(one.max()) + 1, int(other.max()) + 1
    links = (np.ones(len(one)), (one, other + first))
    size = first + second
    return int(connected_components(coo_array(links, shape=(size, size)), directed=False)[0])
