"""Workbooks: what spreadsheets do to cells, and what is left of a study after it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from entrepot.errors import OutputError
from entrepot.study import check_study, read_study, study_from_tables, write_study
from entrepot.tables import write_xlsx
from tests.unit.small_study import TABLES, write_small


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A workbook as a person would make it: numbers, days and flags as such, not as text."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(number, place, value, day)
                    elif isinstance(value, str) and value.startswith("=1/0"):
                        sheet.write_formula(number, place, value, None, "#DIV/0!")
                    elif value is not None:
                        sheet.write(number, place, value)
    return path


def by_hand(**replaced: list[list[object]]) -> dict[str, list[list[object]]]:
    """The small study as sheets of text, some of them replaced."""
    texts = {name: list(csv.reader(io.StringIO(text))) for name, text in TABLES.items()}
    sheets: dict[str, list[list[object]]] = {"study": [["key", "value"], ["title", "By hand"]]}
    sheets |= {name: [list(row) for row in rows] for name, rows in texts.items()}
    return sheets | replaced


def test_cells_that_are_numbers_days_and_flags_are_taken_as_what_they_are(tmp_path: Path) -> None:
    sheets = by_hand(
        study=[["key", "value"], ["title", 2023], ["period", 2023], ["clearing.what", 9]],
        goods=[["good", "hs", "value_of_time"], ["potash", 310420, 1 / 3], ["butter", "040510"]],
        sessions=[["session", "date"], ["s1", dt.date(2024, 3, 1)]],
        places=[
            ["place", "country", "through"],
            ["minsk", "BY", True],
            ["baku", "AZ", False],
            ["alat", "AZ", None],
        ],
    )

    study = read_study(workbook(tmp_path / "hand.xlsx", sheets))

    assert study.name == "hand"
    assert (study.settings.title, study.settings.period) == ("2023", "2023")
    assert study.settings.clearing == {"what": 9}
    assert study.table("goods")["hs"].to_list() == ["310420", "040510"]
    assert study.table("goods")["value_of_time"].to_list() == [1 / 3, 0.0]
    assert study.table("sessions")["date"].to_list() == [dt.date(2024, 3, 1)]
    assert study.table("places")["through"].to_list() == [True, False, True]


def test_rows_are_those_of_the_sheet(tmp_path: Path) -> None:
    bids: list[list[object]] = [
        [],
        ["# what is wanted"],
        ["place", "good", "quantity", "price"],
        ["baku", "potash", 40, 300],
        [],
        ["baku", "butter", "=1/0", 900],
        ["baku", "butter", "3,5", 900],
    ]

    error, comma = check_study(workbook(tmp_path / "hand.xlsx", by_hand(bids=bids)))

    assert (error.file, error.row, error.column) == ("hand.xlsx, sheet bids", 6, "quantity")
    assert error.value == "#ERROR"
    assert (comma.row, comma.value) == (7, "3,5")
    assert "write 3.5" in comma.remedy


def test_a_sheet_called_almost_like_a_table_is_an_error(tmp_path: Path) -> None:
    sheets = by_hand(leg=[["leg"]], scratch=[["a"]])

    misspelled, other = check_study(workbook(tmp_path / "hand.xlsx", sheets))

    assert (misspelled.file, misspelled.severity) == ("hand.xlsx, sheet leg", "error")
    assert "did you mean 'legs'?" in misspelled.remedy
    assert (other.file, other.severity) == ("hand.xlsx, sheet scratch", "warning")


def test_an_empty_sheet_and_settings_that_are_none_are_told(tmp_path: Path) -> None:
    sheets = by_hand(
        claims=[],
        study=[["key", "value"], ["title", "a"], ["curency", "EUR"], ["title", "b"]],
    )

    settings, twice, empty = check_study(workbook(tmp_path / "hand.xlsx", sheets))

    assert (settings.file, settings.column) == ("hand.xlsx, sheet study", "curency")
    assert "did you mean 'currency'?" in settings.remedy
    assert (twice.row, twice.column, twice.message) == (4, "title", "stands twice")
    assert (empty.file, empty.message) == ("hand.xlsx, sheet claims", "is empty")


def test_a_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "study.xlsx"
    path.write_bytes(b"not a workbook")

    (problem,) = check_study(path)

    assert (problem.file, problem.row) == ("study.xlsx", None)
    assert "is not an .xlsx workbook" in problem.message


def test_scenarios_travel_with_the_workbook(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "small")
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "more.toml").write_text(
        'title = "More \\"rail\\""\n[[change]]\ntable = "legs"\nwhere = {leg = ["rail"]}\n'
        "scale = {capacity = 2.5}\n",
        encoding="utf-8",
    )
    study = read_study(folder)
    write_study(study, tmp_path / "small.xlsx", "xlsx")

    again = read_study(tmp_path / "small.xlsx")

    assert again.scenarios["more"].title == 'More "rail"'
    assert again.scenario("more").table("legs")["capacity"].to_list() == [250.0, None]


def test_a_text_that_no_cell_holds_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    note = "x" * (write_xlsx.LONGEST_TEXT + 1)
    tables = {
        "places": [{"place": "a", "country": "AZ", "note": note}],
        "goods": [{"good": "g"}],
        "offers": [{"place": "a", "good": "g", "price": 1}],
    }
    study = study_from_tables("long", tables)

    with pytest.raises(OutputError, match=r"a text in places has 32768 characters"):
        write_study(study, tmp_path / "long.xlsx", "xlsx")

    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame({"place": pl.Series(["a"]).new_from_index(0, write_xlsx.MOST_ROWS)})

    with pytest.raises(OutputError, match="places has 1048576 rows"):
        write_xlsx.write_workbook({"places": frame}, {}, tmp_path / "many.xlsx")


@pytest.mark.parametrize(
    ("first", "second"), [("routing", "routing.model"), ("routing.model", "routing")]
)
def test_a_setting_inside_another_that_has_a_value_is_told(
    first: str, second: str, tmp_path: Path
) -> None:
    settings: list[list[object]] = [["key", "value"], ["title", "x"], [first, 5], [second, 7]]

    found = check_study(workbook(tmp_path / "hand.xlsx", by_hand(study=settings)))

    (problem,) = (problem for problem in found if problem.column == second)
    assert problem.value == "7"
    assert problem.message == "is a setting and a section of settings at the same time"
    assert problem.remedy == "keep one of the two"


def test_problems_are_told_by_cell(tmp_path: Path) -> None:
    sheets = by_hand(
        study=[["key", "value"], ["title", "x"], ["currency", "dollars"]],
        scenarios=[["scenario", "toml"], ["a", 'title = "A"\n[[change]]\ntable = "leg"']],
    )
    header, *rows = sheets["legs"]
    rows[0][header.index("cost")] = "dear"
    sheets["legs"] = [["# a comment"], header, *rows]

    found = {
        problem.cell: problem for problem in check_study(workbook(tmp_path / "h.xlsx", sheets))
    }

    cost = f"legs!{'ABCDEFGHIJ'[header.index('cost')]}3"
    assert {cost, "study!B3", "scenarios!B2"} <= set(found)
    assert str(found[cost]).startswith(f"h.xlsx, {cost}, cost = 'dear': is not a number; ")


def test_a_workbook_tells_units_offers_choices_and_holds_real_tables(tmp_path: Path) -> None:
    write_small(tmp_path / "small")
    study = read_study(tmp_path / "small")
    for name in ("one.xlsx", "two.xlsx"):
        write_study(study, tmp_path / name, "xlsx")

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    legs = pl.read_excel(tmp_path / "one.xlsx", sheet_name="legs", has_header=False)
    units, header = legs.row(0), legs.row(1)
    assert units[0] == "# units"
    assert dict(zip(header, units, strict=True))["cost"] == "USD per unit"
    assert {"capacity", "opens"} <= set(header)
    with zipfile.ZipFile(tmp_path / "one.xlsx") as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if "xml" in name}
    tables = [text for name, text in parts.items() if "/tables/" in name]
    assert any('displayName="legs"' in text for text in tables)
    (sheet,) = (text for text in parts.values() if "rail,road,sea" in text)
    assert "places!$A$3" in sheet
    assert 'state="frozen"' in sheet
