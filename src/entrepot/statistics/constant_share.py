"""Constant market share: how a country's exports would have grown with its markets.

    v_1 - v_0 = sum g v_0                        the world's trade grew
              + sum (g_k - g) v_0                its products grew more than others
              + sum (g_jk - g_k) v_0             its markets did, product by product
              + sum (v_jk1 - v_jk0 - g_jk v_jk0) it won or lost shares

over markets j and products k; g, g_k and g_jk are the growth of all exporters' exports in the table
(Leamer and Stern 1970, Quantitative International Economics, chapter 7; Richardson 1971, Journal of
International Economics 1). The country itself counts in the world.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.flows import known_country, one_period, products
from entrepot.statistics.shared import Trade

KEY = ["importer", "hs"]


def constant_share(
    trade: Trade, reporter: str, base: str, period: str, digits: int | None = None
) -> Measure:
    """The change of a country's exports by market, in four parts.

    Returns
    -------
    Table (partner, before, after, change, world, products, markets, competitiveness), in money, a
    row a market, the largest change in size first

    Raises
    ------
    StatisticsError : periods or a country that are not there, only totals, no exports at first
    CertificateError : the parts do not add up to the change
    """
    found = products(trade, digits)
    known_country(found.rows, reporter)
    cells = _cells(one_period(found.rows, base), reporter, "0").join(
        _cells(one_period(found.rows, period), reporter, "1"), on=KEY, how="full", coalesce=True
    )
    cells = cells.with_columns(pl.col("v0", "v1", "w0", "w1").fill_null(0.0))
    if not cells["v0"].sum() > 0:
        raise StatisticsError(f"{reporter} exports nothing in {base}; there is no share to hold")
    cells, parts = _parts(cells)
    table = (
        cells.select(
            pl.col("importer").alias("partner"),
            pl.col("v0").alias("before"),
            pl.col("v1").alias("after"),
            (pl.col("v1") - pl.col("v0")).alias("change"),
            *parts,
        )
        .group_by("partner")
        .sum()
        .sort(pl.col("change").abs(), "partner", descending=[True, False])
    )
    added = table.select(pl.sum_horizontal([part.name for part in parts])).to_series()
    scale = float(sum(np.abs(part.to_numpy()).sum() for part in parts))
    identity = "the four parts add up to the change in every market"
    return certified(
        "constant-share", table, identity, (added.to_numpy(), table["change"].to_numpy()),
        scale=scale, notes=found.notes,
    )  # fmt: skip


def _parts(cells: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.Series]]:
    """The cells in which the country sells, and the four parts of its change in each."""
    world = float(cells["w1"].sum()) / float(cells["w0"].sum()) - 1.0
    by_product = cells.group_by("hs").agg(k0=pl.col("w0").sum(), k1=pl.col("w1").sum())
    cells = cells.join(by_product, on="hs").filter((pl.col("v0") > 0) | (pl.col("v1") > 0))
    v0, v1, k0, k1, w0, w1 = (
        cells[name].to_numpy().astype(np.float64) for name in ("v0", "v1", "k0", "k1", "w0", "w1")
    )
    # Where the country sold nothing at first, growth multiplies nothing.
    of_product = np.divide(k1 - k0, k0, out=np.zeros_like(k0), where=k0 > 0)
    of_cell = np.divide(w1 - w0, w0, out=np.zeros_like(w0), where=w0 > 0)
    parts = {
        "world": world * v0,
        "products": (of_product - world) * v0,
        "markets": (of_cell - of_product) * v0,
        "competitiveness": v1 - v0 - of_cell * v0,
    }
    return cells, [pl.Series(name, part) for name, part in parts.items()]


def _cells(rows: pl.DataFrame, reporter: str, mark: str) -> pl.DataFrame:
    """Exports of the country (v) and of all (w) by market and product."""
    ours = pl.when(pl.col("exporter") == reporter).then("value").otherwise(0.0)
    return rows.group_by(KEY).agg(
        ours.sum().alias(f"v{mark}"), pl.col("value").sum().alias(f"w{mark}")
    )
