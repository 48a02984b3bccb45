"""Intensity: whether two countries trade more with each other than their size would have it.

    TII_ij = (x_ij / X_i) / (x_wj / X_w)

(Kojima 1964, "The Pattern of International Trade among Advanced Countries", Hitotsubashi Journal of
Economics 5.) Symmetric between -1 and 1, with the country itself left out of the world (Iapadre
2006, in Assessment and Measurement of Regional Integration, Routledge):

    (HI - HE) / (HI + HE),  HI = (x_ij / X_i) / (x_oj / X_o),  HE = (1 - x_ij/X_i) / (1 - x_oj/X_o)

where o are all other exporters.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.flows import known_country, one_period, totals
from entrepot.statistics.shared import Trade


def intensity(
    trade: Trade,
    reporter: str | None = None,
    partner: str | None = None,
    period: str | None = None,
) -> Measure:
    """The indices of every exporter with every importer that it sells to.

    Parameters
    ----------
    reporter, partner : show only this exporter, this importer

    Returns
    -------
    Table (exporter, importer, value, intensity, symmetric), the most intense first; `symmetric` is
    null where no other country exports

    Raises
    ------
    StatisticsError : no such period or country
    CertificateError : weighed by the world's shares, an exporter's indices do not add up to 1
    """
    rows = totals(trade)
    known_country(rows, reporter, partner)
    rows = one_period(rows, period).filter(pl.col("value") > 0)
    world = float(rows["value"].sum())
    table = rows.with_columns(
        own=pl.col("value").sum().over("exporter"), market=pl.col("value").sum().over("importer")
    )
    x, own, market = pl.col("value"), pl.col("own"), pl.col("market")
    share, other = x / own, (market - x) / (world - own)
    table = table.with_columns(
        intensity=share / (market / world),
        symmetric=_ratio(share * (1.0 - other), other * (1.0 - share)),
        weighed=share,
    )
    table = table.with_columns(weighed=pl.col("intensity") * market / world)
    sums = table.group_by("exporter").agg(pl.col("weighed").sum())["weighed"].to_numpy()
    shown = table
    if reporter is not None:
        shown = shown.filter(pl.col("exporter") == reporter)
    if partner is not None:
        shown = shown.filter(pl.col("importer") == partner)
    shown = shown.select("exporter", "importer", "value", "intensity", "symmetric").sort(
        "intensity", "exporter", "importer", descending=[True, False, False]
    )
    identity = "weighed by the world's shares of markets, an exporter's indices add up to 1"
    return certified("intensity", shown, identity, (sums, np.ones_like(sums)))


def _ratio(inside: pl.Expr, outside: pl.Expr) -> pl.Expr:
    """(a - b) / (a + b), null where both are nothing or no number."""
    both = inside + outside
    value = (inside - outside) / both
    return pl.when(both.is_finite() & (both > 0)).then(value)
