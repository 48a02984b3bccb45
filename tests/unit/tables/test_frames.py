"""Tables in memory: any dataframe, or lists of records."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from entrepot.errors import StudyError
from entrepot.study import Study, study_from_tables

RECORDS: dict[str, list[dict[str, Any]]] = {
    "places": [
        {"place": "a", "country": "AZ", "latitude": 40, "longitude": 49.5, "through": True},
        {"place": "b", "country": "BY", "latitude": None, "longitude": None, "through": None},
    ],
    "goods": [{"good": "g", "hs": "310420", "name": "Good"}],
    "periods": [
        {"period": "2023", "starts": dt.date(2023, 1, 1)},
        {"period": "2024", "starts": dt.date(2024, 1, 1)},
    ],
    "offers": [{"place": "a", "good": "g", "price": 5, "quantity": None}],
    "bids": [{"place": "a", "good": "g", "price": 7.5, "quantity": 3, "period": "2023"}],
}

MAKERS: dict[str, Any] = {
    "records": lambda rows: rows,
    "polars": pl.DataFrame,
    "pandas": pd.DataFrame,
    "pyarrow": pa.Table.from_pylist,
}


def made(kind: str) -> Study:
    return study_from_tables("s", {name: MAKERS[kind](rows) for name, rows in RECORDS.items()})


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_of_dataframe_gives_the_same_study(kind: str) -> None:
    study = made(kind)

    assert study.input_hash() == made("records").input_hash()
    assert study.table("places")["latitude"].to_list() == [40.0, None]
    assert study.table("places")["through"].to_list() == [True, True]
    assert study.table("offers")["quantity"].to_list() == [None]
    assert study.table("periods")["starts"].dtype == pl.Date
    assert study.table("legs").is_empty()
    assert study.table("legs")["cost"].dtype == pl.Float64


def test_numbers_that_are_names_are_taken_as_names() -> None:
    frames = {name: pd.DataFrame(rows) for name, rows in RECORDS.items()}
    frames["periods"]["period"] = [2023, 2024]
    frames["bids"] = pd.concat(
        [frames["bids"].assign(period=2023.0), frames["bids"].assign(period=float("nan"))]
    )

    study = study_from_tables("s", frames)

    assert study.table("bids")["period"].to_list() == ["2023", None]


NAN = float("nan")
ARROW = pd.ArrowDtype(pa.float64())


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series([5.0, NAN]),
        pd.Series([5.0, None], dtype="Float64"),
        pd.Series([5, None], dtype="Int64"),
        pd.Series([5.0, None], dtype=ARROW),
        pd.Series([5.0, NAN], dtype=object),
        pd.Series(["5", None]),
    ],
    ids=lambda cells: str(cells.dtype),
)
def test_what_pandas_means_by_missing_is_a_blank(cells: pd.Series) -> None:
    frame = pd.DataFrame({"place": "a", "good": "g", "price": 1, "quantity": cells})

    study = study_from_tables("s", {**RECORDS, "offers": frame})

    assert study.table("offers")["quantity"].to_list() == [5.0, None]


@pytest.mark.parametrize(
    "made",
    [
        lambda rows: rows,
        pl.DataFrame,
        pa.Table.from_pylist,
        lambda rows: pd.DataFrame(rows).assign(price=pd.Series(pa.array([NAN]), dtype=ARROW)),
    ],
    ids=["records", "polars", "pyarrow", "pandas with nulls of its own"],
)
def test_nan_is_refused_where_the_library_has_a_blank(made: Any) -> None:
    offers = made([{"place": "a", "good": "g", "price": NAN}])

    with pytest.raises(StudyError) as caught:
        study_from_tables("s", {**RECORDS, "offers": offers})

    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == ("offers", 2, "price")
    assert (problem.value, problem.message) == ("NaN", "is not a number")


EMPTY = {
    "a list": [],
    "polars": pl.DataFrame(),
    "pandas": pd.DataFrame(),
    "pyarrow": pa.table({}),
    "polars with a column": pl.DataFrame({"note": []}),
    "pandas with a column": pd.DataFrame(columns=["note"]),
    "pandas without its rows": pd.DataFrame([{"note": "x"}]).head(0),
}


@pytest.mark.parametrize("frame", EMPTY.values(), ids=EMPTY)
def test_a_frame_without_rows_is_an_empty_table(frame: Any) -> None:
    without = study_from_tables("s", RECORDS)

    study = study_from_tables("s", {**RECORDS, "duties": frame, "curves": frame, "legs": frame})

    assert study.table("duties").is_empty()
    assert study.input_hash() == without.input_hash()


def test_an_empty_table_may_not_have_columns_that_mean_nothing() -> None:
    with pytest.raises(StudyError, match="did you mean 'ad_valorem'"):
        study_from_tables("s", {**RECORDS, "duties": pl.DataFrame({"advalorem": []})})


def test_a_study_needs_places() -> None:
    with pytest.raises(StudyError) as caught:
        study_from_tables("s", {**RECORDS, "places": []})

    assert {problem.file for problem in caught.value.problems} == {"offers", "bids"}


def test_words_among_numbers_are_told_one_by_one() -> None:
    tables: dict[str, Any] = dict(RECORDS)
    tables["offers"] = [
        {"place": "a", "good": "g", "price": 5},
        {"place": "a", "good": "g", "price": "cheap"},
        {"place": "a", "good": "g", "price": 6.5},
    ]

    with pytest.raises(StudyError) as caught:
        study_from_tables("s", tables)

    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.value) == (3, "price", "cheap")


def test_a_table_that_is_none_is_told_with_the_nearest() -> None:
    with pytest.raises(StudyError, match="did you mean 'offers'"):
        study_from_tables("s", {**RECORDS, "offer": []})


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(TypeError, match="a list of dicts"):
        study_from_tables("s", {**RECORDS, "offers": ["a", "g"]})


def test_settings_are_checked_with_the_tables() -> None:
    with pytest.raises(StudyError) as caught:
        study_from_tables("s", {**RECORDS, "goods": [{"good": "G"}]}, curency="EUR")

    assert [p.column for p in caught.value.problems][:2] == ["curency", "good"]
