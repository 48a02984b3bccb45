"""Revealed comparative advantage, and the same made symmetric.

    RCA_ik = (v_ik / v_i) / (v_wk / v_w),    RSCA_ik = (RCA_ik - 1) / (RCA_ik + 1)

(Balassa 1965, "Trade Liberalisation and Revealed Comparative Advantage", The Manchester School 33;
Dalum, Laursen and Villumsen 1998, International Review of Applied Economics 12.) Above 1, and above
0, the country exports more of the product than the world does, measured by their exports.
"""

from __future__ import annotations

import numpy as np

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.grid import Floats, exports_of, long, shown
from entrepot.statistics.shared import Trade


def advantage(
    trade: Trade,
    period: str | None = None,
    digits: int | None = None,
    reporter: str | None = None,
) -> Measure:
    """RCA and RSCA of every exporter in every product that it exports.

    Parameters
    ----------
    reporter : show only this country's

    Returns
    -------
    Table (country, hs, exports, rca, rsca), by country, the largest first

    Raises
    ------
    StatisticsError : no such period or exporter, only totals
    CertificateError : weighed by the world's shares, a country's RCAs do not add up to 1
    """
    found = exports_of(trade, reporter, period, digits)
    rca = balassa(found.value)
    weights = found.value.sum(axis=0) / found.value.sum()
    table = long(found, exports=found.value, rca=rca, rsca=(rca - 1.0) / (rca + 1.0))
    table = shown(table, reporter, "rca")
    sides = (rca @ weights, np.ones(len(found.countries)))
    identity = "weighed by the world's shares of products, a country's RCAs add up to 1"
    return certified("advantage", table, identity, sides, notes=found.notes)


def balassa(value: Floats) -> Floats:
    """RCA of exports of shape (C, K); every country and product trades something."""
    own = value / value.sum(axis=1, keepdims=True)
    rca: Floats = own / (value.sum(axis=0) / value.sum())
    return rca
