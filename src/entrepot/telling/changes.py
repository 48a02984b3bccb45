"""What of two answers is worth telling: figures that differ by more than rounding, shares, markets.

Frames are those of `entrepot.results.compare.Comparison`: columns `base`, `other` and `change`.
"""

from __future__ import annotations

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.telling.largest import largest

NEGLIGIBLE = 1e-4
"""Of the figure itself: a change below it is not told."""


def largest_changes(
    frame: pl.DataFrame, most: int, digits: int | None = None, mixed: bool = False
) -> tuple[pl.DataFrame, int]:
    """The `most` rows that change most, and how many change at all.

    Parameters
    ----------
    digits : told behind the point; a change that does not show in them is none
    mixed : rows are in several units: those come first that change most for their size
    """
    size = pl.max_horizontal(pl.col("base", "other").abs())
    change = pl.col("change").abs().fill_null(size)
    least = 0.0 if digits is None else 0.5 * 10**-digits
    changed = frame.filter((change > NEGLIGIBLE * size) & (change >= least))
    return largest(changed, change / size if mixed else change, most), changed.height


def modal_split(modes: pl.DataFrame) -> pl.DataFrame:
    """Shares of the modes in the haulage (period, mode, unit, base, other, change), in percent."""
    work = modes.filter(pl.col("measure") == "tonne_km")
    return work.select(
        "period",
        "mode",
        "unit",
        base=100 * pl.col("base_share").fill_null(0.0),
        other=100 * pl.col("other_share").fill_null(0.0),
    ).with_columns(change=pl.col("other") - pl.col("base"))


def where_bought(prices: pl.DataFrame, base: Clearing, other: Clearing) -> pl.DataFrame:
    """Prices where anyone buys in either answer."""
    market = ["period", "place", "good"]
    bought = pl.concat([each.purchases.select(market) for each in (base, other)])
    return prices.join(bought.unique(), on=market, how="semi")
