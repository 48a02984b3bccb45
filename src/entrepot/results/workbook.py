"""Tables as one XLSX workbook, a sheet each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from entrepot.errors import OutputError
from entrepot.tables.write_xlsx import CREATED, LONGEST_TEXT, MOST_ROWS


def write_workbook(tables: Mapping[str, pl.DataFrame], path: Path) -> None:
    """Write each table to a sheet of its name; blanks stay blank and no text becomes a formula.

    Raises
    ------
    OutputError : a table or a text is longer than a workbook can hold
    OSError : the file cannot be written
    """
    from xlsxwriter import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

    for name, frame in tables.items():
        longest = frame.select(pl.col(pl.String).str.len_chars().max()).row(0) or (0,)
        if frame.height >= MOST_ROWS or max(size or 0 for size in longest) > LONGEST_TEXT:
            raise OutputError(
                f"the table {name} ({frame.height:,} rows) does not fit in a workbook: "
                f"{MOST_ROWS - 1:,} rows and {LONGEST_TEXT:,} letters in a cell do; "
                "write csv or parquet"
            )
    book = Workbook(str(path), {"strings_to_urls": False})
    book.set_properties({"created": CREATED})
    bold = book.add_format({"bold": True})
    for name, frame in tables.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(frame.columns):
            sheet.write_string(0, column, title, bold)
            _write_column(sheet, column, frame[title])
        if frame.height:
            columns = [{"header": title, "header_format": bold} for title in frame.columns]
            look = {"columns": columns, "name": name, "style": "Table Style Light 1"}
            sheet.add_table(0, 0, frame.height, frame.width - 1, look)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


def _write_column(sheet: Any, column: int, values: pl.Series) -> None:
    if values.dtype == pl.String:
        write = sheet.write_string
    else:
        write = sheet.write_boolean if values.dtype == pl.Boolean else sheet.write_number
    for row, value in enumerate(values, start=1):
        if value is not None:
            write(row, column, value)
