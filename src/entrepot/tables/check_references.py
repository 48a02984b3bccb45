"""Names that nothing is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from entrepot.errors import Problem
from entrepot.schema import Column
from entrepot.tables.nearest import did_you_mean
from entrepot.tables.sheet import Sheet

EVERYTHING = "*"
WAY_BACK = "~"
COUNTRY_CODE = re.compile(r"[A-Z]{2}")
GUESSES = 200
"""So many unknown names of a column are compared with the known ones; the rest is only reported."""

_WORDS = {
    "places": "a place",
    "goods": "a good",
    "legs": "a leg",
    "periods": "a period",
    "curves": "a curve",
    "recipes": "a recipe",
    "projects": "a project",
    "sessions": "a session",
    "decisions": "a decision",
    "countries": "a country",
    "blocs": "a bloc",
    "hs": "a prefix of an HS code",
    EVERYTHING: "*",
}


@dataclass(frozen=True)
class Known:
    """What names there are in a set of tables."""

    sheets: Mapping[str, Sheet]
    only_period: str | None
    _gathered: dict[str, frozenset[str]] = field(default_factory=dict, init=False)

    @cached_property
    def legs(self) -> frozenset[str]:
        """Legs, and the ways back of those that are two-way."""
        sheet = self.sheets["legs"]
        # Where the cell was refused it cannot be told; its own problem is enough.
        both = sheet["leg"].filter(sheet["two_way"].fill_null(True)).drop_nulls()
        return frozenset(sheet["leg"].drop_nulls().to_list()) | {
            f"{leg}{WAY_BACK}" for leg in both.to_list()
        }

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """HS codes of the study's goods."""
        return tuple(self.sheets["goods"]["hs"].drop_nulls().unique().sort())

    @cached_property
    def countries(self) -> frozenset[str]:
        """Countries listed, and the codes of those in which places lie."""
        lying = self.sheets["places"]["country"].drop_nulls().unique().to_list()
        return self.names("countries") | {code for code in lying if COUNTRY_CODE.fullmatch(code)}

    def names(self, table: str) -> frozenset[str]:
        """The names that a table gives; gathered once, when first asked for."""
        if table not in self._gathered:
            self._gathered[table] = self._gather(table)
        return self._gathered[table]

    def _gather(self, table: str) -> frozenset[str]:
        if table in ("hs", EVERYTHING):
            return frozenset()
        if table == "legs":
            return self.legs
        if table == "periods" and not self.sheets["periods"].given:
            return frozenset([self.only_period] if self.only_period else [])
        sheet = self.sheets[table]
        return frozenset(sheet[sheet.table.key[0]].drop_nulls().to_list())

    def is_lost(self, table: str) -> bool:
        """Whether a table is there but none of its names could be read: it says so itself."""
        if table not in self.sheets or self.names(table):
            return False
        return self.sheets[table].table.key[0] in self.sheets[table].refused

    def holds(self, value: str, target: str) -> bool:
        """Whether a value is called something in a target of a reference."""
        if target == EVERYTHING:
            return value == EVERYTHING
        if target == "hs":
            return value.isdigit()
        if target == "countries":
            return value in self.names(target) or COUNTRY_CODE.fullmatch(value) is not None
        return value in self.names(target)


def check_references(sheets: Mapping[str, Sheet], only_period: str | None) -> list[Problem]:
    """Every name that a row refers to is a name of the table that it refers to."""
    known = Known(sheets, only_period)
    problems: list[Problem] = []
    missing: set[str] = set()
    for sheet in sheets.values():
        if not sheet.frame.height:
            continue
        for column in sheet.table.columns:
            if column.refers_to and sheet[column.name].null_count() < sheet.frame.height:
                problems += _unknown(sheet, column, known, missing)
    return problems


def _unknown(sheet: Sheet, column: Column, known: Known, missing: set[str]) -> list[Problem]:
    """Problems of one column; a table that is wholly missing is reported once, in `missing`."""
    target = column.refers_to[0]
    if column.refers_to == ("periods",) and known.only_period is None:
        return []
    if len(column.refers_to) == 1 and target not in ("countries", "periods"):
        aim = known.sheets[target]
        if not aim.given:
            return _missing_table(sheet, column, aim, missing)
    if any(known.is_lost(target) for target in column.refers_to):
        return []
    cures: dict[str, str] = {}
    problems = []
    for index, value in _unknown_cells(sheet[column.name], column, known):
        if value not in cures:
            cures[value] = _cure(value, column, known, guess=len(cures) < GUESSES)
        problems.append(_problem(sheet, index, column, value, cures[value]))
    return problems + _codes_without_goods(sheet, column, known)


