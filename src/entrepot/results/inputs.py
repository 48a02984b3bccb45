"""What two studies have different: every cell, and every row that only one of them has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from entrepot.schema import TABLES, Table
from entrepot.study import Study
from entrepot.tables.sheet import shown

CHANGES = {
    "table": pl.String,
    "name": pl.String,
    "good": pl.String,
    "row": pl.String,
    "column": pl.String,
    "before": pl.String,
    "after": pl.String,
}

BY = ("place", "good", "agent", "period")
"""What tells rows apart in a table that has no key."""

BESIDE = ("source", "note", "_low", "_high", "_basis")
"""Endings of columns that no answer rests on."""

ADDED, REMOVED = "added", "removed"


def input_changes(base: Study, other: Study) -> pl.DataFrame:
    """What an answer rests on that is different in another.

    Rows are told apart by the key of their table, in tables of orders by place, good, agent and
    period; where several rows share these, by their order.

    Returns
    -------
    Frame (table, name, good, row, column, before, after): `name` is the leg, place, plant … that
    the row is about, `good` the good where it is about one, `row` its key in words, `column` the
    one that changed, or `added` or `removed` for the whole row; values as text.
    """
    rows = [
        change
        for table in TABLES
        for change in _changes(table, base.table(table.name), other.table(table.name))
    ]
    return pl.DataFrame(rows, schema=CHANGES, orient="row").unique(maintain_order=True)


def _changes(table: Table, frame: pl.DataFrame, theirs: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    if frame.equals(theirs):
        return
    by = [name for name in table.key or BY if name in frame.columns]
    ours, others = _keyed(frame, by), _keyed(theirs, by)
    for key, row in ours.items():
        if key not in others:
            yield _told(table, key, row, REMOVED, None, None)
            continue
        for column, value in row.items():
            after = others[key].get(column)
            if value != after and not column.endswith(BESIDE):
                yield _told(table, key, row, column, value, after)
    for key, row in others.items():
        if key not in ours:
            yield _told(table, key, row, ADDED, None, None)


def _keyed(frame: pl.DataFrame, by: list[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in frame.iter_rows(named=True):
        key: tuple[Any, ...] = tuple(row[name] for name in by)
        number = 0
        while (*key, number) in found:
            number += 1
        found[(*key, number)] = row
    return found


def _told(
    table: Table, key: tuple[Any, ...], row: Mapping[str, Any], column: str, before: Any, after: Any
) -> tuple[Any, ...]:
    first = table.key[0] if table.key else "place"
    words = ", ".join(str(value) for value in key[:-1] if value is not None)
    return table.name, row.get(first), row.get("good"), words, column, shown(before), shown(after)
