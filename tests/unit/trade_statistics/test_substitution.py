"""Substitution: what binds, what it costs, and that no other plan switches more."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from entrepot.errors import CertificateError, QuestionError, StatisticsError
from entrepot.statistics import substitution
from entrepot.statistics.linear import least
from entrepot.statistics.substitution.candidates import Terms
from entrepot.statistics.substitution.freight import freight_of
from entrepot.study import find_study, read_study
from tests.unit.trade_statistics.trades import rows, trades

FEW = settings(max_examples=25, deadline=None)
# Azerbaijan buys milk powder from two others; Belarus sells 90 elsewhere, at 10 % more.
MILK = rows(
    ("2023", "NZ", "AZ", "export", "0402", 100.0, 10.0),
    ("2023", "DE", "AZ", "export", "0402", 40.0, 4.0),
    ("2023", "BY", "AZ", "export", "0402", 11.0, 1.0),
    ("2023", "BY", "KZ", "export", "0402", 99.0, 9.0),
    ("2023", "TR", "BY", "export", "0802", 30.0, 3.0),
    ("2023", "AZ", "KZ", "export", "0802", 20.0, 2.0),
)
AWAY, WITH = {"AZ": ["NZ", "DE"]}, {"AZ": ["BY"]}


def told(trade: pl.DataFrame, terms: Terms | None = None) -> dict[str, dict[str, object]]:
    found, _ = substitution(trade, AWAY, WITH, terms=terms)
    return {row["avoided"]: row for row in found.table.to_dicts()}


def test_by_hand() -> None:
    found, totals = substitution(MILK, AWAY, WITH)
    # Spare 99 at 11 a unit replaces 90 at 10 a unit; unit values overlap by 10/11.
    assert found.table["switched"].sum() == pytest.approx(90.0)
    # Both cost the same: the larger need is served first.
    assert found.table.select("avoided", "switched").rows() == [("NZ", pytest.approx(90.0))]
    assert found.table["cost"].to_list() == pytest.approx([0.1])
    row = totals.table.row(0, named=True)
    assert (row["need"], row["extra"]) == pytest.approx((140.0, 9.0))
    assert set(found.table["confidence"]) == {0.75}
    before = sum((v / 151) ** 2 for v in (100, 40, 11))
    by = dict(found.table.select("avoided", "switched").iter_rows())
    left = (100 - by.get("NZ", 0.0), 40 - by.get("DE", 0.0), 11 + 99)
    after = sum((v / sum(left)) ** 2 for v in left)
    assert found.table["hhi_change"].to_list() == pytest.approx([after - before])


def test_both_ways_at_once() -> None:
    found, totals = substitution(
        MILK, {**AWAY, "BY": ["TR"]}, {**WITH, "BY": ["AZ"]}, terms=Terms(ramp=0.5)
    )
    assert dict(totals.table.select("importer", "switched").iter_rows()) == pytest.approx(
        {"AZ": 140 / 1.1, "BY": 30.0}
    )
    limits = dict(found.table.select("hs", "limit").iter_rows())
    assert limits == {"0402": "overlap", "0802": "need"}


def test_terms_bind() -> None:
    tariffs = pl.DataFrame(
        [("AZ", "*", "*", 0.2), ("AZ", "BY", "*", 0.0)],
        schema=["importer", "exporter", "hs", "tariff"], orient="row",
    )  # fmt: skip
    cheaper = told(MILK, Terms(tariffs=tariffs))
    assert cheaper["NZ"]["cost"] == pytest.approx(1.1 / 1.2 - 1)
    freight = {"BY": 1.0, "NZ": 5.0, "DE": 0.0}
    carried = told(MILK, Terms(freight=lambda a, b, k: freight[a]))
    assert carried["NZ"]["cost"] == pytest.approx(12 / 15 - 1)
    assert carried["NZ"]["freight"] == -4.0
    assert "DE" not in told(MILK, Terms(premium=0.15, freight=lambda a, b, k: freight[a]))
    assert sum(r["switched"] for r in told(MILK, Terms(committed=0.5)).values()) == pytest.approx(  # type: ignore[misc]
        45.0
    )
    bound = told(MILK, Terms(ceiling={("BY", "AZ", "0402"): 22.0}))
    assert sum(r["switched"] for r in bound.values()) == pytest.approx(20.0)  # type: ignore[misc]
    assert {r["limit"] for r in bound.values()} <= {"potential"}


@FEW
@given(trades(), st.floats(0.0, 1.0), st.floats(0.0, 0.9))
def test_no_plan_switches_more(trade: pl.DataFrame, ramp: float, committed: float) -> None:
    away = {"BY": ["TR", "KZ"]}
    assume(trade.filter(pl.col("partner") == "BY", pl.col("reporter") != "AZ").height > 0)
    try:
        found, totals = substitution(trade, away, {"BY": ["AZ"]}, terms=Terms(ramp, committed))
    except StatisticsError:
        assume(False)
    table = found.table
    assert (table["switched"] <= table["need"] * table["overlap"] * (1 + 1e-9)).all()
    # With one partner each product fills up by itself: from the supplier whose goods take least
    # of the partner's spare.
    expected = 0.0
    for good in trade["hs"].unique():
        here = trade.filter(hs=good)
        ours = here.filter(reporter="AZ")
        spare = float(ours.filter(pl.col("partner") != "BY")["value"].sum())
        spare *= (1 - committed) * (1 + ramp)
        choices = []
        for row in here.filter(pl.col("partner") == "BY", pl.col("reporter") != "AZ").to_dicts():
            ratio = _ratio(ours, row)
            if min(ratio, 1 / ratio) >= 0.1:
                choices.append((ratio, row["value"] * min(ratio, 1 / ratio)))
        for ratio, most in sorted(choices):
            taken = min(most, spare / ratio)
            expected += taken
            spare -= taken * ratio
    assert table["switched"].sum() == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert totals.residual <= 1e-9


def _ratio(ours: pl.DataFrame, row: dict[str, object]) -> float:
    """The partner's unit value over the supplier's, 1 if not known."""
    direct = ours.filter(partner="BY").drop_nulls("quantity")
    sold = direct if direct.height else ours
    if sold["quantity"].null_count() or not sold.height or row["quantity"] is None:
        return 1.0
    mine = float(sold["value"].sum()) / float(sold["quantity"].sum())
    return mine / (float(str(row["value"])) / float(str(row["quantity"])))


def test_freight_is_that_of_the_cheapest_journey() -> None:
    freight = freight_of(read_study(find_study("caspian")))
    potash, milk = freight("BY", "AZ", "3104"), freight("BY", "AZ", "0402")
    assert potash is not None
    assert milk is not None
    assert 40 < potash < 60 < milk
    assert freight("BY", "AZ", "8701") is not None
    assert freight("BY", "XX", "8701") is None


def test_a_program_that_is_not_proved_is_an_error() -> None:
    one = (np.array([0]), np.array([1.0]))
    with pytest.raises(CertificateError, match="no answer"):
        least(np.array([1.0]), [one], np.array([-1.0]), np.array([1.0]))
    solved = least(np.array([-1.0, -2.0]), [(np.array([0, 1]), np.ones(2))], np.array([3.0]),
                   np.array([2.0, 2.0]))  # fmt: skip
    assert solved.level.tolist() == [1.0, 2.0]
    assert solved.price.tolist() == [1.0]
    assert solved.rent.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("away", "terms", "error", "words"),
    [
        ({"AZ": []}, Terms(), QuestionError, "AZ has nobody to avoid"),
        ({"AZ": ["BY"]}, Terms(), QuestionError, "BY cannot be avoided and be asked"),
        ({"AZ": ["TR"]}, Terms(), StatisticsError, "there is no need"),
        ({"AZ": ["NZ"]}, Terms(committed=1.0), StatisticsError, "nothing can be switched"),
        ({"AZ": ["NZ"]}, Terms(premium=0.05), StatisticsError, "candidates costs \\+10.0%"),
        ({"AZ": ["NZ"]}, Terms(ramp=-1.0), QuestionError, "ramp is a share"),
        ({"AZ": ["NZ"]}, Terms(committed=2.0), QuestionError, "committed is a share"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    away: dict[str, list[str]], terms: Terms, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        substitution(MILK, away, WITH, terms=terms)
