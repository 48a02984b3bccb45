"""Unit values of what markets buy, so that a least amount can be told in money.

What a market buys of a product, in money, over how much it buys, of the flows whose amount is
known; not known where none is, or where amounts are in several units. Weights are in tonnes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from entrepot.statistics.flows import in_periods, products
from entrepot.statistics.potential.world import Floats, World
from entrepot.statistics.substitution.flows import TONNES


def unit_values(
    trade: pl.DataFrame, world: World, periods: Sequence[str], digits: int | None
) -> Floats:
    """Money per unit that each country pays for each product, shape (N, K); NaN if not known.

    Raises
    ------
    StatisticsError : as of `entrepot.statistics.potential.world.world_of`
    """
    rows = products(in_periods(trade, *periods), digits).rows
    weight = pl.col("unit").replace_strict(TONNES, default=1.0, return_dtype=pl.Float64)
    unit = pl.when(pl.col("unit").is_in([*TONNES])).then(pl.lit("t")).otherwise("unit")
    known = rows.filter((pl.col("quantity") > 0) & pl.col("unit").is_not_null()).with_columns(
        quantity=pl.col("quantity") * weight, unit=unit
    )
    each = known.group_by("importer", "hs").agg(
        pl.col("value").sum() / pl.col("quantity").sum(), units=pl.col("unit").n_unique()
    )
    found = np.full((len(world.countries), len(world.goods)), np.nan)
    country = {name: at for at, name in enumerate(world.countries)}
    good = {name: at for at, name in enumerate(world.goods)}
    for importer, hs, value, units in each.iter_rows():
        if units == 1 and importer in country and hs in good:
            found[country[importer], good[hs]] = value
    return found
