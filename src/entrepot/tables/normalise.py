"""From a table as it was read to a table in order, with a problem for every cell that is not.

Only what can be seen in a single cell is judged here; what needs other rows or tables is in the
`check_*` modules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from entrepot.errors import Problem
from entrepot.schema import Column
from entrepot.schema.declare import BASES
from entrepot.tables import remedies
from entrepot.tables.cells import as_text, converted, same
from entrepot.tables.nearest import nearest
from entrepot.tables.sheet import DTYPES, RawTable, Sheet, listed, shown

KINDS_IN_WORDS = {
    "name": "is not a name",
    "text": "holds a control character",
    "list": "holds a control character",
    "number": "is not a number",
    "integer": "is not a whole number",
    "date": "is not a date",
    "flag": "is neither true nor false",
}


@dataclass(frozen=True)
class _Given:
    """A column that the table has: its declaration and the cells as they were read."""

    column: Column
    cells: pl.Series


def normalise(raw: RawTable) -> tuple[Sheet, list[Problem]]:
    """The table in order, and everything wrong with its headings and single cells.

    A cell that is wrong becomes null, so that later checks can go on with the rest.
    """
    given, problems = _headings(raw)
    columns: list[pl.Series] = []
    refused: dict[str, pl.Series] = {}
    for column in _in_order(raw, given):
        if column.name in given:
            cells, bad, found = _cells(raw, given[column.name])
            if found:
                refused[column.name] = bad
                problems += found
            if column.default is not None:
                cells = cells.fill_null(column.default).set(bad, None)
        else:
            cells = same(column.default, DTYPES[column.kind], len(raw.rows))
            if column.required:
                refused[column.name] = same(True, pl.Boolean(), len(raw.rows))
        columns.append(cells.alias(column.name))
    return Sheet(raw.table, raw.file, pl.DataFrame(columns), raw.rows, refused=refused), problems


def companion(name: str, of: Column) -> Column:
    """The declaration of a range or basis column that stands beside a number."""
    if name.endswith("_basis"):
        return Column(name, "text", f"What {of.name} rests on.", one_of=BASES)
    end = "Low" if name.endswith("_low") else "High"
    return Column(name, "number", f"{end} end of the range of {of.name}.", unit=of.unit)


def _headings(raw: RawTable) -> tuple[dict[str, _Given], list[Problem]]:
    """Which declared columns are there, and what is wrong with the headings."""
    table = raw.table
    known = {column.name: column for column in table.columns}
    beside = table.companions()
    given: dict[str, _Given] = {}
    problems = []
    for name, cells in zip(raw.header, raw.columns, strict=True):
        if name in given:
            text, cure = "stands there twice", "keep one of the two columns"
        elif name in known:
            given[name] = _Given(known[name], cells)
            continue
        elif name in beside:
            given[name] = _Given(companion(name, beside[name]), cells)
            continue
        elif name == "":
            if cells.dtype == pl.Null or as_text(cells).is_null().all():
                continue
            text, cure = "a column without a heading", "give it a heading or take it out"
        else:
            text = f"{name!r} is not a column of table {table.name}"
            cure = _heading_remedy(name, [*known, *beside], list(known))
        problems.append(Problem(raw.file, raw.header_row, name or None, None, text, cure))
    for column in table.columns:
        if column.required and column.name not in given:
            text = f"the column {column.name!r} is missing"
            cure = f"add it: {column.meaning[0].lower()}{column.meaning[1:].rstrip('.')}"
            problems.append(Problem(raw.file, raw.header_row, column.name, None, text, cure))
    return given, problems


def _heading_remedy(name: str, known: list[str], declared: list[str]) -> str:
    guess = nearest(name, declared) or nearest(name, known)
    if guess is not None:
        return f"did you mean {guess!r}?"
    return f"take it out; the columns are {listed(declared, most=30)}"


def _in_order(raw: RawTable, given: dict[str, _Given]) -> list[Column]:
    """Declared columns, each followed by those of its companions that hold anything."""
    order: list[Column] = []
    for column in raw.table.columns:
        order.append(column)
        for ending in ("_low", "_high", "_basis"):
            beside = given.get(column.name + ending) if column.numeric else None
            if beside is not None and as_text(beside.cells).is_not_null().any():
                order.append(beside.column)
    return order


def _cells(raw: RawTable, given: _Given) -> tuple[pl.Series, pl.Series, list[Problem]]:
    """One column in its type, which cells were refused (and are null), and why."""
    column = given.column
    way_back = "legs" in column.refers_to
    values, bad = converted(given.cells, column.kind, way_back=way_back)
    problems = _problems(
        raw,
        given,
        bad,
        KINDS_IN_WORDS[column.kind],
        lambda text: remedies.for_kind(text, column),
    )
    for wrong, message, cure in _bounds(values, column):
        problems += _problems(raw, given, wrong, message, cure)
        bad = bad | wrong
    if column.required:
        blank = values.is_null() & ~bad
        cure = f"fill it in{f', such as {column.example}' if column.example else ''}"
        problems += _problems(raw, given, blank, "is blank but required", cure)
        bad = bad | blank
    return values.set(bad, None), bad, problems


def _bounds(values: pl.Series, column: Column) -> list[tuple[pl.Series, str, str]]:
    """Which values break which limit of the column: (mask, message, remedy)."""
    found: list[tuple[pl.Series, str, str]] = []

    def limit(wrong: pl.Series, message: str, cure: str) -> None:
        wrong = wrong.fill_null(False)
        if wrong.any():
            found.append((wrong, message, cure))

    unit = f" {column.unit}" if column.unit else ""
    if column.at_least is not None:
        least = shown(float(column.at_least))
        message = "is negative" if column.at_least == 0 else f"is below {least}"
        limit(values < column.at_least, message, f"write a number of at least {least}{unit}")
    if column.at_most is not None:
        most = shown(float(column.at_most))
        limit(values > column.at_most, f"is above {most}", f"write at most {most}{unit}")
    if column.above is not None:
        bound = shown(float(column.above))
        cure = f"write a number above {bound}{unit}"
        limit(values <= column.above, f"is not above {bound}", cure)
    if column.below is not None:
        bound = shown(float(column.below))
        cure = f"write a number below {bound}{unit}"
        limit(values >= column.below, f"is not below {bound}", cure)
    if column.one_of:
        choices = ", ".join(column.one_of)
        for text in (
            values.filter(~values.is_in(list(column.one_of)))
            .drop_nulls()
            .unique(maintain_order=True)
        ):
            guess = nearest(text, column.one_of)
            cure = f"did you mean {guess!r}? one of {choices}" if guess else f"one of {choices}"
            limit(values == text, "is not one of the values that the column knows", cure)
    if column.pattern is not None:
        wrong = ~values.str.contains(f"^(?:{column.pattern})$")
        limit(wrong, "is not written the way such codes are", _pattern_remedy(column))
    return found


def _pattern_remedy(column: Column) -> str:
    if column.name == "hs":
        return (
            "write 2, 4, 6, 8 or 10 digits without points; a spreadsheet may have dropped "
            "a leading zero"
        )
    return f"write it like {column.example}"


def _problems(
    raw: RawTable,
    given: _Given,
    wrong: pl.Series,
    message: str,
    remedy: str | Callable[[str], str],
) -> list[Problem]:
    """A problem for each cell of which `wrong` is true, with the cell as it was written."""
    if not wrong.any():
        return []
    where = wrong.arg_true()
    texts = as_text(given.cells.gather(where)).to_list()
    cures = [remedy if isinstance(remedy, str) else remedy(text or "") for text in texts]
    return [
        Problem(raw.file, row, given.column.name, text, message, cure)
        for row, text, cure in zip(raw.rows.gather(where).to_list(), texts, cures, strict=True)
    ]
