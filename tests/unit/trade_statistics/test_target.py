"""Targets: the growth they need, the mix that brings it, and what falls short."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics.joint import Scale
from entrepot.statistics.target.mix import Pace
from entrepot.statistics.target.path import (
    Step,
    middle_of,
    months_after,
    months_between,
    path,
    steps_to,
)
from entrepot.statistics.target.target import Target, last_year_of, target, turnover_of
from tests.unit.trade_statistics.trades import rows, trades

TARGETS = pl.DataFrame(
    [
        ("half", "AZ", "BY", date(2024, 12, 31), 500.0, "A stable base"),
        ("billion", "AZ", "BY", date(2026, 6, 30), 1000.0, None),
        ("later", "BY", "AZ", date(2030, 12, 31), 1000.0, None),
        ("other", "AZ", "TR", date(2025, 12, 31), 5000.0, None),
    ],
    schema=["target", "reporter", "partner", "date", "value", "title"],
    orient="row",
)


def test_growth_needed_is_that_of_the_design_notes() -> None:
    steps, reporter, partner = steps_to(TARGETS, "billion", 450.0, date(2024, 6, 30))
    assert (reporter, partner) == ("AZ", "BY")
    assert [step.target for step in steps] == ["half", "billion"]
    assert steps[0].goal / steps[0].start - 1 == pytest.approx(0.111, abs=5e-4)
    assert steps[1].months == 18.0
    assert 1 + steps[1].yearly() == pytest.approx(1.5874, abs=5e-5)
    assert steps[1].monthly() == pytest.approx(0.03926, abs=5e-6)
    told = path(steps).table
    assert told.height == 24
    assert told.row(5) == ("half", 6.0, date(2024, 12, 31), pytest.approx(500.0))
    assert told.row(-1) == ("billion", 24.0, date(2026, 6, 30), pytest.approx(1000.0))
    # A later target of the same height does not go by the earlier one.
    later, *_ = steps_to(TARGETS, "later", 450.0, date(2024, 6, 30))
    assert [(step.target, step.by.year) for step in later] == [("half", 2024), ("later", 2030)]


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(1, 240))
def test_months_count_back(day: date, months: int) -> None:
    later = months_after(day, months)
    assert abs(months_between(day, later) - months) < 0.11
    end = months_after(date(day.year, day.month, 28), 0)
    assert months_after(end, 12.0).year == day.year + 1


@given(st.floats(1.0, 1e9), st.floats(1.01, 100.0), st.integers(1, 4000))
def test_every_step_ends_at_its_goal(start: float, times: float, days: int) -> None:
    by = date.fromordinal(date(2020, 3, 17).toordinal() + days)
    step = Step("x", None, date(2020, 3, 17), by, start, start * times)
    assert path([step]).table["turnover"][-1] == pytest.approx(start * times)


# Azerbaijan buys milk powder from two others and Belarus nuts; each has some to spare.
TRADE = rows(
    ("2024", "BY", "AZ", "export", "0402", 60.0), ("2024", "BY", "KZ", "export", "0402", 300.0),
    ("2024", "NZ", "AZ", "export", "0402", 100.0), ("2024", "NZ", "KZ", "export", "0402", 100.0),
    ("2024", "AZ", "BY", "export", "0802", 30.0), ("2024", "AZ", "KZ", "export", "0802", 90.0),
    ("2024", "TR", "BY", "export", "0802", 80.0), ("2024", "TR", "KZ", "export", "0802", 50.0),
)  # fmt: skip
NONE = Scale(value=1e9)


def asked(goal: float, pace: Pace, avoided: set[str] | None = None, months: int = 12) -> Target:
    by = months_after(date(2024, 6, 30), months)
    step = Step("x", None, date(2024, 6, 30), by, 90.0, goal)
    return target(TRADE, [step], "AZ", "BY", "2024", avoided, pace=pace, scale=NONE)


def test_what_is_reachable_and_what_falls_short() -> None:
    free = Pace(ramp=1.0, same_good=1.0)
    near = asked(150.0, free, {"NZ", "TR"})
    assert near.steps.table["reached"].to_list() == [True]
    assert near.mix.table["added"].sum() == pytest.approx(60.0)
    assert "Reachable by trade alone" in near.answer[0]
    # 100 of milk powder and 80 of nuts are bought from others, and both partners have as much.
    far = asked(500.0, free, {"NZ", "TR"})
    row = far.steps.table.row(0, named=True)
    assert row["attainable"] == pytest.approx(90 + 100 + 80)
    assert row["shortfall"] == pytest.approx(500 - 270)
    assert "Not reachable by trade alone" in far.answer[0]
    assert set(far.mix.table["way"]) == {"substitution"}
    # Nobody avoided: only what the export potential leaves open.
    assert asked(500.0, free).steps.table["attainable"][0] < 270


def test_the_pace_binds_and_has_a_price() -> None:
    slow = asked(500.0, Pace(ramp=0.01, start=0.0), {"NZ", "TR"}, months=6)
    grown = 1.01**6 - 1.0
    assert slow.steps.table["attainable"][0] == pytest.approx(90 + (60 + 30) * grown)
    limits = slow.limits.table
    assert set(limits["limit"]) == {"ramp"}
    assert limits["price"].to_list() == pytest.approx([1.0, 1.0])


def test_the_same_good_both_ways_is_capped() -> None:
    both = pl.concat([TRADE, rows(("2024", "AZ", "KZ", "export", "0402", 500.0),
                                  ("2024", "NZ", "BY", "export", "0402", 400.0))])  # fmt: skip
    step = Step("x", None, date(2024, 6, 30), date(2025, 6, 30), 90.0, 600.0)
    for cap in (0.0, 0.05, 0.2):
        found = target(
            both, [step], "AZ", "BY", "2024", {"NZ", "TR"},
            pace=Pace(ramp=1.0, start=1.0, same_good=cap), scale=NONE,
        )  # fmt: skip
        row = found.steps.table.row(0, named=True)
        assert row["same_good_then"] * row["attainable"] <= cap * 600.0 + 1e-6


@settings(max_examples=15, deadline=None)
@given(trades(("2024",)), st.floats(1.01, 3.0), st.floats(0.0, 0.3))
def test_the_mix_keeps_its_limits(trade: pl.DataFrame, times: float, ramp: float) -> None:
    pair = ["AZ", "BY"]
    there = trade.filter(pl.col("reporter").is_in(pair) & pl.col("partner").is_in(pair))
    assume(there.height > 0)
    start = float(there["value"].sum())
    step = Step("x", None, date(2024, 6, 30), date(2025, 6, 30), start, start * times)
    try:
        found = target(trade, [step], "AZ", "BY", "2024", {"TR"}, pace=Pace(ramp=ramp))
    except StatisticsError:
        assume(False)
    row = found.steps.table.row(0, named=True)
    assert row["attainable"] + row["shortfall"] == pytest.approx(step.goal)
    mix = found.mix.table
    sold = trade.group_by("reporter", "hs").agg(pl.col("value").sum().alias("sold"))
    used = mix.group_by("exporter", "hs").agg(pl.col("added").sum())
    told = used.join(sold, left_on=["exporter", "hs"], right_on=["reporter", "hs"])
    assert told.height == used.height
    assert (told["added"] <= told["sold"] * (1 + 1e-9)).all()
    grown = (1 + ramp) ** 12
    for cell in mix.group_by("exporter", "importer", "hs").agg(
        pl.col("added").sum(), pl.col("now").first()
    ).to_dicts():  # fmt: skip
        spare = float(trade.filter(reporter=cell["exporter"], hs=cell["hs"])["value"].sum())
        most = max(cell["now"] * (grown - 1), 0.05 * spare * grown)
        assert cell["added"] <= most * (1 + 1e-6) + 1e-6


def test_where_it_begins() -> None:
    assert turnover_of(TRADE, "AZ", "BY", "2024") == 90.0
    assert last_year_of(TRADE, "AZ", "BY") == "2024"
    assert middle_of("2024") == date(2024, 6, 30)
    with pytest.raises(QuestionError, match="is no year"):
        middle_of("2024.01-07")
    with pytest.raises(QuestionError, match="no year of trade between AZ and NO"):
        last_year_of(TRADE, "AZ", "NO")
    with pytest.raises(StatisticsError, match="do not trade in 2024"):
        turnover_of(TRADE, "NZ", "BY", "2024")


@pytest.mark.parametrize(
    ("name", "start", "since", "told"),
    [
        ("bilion", 450.0, date(2024, 6, 30), "did you mean 'billion'?"),
        ("half", 450.0, date(2025, 1, 1), "is for 2024-12-31, not after 2025-01-01"),
        ("half", 600.0, date(2024, 6, 30), "target half is 500; turnover was 600"),
    ],
)
def test_what_cannot_be_a_target_is_refused(
    name: str, start: float, since: date, told: str
) -> None:
    with pytest.raises(QuestionError, match=told):
        steps_to(TARGETS, name, start, since)
