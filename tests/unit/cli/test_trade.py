"""`entrepot trade`: measures in the terminal, in files and as JSON, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from entrepot.statistics import MEASURES
from tests.unit.cli.conftest import Called

Call = Callable[..., Called]

ROWS = """period,reporter,partner,flow,hs,value,quantity,unit
2022,BY,AZ,export,3104,100,1,t
2022,BY,KZ,export,0402,60,2,t
2022,BY,TR,export,0406,30,2,t
2022,AZ,BY,export,0702,40,4,t
2022,AZ,TR,export,2709,200,5,t
2022,KZ,BY,export,2709,80,3,t
2022,KZ,TR,export,0406,20,2,t
2022,TR,BY,export,0702,50,2,t
2022,TR,AZ,export,0402,15,1,t
2023,BY,AZ,export,3104,150,1,t
2023,BY,AZ,export,0402,20,1,t
2023,BY,KZ,export,0402,70,2,t
2023,BY,TR,export,0406,30,2,t
2023,AZ,BY,export,0702,60,4,t
2023,AZ,TR,export,2709,180,5,t
2023,KZ,BY,export,2709,90,3,t
2023,KZ,TR,export,0406,25,2,t
2023,TR,BY,export,0702,40,2,t
2023,TR,AZ,export,0402,20,1,t
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "trade.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def question(name: str) -> list[str]:
    """The words that ask for a measure."""
    if name in ("turnover", "growth"):
        return [name]
    if name == "balance":
        return ["turnover", "--by", "partner"]
    if name in ("price-quantity", "constant-share"):
        return ["growth", "--split", name]
    return ["indicators", "--measure", name]


@pytest.mark.parametrize("asked", MEASURES, ids=lambda each: str(each.name))
def test_every_measure_answers_or_says_why(call: Call, table: Path, asked: object) -> None:
    each = next(measure for measure in MEASURES if measure is asked)
    asking, *words = question(each.name)
    given = {"reporter": "BY", "base": "2022", "period": "2023"}
    for word, value in given.items():
        if word in (*each.needs, *each.takes):
            words += [f"--{word}", value]

    called = call("trade", asking, table, *words, "--json")

    if called.status:
        assert "fall apart into blocks" in called.err or "complexity needs" in called.err
        return
    [answer] = json.loads(called.out)["results"]
    assert answer["measure"] == each.name
    assert answer["certificate"]["residual"] <= 1e-9
    assert answer["table"]


def test_potential_is_told_by_product_and_by_market(
    call: Call, table: Path, tmp_path: Path
) -> None:
    small = ("--least-product", "0", "--least-market", "0", "--period", "2023")
    out = tmp_path / "both"
    words = ("--reporter", "BY", "--by", "products", "--by", "markets", "--out", out)

    assert call("trade", "potential", table, *small, *words).status == 0
    assert {file.name for file in out.iterdir()} == {"potential.csv", "potential-2.csv"}
    pair = call("trade", "potential", table, *small, "--reporter", "BY", "--partner", "AZ")
    assert "Export potential by product and market" in pair.out


def test_a_study_says_whom_to_avoid_and_what_freight_is(call: Call, table: Path) -> None:
    words = ("--reporter", "AZ", "--partner", "BY", "--period", "2023", "--json")
    called = call("trade", "substitute", table, *words, "--avoid", "TR")

    found, totals = json.loads(called.out)["results"]
    assert {row["importer"] for row in found["table"]} == {"AZ"}
    assert {row["importer"] for row in totals["table"]} == {"AZ", "BY"}


def test_joint_offers_are_told_or_that_there_are_none(call: Call, table: Path) -> None:
    few = ("joint", table, "--reporter", "BY", "--partner", "AZ", "--period", "2023")

    none = call("trade", *few)
    assert (none.status, "together that neither passes alone" in none.err) == (1, True)
    words = ("joint", "caspian", "--reporter", "BY", "--partner", "AZ", "--period", "2024")
    some = call("trade", *words)
    assert "Joint offers of BY" in some.out


