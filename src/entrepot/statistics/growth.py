"""Contributions to growth: which products made trade grow.

    c_k = (v_k1 - v_k0) / V_0,    sum over k of c_k = V_1 / V_0 - 1

(A weighted growth rate: c_k is the product's own growth times its share at the beginning.)
"""

from __future__ import annotations

import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.change import Of, two_periods
from entrepot.statistics.shared import Trade


def growth(
    trade: Trade,
    reporter: str,
    base: str,
    period: str,
    partner: str | None = None,
    of: Of = "turnover",
    digits: int | None = None,
) -> Measure:
    """What each product and direction contributed to the growth from one period to another.

    Returns
    -------
    Table (hs, flow, before, after, change, growth, contribution), the largest contribution in size
    first; `growth` is null where there was nothing before; contributions are shares of all before

    Raises
    ------
    StatisticsError : periods or countries that are not there, only totals, nothing to compare
    CertificateError : contributions do not add up to growth
    """
    both, notes = two_periods(trade, reporter, partner, base, period, of, digits)
    before, after = float(both["v0"].sum()), float(both["v1"].sum())
    v0, v1 = pl.col("v0"), pl.col("v1")
    table = both.select(
        "hs",
        "flow",
        v0.alias("before"),
        v1.alias("after"),
        (v1 - v0).alias("change"),
        pl.when(v0 > 0).then(v1 / v0 - 1.0).alias("growth"),
        ((v1 - v0) / before).alias("contribution"),
    ).sort(pl.col("contribution").abs(), "hs", "flow", descending=[True, False, False])
    sides = (float(table["contribution"].sum()), after / before - 1.0)
    identity = f"contributions add up to the growth of {of}"
    return certified("growth", table, identity, sides, scale=1.0 + after / before, notes=notes)
