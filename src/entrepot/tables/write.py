"""Tables to files, so that reading them gives the same tables."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from entrepot.errors import OutputError
from entrepot.schema import Table, table_named
from entrepot.tables.sheet import shown

MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
"""What one sheet of a workbook and one of its cells can hold."""


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


def write_workbook(
    frames: Mapping[str, pl.DataFrame], pairs: Mapping[str, Iterable[tuple[str, str]]], path: Path
) -> None:
    """All tables as sheets of one workbook, after sheets of two columns of text, `pairs`.

    A workbook keeps 16 digits of a number. The few numbers that need 17 are written as text, which
    the reader takes for the number.

    Raises
    ------
    OutputError : more rows or longer texts than a workbook can hold
    """
    import xlsxwriter  # type: ignore[import-untyped]

    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for title, rows in pairs.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for place, text in enumerate(row):
                    sheet.write_string(number, place, _fitting(text, title))
        for title, frame in frames.items():
            if frame.height >= MOST_ROWS:
                raise OutputError(
                    f"{title} has {frame.height} rows; a workbook holds {MOST_ROWS - 1}: "
                    "write CSV or Parquet"
                )
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(frame.get_columns()):
                sheet.write_string(0, place, column.name, bold)
                for number, value in enumerate(column.to_list(), start=1):
                    if isinstance(value, bool):
                        sheet.write_boolean(number, place, value)
                    elif isinstance(value, int | float) and _survives(value):
                        sheet.write_number(number, place, value)
                    elif value is not None:
                        text = _fitting(shown(value) or "", title)
                        sheet.write_string(number, place, text)


def _survives(value: float) -> bool:
    """Whether a number comes back from a workbook as it went in."""
    return math.isfinite(value) and float(f"{value:.16G}") == value


def _fitting(text: str, title: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise OutputError(
            f"a text in {title} has {len(text)} characters; a cell of a workbook holds "
            f"{LONGEST_TEXT}: write CSV or Parquet"
        )
    return text