def test_a_target_of_the_shipped_study_is_answered_in_plain_words(call: Call) -> None:
    called = call("trade", "target", "caspian", "--target", "turnover-1bn", "--most", "2")

    assert called.status == 0
    first, second, *_ = called.out.splitlines()
    assert "+11.1% in 6 months, 1.772% a month. Reachable by trade alone" in first
    assert "+100.0% in 18 months, 3.926% a month. Not reachable by trade alone" in second
    assert "rows of trade are estimates" in called.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--target turnover-2bn", "is not a target of table targets; did you mean"),
        ("--target turnover-1bn --now 2e9", "turnover was 2,000,000,000"),
        ("--target turnover-1bn --since soon", "'soon' is not a day"),
        ("--target turnover-1bn --period 2020.01-09", "is no year"),
        ("--target turnover-1bn --avoid eu --unfriendly-below 0", "two answers to one question"),
    ],
)
def test_what_cannot_be_a_target_says_why(call: Call, words: str, told: str) -> None:
    called = call("trade", "target", "caspian", *words.split())

    assert (called.status, told in called.err) == (1, True), called.err


def test_charts_are_files_of_their_own(call: Call, table: Path, tmp_path: Path) -> None:
    grown = ("growth", table, "--reporter", "BY", "--base", "2022", "--period", "2023", "--plot")
    drawing = tmp_path / "growth.svg"

    assert call("trade", *grown, drawing).status == 0
    assert "3104 export" in drawing.read_text(encoding="utf-8")
    assert "exists already" in call("trade", *grown, drawing).err
    assert "is no .svg" in call("trade", *grown, tmp_path / "growth.png").err
    text = drawing.read_text(encoding="utf-8")
    assert "in percent of trade in 2022" in text
    assert "Source: trade.csv." in text
    other = call("trade", *grown, tmp_path / "b.svg", "--split", "price-quantity")
    assert "only contributions are drawn" in other.err
    course = tmp_path / "target.svg"
    drawn = call("trade", "target", "caspian", "--target", "turnover-1bn", "--plot", course)
    assert drawn.status == 0
    text = course.read_text(encoding="utf-8")
    for told in ("attainable 675", "The cheapest mix towards", "hatched: estimate", "USD"):
        assert told in text


PLOTS = {
    "turnover --reporter AZ --partner BY": ["Turnover of AZ with BY", "2000 to 2024", "million"],
    "turnover --reporter AZ --by partner --period 2024": ["Whom AZ trades with", "balance"],
    "indicators --reporter BY --period 2024": ["The product space of BY", "not yet"],
    "indicators --reporter BY --period 2024 --measure advantage": ["comparative advantage: BY"],
    "potential --reporter BY --period 2024": ["Export potential of BY", "sold now", "more ("],
    "potential --reporter AZ --period 2024 --diversification": ["AZ could begin with", "density"],
    "substitute --reporter AZ --partner BY --period 2024 --avoid RU": ["stays where it is"],
    "joint --reporter BY --partner AZ --period 2024": ["threshold", "shared access adds"],
}


@pytest.mark.parametrize("asked", PLOTS)
def test_a_chart_carries_its_unit_year_source_and_mark_of_estimates(
    call: Call, tmp_path: Path, asked: str
) -> None:
    question, *words = asked.split()
    file = tmp_path / "chart.svg"

    called = call("trade", question, "caspian", *words, "--plot", file)

    assert called.status == 0, called.err
    # A line that is too long goes on in another element.
    text = " ".join(re.sub("<[^>]+>", " ", file.read_text(encoding="utf-8")).split())
    always = ["2024", "estimate", "table trade of study caspian", "Certificate: "]
    assert not [told for told in (*PLOTS[asked], *always) if told not in text]


