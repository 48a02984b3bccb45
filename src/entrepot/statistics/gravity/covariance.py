"""Errors of estimates: sandwich covariance, by clusters or by rows, by a named convention.

    V = q B^-1 (sum over clusters of s s') B^-1,   s = sum of the scores of a cluster

Clustered in several ways (by exporter and by importer, say), rows may hang together that share any
of them: the sums are added for each way, less those for each two ways at once, and so on
(Cameron, A., Gelbach, J. and Miller, D. 2011, "Robust inference with multiway clustering", Journal
of Business & Economic Statistics 29(2)). One factor q is taken for all, by the way with the fewest
clusters, as both programs below do (``cluster.df = "min"`` in fixest). If the result is no
covariance, its negative eigenvalues are set to 0, as the paper has it, and words tell.

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

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from scipy import stats

from entrepot.errors import StatisticsError
from entrepot.statistics.gravity.effects import Codes, follows
from entrepot.statistics.gravity.kernels import Floats
from entrepot.statistics.gravity.rows import combined

Convention = Literal["stata", "fixest"]
NOTHING = 1e-12
"""Of the largest eigenvalue: one that is less below 0 is rounding."""


@dataclass(frozen=True, eq=False)
class Covariance:
    """Of K estimates.

    Attributes
    ----------
    values : (K, K)
    factor : q
    clusters : how many, of each way; empty where each row is its own
    freedom : degrees of freedom of Student's distribution; None where it is the normal
    words : how it was computed
    """

    values: Floats
    factor: float
    clusters: tuple[int, ...]
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
    clusters: dict[str, Codes],
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
    clusters : of each row, by the way to cluster; none: each row is its own
    effects : levels of each effect, in the order of the rows
    poisson : whether it is PPML, else least squares

    Raises
    ------
    StatisticsError : one cluster only, or more parameters than rows
    """
    count, rows = scores.shape
    sizes = tuple(int(codes.max()) + 1 for codes in clusters.values())
    if 1 in sizes:
        lonely = list(clusters)[sizes.index(1)]
        raise StatisticsError(
            f"errors by clusters need two clusters or more; {lonely} is the same in every row"
        )
    # The factor of ppmlhdfe does not count them, so that the quicker count is enough.
    quick = poisson and convention == "stata"
    parameters = count + _levels(effects, list(clusters.values()), "fixest" if quick else
                                 convention)  # fmt: skip
    if rows <= parameters:
        raise StatisticsError(
            f"{rows:,} rows cannot tell {parameters:,} parameters; take fewer effects"
        )
    fewest = min(sizes, default=None)
    factor, words = _factor(rows, parameters, fewest, poisson, convention)
    inverse = np.linalg.inv(bread)
    values = factor * inverse @ _meat(scores, list(clusters.values())) @ inverse
    values = (values + values.T) / 2
    if len(sizes) > 1:
        words += f", G of the fewest; {len(sizes)}-way (Cameron, Gelbach and Miller)"
        values, mended = _without_negative(values)
        words += ", negative eigenvalues set to 0" if mended else ""
    # By convention of both programs; the likelihood's own is the normal.
    freedom = None
    if not poisson or (convention == "fixest" and fewest is not None):
        freedom = fewest - 1 if fewest is not None else rows - parameters
    return Covariance(values, factor, sizes, freedom, words)


def _meat(scores: Floats, clusters: Sequence[Codes]) -> Floats:
    """Products of summed scores (K, K): of each way to cluster, less of each two, and so on."""
    count = len(scores)
    if not clusters or not count:
        return np.asarray(scores @ scores.T)
    meat = np.zeros((count, count))
    for size in range(1, len(clusters) + 1):
        for chosen in combinations(clusters, size):
            shared = combined(chosen)
            summed = np.stack([np.bincount(shared, weights=each) for each in scores])
            meat += (-1.0) ** (size + 1) * (summed @ summed.T)
    return meat


def _without_negative(values: Floats) -> tuple[Floats, bool]:
    """A covariance, and whether eigenvalues had to be set to 0 for it."""
    if not len(values):
        return values, False
    sizes, vectors = np.linalg.eigh(values)
    if sizes[0] >= -NOTHING * sizes[-1]:
        return values, False
    return np.asarray((vectors * np.maximum(sizes, 0.0)) @ vectors.T), True


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


def _levels(effects: dict[str, Codes], clusters: Sequence[Codes], convention: Convention) -> int:
    """How many parameters the effects count for."""
    counts = {name: int(codes.max()) + 1 for name, codes in effects.items()}
    nested = [
        name for name, codes in effects.items() if any(follows(way, codes) for way in clusters)
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
