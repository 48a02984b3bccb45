"""Alignment: worked by hand, and what must hold of it for any table."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.errors import StatisticsError
from entrepot.statistics import alignment, unfriendly
from entrepot.statistics.relations.alignment import alignment_over_time, turning_days
from entrepot.statistics.relations.ideal_points import beside_ideal_points, ideal_points
from entrepot.study import find_study, read_study

DAY = dt.date(2024, 1, 1)


def relations(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """Rows (a, b, domain, weight, date, until)."""
    return pl.DataFrame(
        [(f"r{i}", *(*each, None, None)[:6]) for i, each in enumerate(rows)],
        schema={
            "relation": pl.String, "a": pl.String, "b": pl.String, "domain": pl.String,
            "weight": pl.Float64, "date": pl.Date, "until": pl.Date,
        },
        orient="row",
    )  # fmt: skip


def blocs(*rows: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [(bloc, country, None, None) for bloc, country in rows],
        schema={"bloc": pl.String, "country": pl.String, "since": pl.Date, "until": pl.Date},
        orient="row",
    )


def of(table: pl.DataFrame, a: str, b: str) -> dict[str, Any]:
    return table.row(by_predicate=(pl.col("a") == a) & (pl.col("b") == b), named=True)


def test_ties_worked_by_hand() -> None:
    found = alignment(
        relations(("B", "A", "trade", 0.5), ("A", "B", "political", 0.4), ("A", "B", None, -0.2)),
        None,
        DAY,
    )
    row = of(found.table, "A", "B")
    # 1 - 0.5 * 0.6 = 0.7; less 0.2.
    assert row["friendly"] == pytest.approx(0.7)
    assert row["alignment"] == pytest.approx(0.5)
    assert (row["trade"], row["political"], row["mediation"]) == (0.5, 0.4, None)
    assert row["other"] == pytest.approx(-0.2)
    assert (row["ties"], row["named"]) == (3, "r0; r1; r2")


def test_a_bloc_stands_for_its_members_and_is_their_mean() -> None:
    members = blocs(("eu", "FR"), ("eu", "DE"), ("eu", "IT"))
    found = alignment(
        relations(("eu", "X", "trade", -0.6), ("FR", "X", "trade", 0.5)), members, DAY
    )
    assert of(found.table, "DE", "X")["alignment"] == pytest.approx(-0.6)
    assert of(found.table, "FR", "X")["alignment"] == pytest.approx(-0.1)
    whole = of(found.table, "X", "eu")
    assert whole["between"] == "bloc"
    assert whole["alignment"] == pytest.approx((-0.6 - 0.1 - 0.6) / 3)


def test_a_bloc_on_both_sides_ties_its_members() -> None:
    found = alignment(
        relations(("u", "u", "membership", 0.8)), blocs(("u", "A"), ("u", "B"), ("u", "C")), DAY
    )
    assert found.table.filter(pl.col("between") == "countries").height == 3
    assert found.table.filter(pl.col("between") == "bloc")["alignment"].to_list() == [0.8] * 3


def test_days_count_from_the_first_to_the_last() -> None:
    rows = relations(("A", "B", "trade", 0.5, dt.date(2020, 1, 1), dt.date(2020, 12, 31)))
    days = ["2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01"]
    assert [alignment(rows, None, day).table.height for day in days] == [0, 1, 1, 0]
    assert [str(day) for day in turning_days(rows)] == [days[1], days[3]]
    assert alignment_over_time(rows, None, days).table.height == 2


def test_unfriendly_by_a_threshold() -> None:
    rows = relations(("A", "B", "trade", -0.5), ("A", "C", "trade", 0.3), ("B", "C", "trade", 0.3))
    assert unfriendly(rows, None, DAY, "A", 0.0) == ["B"]
    assert unfriendly(rows, None, DAY, "A", -0.5) == []
    # D has no tie and stands at 0.
    assert unfriendly(rows, None, DAY, "A", 0.1, among=["A", "B", "C", "D"]) == ["B", "D"]


@pytest.mark.parametrize(
    ("threshold", "country", "said"),
    [(2.0, "A", "from -1 to 1"), (0.0, "Z", "no relation of Z"), (float("nan"), "A", "from -1")],
)
def test_what_cannot_be_asked(threshold: float, country: str, said: str) -> None:
    with pytest.raises(StatisticsError, match=said):
        unfriendly(relations(("A", "B", "trade", -0.5)), None, DAY, country, threshold)


def test_a_day_and_a_weight_that_are_none() -> None:
    with pytest.raises(StatisticsError, match="is not a day"):
        alignment(relations(), None, "2024-13-01")
    with pytest.raises(StatisticsError, match="has weight 3"):
        alignment(relations(("A", "B", "trade", 3.0)), None, DAY)
    found = alignment(relations(("A", "B", "trade", None)), None, DAY)
    assert found.notes[0] == "without a weight, not counted: r0"


ties = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from("ABC"),
        st.sampled_from(("trade", "political", None)),
        st.floats(-1, 1),
    ),
    max_size=8,
)


@given(ties, st.floats(0, 1))
def test_what_holds_for_any_table(rows: list[tuple[Any, ...]], more: float) -> None:
    table = alignment(relations(*rows), None, DAY).table
    turned = alignment(relations(*((b, a, d, w) for a, b, d, w in reversed(rows))), None, DAY).table
    assert table["alignment"].equals(turned["alignment"])
    assert table["alignment"].abs().max() is None or float(str(table["alignment"].abs().max())) <= 1
    # Another friendly tie never lowers an alignment.
    now = alignment(relations(*rows, ("A", "B", "trade", more)), None, DAY).table
    before = float(
        table.filter((pl.col("a") == "A") & (pl.col("b") == "B"))["alignment"].to_numpy().sum()
    )
    assert of(now, "A", "B")["alignment"] >= before - 1e-12


def test_the_shipped_study() -> None:
    study = read_study(find_study("caspian"))
    rows, members = study.table("relations"), study.table("blocs")
    found = alignment(rows, members, DAY)
    assert of(found.table, "BY", "RU")["alignment"] == 1.0
    assert unfriendly(rows, members, DAY, "BY", 0.0) == ["IT", "LT", "NL", "PL", "RO"]


def test_beside_ideal_points() -> None:
    raw = pl.DataFrame(
        {
            "iso3c": ["A", "B", "C"], "session": [79, 79, 79], "IdealPointAll": [0.5, -1.0, 2.0],
            "Q5%All": [0.3, -1.2, 1.8], "Q95%All": [0.7, -0.8, 2.2],
        }
    )  # fmt: skip
    found = alignment(relations(("A", "B", "trade", 0.4), ("A", "D", "trade", 0.1)), None, DAY)
    table = beside_ideal_points(found, ideal_points(raw)).table
    assert of(table, "A", "B")["ideal_distance"] == 1.5
    assert of(table, "A", "D")["ideal_distance"] is None
    assert of(table, "A", "B")["ideal_distance_error"] == pytest.approx(0.2 / 1.6448536 * 2**0.5)
