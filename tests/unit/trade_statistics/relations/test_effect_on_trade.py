"""What the data say of relations and trade: no clear effect, with its interval."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from entrepot.errors import StatisticsError
from entrepot.statistics.gravity import ppml
from entrepot.statistics.relations.covariates import with_alignment, with_ideal_distance
from entrepot.statistics.relations.ideal_points import ideal_points
from tests.unit.trade_statistics.gravity.data import given

THREE = ("exporter^year", "importer^year", "exporter^importer")


def test_distance_of_votes_has_no_clear_effect_on_trade_of_1964_to_2016() -> None:
    raw = given("world_trade_1964_2016_4y_rta.parquet").with_columns(
        pl.col("exporter", "importer").cast(pl.String),
        rta=(pl.col("agreement_id") > 0).cast(pl.Float64),
        trade="trade_usd",
    )
    points = ideal_points(given("unga_ideal_points_jun2024.parquet"))
    panel = with_ideal_distance(raw.filter(pl.col("exporter") != pl.col("importer")), points,
                                period="year")  # fmt: skip
    found = ppml(panel, ["rta", "ideal_distance"], THREE, cluster="exporter^importer")
    rta, distance = found.table.to_dicts()
    assert rta["low"] > 0
    assert distance["low"] < 0 < distance["high"]
    assert abs(distance["estimate"]) < 0.05
    assert found.residual < 1e-8


TIES = pl.DataFrame(
    {
        "relation": ["r"], "a": ["B"], "b": ["A"], "domain": ["trade"],
        "date": [dt.date(2001, 1, 1)], "until": [None], "weight": [0.5],
    },
    schema_overrides={"until": pl.Date},
)  # fmt: skip
PANEL = pl.DataFrame(
    {
        "exporter": ["A", "A", "B", "A", "A"], "importer": ["B", "B", "A", "C", "A"],
        "period": ["2000", "2002", "2002", "2002", "2002"],
    }
)  # fmt: skip


def test_alignment_beside_every_flow() -> None:
    found = with_alignment(PANEL, TIES, None, lambda year: dt.date(int(year), 1, 1))
    assert found["alignment"].to_list() == [0.0, 0.5, 0.5, 0.0, 1.0]
    assert found.drop("alignment").equals(PANEL)


def test_countries_under_other_codes() -> None:
    other = PANEL.with_columns(pl.col("exporter", "importer").str.to_lowercase())
    with pytest.raises(StatisticsError, match="codes of both must be"):
        with_alignment(other, TIES, None, lambda year: dt.date(int(year), 1, 1))
    points = pl.DataFrame({"country": ["A", "B"], "year": [2002, 2002], "point": [1.0, -1.0]})
    with pytest.raises(StatisticsError, match="no row of the panel"):
        with_ideal_distance(other, points)
    assert with_ideal_distance(PANEL, points)["ideal_distance"].to_list() == [2.0, 2.0, 0.0]


def test_a_period_that_is_no_year() -> None:
    with pytest.raises(StatisticsError, match="is no year"):
        with_alignment(PANEL.with_columns(period=pl.lit("spring")), TIES, None, lambda year: None)
