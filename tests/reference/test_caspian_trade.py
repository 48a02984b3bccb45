"""The shipped study's table of trade against the data it was taken from, and its marks."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepot.study import read_study

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "trade"
ISO = {
    "AZE": "AZ", "BLR": "BY", "RUS": "RU", "TUR": "TR", "CHN": "CN", "KAZ": "KZ", "GEO": "GE",
}  # fmt: skip


@pytest.fixture(scope="module")
def trade() -> pl.DataFrame:
    return read_study(ROOT / "studies" / "caspian").table("trade")


def test_the_turnover_of_2024_is_what_was_stated_and_marked_as_split_by_us(
    trade: pl.DataFrame,
) -> None:
    both = trade.filter(
        pl.col("period") == "2024",
        pl.col("hs") == "total",
        pl.col("reporter").is_in(["AZ", "BY"]),
        pl.col("partner").is_in(["AZ", "BY"]),
    )
    assert both["value"].sum() == pytest.approx(450e6)
    assert trade.filter(period="2024")["value_basis"].unique().to_list() == ["estimate"]


def test_every_row_has_its_source_and_every_estimate_says_how(trade: pl.DataFrame) -> None:
    assert trade["source"].null_count() == 0
    assert trade["value_basis"].null_count() == 0
    assert trade.filter(value_basis="estimate")["note"].null_count() == 0


def test_totals_are_those_of_the_data(trade: pl.DataFrame) -> None:
    file = DATA / "world_trade_1964_2016_4y_rta.parquet"
    if not file.exists():
        pytest.skip(f"no data at {file}")
    known = pl.read_parquet(file).with_columns(
        pl.col("exporter", "importer").cast(pl.String).replace(ISO), pl.col("year").cast(pl.String)
    )
    facts = trade.filter(pl.col("source").str.contains("penppml"), value_basis="published")
    told = facts.join(
        known, left_on=["period", "reporter", "partner"], right_on=["year", "exporter", "importer"]
    )
    assert told.height == facts.height == 10
    assert told["value"].to_list() == pytest.approx(told["trade_usd"].to_list(), abs=1.0)


def test_leading_exports_are_those_of_the_data(trade: pl.DataFrame) -> None:
    file = DATA / "world_exports_hs4_2017.parquet"
    if not file.exists():
        pytest.skip(f"no data at {file}")
    known = pl.read_parquet(file).with_columns(
        pl.col("exporter").cast(pl.String).str.to_uppercase().replace(ISO),
        pl.col("hs4").cast(pl.String),
    )
    facts = trade.filter(period="2017")
    told = facts.join(known, left_on=["reporter", "hs"], right_on=["exporter", "hs4"])
    assert told.height == facts.height
    assert told["value"].to_list() == pytest.approx(told["value_usd"].to_list(), abs=1.0)
