"""Study: one named, checked, frozen set of tables, with the scenarios that change it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import polars as pl

from entrepot.errors import Problem, QuestionError, ScenarioError, StudyError
from entrepot.schema import TABLES
from entrepot.study.change import ChangeError, changed
from entrepot.study.scenario import Change, Scenario, change_from
from entrepot.study.settings import Settings, settings_from
from entrepot.tables.check import check_sheets, in_order
from entrepot.tables.files import put_in_order
from entrepot.tables.nearest import did_you_mean
from entrepot.tables.read_frames import from_frame
from entrepot.tables.sheet import RawTable, Sheet


@dataclass(frozen=True, eq=False)
class Study:
    """One named, checked, frozen set of tables. To change it, make another one.

    Attributes
    ----------
    name : of the folder, or as given
    settings : what `study.toml` says
    tables : every table of the format, in order (`entrepot.schema` declares the columns); absent
        ones are empty. Amounts are per period in the good's unit, money in the study's currency
    scenarios : all that the study offers, by name
    applied : names of the scenarios already applied, in order
    """

    name: str
    settings: Settings
    tables: Mapping[str, pl.DataFrame]
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    applied: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))
        object.__setattr__(self, "scenarios", MappingProxyType(dict(self.scenarios)))

    def __reduce__(self) -> tuple[object, ...]:
        """A study can be carried to another process, which read-only mappings alone cannot."""
        tables, scenarios = dict(self.tables), dict(self.scenarios)
        return Study, (self.name, self.settings, tables, scenarios, self.applied)

    def table(self, name: str) -> pl.DataFrame:
        """One table, empty where the study does not give it.

        Raises
        ------
        QuestionError : no table of the format has that name
        """
        if name not in self.tables:
            cure = did_you_mean(name, self.tables, f"one of {', '.join(self.tables)}")
            raise QuestionError(f"{name!r} is not a table of a study; {cure}")
        return self.tables[name]

    def scenario(self, *names: str) -> Study:
        """The study after some of its scenarios, applied in the order given.

        Raises
        ------
        ScenarioError : an unknown name, a change that matches nothing, or tables that no longer
            hold together afterwards
        """
        study = self
        for name in names:
            if name not in self.scenarios:
                raise ScenarioError(self.name, [_unknown_scenario(name, self.scenarios)])
            scenario = self.scenarios[name]
            tables = study._after(scenario.changes, scenario.file)
            applied = (*study.applied, name)
            study = Study(self.name, self.settings, tables, self.scenarios, applied)
        return study

    def change(
        self,
        table: str,
        *,
        where: Mapping[str, Any] | None = None,
        set: Mapping[str, Any] | None = None,
        scale: Mapping[str, float] | None = None,
        add: Sequence[Mapping[str, Any]] | None = None,
        remove: bool = False,
    ) -> Study:
        """The study after one change, as a scenario would make it.

        Exactly one of `set`, `scale`, `add` and `remove` is given; `where` picks the rows.

        Raises
        ------
        ScenarioError : a change that matches nothing or does not fit the table, or tables that no
            longer hold together afterwards
        """
        asked = {"where": where, "set": set, "scale": scale, "add": add, "remove": remove or None}
        values = {"table": table} | {
            key: value for key, value in asked.items() if value is not None
        }
        change, problems = change_from(values, _IN_PYTHON, "change")
        if change is None:
            raise ScenarioError(self.name, problems)
        tables = self._after([change], _IN_PYTHON)
        return Study(self.name, self.settings, tables, self.scenarios, self.applied)

    def input_hash(self) -> str:
        """SHA-256 of the settings and all tables: the same for the same study, anywhere."""
        digest = hashlib.sha256()
        digest.update(json.dumps(self.settings.model_dump(mode="json"), sort_keys=True).encode())
        for name, frame in self.tables.items():
            for column in frame.get_columns():
                if column.null_count() < len(column):
                    digest.update(f"\0{name}.{column.name} {column.dtype}\0".encode())
                    digest.update(_bytes(column))
        return digest.hexdigest()

    def _after(self, changes: Iterable[Change], file: str) -> dict[str, pl.DataFrame]:
        """The tables after some changes, checked again."""
        tables: Mapping[str, pl.DataFrame] = self.tables
        for number, change in enumerate(changes, start=1):
            label = "change" if file == _IN_PYTHON else f"change {number}"
            try:
                tables = changed(tables, change, file, label)
            except ChangeError as error:
                raise ScenarioError(self.name, [error.problem]) from None
        sheets, problems = checked(tables, self.settings)
        errors = [_told_of(file, problem) for problem in problems if problem.severity == "error"]
        if errors:
            raise ScenarioError(self.name, errors)
        return {name: sheet.frame for name, sheet in sheets.items()}


_IN_PYTHON = "Study.change"


def study_from_tables(name: str, tables: Mapping[str, Any], **settings: Any) -> Study:
    """A study from tables in memory.

    Parameters
    ----------
    name : what to call it
    tables : table name -> dataframe (polars, pandas, pyarrow, …) or list of dicts, one a row
        each; one without rows is empty; null is a blank, and so is NaN in pandas alone
    settings : what `study.toml` would say; `title` is the name where it is not given

    Raises
    ------
    StudyError : anything wrong, all of it at once; rows count as if the header were row 1
    """
    found, problems = settings_from({"title": name, **settings}, "settings")
    known = [table.name for table in TABLES]
    for given in tables:
        if given not in known:
            cure = did_you_mean(given, known, f"one of {', '.join(known)}")
            problems.append(Problem(given, None, None, None, "is not a table", cure))
    sheets, in_tables = checked(tables, found)
    problems += in_tables
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or found is None:
        raise StudyError(name, errors)
    return Study(name, found, {key: sheet.frame for key, sheet in sheets.items()})


def checked(
    tables: Mapping[str, Any], settings: Settings | None
) -> tuple[dict[str, Sheet], list[Problem]]:
    """Tables in memory put in order, with everything that is wrong with them."""
    raw: dict[str, RawTable | None] = {
        table.name: from_frame(tables[table.name], table, table.name)
        for table in TABLES
        if table.name in tables
    }
    sheets, problems = put_in_order(raw, "{}")
    problems += check_sheets(sheets, settings.only_period if settings else None)
    return sheets, in_order(problems, sheets)


def _told_of(file: str, problem: Problem) -> Problem:
    """A problem that a scenario made, told with the scenario's file."""
    place = problem.file if problem.column is None else f"{problem.file}.{problem.column}"
    message = problem.message
    if problem.row is not None:
        message += f" (row {problem.row} of {problem.file} after the changes)"
    return Problem(file, None, place, problem.value, message, problem.remedy, problem.severity)


def _unknown_scenario(name: str, known: Mapping[str, Scenario]) -> Problem:
    there = f"there are {', '.join(sorted(known))}" if known else "the study has no scenarios"
    guess = did_you_mean(name, known, "")
    cure = f"{guess} {there}" if guess else there
    message = "is not a scenario of the study"
    return Problem(f"scenarios/{name}.toml", None, None, None, message, cure)


def _bytes(column: pl.Series) -> bytes:
    """A column as bytes that tell any two different columns apart."""
    blanks = column.is_null().to_numpy().tobytes()
    if column.dtype == pl.String:
        texts = column.fill_null("").to_list()
        lengths = ",".join(str(len(text)) for text in texts)
        return blanks + lengths.encode() + "".join(texts).encode()
    numbers = column.to_physical() if column.dtype == pl.Date else column
    filled = numbers.fill_null(False if column.dtype == pl.Boolean else 0)
    return blanks + filled.to_numpy().tobytes()
