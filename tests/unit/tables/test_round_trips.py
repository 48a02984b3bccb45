"""What is written is what is read, whatever the cells hold."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from entrepot.errors import Problem
from entrepot.schema import TABLES, Column, Table
from entrepot.schema.declare import BASES
from entrepot.tables.files import put_in_order
from entrepot.tables.normalise import normalise
from entrepot.tables.read_csv import read_csv
from entrepot.tables.read_frames import from_frame
from entrepot.tables.read_parquet import read_parquet
from entrepot.tables.read_xlsx import read_workbook
from entrepot.tables.sheet import RawTable
from entrepot.tables.write import worth_writing, write_csv, write_parquet
from entrepot.tables.write_xlsx import write_workbook

NAMES = st.from_regex(r"[a-z0-9_.-]{1,8}", fullmatch=True)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n,;\"'#=")
).map(lambda text: text.strip() or None)


def cells(column: Column) -> st.SearchStrategy[Any]:
    """Values that the column takes."""
    if column.one_of:
        values: st.SearchStrategy[Any] = st.sampled_from(column.one_of)
    elif column.pattern is not None:
        values = st.from_regex(column.pattern, fullmatch=True).filter(
            lambda text: text.isprintable()
        )
    elif column.kind == "name":
        values = NAMES
    elif column.kind == "list":
        values = st.lists(NAMES, min_size=1, max_size=3).map(";".join)
    elif column.kind == "text":
        values = TEXTS.filter(bool)
    elif column.kind == "date":
        values = st.dates(min_value=dt.date(1000, 1, 1))
    elif column.kind == "flag":
        values = st.booleans()
    else:
        values = st.floats(
            min_value=column.above if column.at_least is None else column.at_least,
            max_value=column.below if column.at_most is None else column.at_most,
            exclude_min=column.above is not None,
            exclude_max=column.below is not None,
            allow_nan=False,
            allow_infinity=False,
        )
    return values if column.required else st.none() | values


@st.composite
def rows(draw: st.DrawFn, table: Table) -> list[dict[str, Any]]:
    """Some rows of a table, with ranges and bases beside some of its numbers."""
    fields = {column.name: cells(column) for column in table.columns}
    for column in table.columns:
        if column.numeric and draw(st.booleans()):
            number = st.none() | st.floats(allow_nan=False, allow_infinity=False)
            fields |= {f"{column.name}_low": number, f"{column.name}_high": number}
            fields[f"{column.name}_basis"] = st.none() | st.sampled_from(BASES)
    return draw(st.lists(st.fixed_dictionaries(fields), min_size=1, max_size=5))


def by_csv(frame: pl.DataFrame, table: Table, folder: Path) -> pl.DataFrame:
    path = folder / f"{table.name}.csv"
    write_csv(frame, path)
    return back(read_csv(path, table, path.name), table)


def by_parquet(frame: pl.DataFrame, table: Table, folder: Path) -> pl.DataFrame:
    path = folder / f"{table.name}.parquet"
    write_parquet(frame, path)
    return back(read_parquet(path, table, path.name), table)


def by_xlsx(frame: pl.DataFrame, table: Table, folder: Path) -> pl.DataFrame:
    path = folder / "study.xlsx"
    write_workbook({table.name: frame}, {}, path)
    workbook, problems = read_workbook(path)
    assert workbook is not None
    assert problems == []
    return workbook.sheets[table.name].frame


def back(read: tuple[RawTable | None, list[Problem]], table: Table) -> pl.DataFrame:
    raw, problems = read
    assert problems == []
    sheets, problems = put_in_order({table.name: raw}, "{}.csv")
    assert problems == []
    return sheets[table.name].frame


@pytest.mark.parametrize("by", [by_csv, by_parquet, by_xlsx])
@settings(max_examples=60)
@given(data=st.data())
def test_a_table_comes_back_as_it_was(by: Any, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES), label="table")
    sheet, problems = normalise(from_frame(data.draw(rows(table)), table, table.name))
    assert problems == []

    with tempfile.TemporaryDirectory() as folder:
        again = by(worth_writing(table.name, sheet.frame), table, Path(folder))

    assert_frame_equal(again, sheet.frame, check_exact=True)


@given(data=st.data())
def test_a_word_among_numbers_is_found_where_it_stands(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from([t for t in TABLES if any(c.numeric for c in t.columns)]))
    records = data.draw(rows(table))
    row = data.draw(st.integers(0, len(records) - 1))
    column = data.draw(st.sampled_from([c.name for c in table.columns if c.numeric]))
    sheet, _ = normalise(from_frame(records, table, table.name))
    texts = sheet.frame.cast(pl.String).with_columns(
        pl.when(pl.int_range(pl.len()) == row).then(pl.lit("oops")).otherwise(column).alias(column)
    )

    _, problems = normalise(from_frame(texts, table, table.name))

    assert [(p.row, p.column, p.value) for p in problems] == [(row + 2, column, "oops")]
