"""Codes of one edition to another: nothing is lost, and what is guessed is marked."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.errors import QuestionError, StudyError
from entrepot.sources.revisions import convert, read_correspondences

SHARED = Path(__file__).resolve().parents[4] / "shared"
WORLD = SHARED / "data" / "trade" / "hs_revision_concordance.parquet"
TABLE = """from_code,to_code,share
010101,010101,
010102,010101,
020201,020211,0.75
020201,020212,0.25
030301,030311,
030301,030312,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "hs.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def trade(values: dict[str, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            ("2023", "AA", "BB", "export", hs, value, value / 10, "t")
            for hs, value in values.items()
        ],
        schema=["period", "reporter", "partner", "flow", "hs", "value", "quantity", "unit"],
        orient="row",
    )


def test_renamed_added_up_and_shared_out(file: Path) -> None:
    rows = trade({"010101": 10.0, "010102": 5.0, "020201": 8.0, "030301": 6.0, "total": 29.0})
    found = convert(rows, read_correspondences(file, None, None))
    assert found.trade.select("hs", "value", "quantity", "value_basis").rows() == [
        ("010101", 15.0, 1.5, "derived"),
        ("020211", 6.0, pytest.approx(0.6), "estimate"),
        ("020212", 2.0, pytest.approx(0.2), "estimate"),
        ("030311", 3.0, pytest.approx(0.3), "estimate"),
        ("030312", 3.0, pytest.approx(0.3), "estimate"),
        ("total", 29.0, 2.9, None),
    ]
    assert found.counts["value"].sum() == pytest.approx(29.0)


@given(
    st.dictionaries(
        st.sampled_from(["010101", "010102", "020201", "030301"]), st.floats(0, 1e9), min_size=1
    )
)
def test_the_value_of_all_goods_stays(values: dict[str, float]) -> None:
    correspondences = pl.DataFrame(
        {
            "from_code": ["010101", "010102", "020201", "020201", "030301", "030301"],
            "to_code": ["010101", "010101", "020211", "020212", "030311", "030312"],
            "share": [1.0, 1.0, 0.75, 0.25, 0.5, 0.5],
            "ways": [1, 1, 2, 2, 2, 2],
            "told": [False, False, True, True, False, False],
        }
    )
    found = convert(trade(values), correspondences)
    assert found.trade["value"].sum() == pytest.approx(sum(values.values()))


def test_codes_without_correspondence_are_told_together(file: Path) -> None:
    correspondences = read_correspondences(file, None, None)
    with pytest.raises(QuestionError, match="2 codes have no correspondence: 040401, 050501"):
        convert(trade({"050501": 1.0, "040401": 1.0}), correspondences)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("from,to\n010101,010101\n", "from_code"),
        ("from_code,to_code\n10101,010101\n", "lost|none"),
        ("from_code,to_code,share\n010101,010101,0.5\n010101,010102,0.2\n", "add up to 0.7"),
        ("from_code,to_code\n", "no correspondence"),
    ],
)
def test_a_table_that_is_none(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "hs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=told):
        read_correspondences(path, None, None)


def test_editions_are_named_where_there_are_several(tmp_path: Path) -> None:
    path = tmp_path / "hs.csv"
    path.write_text(
        "from_code,to_code,from_rev,to_rev\n010101,010101,HS5,HS4\n010101,010102,HS6,HS5\n",
        encoding="utf-8",
    )
    with pytest.raises(QuestionError, match="HS5, HS6"):
        read_correspondences(path, None, "HS5")
    with pytest.raises(QuestionError, match="step by step"):
        read_correspondences(path, "HS6", "HS4")
    assert read_correspondences(path, "HS6", "HS5")["to_code"].to_list() == ["010102"]


@pytest.mark.skipif(not WORLD.exists(), reason="the table of correspondences is not here")
def test_every_code_of_2022_has_one_of_2017() -> None:
    found = read_correspondences(WORLD, "HS6", "HS5")
    codes = found["from_code"].unique().sort().to_list()
    done = convert(trade(dict.fromkeys(codes, 1.0)), found)
    assert len(codes) == 5613
    assert done.trade["value"].sum() == pytest.approx(5613.0)
