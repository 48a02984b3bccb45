"""Scenarios: named, ordered changes to the tables of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entrepot.errors import Problem
from entrepot.schema import TABLES, Table, table_named
from entrepot.tables.nearest import did_you_mean

ACTIONS = ("set", "scale", "add", "remove")


@dataclass(frozen=True)
class Change:
    """One change to one table: rows picked by `where` are set, scaled or removed, or some added.

    Attributes
    ----------
    table : name of the table
    where : column -> value, or list of values, that a row must have; `corridor` picks legs
    set : column -> new value; ``""`` makes a cell blank
    scale : column -> factor
    add : rows to be added
    remove : whether the rows are taken out
    """

    table: str
    where: Mapping[str, Any] = field(default_factory=dict)
    set: Mapping[str, Any] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)
    add: Sequence[Mapping[str, Any]] = ()
    remove: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The change as it stands in a scenario file."""
        action: dict[str, Any] = {"remove": True} if self.remove else {}
        for key in ("where", "set", "scale"):
            if getattr(self, key):
                action[key] = dict(getattr(self, key))
        if self.add:
            action["add"] = [dict(row) for row in self.add]
        return {"table": self.table, **action}


@dataclass(frozen=True)
class Scenario:
    """A named list of changes, made in order.

    Attributes
    ----------
    name : stem of the file
    title : name for people
    changes : in the order in which they are made
    file : as the user named it
    """

    name: str
    title: str
    changes: tuple[Change, ...]
    file: str

    def as_dict(self) -> dict[str, Any]:
        """The scenario as it stands in its file."""
        return {"title": self.title, "change": [change.as_dict() for change in self.changes]}


def scenario_from(
    name: str, values: Mapping[str, Any], file: str
) -> tuple[Scenario | None, list[Problem]]:
    """A scenario from plain values; None with everything that is wrong with them.

    What can be seen without a study is judged here: tables, columns and actions.
    """
    problems: list[Problem] = []
    for key in values:
        if key not in ("title", "change"):
            cure = did_you_mean(key, ["title", "change"], "write [[change]] and what it changes")
            problems.append(Problem(file, None, key, None, "is not part of a scenario", cure))
    title = values.get("title", name)
    if not isinstance(title, str):
        cure = "put it in double quotes"
        problems.append(Problem(file, None, "title", str(title), "is not text", cure))
    listed = values.get("change", [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        message, cure = "is not a list of changes", "begin each change with [[change]]"
        problems.append(Problem(file, None, "change", None, message, cure))
        listed = []
    elif not listed and "change" not in [p.column for p in problems]:
        message, cure = "changes nothing", "add a [[change]]"
        problems.append(Problem(file, None, None, None, message, cure))
    changes = []
    for number, item in enumerate(listed, start=1):
        change, found = change_from(item, file, f"change {number}")
        problems += found
        if change is not None:
            changes.append(change)
    if problems:
        return None, problems
    return Scenario(name, str(title), tuple(changes), file), []


def change_from(
    values: Mapping[str, Any], file: str, label: str
) -> tuple[Change | None, list[Problem]]:
    """A change from plain values; None with everything that is wrong with them."""
    judge = _Judge(file, label)
    known = ("table", "where", *ACTIONS)
    for key in values:
        if key not in known:
            judge.wrong(key, "is not part of a change", did_you_mean(key, known, _HOW))
    name = values.get("table")
    names = [table.name for table in TABLES]
    if not isinstance(name, str):
        judge.wrong("table", "is missing", "name the table that is changed")
        return None, judge.problems
    if name not in names:
        cure = did_you_mean(name, names, f"one of {', '.join(names)}")
        judge.wrong("table", "is not a table", cure, name)
        return None, judge.problems
    judge.actions(values)
    table = table_named(name)
    for key in ("where", "set", "scale"):
        judge.columns(table, key, values.get(key, {}))
    judge.rows(table, values.get("add", ()))
    if judge.problems:
        return None, judge.problems
    parts = {key: values[key] for key in ("where", *ACTIONS) if key in values}
    return Change(name, **parts), []


_HOW = "a change has table, where, and one of set, scale, add, remove"


class _Judge:
    """Collects what is wrong with one change."""

    def __init__(self, file: str, label: str) -> None:
        self.file = file
        self.label = label
        self.problems: list[Problem] = []

    def wrong(self, key: str, message: str, cure: str, value: str | None = None) -> None:
        place = f"{self.label}, {key}"
        self.problems.append(Problem(self.file, None, place, value, message, cure))

    def actions(self, values: Mapping[str, Any]) -> None:
        """Exactly one thing is done, and it is written the right way."""
        given = [key for key in ACTIONS if key in values]
        if len(given) != 1:
            message = f"has {' and '.join(given)}" if given else "does nothing"
            self.wrong("table", message, _HOW, str(values["table"]))
        if "remove" in values and values["remove"] is not True:
            self.wrong("remove", "is not true", "write remove = true", str(values["remove"]))
        if "add" in values and values.get("where"):
            self.wrong(
                "where", "cannot stand beside add", "take it out: rows are added as they are"
            )
        for key in ("set", "scale"):
            if key in values and not values[key]:
                self.wrong(key, "names no column", f"write {key} = {{ column = value }}")

    def columns(self, table: Table, key: str, given: object) -> None:
        """Every column named exists and fits what is done to it."""
        if not isinstance(given, Mapping):
            self.wrong(key, "is not column = value", f"write {key} = {{ column = value }}")
            return
        for column, value in given.items():
            if key == "where" and column == "corridor" and table.name == "legs":
                continue
            if not self._known(table, key, column):
                continue
            if key == "scale":
                self._factor(table, column, value)
            elif not _is_plain(value, lists=key == "where"):
                cure = "write one value" + (", or a list of values" if key == "where" else "")
                self.wrong(f"{key}.{column}", "is not a value", cure, str(value))

    def rows(self, table: Table, given: object) -> None:
        """Every row that is added has columns that exist."""
        if isinstance(given, str) or not isinstance(given, Sequence):
            self.wrong("add", "is not a list of rows", "write add = [{ column = value }]")
            return
        for row in given:
            if not isinstance(row, Mapping):
                self.wrong("add", "is not a row", "write add = [{ column = value }]", str(row))
                continue
            for column, value in row.items():
                if self._known(table, "add", column) and not _is_plain(value, lists=False):
                    self.wrong(f"add.{column}", "is not a value", "write one value", str(value))

    def _known(self, table: Table, key: str, column: str) -> bool:
        known = [*(declared.name for declared in table.columns), *table.companions()]
        if column in known:
            return True
        declared = [item.name for item in table.columns]
        cure = did_you_mean(column, declared, f"one of {', '.join(declared)}")
        self.wrong(f"{key}.{column}", f"is not a column of table {table.name}", cure)
        return False

    def _factor(self, table: Table, column: str, factor: object) -> None:
        declared = table.column(column)
        if (declared is not None and not declared.numeric) or column.endswith("_basis"):
            self.wrong(f"scale.{column}", "is not a column of numbers", "use set instead")
        if isinstance(factor, bool) or not isinstance(factor, int | float):
            cure = "write a plain number such as 1.5"
            self.wrong(f"scale.{column}", "is not a number", cure, str(factor))
        elif not abs(factor) < float("inf"):
            self.wrong(f"scale.{column}", "is not finite", "write a finite number", str(factor))


def _is_plain(value: object, *, lists: bool) -> bool:
    if isinstance(value, list | tuple | set | frozenset):
        return lists and all(_is_plain(item, lists=False) for item in value)
    return not isinstance(value, Mapping)