def test_several_measures_or_no_country_cannot_be_drawn(
    call: Call, table: Path, tmp_path: Path
) -> None:
    words = ("indicators", table, "--period", "2023", "--plot", tmp_path / "a.svg")
    several = call("trade", *words, "--measure", "advantage", "--measure", "concentration")
    assert "--plot draws one --measure" in several.err
    assert "give --reporter" in call("trade", *words).err


def test_totals_of_other_periods_do_not_matter(call: Call) -> None:
    words = ("indicators", "caspian", "--measure", "advantage", "--reporter", "BY", "--json")

    [answer] = json.loads(call("trade", *words, "--period", "2017").out)["results"]
    assert answer["table"][0]["rca"] > 1
    assert "say which period is meant" in call("trade", *words).err


def test_without_a_measure_all_that_can_be_answered_is_summed_up(call: Call, table: Path) -> None:
    words = ("--reporter", "BY", "--partner", "AZ", "--period", "2023", "--json")
    called = call("trade", "indicators", table, *words)

    [answer] = json.loads(called.out)["results"]
    leading = {row["measure"]: row for row in answer["table"]}
    assert leading["advantage"]["about"] == "BY 3104"
    assert leading["complementarity"]["about"] == "BY AZ"
    assert "bruelhart: needs --base" in answer["notes"][0]


def test_several_measures_become_a_folder(call: Call, table: Path, tmp_path: Path) -> None:
    words = ("--measure", "lafay", "--measure", "concentration", "--period", "2023")
    several = ("trade", "indicators", table, *words, "--reporter", "BY", "--out")

    assert call(*several, tmp_path / "both").status == 0
    assert {file.name for file in (tmp_path / "both").iterdir()} == {
        "lafay.csv", "concentration.csv"
    }  # fmt: skip
    one_file = call(*several, tmp_path / "both.csv")
    assert (one_file.status, "name a folder" in one_file.err) == (1, True)
    none = call("trade", "indicators", table, *words, "--partner", "AZ", "--reporter", "BY")
    assert "none of lafay, concentration takes --partner" in none.err


def test_turnover_is_shown_with_its_certificate(call: Call, table: Path) -> None:
    called = call("trade", "turnover", table, "--reporter", "BY", "--partner", "AZ")

    assert called.status == 0
    assert called.out.startswith("\ntrade: Turnover by period\n")
    assert "certificate: the turnovers of all periods add up to the rows" in called.out
    assert "+64.29" in called.out


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_whole_table_is_written(call: Call, table: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"advantage.{form}"
    words = ("--measure", "advantage", "--period", "2022", "--most", "1", "--out", out)

    called = call("trade", "indicators", table, *words)

    assert called.status == 0
    assert "and 8 more rows" in called.out
    read = pl.read_csv(out) if form == "csv" else pl.read_parquet(out)
    assert read.height == 9
    assert call("trade", "indicators", table, *words).status == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("indicators --measure lafey", "did you mean 'lafay'?"),
        ("indicators --measure turnover", "asked for by `entrepot trade turnover`"),
        ("indicators --measure vollrath --period 2023", "vollrath needs --reporter"),
        ("indicators --measure lafay --reporter BY --base 2022", "lafay takes no --base"),
        ("indicators --measure advantage", "say which period is meant: 2022, 2023"),
        ("indicators --measure advantage --period 2020", "no trade in period '2020'"),
        ("turnover --reporter DE", "no trade of 'DE'"),
        ("turnover --reporter BY --modelled", "only a study can be"),
        ("turnover --reporter BY --out x.txt", "neither .csv nor"),
        ("turnover --reporter BY --by partner --partner AZ", "balance takes no --partner"),
        ("substitute --reporter BY --partner AZ", "say whom to avoid"),
        ("substitute --reporter BY --partner AZ --avoid TRR", "did you mean 'TR'?"),
        ("substitute --reporter BY --partner AZ --avoid TR", "say which period is meant"),
        ("substitute --reporter BY --partner AZ --avoid TR --on x", "'x' is not a day"),
        ("substitute --reporter BY --partner AZ --unfriendly-below 0", "has no relations"),
        ("substitute --reporter BY --partner BY --avoid TR --period 2023", "its own partner"),
        ("joint --reporter BY --partner BY --period 2023", "its own partner"),
        ("joint --reporter BY --partner AZ", "say which period is meant"),
        ("potential --period 2023", "lower the thresholds"),
        ("potential --duties --period 2023", "only a study has duties"),
        ("potential --duties --tariffs x.csv", "two answers to one question"),
        ("potential --tariffs nowhere.csv --substitution 4", "nowhere.csv cannot be read"),
    ],
)
def test_what_cannot_be_answered_says_why(call: Call, table: Path, words: str, told: str) -> None:
    question, *others = words.split()
    called = call("trade", question, table, *others)

    assert called.status == 1
    assert told in called.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("period,reporter,partner,flow,hs,valu\n", "did you mean 'valu'?"),
        (ROWS + "2023,BY,AZ,export,31,much,1,t\n", "row 21, value = 'much': is not a number"),
        (ROWS + "2023,BY,AZ,export,31,-5,1,t\n", "below 0"),
    ],
)
def test_a_file_that_is_wrong_says_where(call: Call, table: Path, text: str, told: str) -> None:
    table.write_text(text, encoding="utf-8")

    called = call("trade", "turnover", table, "--reporter", "BY")

    assert called.status == 1
    assert told in called.err


