"""Similarity of exports: whether two countries compete.

    FK_ij = 100 sum over k of min(s_ik, s_jk)

with s_ik the share of product k in i's exports (Finger and Kreinin 1979, "A Measure of 'Export
Similarity' and Its Possible Uses", The Economic Journal 89). 0: nothing alike, 100: the same.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.grid import Floats, exports_of
from entrepot.statistics.shared import Trade


def similarity(
    trade: Trade,
    reporter: str | None = None,
    period: str | None = None,
    digits: int | None = None,
) -> Measure:
    """The index of every two exporters.

    Parameters
    ----------
    reporter : show only pairs with this country, with it as `a`

    Returns
    -------
    Table (a, b, similarity), each pair once, the most alike first

    Raises
    ------
    StatisticsError : no such period or exporter, only totals
    CertificateError : the index is not 100 less half of the sum of differences
    """
    found = exports_of(trade, reporter, period, digits)
    names = found.countries
    shares = found.value / found.value.sum(axis=1, keepdims=True)
    index, apart = pairwise(shares)
    a, b = np.triu_indices(len(names), 1)
    if reporter is not None:
        me = names.index(reporter)
        b = np.array([j for j in range(len(names)) if j != me], dtype=np.int64)
        a = np.full(len(b), me)
    table = pl.DataFrame(
        {"a": [names[i] for i in a], "b": [names[j] for j in b], "similarity": 100.0 * index[a, b]},
        schema={"a": pl.String, "b": pl.String, "similarity": pl.Float64},
    ).sort("similarity", "a", "b", descending=[True, False, False])
    sides = (np.stack([index, index]), np.stack([1.0 - apart / 2.0, index.T]))
    identity = "the index is symmetric, and 1 less half the sum of differences of shares"
    return certified("similarity", table, identity, sides, scale=1.0, notes=found.notes)


def pairwise(shares: Floats) -> tuple[Floats, Floats]:
    """Sums of smaller shares, and of differences, of every two rows: (C, K) to (C, C) each."""
    count = len(shares)
    common, apart = np.empty((count, count)), np.empty((count, count))
    for i, row in enumerate(shares):
        common[i] = np.minimum(shares, row).sum(axis=1)
        apart[i] = np.abs(shares - row).sum(axis=1)
    return common, apart
