"""Normalised revealed comparative advantage: what can be added up and compared.

    NRCA_ik = v_ik / v_w - v_i v_wk / v_w²

(Yu, Cai and Leung 2009, "The normalized revealed comparative advantage index", The Annals of
Regional Science 43, equation 6.) The distance of exports from what they would be without any
comparative advantage, as a share of the world's exports: adds up to 0 over products and over
countries. Usually told in units of 1 / 10,000.
"""

from __future__ import annotations

import numpy as np

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.grid import exports_of, long, shown
from entrepot.statistics.shared import Trade


def normalised_advantage(
    trade: Trade,
    period: str | None = None,
    digits: int | None = None,
    reporter: str | None = None,
) -> Measure:
    """NRCA of every exporter in every product that it exports, or of one, times 10,000.

    Returns
    -------
    Table (country, hs, exports, nrca), by country, the largest first

    Raises
    ------
    StatisticsError : no such period or exporter, only totals
    CertificateError : sums over products or countries are not 0
    """
    found = exports_of(trade, reporter, period, digits)
    share = found.value / found.value.sum()
    nrca = share - np.outer(share.sum(axis=1), share.sum(axis=0))
    sums = np.concatenate([nrca.sum(axis=0), nrca.sum(axis=1)])
    table = long(found, exports=found.value, nrca=nrca * 1e4)
    table = shown(table, reporter, "nrca")
    identity = "NRCAs add up to 0 over products and over countries"
    sides = (sums, np.zeros_like(sums))
    return certified("normalised-advantage", table, identity, sides, scale=1.0, notes=found.notes)
