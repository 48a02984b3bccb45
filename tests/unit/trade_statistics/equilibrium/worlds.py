"""Small worlds drawn from a seed, and the world of the Advanced Guide."""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.statistics.equilibrium.world import Floats, World, world_of
from entrepot.statistics.gravity import ppml
from tests.unit.trade_statistics.gravity.data import given


def small(seed: int, countries: int = 5) -> World:
    """Trade of any size, most of it at home."""
    draw = np.random.default_rng(seed)
    flows = draw.lognormal(0, 1, (countries, countries))
    flows[np.diag_indices(countries)] *= 5 * countries
    return World(tuple(f"C{number}" for number in range(countries)), flows)


def some_factors(world: World, seed: int) -> Floats:
    draw = np.random.default_rng(seed)
    factors = np.exp(draw.normal(0, 0.5, world.flows.shape))
    np.fill_diagonal(factors, 1.0)
    return factors


def guide() -> tuple[World, float]:
    """Fitted trade of 69 countries in 2006, and the estimated effect of a border."""
    raw = given("agtpa_trade_1986_2006.parquet").filter(pl.col("year") == 2006)
    frame = raw.with_columns(border=(pl.col("exporter") != pl.col("importer")).cast(pl.Float64))
    found = ppml(frame, ["log(dist)", "cntg", "border"], ["exporter", "importer"])
    fitted = frame.with_row_index("row").join(
        found.fitted.with_columns(pl.col("row").cast(pl.UInt32)), on="row"
    )
    return world_of(fitted, value="fitted"), found.slope("border")
