"""Tables to files, so that reading them gives the same tables."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl

from entrepot.schema import Table, table_named
from entrepot.tables.sheet import shown


def worth_writing(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A table without the optional columns that hold nothing."""
    table: Table = table_named(name)
    required = [column.name for column in table.columns if column.required]
    return frame.select(
        column.name
        for column in frame.get_columns()
        if column.name in required or column.null_count() < len(column)
    )


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """One table as CSV; numbers in the fewest digits that give the same number again."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(frame.columns)
        texts = [map(shown, column.to_list()) for column in frame.get_columns()]
        writer.writerows(zip(*texts, strict=True))


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """One table as Parquet."""
    frame.write_parquet(path)
