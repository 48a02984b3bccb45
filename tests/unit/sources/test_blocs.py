"""The table of blocs: countries that are, dates that follow each other, a source for each row."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from entrepot.errors import QuestionError
from entrepot.sources.blocs import members
from entrepot.sources.countries import numbers


def test_every_row_has_a_country_dates_and_a_source() -> None:
    rows = members()
    assert set(rows["country"]) <= set(numbers().values())
    assert not rows.select("bloc", "country").is_duplicated().any()
    assert rows["source"].null_count() == 0
    for since, until in rows.select("since", "until").iter_rows():
        begun = dt.date.fromisoformat(since)
        assert until is None or begun < dt.date.fromisoformat(until)


@pytest.mark.parametrize(
    ("bloc", "day", "count"),
    [("eu", "2020-01-01", 28), ("eu", "2024-01-01", 27), ("eu", "1990-01-01", 12),
     ("eaeu", "2016-01-01", 5), ("efta", "2000-01-01", 4), ("efta", "1965-01-01", 7),
     ("asean", "2000-01-01", 10), ("ots", "2020-01-01", 5)],
)  # fmt: skip
def test_how_many_members_there_were(bloc: str, day: str, count: int) -> None:
    rows = members([bloc])
    there = (pl.col("since") <= day) & (pl.col("until").is_null() | (pl.col("until") >= day))
    assert rows.filter(there).height == count


def test_no_country_is_in_two_customs_unions_at_once() -> None:
    unions = members(["eu", "eaeu"])
    assert not unions["country"].is_duplicated().any()


def test_a_bloc_that_is_not_known() -> None:
    with pytest.raises(QuestionError, match="eeu"):
        members(["eeu"])
