"""Where the figures of a study come from: each with its range, what it rests on, and its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from entrepot.schema import TABLES
from entrepot.schema.declare import Table
from entrepot.study import Study

FIGURES = {
    "table": pl.String,
    "row": pl.Int64,
    "key": pl.String,
    "column": pl.String,
    "unit": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "basis": pl.String,
    "source": pl.String,
    "note": pl.String,
}

# Where a table has no key of its own, these columns tell its rows apart.
TOLD_BY = ("place", "reporter", "partner", "flow", "period", "a", "b", "leg", "good", "hs", "agent")


def sourced_figures(study: Study) -> pl.DataFrame:
    """Every number that the tables of a study give, one a row.

    Returns
    -------
    Frame (table, row, key, column, unit, value, low, high, basis, source, note), in the order of
    tables, rows and columns: `row` counts from 0, `key` names the row, `basis` is `published`,
    `derived`, `estimate` or null; `source` and `note` are those of the row. A row without numbers
    stands once, with no column, where it has a source.
    """
    rows = [row for table in TABLES for row in _figures(study, table)]
    return pl.DataFrame(rows, schema=FIGURES, orient="row")


def source_numbers(study: Study) -> dict[str, int]:
    """Each source that the tables name, numbered from 1 in the order in which it comes up."""
    texts = (
        text
        for table in TABLES
        for text in study.table(table.name)["source"].drop_nulls().to_list()
    )
    return {text: number for number, text in enumerate(dict.fromkeys(texts), start=1)}


def _figures(study: Study, table: Table) -> Iterator[tuple[object, ...]]:
    frame = study.table(table.name)
    if frame.is_empty():
        return
    names = table.key or tuple(name for name in TOLD_BY if name in frame.columns)
    numeric = [column for column in table.own if column.numeric and column.name in frame.columns]
    for number, row in enumerate(frame.iter_rows(named=True)):
        key = " ".join(str(row[name]) for name in names if row[name] is not None)
        end = (row["source"], row["note"])
        given = [column for column in numeric if row[column.name] is not None]
        for column in given:
            low, high, basis = (row.get(column.name + end) for end in ("_low", "_high", "_basis"))
            figure = (column.name, column.unit, float(row[column.name]), low, high, basis)
            yield (table.name, number, key, *figure, *end)
        if not given and row["source"] is not None:
            nothing: tuple[Any, ...] = (None,) * 6
            yield (table.name, number, key, *nothing, *end)
