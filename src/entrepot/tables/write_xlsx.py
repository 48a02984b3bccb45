"""Tables to a workbook that is pleasant to fill in, so that reading it gives the same tables.

Each table is a sheet: a comment row with the units, which the reader passes over, then a table of
Excel's own with its header, which stays in view. Columns with a choice of values, and those that
name rows of another table, offer them as a list; the header of each column says what it means.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from entrepot.errors import OutputError
from entrepot.schema import Column, Table, table_named
from entrepot.schema.reference import default_text, meaning
from entrepot.tables.read_xlsx import letters
from entrepot.tables.sheet import shown

MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
"""What one sheet of a workbook and one of its cells can hold."""

CREATED = dt.datetime(2000, 1, 1)
"""Stands in the file; a fixed day, so that the same study gives the same bytes."""

UNITS, HEADER, FIRST = 0, 1, 2
"""Rows of a sheet, counted from 0."""

SPARE = 500
"""Rows below the last one for which lists are offered too."""

LONGEST_CHOICE, LONGEST_HELP, WIDEST = 255, 255, 40
_WRITTEN = {"date": "2024-03-01", "flag": "true or false", "list": "a;b;c", "integer": "whole"}


def write_workbook(
    frames: Mapping[str, pl.DataFrame],
    pairs: Mapping[str, Iterable[tuple[str, str]]],
    path: Path,
    currency: str = "money",
) -> None:
    """All tables as sheets of one workbook, after sheets of two columns of text, `pairs`.

    A workbook keeps 16 digits of a number. The few numbers that need 17 are written as text, which
    the reader takes for the number.

    Parameters
    ----------
    currency : in the units of the tables

    Raises
    ------
    OutputError : more rows or longer texts than a workbook can hold
    """
    import xlsxwriter  # type: ignore[import-untyped]

    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED})
        bold = book.add_format({"bold": True})
        quiet = book.add_format({"italic": True, "font_color": "#5B6470"})
        for title, rows in pairs.items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 0, WIDEST / 2)
            sheet.set_column(1, 1, 2 * WIDEST)
            for number, row in enumerate(rows):
                for place, text in enumerate(row):
                    form = None if number else bold
                    sheet.write_string(number, place, _fitting(text, title), form)
        for title, frame in frames.items():
            if frame.height > MOST_ROWS - FIRST:
                raise OutputError(
                    f"{title} has {frame.height} rows; a workbook holds {MOST_ROWS - FIRST}: "
                    "write CSV or Parquet"
                )
            _write_table(book.add_worksheet(title), title, frame, frames, (currency, bold, quiet))


def _write_table(
    sheet: Any,
    title: str,
    frame: pl.DataFrame,
    frames: Mapping[str, pl.DataFrame],
    look: tuple[str, Any, Any],
) -> None:
    """One table: its units, its header, its rows, and what may be filled in."""
    currency, bold, quiet = look
    table = table_named(title)
    sheet.freeze_panes(FIRST, 1)
    last = FIRST + max(frame.height, 1) - 1
    for place, cells in enumerate(frame.get_columns()):
        column = _declared(table, cells.name)
        unit = column.unit.replace("money", currency) or _WRITTEN.get(column.kind, "")
        mark = ("# " if place == 0 else "") + (unit if place else unit or "units")
        sheet.write_string(UNITS, place, mark, quiet)
        sheet.write_string(HEADER, place, cells.name, bold)
        widest = max([len(cells.name) + 3, *_write_cells(sheet, place, cells, title)])
        sheet.set_column(place, place, min(WIDEST, widest + 1))
        sheet.data_validation(HEADER, place, HEADER, place, _help(column))
        if choices := _choices(column, frames):
            sheet.data_validation(FIRST, place, min(last + SPARE, MOST_ROWS - 1), place, choices)
    if frame.width:
        columns = [{"header": name, "header_format": bold} for name in frame.columns]
        form = {"columns": columns, "name": title, "style": "Table Style Light 1"}
        sheet.add_table(HEADER, 0, last, frame.width - 1, form)


def _declared(table: Table, name: str) -> Column:
    """The declaration of a column, that of a number for its range."""
    found = table.column(name) or table.companions()[name]
    if name != found.name and name.endswith("_basis"):
        return Column(name, "text", f"What {found.name} rests on.")
    return found


def _write_cells(sheet: Any, place: int, cells: pl.Series, title: str) -> Iterable[int]:
    """Write one column; gives the width of each cell."""
    for number, value in enumerate(cells.to_list(), start=FIRST):
        if value is None:
            continue
        if isinstance(value, bool):
            sheet.write_boolean(number, place, value)
        elif isinstance(value, int | float) and _survives(value):
            sheet.write_number(number, place, value)
        else:
            text = _fitting(shown(value) or "", title)
            sheet.write_string(number, place, text)
        yield len(shown(value) or "")


def _help(column: Column) -> dict[str, Any]:
    """What a column means, shown where its heading is chosen."""
    text = meaning(column)
    if column.default is not None:
        text += f" Default: {default_text(column)}."
    if column.required:
        text = f"Required. {text}"
    return {
        "validate": "any",
        "input_title": column.name[:32],
        "input_message": text if len(text) <= LONGEST_HELP else f"{text[: LONGEST_HELP - 1]}…",
    }


def _choices(column: Column, frames: Mapping[str, pl.DataFrame]) -> dict[str, Any] | None:
    """The list that a column offers; names of another table may be new, so they only warn."""
    if column.one_of and len(",".join(column.one_of)) <= LONGEST_CHOICE:
        told = f"one of {', '.join(column.one_of)}"
        return _list(list(column.one_of), told, "stop")
    if column.kind == "flag":
        return _list(["TRUE", "FALSE"], "true or false", "stop")
    if len(column.refers_to) == 1 and column.refers_to[0] in frames:
        (aim,) = column.refers_to
        key = table_named(aim).key[:1]
        if column.kind == "name" and key and key[0] in frames[aim].columns:
            letter = letters(frames[aim].columns.index(key[0]))
            end = min(FIRST + frames[aim].height + SPARE, MOST_ROWS)
            source = f"={aim}!${letter}${FIRST + 1}:${letter}${end}"
            return _list(source, f"a name of the sheet {aim}", "warning")
    return None


def _list(source: list[str] | str, told: str, kind: str) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": source,
        "error_type": kind,
        "error_title": "entrepot",
        "error_message": f"Write {told}."[:LONGEST_HELP],
    }


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
