"""SDMX: observations become rows of trade, or are counted by the reason why they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import QuestionError, StudyError
from entrepot.sources.sdmx_trade import read_sdmx

SPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<mes:GenericData xmlns:mes="{SPACE}/message" xmlns:gen="{SPACE}/data/generic"
 xmlns:com="{SPACE}/common"><mes:Header><mes:ID>T</mes:ID><mes:Test>true</mes:Test>
<mes:Prepared>2026-01-01T00:00:00</mes:Prepared><mes:Sender id="XX"/>
<mes:Structure structureID="S" dimensionAtObservation="TIME_PERIOD"><com:Structure>
<Ref agencyID="XX" id="S" version="1.0"/></com:Structure></mes:Structure></mes:Header>
<mes:DataSet structureRef="S">"""
FOOT = "</mes:DataSet></mes:GenericData>"


def series(values: dict[str, float], key: dict[str, str], unit: int | None = None) -> str:
    keys = "".join(f'<gen:Value id="{name}" value="{value}"/>' for name, value in key.items())
    scale = (
        ""
        if unit is None
        else (f'<gen:Attributes><gen:Value id="UNIT_MULT" value="{unit}"/></gen:Attributes>')
    )
    told = "".join(
        f'<gen:Obs><gen:ObsDimension value="{when}"/><gen:ObsValue value="{value}"/></gen:Obs>'
        for when, value in values.items()
    )
    return f"<gen:Series><gen:SeriesKey>{keys}</gen:SeriesKey>{scale}{told}</gen:Series>"


def message(folder: Path, *each: str) -> Path:
    path = folder / "message.xml"
    path.write_text(HEAD + "".join(each) + FOOT, encoding="utf-8")
    return path


def imts(flow: str = "X", partner: str = "AZ", good: str = "310420") -> dict[str, str]:
    return {"REF_AREA": "BY", "COUNTERPART_AREA": partner, "TRADE_FLOW": flow, "COMMODITY": good}


def test_a_message_of_the_global_structure(tmp_path: Path) -> None:
    path = message(
        tmp_path,
        series({"2022": 120.5, "2023": 99}, imts(), unit=3),
        series({"2022": 7}, imts(partner="W00"), unit=0),
        series({"2022": 3}, imts(good="REST"), unit=0),
        series({"2022": 5}, imts(flow="M", good="TOTAL", partner="AZE"), unit=0),
    )
    found = read_sdmx(path)
    assert found.trade.rows() == [
        ("2022", "BY", "AZ", "export", "310420", 120500.0),
        ("2022", "BY", "AZ", "import", "total", 5.0),
        ("2023", "BY", "AZ", "export", "310420", 99000.0),
    ]
    assert dict(found.audit.select("reason", "rows").rows()) == {
        "a group of countries, or no country": 1,
        "not a code of goods of 2 to 10 digits, nor the total": 1,
    }
    assert found.read == 5


def test_another_dimension_is_chosen(tmp_path: Path) -> None:
    path = message(
        tmp_path,
        series({"2022": 10}, {"INDICATORS": "VALUE", **imts()}),
        series({"2022": 4}, {"INDICATORS": "WEIGHT", **imts()}),
    )
    with pytest.raises(QuestionError, match=r"INDICATORS \(VALUE, WEIGHT\)"):
        read_sdmx(path)
    with pytest.raises(QuestionError, match="no 'PRICE'"):
        read_sdmx(path, keep={"INDICATORS": "PRICE"})
    assert read_sdmx(path, keep={"INDICATORS": "VALUE"}).trade["value"].to_list() == [10.0]


def test_a_dimension_of_another_name(tmp_path: Path) -> None:
    key = {"LAND": "BY", "COUNTERPART_AREA": "AZ", "TRADE_FLOW": "X", "COMMODITY": "31"}
    path = message(tmp_path, series({"2022": 10}, key))
    with pytest.raises(QuestionError, match="--name reporter=DIMENSION"):
        read_sdmx(path)
    with pytest.raises(QuestionError, match="no dimension LANDS"):
        read_sdmx(path, named={"reporter": "LANDS"})
    assert read_sdmx(path, named={"reporter": "LAND"}).trade["reporter"].to_list() == ["BY"]


@pytest.mark.parametrize("text", ["", "no message", "<a/>", HEAD + FOOT])
def test_a_file_that_is_no_message(tmp_path: Path, text: str) -> None:
    path = tmp_path / "message.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="message"):
        read_sdmx(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="cannot be read"):
        read_sdmx(tmp_path / "message.xml")
