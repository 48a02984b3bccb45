"""BACI: every row is in the answer or in the audit, and what cannot be read is told by its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import QuestionError, StudyError
from entrepot.sources.baci import read_baci

ROWS = """t,i,j,k,v,q
2022,112,31,040210,   12.500,   4.000
2022,112,31,40221,1.5,           NA
2022,31,112,070200,80,100
2022,842,699,270900,7,2
2022,112,899,270900,5,1
2022,31,31,270900,3,1
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "BACI_HS17_Y2022_V202401.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_codes_keep_their_zeros_and_amounts_their_units(file: Path) -> None:
    found = read_baci([file])
    assert sorted(found.trade.rows()) == [
        ("2022", "AZ", "BY", "export", "070200", 80000.0, 100.0, "t"),
        ("2022", "BY", "AZ", "export", "040210", 12500.0, 4.0, "t"),
        ("2022", "BY", "AZ", "export", "040221", 1500.0, None, None),
        ("2022", "US", "IN", "export", "270900", 7000.0, 2.0, "t"),
    ]


def test_every_row_is_accounted_for(file: Path) -> None:
    found = read_baci([file], countries=["AZ"])
    assert found.read == 6
    assert found.taken + found.audit["rows"].sum() == 6
    assert dict(found.audit.select("reason", "rows").rows()) == {
        "of a country with itself": 1,
        "between other countries than those asked for": 2,
    }


@pytest.mark.parametrize(("digits", "codes"), [(4, {"0402"}), (2, {"04"}), (0, {"total"})])
def test_products_add_up(file: Path, digits: int, codes: set[str]) -> None:
    rows = read_baci([file], countries=["BY"], digits=digits).trade
    ours = rows.filter(reporter="BY")
    assert set(ours["hs"]) == codes
    assert ours["value"].sum() == 14000.0
    assert ours["quantity"].to_list() == [None]


@pytest.mark.parametrize(
    "row",
    [
        "2022,112,31,04021,x,1",
        "2022,112,31,0402101,1,1",
        "2022,112,31,040210,-1,1",
        "2022,112,31,040210,1,some",
        "2022,112,31,A40210,1,1",
        "2022,112,555,040210,1,1",
        "y,112,31,040210,1,1",
    ],
)
def test_a_broken_row_is_named(file: Path, row: str) -> None:
    file.write_text(ROWS + row + "\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_baci([file])
    assert [(each.row, each.value) for each in caught.value.problems] == [(8, row)]


def test_another_file_says_so(file: Path) -> None:
    file.write_text("year,from,to\n2022,1,2\n", encoding="utf-8")
    with pytest.raises(StudyError, match="has the columns year, from, to"):
        read_baci([file])


def test_countries_that_are_none(file: Path) -> None:
    with pytest.raises(QuestionError, match="not countries: XX"):
        read_baci([file], countries=["XX"])
    with pytest.raises(QuestionError, match="has no trade of DE"):
        read_baci([file], countries=["DE"])
    with pytest.raises(QuestionError, match="ask for 0, 2, 4 or 6"):
        read_baci([file], digits=3)
