"""Every golden case gives the answer it expects, through Python and through the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import polars as pl
import pytest

import entrepot
from entrepot.clearing.activities import KINDS
from entrepot.clearing.rules import RULES
from tests.golden.expectations import (
    TABLES,
    Answer,
    Case,
    Expected,
    differences,
    read_cases,
)

CASES = read_cases(Path(__file__).parent)
PAIRS = [(case, expected) for case in CASES for expected in case.answers]
ON_THE_COMMAND_LINE = [(case, expected) for case, expected in PAIRS if case.command_line]

# The table whose rows make a study use an activity or a rule, and the column that must be filled.
SHOWN_BY = {
    "selling": ("offers", "place"),
    "buying": ("bids", "place"),
    "moving": ("legs", "leg"),
    "customs": ("duties", "duty"),
    "processing": ("plants", "plant"),
    "storing": ("warehouses", "place"),
    "sharing": ("legs", "capacity"),
    "duties": ("duties", "duty"),
    "quotas": ("quotas", "quota"),
    "bans": ("bans", "ban"),
    "origins": ("bids", "origins"),
    "commitments": ("commitments", "quantity"),
    "transfers": ("transfers", "from_leg"),
}


def title(pair: tuple[Case, Expected]) -> str:
    case, expected = pair
    return "+".join((case.name, *expected.scenarios))


@cache
def study_in(folder: Path, *scenarios: str) -> entrepot.Study:
    return entrepot.read_study(folder).scenario(*scenarios)


def study_of(case: Case, expected: Expected) -> entrepot.Study:
    return study_in(case.folder, *expected.scenarios)


def table_of(cleared: entrepot.Clearing, name: str) -> pl.DataFrame:
    made = {"consignments": entrepot.consignments, "trade": entrepot.trade}
    table = made[name](cleared) if name in made else getattr(cleared, name)
    assert isinstance(table, pl.DataFrame)
    return table


@pytest.mark.parametrize("pair", PAIRS, ids=map(title, PAIRS))
def test_python_gives_the_expected_answer(pair: tuple[Case, Expected]) -> None:
    case, expected = pair
    study = study_of(case, expected)

    cleared = entrepot.clear(study)

    answer = Answer(
        totals={"welfare": cleared.welfare, "duty_revenue": cleared.duty_revenue},
        tables={name: tuple(table_of(cleared, name).iter_rows(named=True)) for name in TABLES},
        bids=tuple(study.table("bids").iter_rows(named=True)),
    )
    assert list(differences(case, expected, answer)) == []


@pytest.mark.parametrize("pair", ON_THE_COMMAND_LINE, ids=map(title, ON_THE_COMMAND_LINE))
def test_the_command_line_gives_the_expected_answer(
    pair: tuple[Case, Expected], tmp_path: Path
) -> None:
    case, expected = pair
    out = tmp_path / "answer"
    command = [sys.executable, "-m", "entrepot", "clear", str(case.folder), "--out", str(out)]
    for scenario in expected.scenarios:
        command += ["--scenario", scenario]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    report = json.loads((out / "clearing.json").read_text(encoding="utf-8"))
    answer = Answer(
        totals={name: report[name] for name in ("welfare", "duty_revenue")},
        tables={
            name: tuple(
                pl.read_csv(out / f"{name}.csv", infer_schema_length=None).iter_rows(named=True)
            )
            for name in TABLES
        },
        bids=tuple(study_of(case, expected).table("bids").iter_rows(named=True)),
    )
    assert list(differences(case, expected, answer)) == []


@pytest.mark.parametrize("name", [*(each.name for each in KINDS), *(each.name for each in RULES)])
def test_every_activity_and_rule_is_shown_by_a_case(name: str) -> None:
    table, column = SHOWN_BY[name]

    cases = [case for case in CASES if name in case.uses]

    assert cases, f"no golden case shows {name}: add one, and name it in its `uses`"
    for case in cases:
        filled = [study_of(case, each).table(table)[column].count() for each in case.answers]
        assert max(filled) > 0, f"{case.name} names {name} and fills no {table}.{column}"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_a_case_uses_is_known(case: Case) -> None:
    assert set(case.uses) <= set(SHOWN_BY)


def test_every_scenario_of_a_case_is_expected() -> None:
    for case in CASES:
        offered = set(study_in(case.folder).scenarios)
        expected = {name for each in case.answers for name in each.scenarios}

        assert offered == expected, case.name


def test_every_case_says_why() -> None:
    folders = [path for path in Path(__file__).parent.iterdir() if (path / "study.toml").exists()]

    assert {path.name for path in folders} == {case.name for case in CASES}
    for path in folders:
        assert (path / "why.md").read_text(encoding="utf-8").startswith("# "), path.name
