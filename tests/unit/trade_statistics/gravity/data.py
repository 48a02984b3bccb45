"""Data that others have published, where they lie; a test that needs them says so without them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "data" / "trade"


def given(name: str) -> pl.DataFrame:
    file = FOLDER / name
    if not file.exists():
        pytest.skip(f"needs {name}, which is not part of the repository")
    return pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file)


def panel() -> pl.DataFrame:
    """Manufacturing trade of 69 countries, every fourth year, with trade at home.

    As Yotov, Y., Piermartini, R., Monteiro, J. and Larch, M. (2016), "An advanced guide to trade
    policy analysis", chapter 1, prepare it.
    """
    raw = given("agtpa_trade_1986_2006.parquet").filter(pl.col("year").is_in(range(1986, 2007, 4)))
    home = pl.col("exporter") == pl.col("importer")
    frame = raw.with_columns(
        pl.col("trade").sum().over("exporter", "year").alias("output"),
        pl.col("trade").sum().over("importer", "year").alias("expenditure"),
        home.not_().cast(pl.Float64).alias("border"),
        pl.when(home).then(0).otherwise("pair_id").alias("pair"),
        pl.when(home).then("exporter").otherwise(pl.lit("between")).alias("home"),
        pl.col("dist").log().alias("ldist"),
    )
    return frame.with_columns(
        (pl.col("dist") * pl.col("expenditure").sum().over("exporter", "year")
         / pl.col("expenditure")).sum().over("exporter", "year").alias("remote_exporter"),
        (pl.col("dist") * pl.col("output").sum().over("importer", "year")
         / pl.col("output")).sum().over("importer", "year").alias("remote_importer"),
    )  # fmt: skip
