"""Table ``trade`` from a file of its own, CSV or Parquet, however long."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from entrepot.errors import Problem, StudyError
from entrepot.tables.nearest import did_you_mean

NEEDED = ("period", "reporter", "partner", "flow", "hs", "value")
NUMBERS = ("value", "quantity")
COLUMNS = (*NEEDED, "quantity", "unit", "value_basis")
AT_MOST = 20


def read_trade_file(path: Path) -> pl.DataFrame:
    """The rows of a file in the columns of table ``trade``; other columns are left out.

    Codes stay text, with their zeros in front.

    Raises
    ------
    StudyError : no such file, columns that are missing, values that are no numbers: all at once
    """
    try:
        if path.suffix == ".parquet":
            rows = pl.read_parquet(path)
        else:
            rows = pl.read_csv(path, infer_schema=False, comment_prefix="#")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _refused(path, [(None, None, None, f"cannot be read: {error}", _CURE)]) from None
    missing = [name for name in NEEDED if name not in rows.columns]
    if missing:
        told = [
            (None, name, None, "is missing", did_you_mean(name, rows.columns, _CURE))
            for name in missing
        ]
        raise _refused(path, told)
    there = rows.select(pl.col(name) for name in COLUMNS if name in rows.columns)
    numbers = [name for name in NUMBERS if name in there.columns]
    read = there.with_columns(
        pl.col(name).cast(pl.Float64, strict=False)
        if name in numbers
        else pl.col(name).cast(pl.String).str.strip_chars()
        for name in there.columns
    )
    problems: list[tuple[int | None, str | None, str | None, str, str]] = []
    for name in numbers:
        bad = (there[name].is_not_null() & read[name].is_null()).arg_true().head(AT_MOST)
        problems += [
            (row + 2, name, str(there[name][row]), "is not a number", "write a number")
            for row in bad
        ]
    if problems:
        raise _refused(path, problems)
    return read


_CURE = "write CSV or Parquet in the columns of table trade (entrepot template trade)"


def _refused(
    path: Path, told: Sequence[tuple[int | None, str | None, str | None, str, str]]
) -> StudyError:
    return StudyError(path.name, [Problem(path.name, *each) for each in told])
