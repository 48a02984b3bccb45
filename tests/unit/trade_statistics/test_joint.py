"""Joint offers: what both pass together, within what both can make."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics import joint, potential
from entrepot.statistics.joint import Scale
from entrepot.statistics.potential.thresholds import Thresholds
from tests.unit.trade_statistics.trades import rows, trades

# Belarus makes much potash and hardly reaches Türkiye; Azerbaijan reaches it and makes little.
POTASH = rows(
    ("2023", "BY", "KZ", "export", "3104", 900.0), ("2023", "BY", "TR", "export", "0402", 1.0),
    ("2023", "AZ", "TR", "export", "3102", 300.0), ("2023", "AZ", "TR", "export", "3104", 10.0),
    ("2023", "RU", "TR", "export", "3104", 400.0), ("2023", "RU", "TR", "export", "0402", 50.0),
    ("2023", "RU", "TR", "export", "3102", 100.0),
)  # fmt: skip


def test_one_makes_it_and_the_other_reaches_the_market() -> None:
    found = joint(POTASH, "BY", "AZ", scale=Scale(value=50.0, share=0.0))
    row = found.table.row(by_predicate=pl.col("hs") == "3104", named=True)
    assert (row["market"], row["access"]) == ("TR", "AZ")
    assert row["alone_reporter"] < 50 > row["alone_partner"]
    assert row["together"] > 50
    # 910 are sold by both; a fifth of it stays free and a fifth more can be made.
    assert row["offered"] <= 0.4 * 910 + 1e-9
    assert row["share"] == pytest.approx(900 / 910)


# Each sells too little flour to Georgia for its buyers, who take a thousand tonnes or nothing.
FLOUR = rows(
    ("2023", "BY", "GE", "export", "1101", 240e3, 600.0),
    ("2023", "AZ", "GE", "export", "1101", 280e3, 700.0),
    ("2023", "RU", "GE", "export", "1101", 1_480e3, 3_700.0),
)


def test_supply_of_the_same_product_is_pooled_up_to_a_lot() -> None:
    scale = Scale(value=0.0, share=0.0, lot=1_000.0, access="own")
    [row] = joint(FLOUR, "BY", "AZ", scale=scale).table.rows(named=True)
    # 5,000 t are bought for 2 million: a thousand for 400,000. One product: potential is trade.
    assert row["threshold"] == pytest.approx(400e3)
    assert (row["alone_reporter"], row["alone_partner"]) == pytest.approx((240e3, 280e3))
    assert (row["together"], row["gain"]) == pytest.approx((520e3, 0.0), abs=1e-6)
    assert row["access"] == "both"
    for lot in (500.0, 1_400.0):
        assert not joint(FLOUR, "BY", "AZ", scale=replace(scale, lot=lot)).table.height
    kilograms = FLOUR.with_columns(pl.col("quantity") * 1000.0, unit=pl.lit("kg"))
    assert joint(kilograms, "BY", "AZ", scale=scale).table.height == 1
    # Four tenths of the same trade cost the market the same per tonne.
    both = pl.concat(
        [FLOUR, FLOUR.with_columns(pl.col("value", "quantity") * 0.4, period=pl.lit("2024"))]
    )
    mean = joint(both, "BY", "AZ", ["2023", "2024"], scale=replace(scale, lot=800.0)).table
    assert mean["threshold"].to_list() == pytest.approx([320e3])


def test_a_lot_is_not_guessed_where_amounts_are_missing() -> None:
    bare = FLOUR.with_columns(quantity=None)
    found = joint(bare, "BY", "AZ", scale=Scale(value=0.0, share=0.0, lot=1.0, access="own"))
    assert not found.table.height
    assert found.notes[0] == "1 products of markets have no amounts, so that no lot is known"


@settings(max_examples=25, deadline=None)
@given(trades(), st.floats(1.0, 1e5), st.floats(0.0, 10.0))
def test_what_is_pooled_by_own_access_is_the_sum_of_both(
    trade: pl.DataFrame, value: float, lot: float
) -> None:
    scale = Scale(value=value, share=0.0, lot=lot, access="own")
    table = joint(trade, "BY", "AZ", scale=scale).table
    alone = (table["alone_reporter"] + table["alone_partner"]).to_list()
    assert table["together"].to_list() == pytest.approx(alone)
    assert (table["together"] >= table["threshold"] * (1 - 1e-9)).all()
    assert (table["alone_reporter"] < table["threshold"]).all()


def test_an_offer_that_capacity_cuts_below_the_threshold_is_none() -> None:
    scale = Scale(value=50.0, share=0.0, ramp=0.0, committed=0.99)
    table = joint(POTASH, "BY", "AZ", scale=scale).table
    assert table.filter(hs="3104")["offered"].to_list() == [0.0]


@settings(max_examples=25, deadline=None)
@given(trades(), st.floats(1.0, 1e5))
def test_offers_pass_the_threshold_and_use_no_capacity_twice(
    trade: pl.DataFrame, value: float
) -> None:
    scale = Scale(value=value, share=0.0, ramp=0.3, committed=0.5)
    table = joint(trade, "BY", "AZ", scale=scale).table
    assert (table["together"] >= value * (1 - 1e-9)).all()
    assert (table["gain"] >= -1e-6 * table["together"]).all()
    for side, name in (("alone_reporter", "BY"), ("alone_partner", "AZ")):
        assert (table[side] < value).all()
        alone = potential(trade, name, thresholds=Thresholds(0.0, 0.0)).table
        told = table.join(alone, left_on=["market", "hs"], right_on=["importer", "hs"], how="left")
        assert told["potential"].fill_null(0.0).to_list() == pytest.approx(
            table[side].to_list(), rel=1e-6, abs=1e-6
        )
    made = trade.filter(pl.col("reporter").is_in(["BY", "AZ"])).group_by("hs").agg(
        pl.col("value").sum()
    )  # fmt: skip
    used = table.group_by("hs").agg(pl.col("offered").sum()).join(made, on="hs")
    assert (used["offered"] <= used["value"] * 0.8 * (1 + 1e-9)).all()


@pytest.mark.parametrize(
    ("one", "other", "error", "told"),
    [
        ("BY", "BY", QuestionError, "its own partner"),
        ("BY", "DE", StatisticsError, "no trade of 'DE'"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    one: str, other: str, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        joint(POTASH, one, other)
