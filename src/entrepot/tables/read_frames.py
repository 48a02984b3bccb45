"""Tables that the caller has in memory: any dataframe, or a list of records."""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import polars as pl

from entrepot.schema import Table
from entrepot.tables.sheet import RawTable, numbered


def from_frame(frame: Any, table: Table, file: str) -> RawTable:
    """A table from a polars, pandas or pyarrow dataframe, or from a list of dicts.

    What the library itself means by a missing value is a blank: null everywhere, and NaN in the
    plain columns of pandas, which have no other way to say it. NaN in polars, pyarrow, a list or a
    pandas column that has a null of its own stays and is refused later. A frame or list without
    rows is an empty table, whatever columns it lacks.

    Raises
    ------
    TypeError : what is given is neither a dataframe nor a list of records
    """
    if isinstance(frame, Sequence) and not isinstance(frame, str | bytes):
        return _raw(table, file, _from_records(frame))
    if isinstance(frame, pl.DataFrame):
        return _raw(table, file, frame.get_columns())
    wide = nw.from_native(frame, eager_only=True)
    if wide.implementation.is_pandas_like():
        return _raw(table, file, [_from_pandas_like(wide[name]) for name in wide.columns])
    return _raw(table, file, [pl.Series(name, wide[name].to_arrow()) for name in wide.columns])


def series_of(name: str, values: Sequence[object]) -> pl.Series:
    """Python values as one series: of one type where they all have it, else as text."""
    given = [value for value in values if value is not None]
    for dtype, kinds in _TYPES:
        if all(isinstance(value, kinds) for value in given) and (
            dtype != pl.Float64 or not any(isinstance(value, bool) for value in given)
        ):
            told = [_in_range(value) for value in values] if dtype == pl.Float64 else values
            return pl.Series(name, told, dtype=dtype, strict=False)
    return pl.Series(name, [_text(value) for value in values], dtype=pl.String)


def _in_range(value: object) -> object:
    """A whole number as it is; infinity for one that no column can hold, to be refused there."""
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        return math.copysign(math.inf, value > 0 or -1)
    return value


_TYPES: tuple[tuple[Any, tuple[type, ...]], ...] = (
    (pl.String, (str,)),
    (pl.Boolean, (bool,)),
    (pl.Float64, (int, float)),
    (pl.Datetime, (dt.datetime,)),
    (pl.Date, (dt.date,)),
)


def _raw(table: Table, file: str, columns: Sequence[pl.Series]) -> RawTable:
    count = len(columns[0]) if columns else 0
    header = [str(series.name).strip() for series in columns]
    cells = list(columns)
    if not count:
        lacking = [column.name for column in table.columns if column.name not in header]
        header += lacking
        cells += [pl.Series(name, [], dtype=pl.String) for name in lacking]
    return RawTable(table, file, header, cells, numbered(count))


def _from_records(records: Sequence[Mapping[str, object]]) -> list[pl.Series]:
    if not all(isinstance(record, Mapping) for record in records):
        raise TypeError("a table is a dataframe or a list of dicts, one a row")
    names = dict.fromkeys(name for record in records for name in record)
    return [series_of(name, [record.get(name) for record in records]) for name in names]


def _from_pandas_like(column: nw.Series[Any]) -> pl.Series:
    cells = zip(column.to_list(), column.is_null().to_list(), strict=True)
    return series_of(column.name, [None if blank else _plain(value) for value, blank in cells])


def _plain(value: object) -> object:
    """A numpy scalar as the Python value it stands for."""
    item = getattr(value, "item", None)
    return item() if callable(item) else value


def _text(value: object) -> str | None:
    """One value of a mixed column as text."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
