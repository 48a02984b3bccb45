"""Places by UN/LOCODE, from lines as UNECE's lists have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import StudyError
from entrepot.sources.unlocode import places_from

# Lines in the layout of the list: the codes, functions and coordinates are facts of UN/LOCODE.
LIST = """\
,"RU",,".RUSSIAN FEDERATION",,,,,,,,
,"RU","LED","Saint Petersburg","Saint Petersburg","SPE","AI","12345---","0401",,"5953N 03015E",
,"AZ","BAK","Bak\xfc (Baku)","Baku (Baku)",,"AI","1234----","0401",,"4023N 04951E",
,"BR","SSZ","Santos","Santos","SP","AI","1234----","9601",,"2356S 04619W",
,"BY","XYZ","Somewhere","Somewhere",,"RL","-23----B","0401",,,
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "list.csv").write_text(LIST, encoding="latin-1")
    return tmp_path / "list.csv"


def test_places_are_named_by_their_codes(path: Path) -> None:
    rows = places_from([path], ["RU LED", "azbak", "BRSSZ", "BYXYZ"]).rows(named=True)
    assert [row["place"] for row in rows] == ["ruled", "azbak", "brssz", "byxyz"]
    assert [row["kind"] for row in rows] == ["port", "port", "port", "border"]
    assert rows[1]["name"] == "Bakü (Baku)"
    assert (rows[0]["latitude"], rows[0]["longitude"]) == (59.8833, 30.25)
    assert (rows[2]["latitude"], rows[2]["longitude"]) == (-23.9333, -46.3167)
    assert rows[3]["latitude"] is None


def test_lists_saved_in_utf_8_are_read_as_such(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8-sig")

    assert places_from([tmp_path / "list.csv"], ["azbak"])["name"].to_list() == ["Bakü (Baku)"]


def test_unknown_codes_are_told_with_the_nearest(path: Path) -> None:
    with pytest.raises(StudyError) as caught:
        places_from([path], ["RULEX", "QQQQQ"])
    assert [problem.value for problem in caught.value.problems] == ["RULEX", "QQQQQ"]
    assert "did you mean 'RULED'" in str(caught.value)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "", None])
def test_a_file_that_is_no_list_says_so(text: str | None, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(StudyError, match=r"list\.csv"):
        places_from([path], ["RULED"])
