"""Files that are not what they should be: one clear problem each."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import polars as pl
import pytest

from entrepot.errors import Problem, StudyError
from entrepot.study import check_study, read_study
from entrepot.tables import files
from tests.unit.small_study import TABLES, edited, problems_in, write_small


def only(found: tuple[Problem, ...]) -> Problem:
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def replaced(folder: Path, name: str, data: bytes) -> tuple[Problem, ...]:
    write_small(folder)
    (folder / name).write_bytes(data)
    return check_study(folder)


def test_rows_are_lines_of_the_file_whatever_stands_above(tmp_path: Path) -> None:
    bids = (
        "# what is wanted\n\nplace,good,quantity,price,note\n# a comment\n"
        'baku,potash,40,300,"one\n# not a comment\ntwo"\n'
        ",,,,\n"
        "baku,butter,many,900,\n"
    )

    problem = only(problems_in(tmp_path, bids=bids))

    assert (problem.row, problem.column, problem.value) == (9, "quantity", "many")


def test_text_over_several_lines_and_quotes_are_kept(tmp_path: Path) -> None:
    bids = 'place,good,quantity,price,note\nbaku,potash,4,300,"the ""best""\nroute, they say"\n'

    study = read_study(write_small(tmp_path, bids=bids))

    assert study.table("bids")["note"].to_list() == ['the "best"\nroute, they say']


@pytest.mark.parametrize("mark", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_lines(tmp_path: Path, mark: str) -> None:
    data = TABLES["bids"].replace("40,300", "many,300").replace("\n", mark).encode()

    problem = only(replaced(tmp_path, "bids.csv", data))

    assert (problem.row, problem.value) == (2, "many")


def test_a_byte_order_mark_and_spaces_are_passed_over(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfplace , good,quantity,price\n baku,potash , 40 ,300\n"

    assert replaced(tmp_path, "bids.csv", data) == ()


@pytest.mark.parametrize(
    ("text", "row", "message"),
    [
        ('baku,potash,40,300,"open\nbaku,butter,3,900,\n', 2, "never closes"),
        ('baku,potash,40,300,"a\nb"\nbaku,butter,3,900,"open\n', 4, "never closes"),
        ('baku,potash,40,300,"a "b" c"\n', 2, "followed by text on line 2"),
        ('baku,potash,40,300,"a\nb" c\n', 2, "followed by text on line 3"),
    ],
)
def test_a_quote_that_does_not_close_is_told_where_it_opens(
    tmp_path: Path, text: str, row: int, message: str
) -> None:
    problem = only(problems_in(tmp_path, bids="place,good,quantity,price,note\n" + text))

    assert (problem.file, problem.row) == ("bids.csv", row)
    assert "a quote that opens in this row" in problem.message
    assert message in problem.message
    assert "close it" in problem.remedy


def test_a_quote_that_swallows_the_rest_of_a_long_file_is_told_where_it_opens(
    tmp_path: Path,
) -> None:
    rows = "".join(f"baku,potash,{i},300,\n" for i in range(20_000))
    bids = f'place,good,quantity,price,note\nbaku,potash,1,300,\nbaku,potash,40,300,"open\n{rows}'

    problem = only(problems_in(tmp_path, bids=bids))

    assert (problem.file, problem.row) == ("bids.csv", 3)
    assert "never closes" in problem.message


def test_a_cell_longer_than_any_text_is_told_as_such(tmp_path: Path) -> None:
    csv.field_size_limit(131_072)  # other libraries of the tests widen it for the whole process
    long = "x" * 200_000
    bids = f'place,good,quantity,price,note\nbaku,potash,40,300,"{long}"\n'

    problem = only(problems_in(tmp_path, bids=bids))

    assert (problem.file, problem.row) == ("bids.csv", 2)
    assert "longer than 131072 characters" in problem.message


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("baku,potash,40\n", "has 3 cells where the header has 4", "missing commas"),
        ("baku,potash,1,200,300\n", "has 5 cells where the header has 4", "double quotes"),
        ('baku,potash,"4\n0"\n', "has 3 cells where the header has 4", "over several lines"),
    ],
)
def test_rows_of_another_width_are_told(
    tmp_path: Path, text: str, message: str, remedy: str
) -> None:
    found = problems_in(tmp_path, bids=TABLES["bids"] + text)

    problem = only(found)
    assert (problem.file, problem.row) == ("bids.csv", 4)
    assert message in problem.message
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("old", "new", "column", "message", "remedy"),
    [
        ("quantity", "quantitty", "quantitty", "is not a column", "did you mean 'quantity'?"),
        ("quantity", "Quantity", "Quantity", "is not a column", "did you mean 'quantity'?"),
        ("quantity", "xyz", "xyz", "is not a column of table bids", "take it out; the columns"),
        ("price", "good", "good", "stands there twice", "keep one of the two"),
    ],
)
def test_headings_that_are_no_columns_are_told(
    tmp_path: Path, old: str, new: str, column: str, message: str, remedy: str
) -> None:
    found = problems_in(tmp_path, **edited("bids", old, new))

    (problem,) = [p for p in found if p.column == column and p.row == 1]
    assert problem.file == "bids.csv"
    assert message in problem.message
    assert remedy in problem.remedy


def test_a_missing_column_is_told_once(tmp_path: Path) -> None:
    found = problems_in(tmp_path, goods="name,hs\nPotash,310420\nButter,040510\n")

    problem = only(found)
    assert (problem.file, problem.row, problem.column) == ("goods.csv", 1, "good")
    assert "is missing" in problem.message
    assert "add it: unique name" in problem.remedy


def test_a_file_with_nothing_in_it_is_told(tmp_path: Path) -> None:
    problem = only(problems_in(tmp_path, claims="# to come\n"))

    assert problem.file == "claims.csv"
    assert "is empty" in problem.message
    assert "claim,quantity" in problem.remedy


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_separator_is_told(tmp_path: Path, mark: str, word: str) -> None:
    problem = only(problems_in(tmp_path, claims=TABLES["claims"].replace(",", mark)))

    assert (problem.file, problem.row) == ("claims.csv", 1)
    assert f"parted by {word}" in problem.message
    assert "commas" in problem.remedy


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    data = TABLES["countries"].replace("Azerbaijan", "Azerbaïdjan").encode("latin-1")

    problem = only(replaced(tmp_path, "countries.csv", data))

    assert (problem.file, problem.row) == ("countries.csv", 2)
    assert "is not UTF-8: byte 23 (0xef), on line 2" in problem.message
    assert "UTF-8" in problem.remedy


def test_utf_16_is_called_by_its_name(tmp_path: Path) -> None:
    problem = only(replaced(tmp_path, "claims.csv", TABLES["claims"].encode("utf-16")))

    assert "UTF-16" in problem.message


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    write_small(tmp_path)
    with (tmp_path / "claims.csv").open("wb") as stream:
        stream.truncate(10 * 1024**3)

    problem = only(check_study(tmp_path))

    assert problem.file == "claims.csv"
    assert f"is 10.0 GiB; at most {files.LARGEST // 1024**3} GiB are read" in problem.message


def test_what_the_system_does_not_hand_over_is_told(tmp_path: Path) -> None:
    write_small(tmp_path, claims=None)
    (tmp_path / "claims.csv").mkdir()

    problem = only(check_study(tmp_path))

    assert problem.file == "claims.csv"
    assert "cannot be read (is a directory)" in problem.message


def test_a_misspelled_table_is_an_error_and_other_files_are_not(tmp_path: Path) -> None:
    write_small(tmp_path)
    for name in ("README.md", "LICENCE", "sources.txt", ".hidden.csv", "~$legs.csv"):
        (tmp_path / name).write_text("anything", encoding="utf-8")
    (tmp_path / "leg.csv").write_text(TABLES["legs"], encoding="utf-8")
    (tmp_path / "measurements.csv").write_text("a\n1\n", encoding="utf-8")

    misspelled, other = check_study(tmp_path)

    assert (misspelled.file, misspelled.severity) == ("leg.csv", "error")
    assert "did you mean 'legs'?" in misspelled.remedy
    assert (other.file, other.severity) == ("measurements.csv", "warning")
    assert "is not read" in other.message


def test_one_table_in_two_files_is_told(tmp_path: Path) -> None:
    write_small(tmp_path)
    pl.DataFrame({"claim": ["c"], "quantity": ["x"]}).write_parquet(tmp_path / "claims.parquet")

    problem = only(check_study(tmp_path))

    assert problem.file == "claims.parquet"
    assert "also in claims.csv" in problem.message


def test_parquet_that_is_none_is_told(tmp_path: Path) -> None:
    write_small(tmp_path, claims=None)
    (tmp_path / "claims.parquet").write_bytes(gzip.compress(b"claim"))

    problem = only(check_study(tmp_path))

    assert problem.file == "claims.parquet"
    assert "is not a Parquet file" in problem.message


def test_parquet_has_rows_as_if_under_a_header(tmp_path: Path) -> None:
    write_small(tmp_path, bids=None)
    frame = pl.DataFrame(
        {
            "place": ["baku", "baku"],
            "good": ["potash", "butter"],
            "quantity": [40, 3],
            "price": [300.0, float("nan")],
        }
    )
    frame.write_parquet(tmp_path / "bids.parquet")

    problem = only(check_study(tmp_path))

    assert (problem.file, problem.row, problem.column) == ("bids.parquet", 3, "price")
    assert problem.value == "NaN"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="there is no such folder or workbook"):
        read_study(tmp_path / "nowhere")


def test_a_folder_that_holds_no_study_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a\n1\n", encoding="utf-8")

    problem = only(check_study(tmp_path))

    assert "the folder holds no study" in problem.message
    assert "study.toml" in problem.remedy


def test_a_file_that_is_no_study_is_told(tmp_path: Path) -> None:
    path = tmp_path / "study.zip"
    path.write_bytes(b"PK")

    assert "neither a folder nor an .xlsx workbook" in only(check_study(path)).message


def test_a_study_without_settings_is_told(tmp_path: Path) -> None:
    write_small(tmp_path)
    (tmp_path / "study.toml").unlink()

    problem = only(check_study(tmp_path))

    assert (problem.file, problem.message) == ("study.toml", "is missing")
    assert 'title = "…"' in problem.remedy
