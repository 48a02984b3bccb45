"""Commands about studies: check, template, studies, copy, convert."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from entrepot import read_study
from entrepot.schema import TABLES
from tests.unit.cli.conftest import Called

Call = Callable[..., Called]


def test_a_sound_study_is_said_to_be_sound(call: Call, salt: Path) -> None:
    called = call("check", salt)

    assert called.status == 0
    assert called.out == f"study '{salt}' is sound\n"


def test_a_problem_is_told_with_its_place_and_remedy(call: Call, salt: Path) -> None:
    (salt / "legs.csv").write_text("leg,origin,destination,mode,cost\nroad,wrks,town,road,15\n")

    called = call("check", salt)

    assert called.status == 1
    assert "error: legs.csv, row 2, origin = 'wrks'" in called.out
    assert "did you mean 'works'?" in called.out
    assert f"study '{salt}': 1 error, " in called.out


def test_a_long_problem_is_one_line(call: Call, salt: Path) -> None:
    name = "x" * 200
    (salt / "legs.csv").write_text(f"leg,origin,destination,mode,cost\nroad,{name},town,road,15\n")

    assert any(name in line for line in call("check", salt).out.splitlines())


def test_a_warning_is_labelled_and_no_failure(call: Call, salt: Path) -> None:
    with (salt / "goods.csv").open("a") as goods:
        goods.write("sand,Sand\n")
    with (salt / "bids.csv").open("a") as bids:
        bids.write("town,sand,roads,10,30\n")

    called = call("check", salt)

    assert called.status == 0
    assert "warning: bids.csv, row 4" in called.out
    assert "0 errors, " in called.out


def test_problems_as_json(call: Call, salt: Path) -> None:
    (salt / "legs.csv").write_text("leg,origin,destination,mode,cost\nroad,wrks,town,road,15\n")

    called = call("check", salt, "--json")
    found = json.loads(called.out)

    assert called.status == 1
    assert found["sound"] is False
    assert {"file", "row", "column", "value", "message", "remedy", "severity", "cell"} == set(
        found["problems"][0]
    )


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_template_has_the_columns(call: Call, table: str) -> None:
    called = call("template", table)
    declared = next(each for each in TABLES if each.name == table)
    header = next(line for line in called.out.splitlines() if not line.startswith("#"))

    assert called.status == 0
    assert set(header.split(",")) >= {c.name for c in declared.columns if c.required}


def test_an_unknown_table_names_the_nearest(call: Call) -> None:
    called = call("template", "lgs")

    assert called.status == 1
    assert "did you mean 'legs'?" in called.err


def test_the_shipped_studies_are_listed_with_their_scenarios(call: Call) -> None:
    called = call("studies")

    assert called.status == 0
    assert "caspian" in called.out
    assert "north-south" in called.out


def test_a_copy_is_the_same_study(call: Call, tmp_path: Path) -> None:
    called = call("copy", "caspian", tmp_path / "mine")

    assert called.status == 0
    assert read_study(tmp_path / "mine").table("places").height > 100


def test_a_copy_touches_nothing_that_exists(call: Call, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    called = call("copy", "caspian", tmp_path / "mine")

    assert called.status == 1
    assert "exists already" in called.err
    assert list((tmp_path / "mine").iterdir()) == []


def test_only_what_is_shipped_is_copied(call: Call, tmp_path: Path) -> None:
    called = call("copy", "caspain", tmp_path / "mine")

    assert called.status == 1
    assert "caspian" in called.err
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("out", "options"),
    [("again", []), ("again", ["--format", "parquet"]), ("again.xlsx", ["--format", "xlsx"])],
)
def test_a_converted_study_is_the_same(
    call: Call, salt: Path, tmp_path: Path, out: str, options: list[str]
) -> None:
    called = call("convert", salt, tmp_path / out, *options)

    assert called.status == 0
    assert read_study(tmp_path / out).input_hash() == read_study(salt).input_hash()


def test_convert_touches_nothing_that_exists(call: Call, salt: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()

    called = call("convert", salt, tmp_path / "there")

    assert called.status == 1
    assert list((tmp_path / "there").iterdir()) == []
