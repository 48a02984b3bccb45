"""Intra-industry trade: selling and buying the same product.

    GL_k = 1 - |x_k - m_k| / (x_k + m_k),    GL = sum of GL_k (x_k + m_k) / sum(x + m)

(Grubel and Lloyd 1975, Intra-Industry Trade, chapter 2.) At the margin, of changes dx and dm,

    A_k = 1 - |dx_k - dm_k| / (|dx_k| + |dm_k|)

(Brülhart 1994, "Marginal Intra-Industry Trade", Weltwirtschaftliches Archiv 130, equation 3); 1
where exports and imports grow or shrink together, 0 where only one does or they part.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.change import two_periods
from entrepot.statistics.flows import known_country, one_period, products
from entrepot.statistics.grid import grid_of
from entrepot.statistics.shared import Trade


def grubel_lloyd(
    trade: Trade,
    reporter: str,
    partner: str | None = None,
    period: str | None = None,
    digits: int | None = None,
) -> Measure:
    """The index of each product that a country trades, with one partner or with all.

    Returns
    -------
    Table (hs, exports, imports, grubel_lloyd, weight), the heaviest first; the sum of index times
    weight is the index of all

    Raises
    ------
    StatisticsError : no such period or country, only totals, nothing traded
    CertificateError : the products do not add up to the index of all
    """
    found = products(trade, digits)
    known_country(found.rows, reporter, partner)
    rows = one_period(found.rows, period)
    sold = rows.filter(pl.col("exporter") == reporter)
    bought = rows.filter(pl.col("importer") == reporter)
    if partner is not None:
        sold = sold.filter(pl.col("importer") == partner)
        bought = bought.filter(pl.col("exporter") == partner)
    goods = sorted({*sold["hs"], *bought["hs"]})
    x = grid_of(sold, "exporter", goods=goods).value.sum(axis=0)
    m = grid_of(bought, "importer", goods=goods).value.sum(axis=0)
    there = x + m > 0
    if not there.any():
        raise StatisticsError(f"{reporter} and {partner or 'the world'} trade nothing")
    x, m, goods = x[there], m[there], [g for g, yes in zip(goods, there, strict=True) if yes]
    index = 1.0 - np.abs(x - m) / (x + m)
    weight = (x + m) / (x + m).sum()
    table = pl.DataFrame(
        {"hs": goods, "exports": x, "imports": m, "grubel_lloyd": index, "weight": weight}
    ).sort("weight", "hs", descending=[True, False])
    whole = 1.0 - np.abs(x - m).sum() / (x + m).sum()
    identity = "weighed by trade, the products' indices add up to 1 - sum|x - m| / sum(x + m)"
    notes = (f"the index of all products together is {whole:.4f}", *found.notes)
    sides = (float(index @ weight), float(whole))
    return certified("grubel-lloyd", table, identity, sides, scale=1.0, notes=notes)


def bruelhart(
    trade: Trade,
    reporter: str,
    base: str,
    period: str,
    partner: str | None = None,
    digits: int | None = None,
) -> Measure:
    """Brülhart's index of each product whose exports or imports changed between two periods.

    Returns
    -------
    Table (hs, exports_change, imports_change, bruelhart, weight), the heaviest first

    Raises
    ------
    StatisticsError : periods or countries that are not there, only totals, nothing changed
    CertificateError : the products do not add up to the index of all
    """
    both, notes = two_periods(trade, reporter, partner, base, period, "turnover", digits)
    change = pl.col("v1") - pl.col("v0")
    sides = both.group_by("hs").agg(
        change.filter(pl.col("flow") == "export").sum().alias("exports_change"),
        change.filter(pl.col("flow") == "import").sum().alias("imports_change"),
    )
    sides = sides.filter((pl.col("exports_change") != 0) | (pl.col("imports_change") != 0))
    if not sides.height:
        raise StatisticsError(f"nothing changed between {base} and {period}")
    dx = sides["exports_change"].to_numpy()
    dm = sides["imports_change"].to_numpy()
    size = np.abs(dx) + np.abs(dm)
    index = 1.0 - np.abs(dx - dm) / size
    weight = size / size.sum()
    table = sides.with_columns(pl.Series("bruelhart", index), pl.Series("weight", weight)).sort(
        "weight", "hs", descending=[True, False]
    )
    whole = float(1.0 - np.abs(dx - dm).sum() / size.sum())
    told = (f"the index of all products together is {whole:.4f}", *notes)
    identity = (
        "weighed by change, the products' indices add up to 1 - sum|dx - dm| / sum(|dx| + |dm|)"
    )
    return certified("bruelhart", table, identity, (float(index @ weight), whole), scale=1.0,
                     notes=told)  # fmt: skip
