"""CSV: strict, with the true line of every record.

UTF-8 with or without a byte order mark, commas, a header; lines that begin with ``#`` are comments
(outside quotes); empty lines and records of blanks only are passed over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from entrepot.errors import Problem
from entrepot.schema import Table
from entrepot.tables.plain_csv import plain_columns
from entrepot.tables.sheet import RawTable

BATCH = 20_000
"""Records held as Python strings at a time; the rest is packed."""

COMMENT = "#"


class _Lines:
    """The lines of a text with their numbers; comments are left out where a record begins."""

    def __init__(self, text: str) -> None:
        self._lines = iter(io.StringIO(text, newline=""))
        self.number = 0
        self.first = 0
        self.at_start = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for line in self._lines:
            self.number += 1
            if self.at_start:
                if line.startswith(COMMENT) or not line.strip():
                    continue
                self.first = self.number
                self.at_start = False
            return line
        raise StopIteration


@dataclass(frozen=True)
class _Record:
    """The cells of one record and the line on which it begins."""

    line: int
    cells: list[str]


class _BrokenError(Exception):
    """The text stops being CSV at a line."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def read_csv(path: Path, table: Table, file: str) -> tuple[RawTable | None, list[Problem]]:
    """The table in a CSV file, every cell as text; None where the file cannot be read at all.

    Raises
    ------
    OSError : the file cannot be opened
    """
    text, problem = decoded(path.read_bytes(), file)
    if text is None:
        return None, [problem] if problem else []
    lines = _Lines(text)
    records = _records(lines)
    try:
        header = next(records, None)
        if header is None:
            return None, [_no_header(table, file)]
        names = [name.strip() for name in header.cells]
        if wrong := _separator(names, file, header.line):
            return None, [wrong]
        plain = plain_columns(text, len(names)) if header.line == 1 else None
        if plain is not None:
            return RawTable(table, file, names, *plain, header.line), []
        columns, rows, problems = _columns(records, len(names), file)
    except _BrokenError as broken:
        return None, [_unclosed(text, broken.line, file)]
    return RawTable(table, file, names, columns, rows, header.line), problems


def decoded(data: bytes, file: str) -> tuple[str | None, Problem | None]:
    """Bytes as text, or the problem that they are not UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = "is encoded in UTF-16"
    else:
        try:
            return data.decode("utf-8-sig"), None
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            byte = f"0x{data[error.start]:02x}"
            message = f"is not UTF-8: byte {error.start + 1} ({byte}), on line {line}"
            return None, Problem(file, line, None, None, message, _ENCODING_REMEDY)
    return None, Problem(file, None, None, None, message, _ENCODING_REMEDY)


_ENCODING_REMEDY = "save it as UTF-8 (in a spreadsheet: 'CSV UTF-8')"


def _records(lines: _Lines) -> Iterator[_Record]:
    reader = csv.reader(lines, strict=True)
    while True:
        lines.at_start = True
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _BrokenError(lines.first) from None
        yield _Record(lines.first, cells)


def _columns(
    records: Iterator[_Record], width: int, file: str
) -> tuple[list[pl.Series], pl.Series, list[Problem]]:
    """All records as columns of text, with their lines; records of another width are problems."""
    problems: list[Problem] = []
    batches: list[pl.DataFrame] = []
    schema = {str(i): pl.String for i in range(width)}
    held: list[list[str]] = []
    lines: list[int] = []
    for record in records:
        if not any(map(str.strip, record.cells)):
            continue
        if len(record.cells) != width:
            problems.append(_ragged(record, width, file))
            continue
        held.append(record.cells)
        lines.append(record.line)
        if len(held) == BATCH:
            batches.append(pl.DataFrame(held, schema=schema, orient="row"))
            held = []
    batches.append(pl.DataFrame(held, schema=schema, orient="row"))
    frame = pl.concat(batches)
    return frame.get_columns(), pl.Series("row", lines, dtype=pl.Int64), problems


def _ragged(record: _Record, width: int, file: str) -> Problem:
    count = len(record.cells)
    message = f"has {count} cell{'s' if count != 1 else ''} where the header has {width}"
    if any("\n" in cell for cell in record.cells):
        cure = "a quote in this row runs over several lines: close it where the text ends"
    elif count > width:
        cure = 'put text that holds a comma in double quotes: "a, b"'
    else:
        cure = "add the missing commas; a blank cell still has its comma"
    return Problem(file, record.line, None, None, message, cure)


def _separator(names: list[str], file: str, line: int) -> Problem | None:
    """The problem that cells are parted by something else than commas."""
    if len(names) > 1:
        return None
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if mark in names[0]:
            message = f"the cells are parted by {word}"
            return Problem(file, line, None, None, message, "save it with commas between cells")
    return None


def _no_header(table: Table, file: str) -> Problem:
    required = ",".join(column.name for column in table.columns if column.required)
    message = "is empty"
    return Problem(file, None, None, None, message, f"begin it with a header: {required}")


def _unclosed(text: str, first: int, file: str) -> Problem:
    """What is wrong with the quotes of the record that begins on line `first`."""
    scan = _QuoteScan(text, first)
    cure = 'close it, and write a quote inside a quoted text twice: "the ""best"" route"'
    if scan.state == "closed":
        message = f"a cell is longer than {csv.field_size_limit()} characters"
        cure = "shorten it, or look for a quote that closes too late"
    elif scan.state == "followed":
        message = f"a quote that opens in this row is followed by text on line {scan.line}"
    else:
        message = "a quote that opens in this row never closes"
    return Problem(file, scan.opened, None, None, message, cure)


class _QuoteScan:
    """Reads one record letter by letter, after the reader gave it up, to say why.

    Attributes
    ----------
    state : how the record ends: ``closed``, ``open`` (inside a quote) or ``followed`` (text
        behind a closing quote)
    opened : line on which the last quote opened
    line : line on which the scan ended
    """

    def __init__(self, text: str, first: int) -> None:
        self.line = self.opened = first
        inside, at_cell_start, skip = False, True, False
        start = _offset(text, first)
        for i in range(start, len(text)):
            mark, after = text[i], text[i + 1 : i + 2]
            if skip:
                skip = False
                continue
            if inside and mark == '"':
                if after not in ('"', "", ",", "\n", "\r"):
                    self.state = "followed"
                    return
                skip = after == '"'
                inside = skip
            elif mark == '"' and at_cell_start:
                inside, self.opened = True, self.line
            elif mark in "\r\n" and not inside:
                break
            at_cell_start = not inside and mark == ","
            if mark == "\n" or (mark == "\r" and after != "\n"):
                self.line += 1
        self.state = "open" if inside else "closed"


def _offset(text: str, line: int) -> int:
    """Where a line (counted from 1) begins."""
    lines = io.StringIO(text, newline="")
    return sum(len(next(lines)) for _ in range(line - 1))
