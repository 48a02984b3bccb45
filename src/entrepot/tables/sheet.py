"""A table on its way in: as it was read, and as it is once its cells are in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from entrepot.errors import Problem
from entrepot.schema import Table

DTYPES: dict[str, pl.DataType] = {
    "name": pl.String(),
    "text": pl.String(),
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "date": pl.Date(),
    "flag": pl.Boolean(),
    "list": pl.String(),
}
"""What each kind of column holds once it is in order."""

FIRST_ROW = 2
"""Row of the first record where a table has no lines of text: the header counts as row 1."""


@dataclass(frozen=True)
class RawTable:
    """A table as it was read, before anyone looked at its cells.

    Attributes
    ----------
    table : what it is meant to be
    file : as the user named it
    header : headings as they stand there, one a column, possibly repeated
    columns : one series a heading, of any type, all of one length
    rows : line of each record, counted from 1
    header_row : line of the headings
    """

    table: Table
    file: str
    header: list[str]
    columns: list[pl.Series]
    rows: pl.Series
    header_row: int = 1


@dataclass(frozen=True)
class Sheet:
    """A table in order: every declared column with its type, blanks null, defaults filled in.

    Attributes
    ----------
    table : its declaration
    file : as the user named it; for a table that is not given, what it would be called
    frame : the records
    rows : line of each record in the file
    given : whether the study has the table at all
    refused : column -> which of its cells were refused; such cells are null in `frame`
    """

    table: Table
    file: str
    frame: pl.DataFrame
    rows: pl.Series
    given: bool = True
    refused: Mapping[str, pl.Series] = field(default_factory=dict)

    def __getitem__(self, column: str) -> pl.Series:
        return self.frame[column]

    def blank(self, column: str) -> pl.Series:
        """Which records leave a column blank; a cell that was refused is not blank."""
        blank = self.frame[column].is_null()
        return blank & ~self.refused[column] if column in self.refused else blank

    def problem(
        self,
        index: int | None,
        column: str | None,
        message: str,
        remedy: str,
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        """A problem with one record (by its position), told with its line and its value."""
        row = None if index is None else int(self.rows[index])
        value = None
        if index is not None and column is not None:
            value = shown(self.frame[column][index])
        return Problem(self.file, row, column, value, message, remedy, severity)

    def problems(
        self,
        wrong: pl.Series,
        column: str,
        message: str,
        remedy: str | Callable[[str], str],
        severity: Literal["error", "warning"] = "error",
    ) -> list[Problem]:
        """One problem for each record of which `wrong` is true."""
        found = []
        for index in wrong.fill_null(False).arg_true().to_list():
            value = shown(self.frame[column][index])
            cure = remedy if isinstance(remedy, str) else remedy(value or "")
            row = int(self.rows[index])
            found.append(Problem(self.file, row, column, value, message, cure, severity))
        return found


def shown(value: object) -> str | None:
    """A cell as text, the way people write it: no ``.0`` behind whole numbers."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def empty_sheet(table: Table, file: str, *, given: bool = False) -> Sheet:
    """A sheet of all declared columns and no record.

    `given` tells a table that is there but could not be read from one that is not there.
    """
    schema = {column.name: DTYPES[column.kind] for column in table.columns}
    rows = pl.Series("row", [], dtype=pl.Int64)
    nothing = pl.Series([], dtype=pl.Boolean)
    refused = dict.fromkeys(schema, nothing) if given else {}
    return Sheet(table, file, pl.DataFrame(schema=schema), rows, given, refused)


def numbered(count: int) -> pl.Series:
    """Rows of a table that has no lines of text."""
    return pl.Series("row", range(FIRST_ROW, FIRST_ROW + count), dtype=pl.Int64)


def listed(names: Sequence[str], most: int = 3) -> str:
    """Some names as a phrase: ``a, b, c and 4 more``."""
    head = ", ".join(names[:most])
    return head if len(names) <= most else f"{head} and {len(names) - most} more"
