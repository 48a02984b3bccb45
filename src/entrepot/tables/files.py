"""Which files hold which tables, and reading them all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from entrepot.errors import Problem
from entrepot.schema import TABLES, Table, table_named
from entrepot.tables.nearest import nearest
from entrepot.tables.normalise import normalise
from entrepot.tables.read_csv import read_csv
from entrepot.tables.read_parquet import read_parquet
from entrepot.tables.sheet import RawTable, Sheet, empty_sheet

LARGEST = 2 * 1024**3
"""Bytes. A larger file is refused before it is read: it would not fit into memory as a table."""

ENDINGS = (".csv", ".parquet")

_NAMES = [table.name for table in TABLES]


def read_folder(folder: Path) -> tuple[dict[str, Sheet], list[Problem]]:
    """Every table that a folder holds, in order, and everything wrong with the files and cells.

    Tables that are not there are empty sheets.
    """
    chosen, problems = _choose(folder)
    raw_tables: dict[str, RawTable | None] = {}
    for table in TABLES:
        path = chosen.get(table.name)
        if path is not None:
            raw_tables[table.name], found = _read(path, table)
            problems += found
    ending = ".parquet" if any(p.suffix == ".parquet" for p in chosen.values()) else ".csv"
    sheets, found = put_in_order(raw_tables, "{}" + ending)
    return sheets, problems + found


def put_in_order(
    raw_tables: dict[str, RawTable | None], file_name: str
) -> tuple[dict[str, Sheet], list[Problem]]:
    """Raw tables as sheets, one for every declared table, and what is wrong with their cells.

    `file_name` is what a table that is not there would be called, with ``{}`` for its name.

    A table that is there but could not be read at all (None) is an empty sheet that counts as
    given, so that nobody is told to add it.
    """
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for table in TABLES:
        raw = raw_tables.get(table.name)
        if raw is not None:
            sheets[table.name], found = normalise(raw)
            problems += found
            continue
        file = file_name.replace("{}", table.name)
        sheets[table.name] = empty_sheet(table, file, given=table.name in raw_tables)
    return sheets, problems


def too_large(path: Path, file: str) -> Problem | None:
    """The problem that a file is larger than what is read at all."""
    size = path.stat().st_size
    if size <= LARGEST:
        return None
    message = f"is {size / 1024**3:.1f} GiB; at most {LARGEST / 1024**3:.0f} GiB are read"
    return Problem(file, None, None, None, message, "leave out what the study does not need")


def unreadable(error: OSError, file: str) -> Problem:
    """The problem that the system does not hand a file over."""
    reason = (error.strerror or str(error)).lower()
    return Problem(
        file, None, None, None, f"cannot be read ({reason})", "check the file and its permissions"
    )


def table_files(folder: Path) -> list[Path]:
    """The files of a folder that may hold tables, sorted by name; hidden files are left out."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in ENDINGS and not path.name.startswith((".", "~"))
    )


def unknown_table(name: str, file: str, known: Iterable[str] = _NAMES) -> Problem:
    """The problem that a file or sheet is named like no table; one that is close is an error."""
    guess = nearest(name, list(known))
    if guess is None:
        message = "is not a table of the study format and is not read"
        return Problem(file, None, None, None, message, "take it out of the study", "warning")
    message = f"{name!r} is not a table of the study format"
    return Problem(file, None, None, None, message, f"did you mean {guess!r}?")


def _choose(folder: Path) -> tuple[dict[str, Path], list[Problem]]:
    chosen: dict[str, Path] = {}
    problems = []
    for path in table_files(folder):
        name = path.stem
        if path.suffix not in ENDINGS or name not in _NAMES:
            problems.append(unknown_table(name, path.name))
        elif name in chosen:
            message = f"the table is also in {chosen[name].name}"
            problems.append(Problem(path.name, None, None, None, message, "keep one of the two"))
        else:
            chosen[name] = path
    return chosen, problems


def _read(path: Path, table: Table) -> tuple[RawTable | None, list[Problem]]:
    try:
        if problem := too_large(path, path.name):
            return None, [problem]
        if path.suffix == ".csv":
            return read_csv(path, table, path.name)
        return read_parquet(path, table, path.name)
    except OSError as error:
        return None, [unreadable(error, path.name)]


def declared(name: str) -> Table | None:
    """The declaration of a table, or None."""
    return table_named(name) if name in _NAMES else None
