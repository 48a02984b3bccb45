"""Flows once each, products without counting twice, and what is refused."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from entrepot.errors import CertificateError, StatisticsError
from entrepot.statistics.advantage import advantage
from entrepot.statistics.certificate import certified
from entrepot.statistics.flows import flows, products, totals
from entrepot.statistics.growth import growth
from entrepot.statistics.price_quantity import price_quantity
from entrepot.statistics.turnover import turnover
from tests.unit.trade_statistics.trades import rows

BOTH = rows(
    ("2022", "BY", "AZ", "export", "3104", 100.0),
    ("2022", "AZ", "BY", "import", "3104", 115.0),
    ("2022", "AZ", "BY", "export", "0702", 40.0),
    ("2022", "TR", "BY", "import", "3104", 30.0),
)


def test_the_exporter_is_believed_and_mirrors_are_marked() -> None:
    found = flows(BOTH).select("exporter", "importer", "value", "basis").rows()
    assert found == [
        ("AZ", "BY", 40.0, "reported"),
        ("BY", "AZ", 100.0, "reported"),
        ("BY", "TR", 30.0, "mirror"),
    ]


def test_turnover_takes_the_reporters_own_word() -> None:
    ours = turnover(BOTH, "BY", "AZ").table.row(0, named=True)
    theirs = turnover(BOTH, "AZ", "BY").table.row(0, named=True)
    assert (ours["exports"], ours["imports"], ours["basis_imports"]) == (100.0, 40.0, "mirror")
    assert (theirs["exports"], theirs["imports"], theirs["basis_imports"]) == (
        40.0,
        115.0,
        "reported",
    )


@pytest.mark.parametrize(
    ("codes", "digits", "found"),
    [
        (("total", "31", "3104", "310420"), 0, {"total"}),
        (("total", "31", "3104", "310420"), 2, {"31"}),
        (("total", "31", "3104", "310420"), 4, {"3104"}),
        (("31", "310420", "0702"), 4, {"3104", "0702"}),
        (("310420", "310490"), 4, {"3104"}),
        (("310420", "310490", "07"), 2, {"31", "07"}),
        (("310420", "310490"), None, {"310420", "310490"}),
        (("310420", "0702", "07"), None, {"3104", "0702"}),
    ],
)
def test_no_trade_is_counted_twice(
    codes: tuple[str, ...], digits: int | None, found: set[str]
) -> None:
    trade = rows(*(("2022", "BY", "AZ", "export", code, 10.0) for code in codes))
    if digits == 0:
        assert totals(trade)["value"].to_list() == [10.0]
        return
    assert set(products(trade, digits).rows["hs"]) == found


def test_a_total_that_is_not_broken_down_is_told() -> None:
    trade = rows(
        ("2022", "BY", "AZ", "export", "total", 100.0), ("2022", "BY", "AZ", "export", "31", 40.0)
    )
    assert products(trade, 2).notes == (
        "60.0% of the totals of 1 flows are in no product and left out",
    )


def test_goods_without_a_code_go_by_their_name() -> None:
    trade = BOTH.with_columns(good=pl.lit("potash"), hs=pl.lit(None, dtype=pl.String))
    assert set(products(trade).rows["hs"]) == {"potash"}


@pytest.mark.parametrize(
    ("trade", "told"),
    [
        (BOTH.drop("value"), "no column value"),
        (BOTH.clear(), "the table is empty"),
        (BOTH.with_columns(value=-pl.col("value")), "below 0"),
        (BOTH.with_columns(value=pl.lit(None, dtype=pl.Float64)), "have no value"),
        (BOTH.with_columns(value=pl.lit(float("nan"))), "no numbers"),
        (BOTH.with_columns(flow=pl.lit("transit")), "neither import nor export"),
        (rows(("2022", "BY", "AZ", "export", "total", 1.0)), "known only in total"),
        (rows(*((y, "BY", "AZ", "export", "31", 1.0) for y in ("2022", "2023"))), "which period"),
    ],
)
def test_what_cannot_be_answered_is_refused(trade: pl.DataFrame, told: str) -> None:
    with pytest.raises(StatisticsError, match=told):
        advantage(trade)


def test_finer_than_the_rows_is_refused() -> None:
    with pytest.raises(StatisticsError, match="known only by 0702, not by 6 digits"):
        products(BOTH, 6)


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(StatisticsError, match="no trade of 'DE'; there are AZ, BY, TR"):
        turnover(BOTH, "BY", "DE")


@pytest.mark.parametrize("sides", [(1.0, 1.1), (float("nan"), 1.0)])
def test_a_result_without_a_certificate_is_an_error(sides: tuple[float, float]) -> None:
    with pytest.raises(CertificateError, match="no figure is given"):
        certified("turnover", pl.DataFrame(), "sums agree", sides)


def month(period: str, value: float) -> tuple[Any, ...]:
    return (period, "BY", "AZ", "export", "total", value)


def test_months_add_up_to_years() -> None:
    months = [f"{year}-{number:02d}" for year in (2022, 2023) for number in range(1, 13)]
    table = turnover(rows(*(month(m, 10.0 + i) for i, m in enumerate(months))), "BY", "AZ").table
    last = table.row(-1, named=True)
    assert last["trailing"] == last["year_to_date"] == sum(10.0 + i for i in range(12, 24))
    assert last["year_to_date_before"] == sum(10.0 + i for i in range(12))
    may = table.row(by_predicate=pl.col("period") == "2023-05", named=True)
    assert may["growth_to_date"] == pytest.approx(sum(range(22, 27)) / sum(range(10, 15)) - 1)
    assert table.row(3, named=True)["trailing"] is None


def test_the_same_months_are_compared() -> None:
    # 38 million, 14.5 times as much as in the same months before (design notes, seed checks).
    base = 38.0 / 14.5
    trade = rows(month("2022.01-04", base), month("2023.01-04", 38.0))
    assert base == pytest.approx(2.621, abs=5e-4)
    assert turnover(trade, "BY", "AZ").table["growth"].to_list() == [None, pytest.approx(13.5)]
    step = rows(month("2024", 450.0), month("2025", 500.0))
    assert turnover(step, "BY").table["growth"][1] == pytest.approx(0.111, abs=5e-4)


def test_price_and_quantity_by_hand() -> None:
    trade = rows(
        ("2022", "BY", "AZ", "export", "3104", 100.0, 1.0),
        ("2023", "BY", "AZ", "export", "3104", 400.0, 2.0),
        ("2022", "BY", "AZ", "export", "0402", 5.0),
        ("2023", "BY", "AZ", "export", "0406", 7.0),
    )
    table = price_quantity(trade, "BY", "2022", "2023").table
    first = table.row(0, named=True)
    # Price and quantity both doubled: half of the change each.
    assert first["price"] == pytest.approx(150.0)
    assert first["quantity"] == pytest.approx(150.0)
    assert set(table["begun"]) == {0.0, 7.0}
    assert set(table["ended"]) == {0.0, -5.0}


def test_advantages_of_one_country_come_largest_first() -> None:
    trade = rows(
        ("2022", "BY", "AZ", "export", "3104", 80.0), ("2022", "BY", "AZ", "export", "0402", 20.0),
        ("2022", "AZ", "BY", "export", "0402", 100.0),
    )  # fmt: skip
    table = advantage(trade, reporter="BY").table
    # 80 % of Belarus' exports against 40 % of the world's; 20 % against 60 %.
    assert table["rca"].to_list() == pytest.approx([2.0, 1 / 3])
    with pytest.raises(StatisticsError, match="'DE' exports nothing"):
        advantage(trade, reporter="DE")


def test_growth_by_hand() -> None:
    trade = rows(
        ("2022", "BY", "AZ", "export", "3104", 80.0), ("2023", "BY", "AZ", "export", "3104", 100.0),
        ("2022", "AZ", "BY", "export", "0702", 20.0), ("2023", "AZ", "BY", "export", "0702", 10.0),
    )  # fmt: skip
    table = growth(trade, "BY", "2022", "2023").table
    assert table.select("hs", "flow", "contribution").rows() == [
        ("3104", "export", pytest.approx(0.2)),
        ("0702", "import", pytest.approx(-0.1)),
    ]
