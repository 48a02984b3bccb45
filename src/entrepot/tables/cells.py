"""From cells of any type to the type that a column holds; what cannot be is null and marked."""

from __future__ import annotations

import datetime as dt

import polars as pl

from entrepot.tables.sheet import DTYPES

NAME = r"^[a-z0-9_.-]+$"
NAME_OR_WAY_BACK = r"^[a-z0-9_.-]+~?$"
DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}( 00:00:00(\.0+)?)?)?)?$"
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{fffe}\x{ffff}]"

_TRUE = ["true", "yes", "1"]
_FALSE = ["false", "no", "0"]

WHOLE = 2.0**53
"""Floats up to here hold whole numbers exactly."""


def same(value: object, dtype: pl.DataType, count: int) -> pl.Series:
    """One value, `count` times."""
    return pl.Series([value], dtype=dtype).new_from_index(0, count)


def as_text(cells: pl.Series) -> pl.Series:
    """Cells as people would write them: blanks null, no space around, one kind of line end."""
    if cells.dtype.is_float():
        whole = cells.is_finite() & (cells == cells.round()) & (cells.abs() < WHOLE)
        plain = cells.set(~whole.fill_null(False), 0.0).cast(pl.Int64).cast(pl.String)
        return plain.zip_with(whole.fill_null(False), cells.cast(pl.String))
    if cells.dtype == pl.Boolean:
        return cells.cast(pl.String)
    if isinstance(cells.dtype, pl.Datetime):
        return cells.dt.strftime("%Y-%m-%d %H:%M:%S")
    text = cells.cast(pl.String)
    if text.str.contains("\r", literal=True).any():
        text = text.str.replace_all("\r\n", "\n", literal=True)
        text = text.str.replace_all("\r", "\n", literal=True)
    text = text.str.strip_chars()
    return text.set(text == "", None)


def converted(
    cells: pl.Series, kind: str, *, way_back: bool = False
) -> tuple[pl.Series, pl.Series]:
    """Cells in the type of their kind, and which of them could not be.

    Cells that could not are null. `way_back` allows a name to end in ``~``.
    """
    if kind in ("number", "integer") and cells.dtype.is_numeric():
        return _numbers(cells, cells.is_not_null(), kind)
    if kind == "date" and cells.dtype == pl.Date:
        return cells, same(False, pl.Boolean(), len(cells))
    text = as_text(cells)
    given = text.is_not_null()
    if kind in ("number", "integer"):
        return _numbers(text, given, kind)
    if kind == "date":
        values = _dates(text)
    elif kind == "flag":
        lower = text.str.to_lowercase()
        values = lower.is_in(_TRUE).set(~lower.is_in(_TRUE + _FALSE).fill_null(False), None)
    elif kind == "name":
        pattern = NAME_OR_WAY_BACK if way_back else NAME
        values = text.set(~text.str.contains(pattern).fill_null(False), None)
    else:
        values = text.set(text.str.contains(CONTROL).fill_null(False), None)
    return values, given & values.is_null()


def _numbers(cells: pl.Series, given: pl.Series, kind: str) -> tuple[pl.Series, pl.Series]:
    values = cells.cast(pl.Float64, strict=False)
    values = values.set(~values.is_finite().fill_null(False), None)
    if kind == "integer":
        whole = (values == values.round()) & (values.abs() < WHOLE)
        values = values.set(~whole.fill_null(False), None).cast(DTYPES["integer"])
    return values, given & values.is_null()


def _dates(text: pl.Series) -> pl.Series:
    """Days; a year or a month stands for its first day. Midnights of spreadsheets are days."""
    fits = text.str.contains(DATE).fill_null(False)
    short = text.set(~fits, None).str.slice(0, 10)
    lengths = short.str.len_chars()
    full = short.zip_with((lengths != 4).fill_null(True), short + "-01-01")
    full = full.zip_with((lengths != 7).fill_null(True), short + "-01")
    return full.str.to_date("%Y-%m-%d", strict=False)


def first_day(label: str | None) -> dt.date | None:
    """First day of a period called by an ISO date (2023, 2023-05 or 2023-05-01), else None."""
    if label is None:
        return None
    parts = label.split("-")
    if len(parts) > 3 or not all(part.isdigit() for part in parts) or len(parts[0]) != 4:
        return None
    year, month, day = ([int(part) for part in parts] + [1, 1])[:3]
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
