"""A panel of trade from a file: a row a flow, with whatever describes it in further columns."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepot.errors import QuestionError

FILES = (".csv", ".parquet")
PARTED = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read_headings(path: Path) -> list[str]:
    """The headings of a file, without its rows.

    Raises
    ------
    QuestionError : as `read_panel`
    """
    return _read(path, 0).columns


def read_panel(path: Path) -> pl.DataFrame:
    """The columns of a file, numbers as numbers and everything else as text.

    Raises
    ------
    QuestionError : it is of another kind, or cannot be read
    """
    return _read(path, None)


def _read(path: Path, rows: int | None) -> pl.DataFrame:
    if path.suffix not in FILES:
        raise QuestionError(f"{path} is neither .csv nor .parquet; name such a file")
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path, n_rows=rows)
        # All of it decides what a column holds: a late "n/a" makes it text.
        found = pl.read_csv(path, comment_prefix="#", infer_schema_length=None, n_rows=rows)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise QuestionError(f"{path} cannot be read: {error}") from None
    for mark, word in PARTED.items():
        if found.width == 1 and mark in found.columns[0]:
            raise QuestionError(f"{path}: the cells are parted by {word}; save it with commas")
    return found