def test_what_a_study_trades_is_measured_alike(call: Call, salt: Path) -> None:
    (salt / "places.csv").write_text(
        "place,name,country\nworks,Saltworks,XA\ntown,Town,XB\n", encoding="utf-8"
    )
    nothing = call("trade", "turnover", salt, "--reporter", "XA")
    assert (nothing.status, "ask for --modelled trade" in nothing.err) == (1, True)

    called = call(
        "trade", "turnover", salt, "--modelled", "--by", "partner", "--reporter", "XA", "--json"
    )

    assert called.status == 0
    [answer] = json.loads(called.out)["results"]
    [row] = answer["table"]
    assert (row["reporter"], row["partner"]) == ("XA", "XB")
    assert row["balance"] > 0


def test_records_become_a_table_or_a_study(call: Call, tmp_path: Path) -> None:
    record = {
        "typeCode": "C", "period": "2023", "reporterCode": 112, "flowCode": "X",
        "partnerCode": 31, "classificationCode": "H6", "cmdCode": "040210", "primaryValue": 5.0,
    }  # fmt: skip
    file = tmp_path / "records.json"
    file.write_text(json.dumps({"data": [record, record]}), encoding="utf-8")

    called = call("import", "comtrade", file, tmp_path / "trade.csv")
    assert called.status == 0
    assert "1 rows of trade from 2 read; 1 left out" in called.out
    assert "1: the same record again" in called.out
    assert call("import", "comtrade", file, tmp_path / "study").status == 0
    assert call("check", tmp_path / "study").status == 0
    assert call("import", "comtrade", file, tmp_path / "study").status == 1
    assert call("import", "comtrade", file).status == 1


def test_baci_becomes_a_table(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "BACI_HS17_Y2022_V202401.csv"
    file.write_text("t,i,j,k,v,q\n2022,112,31,040210,1.5,NA\n2022,4,31,040210,1,1\n")

    audit = tmp_path / "audit.csv"
    words = ("--country", "BY", "--digits", "2", "--audit", audit)
    called = call("import", "baci", file, tmp_path / "trade.parquet", *words)

    assert called.status == 0
    assert pl.read_parquet(tmp_path / "trade.parquet")["hs"].to_list() == ["04"]
    assert pl.read_csv(audit)["rows"].to_list() == [1]
