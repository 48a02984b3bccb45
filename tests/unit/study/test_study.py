"""Reading and writing whole studies, and what names them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from frictionless import Package
from polars.testing import assert_frame_equal

from entrepot.errors import OutputError, StudyError
from entrepot.schema import TABLES as DECLARED
from entrepot.study import Study, find_study, read_study, shipped_studies, write_study
from tests.unit.small_study import SETTINGS, TABLES, edited, write_small


@pytest.fixture
def study(tmp_path: Path) -> Study:
    folder = write_small(tmp_path / "small", periods="period,starts\n2023,2023\n2024,2024\n")
    (folder / "study.toml").write_text(
        SETTINGS + "discount_rate = 0.05\n[clearing]\nwhat = 9\n[routing]\nmodel = 'logit'\n",
        encoding="utf-8",
    )
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "more.toml").write_text(
        'title = "More"\n[[change]]\ntable = "legs"\nwhere = { corridor = "south" }\n'
        'scale = { cost = 0.9 }\n[[change]]\ntable = "offers"\n'
        'add = [{ place = "baku", good = "potash", price = 1 }]\n',
        encoding="utf-8",
    )
    return read_study(folder)


@pytest.mark.parametrize("format", ["csv", "parquet", "xlsx"])
def test_a_study_comes_back_as_it_was(study: Study, tmp_path: Path, format: str) -> None:
    name = "small.xlsx" if format == "xlsx" else "small"
    path = tmp_path / "copy" / name

    write_study(study, path, format)  # type: ignore[arg-type]
    again = read_study(path)

    assert again.name == study.name
    assert again.settings == study.settings
    for table, frame in study.tables.items():
        assert_frame_equal(again.table(table), frame, check_exact=True)
    assert again.input_hash() == study.input_hash()
    assert again.scenarios["more"].changes == study.scenarios["more"].changes
    assert again.scenario("more").input_hash() == study.scenario("more").input_hash()
    assert [p.name for p in path.parent.iterdir()] == [name]


def test_every_table_of_the_format_is_there_and_typed(study: Study) -> None:
    assert list(study.tables) == [table.name for table in DECLARED]
    for table in DECLARED:
        declared = [column.name for column in table.columns]
        assert [c for c in study.table(table.name).columns if c in declared] == declared


def test_nothing_is_written_over_what_is_there(study: Study, tmp_path: Path) -> None:
    target = tmp_path / "there"
    target.mkdir()

    with pytest.raises(OutputError, match="exists already"):
        write_study(study, target)

    assert list(target.iterdir()) == []


def test_what_cannot_be_written_is_told(study: Study, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(OutputError, match="cannot be written"):
        write_study(study, tmp_path / "file" / "copy")
    with pytest.raises(OutputError, match="one of csv, parquet, xlsx"):
        write_study(study, tmp_path / "copy", "json")  # type: ignore[arg-type]


def test_the_hash_sees_every_cell_and_setting(tmp_path: Path) -> None:
    def hashed(name: str, **tables: str | None) -> str:
        return read_study(write_small(tmp_path / name, **tables)).input_hash()

    base = hashed("a")

    assert hashed("b") == base
    assert hashed("c", **edited("bids", "40,300", "41,300")) != base
    assert hashed("d", **edited("bids", "40,300", "40,301")) != base
    assert hashed("e", **edited("legs", "100,true", "100,false"), leg_goods=None) != base
    assert hashed("f", targets=TABLES["targets"].replace("2026", "2027")) != base
    assert hashed("g", claims=None) != base
    folder = write_small(tmp_path / "h")
    (folder / "study.toml").write_text(SETTINGS + 'currency = "EUR"\n', encoding="utf-8")
    assert read_study(folder).input_hash() != base


def test_an_error_carries_all_problems_but_no_warnings(tmp_path: Path) -> None:
    tables = edited("duties", "food,04", "food,99") | edited("bids", "40,300", "many,cheap")

    with pytest.raises(StudyError) as caught:
        read_study(write_small(tmp_path / "broken", **tables))

    assert caught.value.study == "broken"
    assert [p.column for p in caught.value.problems] == ["quantity", "price"]
    assert "study 'broken' has 2 problems" in str(caught.value)


def test_shipped_studies_are_found_by_name(tmp_path: Path) -> None:
    shipped = shipped_studies()

    assert "caspian" in shipped
    assert find_study("caspian") == shipped["caspian"]
    assert find_study(str(tmp_path)) == tmp_path
    with pytest.raises(StudyError, match=r"did you mean 'caspian'\? \(shipped are caspian"):
        find_study("caspain")


def test_the_descriptor_is_read_and_found_sound_by_frictionless(
    study: Study, tmp_path: Path
) -> None:
    write_study(study, tmp_path / "copy")

    report = Package(str(tmp_path / "copy" / "datapackage.json")).validate()

    assert report.valid, report.flatten(["title", "rowNumber", "note"])


def test_frictionless_finds_what_the_descriptor_forbids(study: Study, tmp_path: Path) -> None:
    write_study(study, tmp_path / "copy")
    legs = (tmp_path / "copy" / "legs.csv").read_text(encoding="utf-8")
    broken = legs.replace("minsk,alat,rail", "minks,alat,raill").replace(",100,", ",-100,")
    (tmp_path / "copy" / "legs.csv").write_text(broken + "# a comment\n", encoding="utf-8")

    report = Package(str(tmp_path / "copy" / "datapackage.json")).validate()

    assert sorted(row[0] for row in report.flatten(["type"])) == [
        "constraint-error",
        "constraint-error",
        "foreign-key",
    ]


@pytest.mark.slow
def test_the_shipped_study_is_a_sound_data_package(tmp_path: Path) -> None:
    study = read_study(find_study("caspian"))
    write_study(study, tmp_path / "caspian")
    described = json.loads((tmp_path / "caspian" / "datapackage.json").read_text(encoding="utf-8"))

    report = Package(str(tmp_path / "caspian" / "datapackage.json")).validate()

    assert described["title"] == study.settings.title
    assert report.valid, report.flatten(["title", "rowNumber", "note"])
