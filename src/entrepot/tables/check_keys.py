"""Rows that are called the same."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from entrepot.errors import Problem
from entrepot.tables.sheet import Sheet, shown


def check_keys(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """No two rows of a table share its key."""
    problems = []
    for sheet in sheets.values():
        if sheet.table.key and sheet.frame.height:
            problems += _repeated(sheet)
    return problems


def _repeated(sheet: Sheet) -> list[Problem]:
    keys = sheet.frame.select(sheet.table.key)
    needed = [name for name in sheet.table.key if sheet.table.column(name) in _required(sheet)]
    whole = keys.select(pl.all_horizontal(pl.col(needed).is_not_null())).to_series()
    twice = (keys.is_duplicated() & whole).arg_true().to_list()
    first: dict[tuple[object, ...], int] = {}
    problems = []
    for index, key in zip(twice, keys[twice].iter_rows(), strict=True):
        if key not in first:
            first[key] = index
            continue
        named = zip(sheet.table.key, key, strict=True)
        words = ", ".join(f"{name} {shown(value)!r}" for name, value in named if value is not None)
        message = f"{words} already stands in row {int(sheet.rows[first[key]])}"
        cure = "take one of the two rows out, or call it something else"
        problems.append(sheet.problem(index, sheet.table.key[0], message, cure))
    return problems


def _required(sheet: Sheet) -> list[object]:
    return [column for column in sheet.table.columns if column.required]
