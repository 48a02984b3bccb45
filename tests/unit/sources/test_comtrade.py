"""UN Comtrade: every row is in the answer or in the audit, and nothing is counted twice."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from entrepot.errors import StudyError
from entrepot.sources import comtrade
from entrepot.sources.comtrade import read_comtrade

USUAL: dict[str, Any] = {
    "typeCode": "C", "freqCode": "A", "period": "2023", "reporterCode": 112, "flowCode": "X",
    "partnerCode": 31, "partner2Code": 0, "classificationCode": "H6", "cmdCode": "040210",
    "customsCode": "C00", "motCode": 0, "qty": 4000.0, "qtyUnitAbbr": "kg", "netWgt": 4000.0,
    "primaryValue": 12500.0,
}  # fmt: skip


def record(**other: Any) -> dict[str, Any]:
    return {**USUAL, **other}


def saved(folder: Path, *records: dict[str, Any], form: str = "json") -> Path:
    path = folder / f"records.{form}"
    if form == "json":
        path.write_text(json.dumps({"count": len(records), "data": records}), encoding="utf-8")
        return path
    text = pl.DataFrame(
        {name: [None if r[name] is None else str(r[name]) for r in records] for name in USUAL}
    ).write_csv(separator="\t" if form == "txt.gz" else ",")
    path.write_bytes(gzip.compress(text.encode()) if form.endswith("gz") else text.encode())
    return path


@pytest.mark.parametrize("form", ["json", "csv", "txt.gz"])
def test_a_record_is_a_row(tmp_path: Path, form: str) -> None:
    found = read_comtrade([saved(tmp_path, record(), form=form)])
    row = ("2023", "BY", "AZ", "export", "040210", 12500.0, 4000.0, "kg")
    assert found.trade.rows() == [row]
    assert (found.read, found.audit.height, found.revisions) == (1, 0, ("H6",))


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"typeCode": "S"}, comtrade.SERVICES),
        ({"flowCode": "RX"}, comtrade.PART_OF_FLOW),
        ({"classificationCode": "S4", "cmdCode": "022"}, comtrade.NOT_HS),
        ({"partnerCode": 0}, comtrade.GROUP),
        ({"reporterCode": 97}, comtrade.GROUP),
        ({"partnerCode": 899}, comtrade.NOBODY),
        ({"partnerCode": 492}, comtrade.NOBODY),
        ({"partnerCode": 112}, comtrade.ITSELF),
        ({"motCode": 2100}, comtrade.DETAIL),
        ({"customsCode": "C01"}, comtrade.DETAIL),
        ({"partner2Code": 643}, comtrade.DETAIL),
        ({"cmdCode": "9999AA"}, comtrade.SPECIAL),
        ({"primaryValue": None}, comtrade.NO_VALUE),
        ({}, comtrade.AGAIN),
        ({"cmdCode": "0402"}, comtrade.SUM),
        ({"cmdCode": "04"}, comtrade.SUM),
        ({"cmdCode": "TOTAL"}, comtrade.SUM),
    ],
)
def test_what_is_left_out_has_a_reason(tmp_path: Path, other: dict[str, Any], reason: str) -> None:
    found = read_comtrade([saved(tmp_path, record(), record(**other))])
    assert found.trade["hs"].to_list() == ["040210"]
    assert found.audit.select("reason", "rows").rows() == [(reason, 1)]


def test_countries_are_those_of_trade_statistics(tmp_path: Path) -> None:
    codes = [842, 699, 251, 757, 579, 490, 276, "031", 810]
    file = saved(tmp_path, *(record(partnerCode=each) for each in codes))
    partners = set(read_comtrade([file]).trade["partner"])
    assert partners == {"US", "IN", "FR", "CH", "NO", "TW", "DE", "AZ", "SUHH"}


def test_a_total_with_only_some_parts_stays(tmp_path: Path) -> None:
    file = saved(tmp_path, record(), record(cmdCode="TOTAL", primaryValue=50000.0))
    assert read_comtrade([file]).trade["hs"].to_list() == ["040210", "total"]


def test_months_and_weights(tmp_path: Path) -> None:
    given = record(period="202303", qty=-1, qtyUnitAbbr="N/A", netWgt=7.5)
    row = read_comtrade([saved(tmp_path, given)]).trade.row(0, named=True)
    assert (row["period"], row["quantity"], row["unit"]) == ("2023-03", 7.5, "kg")


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"period": "23"}, "is neither a year nor a month"),
        ({"reporterCode": 7777}, "is not a country"),
        ({"partnerCode": "AZE"}, "is not a country"),
        ({"flowCode": "Q"}, "is not a flow"),
        ({"cmdCode": 40210}, "has lost a zero"),
        ({"primaryValue": -5}, "is not a value"),
        ({"primaryValue": "much"}, "is not a value"),
    ],
)
def test_what_is_wrong_is_told_by_its_row(tmp_path: Path, other: dict[str, Any], told: str) -> None:
    with pytest.raises(StudyError, match=told) as caught:
        read_comtrade([saved(tmp_path, record(), record(**other))])
    assert [each.row for each in caught.value.problems] == [2]


def test_two_values_of_one_record_are_refused(tmp_path: Path) -> None:
    file = saved(tmp_path, record(), record(primaryValue=1.0))
    with pytest.raises(StudyError, match="has the values 1, 12500"):
        read_comtrade([file])


def test_editions_do_not_mix(tmp_path: Path) -> None:
    file = saved(tmp_path, record(), record(classificationCode="H5", cmdCode="040221"))
    with pytest.raises(StudyError, match="mixes editions"):
        read_comtrade([file])
    assert read_comtrade([file], "H5").trade["hs"].to_list() == ["040221"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not JSON"),
        ('{"error": "no such key"}', "no such key"),
        ('{"data": []}', "no records in it"),
        ("Year,Reporter,Trade Value (US$)\n2015,Belarus,5\n", "layout of before 2023"),
        ("a,b\n1,2\n", "has no column period"),
    ],
)
def test_files_that_are_no_records_say_so(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "records"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=told.replace("$", r"\$")):
        read_comtrade([path])


def test_nothing_left_says_why(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="nothing is left of 1 rows"):
        read_comtrade([saved(tmp_path, record(partnerCode=0))])
