"""Panels of trade for the benchmark of gravity: drawn from a seed, or real where it lies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

COVARIATES = ("rta", "border", "align")
REAL = "world"
FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "trade" / (
    "world_trade_1964_2016_4y_rta.parquet"
)  # fmt: skip


def drawn(countries: int, periods: int, seed: int = 1) -> pl.DataFrame:
    """Trade of countries with each other over periods, a fifth of it none: columns i, j, t, trade.

    Sizes and stances of countries drift, pairs have levels of their own, agreements begin at drawn
    dates and stay, errors are gamma.
    """
    draw = np.random.default_rng(seed)
    shape = (countries, countries, periods)
    i, j, t = (each.ravel() for each in np.meshgrid(*map(np.arange, shape), indexing="ij"))

    def drift(scale: float) -> np.ndarray:
        own = draw.normal(0, scale, (countries, 1))
        return own + draw.normal(0, 0.1, (countries, periods)).cumsum(axis=1)

    sells, buys, stance = drift(1.5), drift(1.5), drift(1.0)
    pair = draw.normal(0, 1.5, (countries, countries))
    begins = draw.integers(0, 2 * periods, (countries, countries))
    rta = ((t >= np.minimum(begins, begins.T)[i, j]) & (i != j)).astype(float)
    border = (i != j) * t / periods
    align = -np.abs(stance[i, t] - stance[j, t])
    mean = np.exp(sells[i, t] + buys[j, t] + pair[i, j] + 0.3 * rta - 0.4 * border + 0.1 * align)
    trade = mean * draw.gamma(0.5, 2.0, len(i)) * (draw.random(len(i)) < 0.8)
    columns = {"i": i, "j": j, "t": t, "trade": trade}
    return pl.DataFrame({**columns, "rta": rta, "border": border, "align": align})


def real() -> pl.DataFrame:
    """Trade of the world every fourth year from 1964 to 2016 (UN Comtrade, with agreements)."""
    raw = pl.read_parquet(FILE).with_columns(pl.col("exporter", "importer").cast(pl.String))
    codes = {
        name: number
        for number, name in enumerate(sorted(set(raw["exporter"]) | set(raw["importer"])))
    }
    return raw.filter(pl.col("exporter") != pl.col("importer")).select(
        pl.col("exporter").replace_strict(codes).alias("i"),
        pl.col("importer").replace_strict(codes).alias("j"),
        pl.col("year").cast(pl.Int64).alias("t"),
        pl.col("trade_usd").alias("trade"),
        (pl.col("agreement_id") > 0).cast(pl.Float64).alias("rta"),
    )


def panel(name: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """A panel by its name, ``world`` or COUNTRIESxPERIODS, and its covariates."""
    if name == REAL:
        return real(), ("rta",)
    countries, periods = map(int, name.split("x"))
    return drawn(countries, periods), COVARIATES
