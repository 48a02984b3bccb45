"""Complementarity: whether one country sells what the other buys.

    TC_ij = 100 (1 - sum over k of |m_kj - x_ki| / 2)

with x_ki the share of product k in i's exports and m_kj in j's imports (Michaely 1996, "Trade
Preferential Agreements in Latin America: An Ex-Ante Assessment", World Bank Policy Research Working
Paper 1583; Mikic and Gilbert 2009, Trade Statistics in Policymaking, UN ESCAP). 0: nothing in
common, 100: the same shares.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.flows import known_country, one_period, products
from entrepot.statistics.grid import Floats, grid_of
from entrepot.statistics.shared import Trade


def complementarity(
    trade: Trade,
    reporter: str | None = None,
    partner: str | None = None,
    period: str | None = None,
    digits: int | None = None,
) -> Measure:
    """The index of every exporter with every importer.

    Parameters
    ----------
    reporter, partner : show only this exporter, this importer

    Returns
    -------
    Table (exporter, importer, complementarity), the largest first

    Raises
    ------
    StatisticsError : no such period or country, only totals
    CertificateError : the index is not 100 times what both shares have in common
    """
    found = products(trade, digits)
    known_country(found.rows, reporter, partner)
    rows = one_period(found.rows, period)
    goods = sorted(rows["hs"].unique())
    sold = grid_of(rows, "exporter", goods=goods)
    bought = grid_of(rows, "importer", goods=goods)
    ours = [i for i, name in enumerate(sold.countries) if reporter in (None, name)]
    theirs = [j for j, name in enumerate(bought.countries) if partner in (None, name)]
    x, m = _shares(sold.value[ours]), _shares(bought.value[theirs])
    apart = np.array([np.abs(m - row).sum(axis=1) for row in x]).reshape(len(ours), len(theirs))
    common = np.array([np.minimum(m, row).sum(axis=1) for row in x]).reshape(apart.shape)
    index = 100.0 * (1.0 - apart / 2.0)
    pairs = [
        (sold.countries[i], bought.countries[j], float(index[a, b]))
        for a, i in enumerate(ours)
        for b, j in enumerate(theirs)
        if sold.countries[i] != bought.countries[j]
    ]
    table = pl.DataFrame(
        pairs, schema={"exporter": pl.String, "importer": pl.String, "complementarity": pl.Float64},
        orient="row",
    ).sort("complementarity", "exporter", "importer", descending=[True, False, False])  # fmt: skip
    identity = "the index is 100 times the sum of the smaller of both shares"
    return certified("complementarity", table, identity, (index, 100.0 * common), scale=100.0,
                     notes=found.notes)  # fmt: skip


def _shares(value: Floats) -> Floats:
    shares: Floats = value / value.sum(axis=1, keepdims=True)
    return shares