def _unknown_cells(cells: pl.Series, column: Column, known: Known) -> list[tuple[int, str]]:
    """Row and value of every name that nothing is called."""
    unknown = [value for value in _values(cells, column) if not _held(value, column, known)]
    if not unknown:
        return []
    if column.kind != "list":
        rows = cells.is_in(unknown).fill_null(False).arg_true()
        return list(zip(rows.to_list(), cells.gather(rows).to_list(), strict=True))
    wrong = set(unknown)
    return [
        (index, part)
        for index, text in enumerate(cells.to_list())
        for part in dict.fromkeys(map(str.strip, (text or "").split(";")))
        if part in wrong
    ]


def _held(value: str, column: Column, known: Known) -> bool:
    return any(known.holds(value, target) for target in column.refers_to)


def _values(cells: pl.Series, column: Column) -> list[str]:
    """The different names in a column, in the order in which they stand there."""
    if column.kind == "list":
        cells = cells.drop_nulls().str.split(";").explode().str.strip_chars()
        cells = cells.filter(cells != "")
    names: list[str] = cells.drop_nulls().unique(maintain_order=True).to_list()
    return names


def _problem(sheet: Sheet, index: int, column: Column, value: str, cure: str) -> Problem:
    words = " or ".join(_WORDS[target] for target in column.refers_to if target != EVERYTHING)
    if column.kind == "list":
        message = f"{value!r} is not {words} of the study"
    else:
        message = f"is not {words} of the study"
    return sheet.problem(index, column.name, message, cure)


def _cure(value: str, column: Column, known: Known, *, guess: bool) -> str:
    targets = column.refers_to
    if "legs" in targets and value.endswith(WAY_BACK) and value[:-1] in known.legs:
        return f"set two_way of leg {value[:-1]!r} to true, or write {value[:-1]!r}"
    otherwise = _otherwise(column, known)
    if not guess:
        return otherwise
    names: set[str] = set()
    for target in targets:
        names |= known.countries if target == "countries" else known.names(target)
    return did_you_mean(value, names, otherwise)


def _otherwise(column: Column, known: Known) -> str:
    files = [known.sheets[target].file for target in column.refers_to if target in known.sheets]
    if column.refers_to == ("periods",) and not known.sheets["periods"].given:
        return f"add it to {files[0]}, or leave the cell blank: every period"
    if "countries" in column.refers_to:
        named = "write two capital letters of ISO 3166-1 such as AZ"
        return f"{named}, or list it in {' or '.join(files)}"
    return f"add it to {' or '.join(files)}, or correct the spelling"


def _missing_table(sheet: Sheet, column: Column, aim: Sheet, missing: set[str]) -> list[Problem]:
    if aim.table.name in missing:
        return []
    missing.add(aim.table.name)
    index = sheet[column.name].is_not_null().arg_true()[0]
    where = f"{sheet.file}, row {int(sheet.rows[index])}"
    message = f"the table is missing, and {where} names {sheet[column.name][index]!r}"
    needed = ", ".join(item.name for item in aim.table.columns if item.required)
    return [Problem(aim.file, None, None, None, message, f"add it, with {needed}")]


def _codes_without_goods(sheet: Sheet, column: Column, known: Known) -> list[Problem]:
    """A warning for each prefix of a code that no good of the study has."""
    if "hs" not in column.refers_to or "hs" in known.sheets["goods"].refused:
        return []
    problems = []
    for value in _values(sheet[column.name], column):
        if value.isdigit() and value not in known.names("goods"):
            if any(code.startswith(value) for code in known.codes):
                continue
            message = "no good of the study has an HS code that begins with it"
            cure = f"give the goods their hs in {known.sheets['goods'].file}, or mend the prefix"
            wrong = sheet[column.name] == value
            problems += sheet.problems(wrong, column.name, message, cure, "warning")
    return problems
