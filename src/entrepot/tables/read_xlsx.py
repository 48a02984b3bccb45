"""One workbook: a sheet a table, `study` for the settings, `scenarios` for the scenarios.

fastexcel hands a cell over as one type a column: as text it rounds numbers, as a number it drops
texts, and cells that hold an error of the spreadsheet are blank either way. So each sheet is taken
both ways and put together, and errors are looked up in the workbook itself.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl

from entrepot.errors import Problem
from entrepot.schema import TABLES, Table
from entrepot.tables.cells import as_text
from entrepot.tables.files import put_in_order, too_large, unknown_table, unreadable
from entrepot.tables.sheet import RawTable, Sheet

SETTINGS = "study"
SCENARIOS = "scenarios"

ERROR = "#ERROR"
"""Stands for a cell in which the spreadsheet shows an error of its own."""

_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"')
_IN_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_IN_BOOK = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Workbook:
    """What a workbook says.

    Attributes
    ----------
    sheets : one for every declared table
    settings : key -> value as written, from the sheet `study`
    scenarios : name -> text in TOML, from the sheet `scenarios`
    name : of the file
    headings : sheet -> heading -> column, counted from 0
    keys : sheet of pairs -> key -> row, counted from 1
    """

    sheets: dict[str, Sheet]
    settings: dict[str, str]
    scenarios: dict[str, str]
    name: str
    headings: Mapping[str, Mapping[str, int]]
    keys: Mapping[str, Mapping[str, int]]

    def located(self, problem: Problem) -> Problem:
        """A problem with the cell that it is about, where it is about one."""
        title = problem.file.removeprefix(f"{self.name}, sheet ")
        letter, row = "A", problem.row
        if title in self.headings:
            letter = letters(self.headings[title].get(problem.column or "", 0))
        elif title in self.keys:
            row = self.keys[title].get(problem.column or "", row)
            letter = "B"
        elif problem.file.startswith(f"{self.name}, scenario "):
            title, letter = SCENARIOS, "B"
            row = self.keys.get(title, {}).get(problem.file.partition(", scenario ")[2])
        else:
            return problem
        return problem if row is None else replace(problem, cell=f"{title}!{letter}{row}")


def read_workbook(path: Path) -> tuple[Workbook | None, list[Problem]]:
    """All tables of a workbook, in order; None with the reason where it cannot be read."""
    try:
        if problem := too_large(path, path.name):
            return None, [problem]
        data = path.read_bytes()
    except OSError as error:
        return None, [unreadable(error, path.name)]
    grids = _grids(path, data)
    if grids is None:
        message, cure = "is not an .xlsx workbook, or is damaged", "save it again as .xlsx"
        return None, [Problem(path.name, None, None, None, message, cure)]
    problems: list[Problem] = []
    raw: dict[str, RawTable | None] = {}
    names = {table.name: table for table in TABLES}
    for title, grid in grids.items():
        file = f"{path.name}, sheet {title}"
        if title in names:
            raw[title], found = _raw(grid, names[title], file)
            problems += found
        elif title not in (SETTINGS, SCENARIOS):
            problems.append(unknown_table(title, file))
    sheets, found = put_in_order(raw, f"{path.name}, sheet {{}}")
    settings = _pairs(grids.get(SETTINGS), path.name, SETTINGS, problems)
    scenarios = _pairs(grids.get(SCENARIOS), path.name, SCENARIOS, problems)
    book = Workbook(
        sheets,
        {key: text for key, (text, _) in settings.items()},
        {key: text for key, (text, _) in scenarios.items()},
        path.name,
        {title: _places(each.header) for title, each in raw.items() if each is not None},
        {
            title: {key: row for key, (_, row) in pairs.items()}
            for title, pairs in ((SETTINGS, settings), (SCENARIOS, scenarios))
        },
    )
    return book, problems + found


def _places(header: Sequence[str]) -> dict[str, int]:
    """Where each heading stands; one that stands twice, where it stands last."""
    return {heading: place for place, heading in enumerate(header)}


@dataclass(frozen=True)
class _Grid:
    """A sheet from its first row and column on, once as text and once as numbers."""

    texts: pl.DataFrame
    numbers: pl.DataFrame


def _grids(path: Path, data: bytes) -> dict[str, _Grid] | None:
    """Every sheet; None where it is no workbook."""
    import fastexcel

    try:
        book = fastexcel.read_excel(data)
        with zipfile.ZipFile(path) as package:
            errors = _error_cells(package)
        grids = {name: _grid(book, name) for name in book.sheet_names}
    except (fastexcel.FastExcelError, zipfile.BadZipFile, ElementTree.ParseError, KeyError):
        return None
    for name, cells in errors.items():
        texts = grids[name].texts
        for row, column in cells:
            if row < texts.height and column < texts.width:
                texts[row, column] = ERROR
    return grids


def _grid(book: Any, name: str) -> _Grid:
    def taken(dtype: str, kind: type[pl.DataType]) -> pl.DataFrame:
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes=dtype)
        return pl.DataFrame(sheet).with_columns(pl.all().cast(kind))

    return _Grid(taken("string", pl.String), taken("float", pl.Float64))


def _error_cells(package: zipfile.ZipFile) -> dict[str, list[tuple[int, int]]]:
    """Sheet -> (row, column), counted from 0, of the cells that hold an error."""
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    parts = {
        link.get("Id"): link.get("Target", "") for link in links.iter(f"{_IN_PACKAGE}Relationship")
    }
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    found: dict[str, list[tuple[int, int]]] = {}
    for sheet in book.iter(f"{_IN_BOOK}sheet"):
        target = parts[sheet.get(_REFERENCE)]
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        cells = [
            (int(row) - 1, _column_number(letters.decode()))
            for letters, row in _ERROR_CELL.findall(package.read(part))
        ]
        if cells:
            found[sheet.get("name", "")] = cells
    return found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def letters(place: int) -> str:
    """A column as spreadsheets call it, counted from 0: A, B, … Z, AA."""
    told = ""
    while place >= 0:
        told = chr(ord("A") + place % 26) + told
        place = place // 26 - 1
    return told


def _raw(grid: _Grid, table: Table, file: str) -> tuple[RawTable | None, list[Problem]]:
    """A sheet as a table: the first row that holds anything but a comment is the header."""
    texts = grid.texts
    rows = pl.Series("row", range(1, texts.height + 1), dtype=pl.Int64)
    if texts.width:
        comment = texts.to_series(0).str.starts_with("#").fill_null(False)
        comment &= texts.to_series(0) != ERROR
        blank = texts.select(pl.all_horizontal(pl.all().fill_null("") == "")).to_series()
        rows = rows.filter(~comment & ~blank)
    if rows.is_empty():
        return None, [Problem(file, None, None, None, "is empty", "begin it with a header")]
    header = [(cell or "").strip() for cell in texts.row(int(rows[0]) - 1)]
    records = rows[1:] - 1
    columns = []
    for number, heading in enumerate(header):
        cells = texts.to_series(number).gather(records)
        if _is_numeric(heading, table):
            cells = _exact(cells, grid.numbers.to_series(number).gather(records))
        columns.append(cells)
    return RawTable(table, file, header, columns, rows[1:], int(rows[0])), []


def _is_numeric(heading: str, table: Table) -> bool:
    column = table.column(heading)
    if column is not None:
        return column.numeric
    return heading in table.companions() and not heading.endswith("_basis")


def _exact(texts: pl.Series, numbers: pl.Series) -> pl.Series:
    """Text of cells in a column of numbers: a number in full instead of rounded."""
    numeric = texts.cast(pl.Float64, strict=False).is_not_null() & numbers.is_not_null()
    return as_text(numbers).zip_with(numeric, texts)


def _pairs(
    grid: _Grid | None, book: str, title: str, problems: list[Problem]
) -> dict[str, tuple[str, int]]:
    """The sheet's first two columns as key, value and row, without the header and blank rows."""
    pairs: dict[str, tuple[str, int]] = {}
    if grid is None:
        return pairs
    file = f"{book}, sheet {title}"
    if grid.texts.width < 2:
        message, cure = "does not hold keys and values", "put keys in column A, values in B"
        problems.append(Problem(file, None, None, None, message, cure))
        return pairs
    for number, (key, value, *_) in enumerate(grid.texts.iter_rows(), start=1):
        if number == 1 or not key or value is None:
            continue
        if key in pairs:
            problems.append(Problem(file, number, key, value, "stands twice", "keep one of them"))
        pairs[key.strip()] = (value, number)
    return pairs
