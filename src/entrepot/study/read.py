"""A study from a folder or a workbook: everything wrong with it at once, or the study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from entrepot.errors import Problem, ScenarioError, StudyError
from entrepot.schema import TABLES
from entrepot.study.scenario import Scenario, scenario_from
from entrepot.study.settings import Settings, settings_from
from entrepot.study.study import Study
from entrepot.study.toml import parse_toml, read_toml
from entrepot.tables.check import check_sheets, in_order
from entrepot.tables.files import read_folder, table_files
from entrepot.tables.read_xlsx import Workbook, read_workbook

SETTINGS = "study.toml"


def read_study(path: Path | str) -> Study:
    """The study in a folder (CSV or Parquet files) or in one ``.xlsx`` workbook.

    Raises
    ------
    StudyError : anything wrong with files, cells or what they say together; carries all of it
    """
    path = Path(path)
    study, problems = _read(path)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or study is None:
        raise StudyError(_name(path), errors)
    return study


def check_study(path: Path | str) -> tuple[Problem, ...]:
    """Everything wrong with a study, errors and warnings, its scenarios among it; never raises."""
    study, problems = _read(Path(path))
    if study is not None and not any(problem.severity == "error" for problem in problems):
        for name in study.scenarios:
            try:
                study.scenario(name)
            except ScenarioError as error:
                problems += error.problems
    return tuple(problems)


def _read(path: Path) -> tuple[Study | None, list[Problem]]:
    """The study where anything of it can be read, and everything wrong with it."""
    if not path.exists():
        message, cure = "there is no such folder or workbook", "check the path"
        return None, [Problem(str(path), None, None, None, message, cure)]
    workbook: Workbook | None = None
    if path.is_dir():
        if problem := _no_study(path):
            return None, [problem]
        settings, problems = _settings(path)
        sheets, in_tables = read_folder(path)
        scenarios, in_scenarios = _scenarios(path)
    elif path.suffix.lower() == ".xlsx":
        workbook, in_tables = read_workbook(path)
        if workbook is None:
            return None, in_tables
        sheets = workbook.sheets
        settings, problems = _settings_of(workbook, f"{path.name}, sheet study")
        scenarios, in_scenarios = _scenarios_of(workbook, path.name)
    else:
        message = "is neither a folder nor an .xlsx workbook"
        cure = f"give the folder that holds {SETTINGS}"
        return None, [Problem(str(path), None, None, None, message, cure)]
    in_tables += check_sheets(sheets, settings.only_period if settings else None)
    problems += in_order(in_tables, sheets) + in_scenarios
    if workbook is not None:
        problems = [workbook.located(problem) for problem in problems]
    if settings is None:
        return None, problems
    frames = {name: sheet.frame for name, sheet in sheets.items()}
    return Study(_name(path), settings, frames, scenarios), problems


def _name(path: Path) -> str:
    path = path.resolve()
    return path.stem if path.suffix.lower() == ".xlsx" else path.name


def _no_study(folder: Path) -> Problem | None:
    """The problem that a folder holds nothing of a study."""
    names = {table.name for table in TABLES}
    if (folder / SETTINGS).exists() or any(file.stem in names for file in table_files(folder)):
        return None
    cure = f"give the folder that holds {SETTINGS}, places.csv, goods.csv and the other tables"
    return Problem(str(folder), None, None, None, "the folder holds no study", cure)


def _settings(folder: Path) -> tuple[Settings | None, list[Problem]]:
    path = folder / SETTINGS
    if not path.exists():
        cure = 'add it with at least one line: title = "…"'
        return None, [Problem(SETTINGS, None, None, None, "is missing", cure)]
    values, text, problems = read_toml(path, SETTINGS)
    return settings_from(values, SETTINGS, text) if values is not None else (None, problems)


def _scenarios(folder: Path) -> tuple[dict[str, Scenario], list[Problem]]:
    scenarios: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for path in sorted((folder / "scenarios").glob("*.toml")):
        file = f"scenarios/{path.name}"
        values, _, found = read_toml(path, file)
        if values is not None:
            scenario, found = scenario_from(path.stem, values, file)
            if scenario is not None:
                scenarios[scenario.name] = scenario
        problems += found
    return scenarios, problems


def _scenarios_of(workbook: Workbook, file: str) -> tuple[dict[str, Scenario], list[Problem]]:
    scenarios: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for name, text in workbook.scenarios.items():
        place = f"{file}, scenario {name}"
        values, found = parse_toml(text, place)
        if values is not None:
            scenario, found = scenario_from(name, values, place)
            if scenario is not None:
                scenarios[name] = scenario
        problems += found
    return scenarios, problems


def _settings_of(workbook: Workbook, file: str) -> tuple[Settings | None, list[Problem]]:
    """Settings of a workbook, written key by key (``routing.model``)."""
    values: dict[str, Any] = {}
    problems = []
    for key, text in workbook.settings.items():
        *path, leaf = key.split(".")
        inside: Any = values
        for part in path:
            inside = inside.setdefault(part, {}) if isinstance(inside, dict) else None
        if not isinstance(inside, dict) or isinstance(inside.get(leaf), dict):
            message = "is a setting and a section of settings at the same time"
            problems.append(Problem(file, None, key, text, message, "keep one of the two"))
            continue
        words = not path and leaf in ("title", "currency", "period")
        parsed = None if words else parse_toml(f"x = {text}", "")[0]
        inside[leaf] = parsed["x"] if parsed else text
    settings, found = settings_from(values, file)
    return None if problems else settings, problems + found
