"""Parquet: typed columns; row numbers count the header as 1, as in the other forms."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepot.errors import Problem
from entrepot.schema import Table
from entrepot.tables.read_frames import from_frame
from entrepot.tables.sheet import RawTable


def read_parquet(path: Path, table: Table, file: str) -> tuple[RawTable | None, list[Problem]]:
    """The table in a Parquet file; None where the file is not Parquet.

    Raises
    ------
    OSError : the file cannot be opened
    """
    data = path.read_bytes()
    try:
        frame = pl.read_parquet(data)
    except pl.exceptions.PolarsError:
        message = "is not a Parquet file, or is damaged"
        return None, [Problem(file, None, None, None, message, "write it again")]
    return from_frame(frame, table, file), []
