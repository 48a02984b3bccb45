"""Lafay's index: the contribution of each product to the trade balance.

    LFI_k = 100 [ (x_k - m_k) / (x_k + m_k) - sum(x - m) / sum(x + m) ] (x_k + m_k) / sum(x + m)

(Lafay 1992, "The measurement of revealed comparative advantages", in International Trade Modelling,
Chapman and Hall.) Above 0 the country specialises in the product; adds up to 0 over products.
"""

from __future__ import annotations

import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.grid import two_sides
from entrepot.statistics.shared import Trade


def lafay(
    trade: Trade, reporter: str, period: str | None = None, digits: int | None = None
) -> Measure:
    """The index of every product that a country trades, in percent of its trade.

    Returns
    -------
    Table (hs, exports, imports, lafay), the largest first

    Raises
    ------
    StatisticsError : no such period or country, only totals
    CertificateError : the indices do not add up to 0
    """
    goods, x, m, notes = two_sides(trade, reporter, period, digits)
    both = (x + m).sum()
    index = 100.0 * ((x - m) / (x + m) - (x - m).sum() / both) * (x + m) / both
    table = pl.DataFrame({"hs": goods, "exports": x, "imports": m, "lafay": index})
    table = table.sort("lafay", "hs", descending=[True, False])
    sides = (float(index.sum()), 0.0)
    return certified("lafay", table, "the indices add up to 0", sides, scale=100.0, notes=notes)
