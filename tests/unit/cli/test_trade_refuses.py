"""`entrepot trade`: every question refuses every bad input once, with its place and its remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Called
from tests.unit.cli.test_trade import ROWS

Call = Callable[..., Called]

PAIR = "--reporter BY --partner AZ"
QUESTIONS = {
    "turnover": f"turnover FILE {PAIR}",
    "balance": "turnover FILE --reporter BY --by partner --period 2023",
    "growth": f"growth FILE {PAIR} --base 2022 --period 2023",
    "price-quantity": f"growth FILE {PAIR} --base 2022 --period 2023 --split price-quantity",
    "constant-share": "growth FILE --reporter BY --base 2022 --period 2023 --split constant-share",
    "indicators": f"indicators FILE {PAIR} --period 2023",
    "indicator": "indicators FILE --reporter BY --period 2023 --measure advantage",
    "potential": f"potential FILE {PAIR} --period 2023 --least-product 0 --least-market 0",
    "diversification": "potential FILE --reporter BY --period 2023 --least-product 0 "
    "--least-market 0 --diversification",
    "substitute": f"substitute FILE {PAIR} --period 2023 --avoid TR",
    "joint": f"joint FILE {PAIR} --period 2023 --least 1 --share 0",
    "gravity": "gravity FILE --covariate border",
    "counterfactual": "counterfactual FILE --theta 4 --autarky",
}
CELL = "2023,BY,AZ,export,3104,150,1,t"
HEADER = ROWS.splitlines()[0]
FILES = {
    "a code that lost a zero": (
        ROWS.replace(CELL, CELL.replace("3104", "402")),
        ["bad.csv, row 11, hs = '402'", "zeros in front"],
    ),
    "a value below 0": (
        ROWS.replace(CELL, CELL.replace("150", "-150")),
        ["bad.csv, row 11, value = '-150'", "is below 0"],
    ),
    "a value that is none": (
        ROWS.replace(CELL, CELL.replace("150", "lots")),
        ["bad.csv, row 11, value = 'lots'", "write a number"],
    ),
    "a partner left blank": (
        ROWS.replace(CELL, CELL.replace("AZ", "")),
        ["bad.csv, row 11, partner: is blank", "fill it in"],
    ),
    "a flow that is none": (
        ROWS.replace(CELL, CELL.replace("export", "re-export")),
        ["bad.csv, row 11, flow = 're-export'", "import or export"],
    ),
    "a column named otherwise": (
        ROWS.replace("partner", "partnr"),
        ["bad.csv, partner: is missing", "did you mean 'partnr'?"],
    ),
    "the world beside countries": (
        ROWS + "2023,BY,WLD,export,3104,500,9,t\n2023,BY,WLD,export,0402,90,9,t\n",
        ["bad.csv, row 21, partner = 'WLD'", "would count twice", "leave out its 2 rows"],
    ),
    "no rows": (HEADER, ["bad.csv: has no rows", "ask for other records"]),
    "two editions": (
        "\n".join(
            f"{line},{'revision' if line == HEADER else 'H4' if ',0402,' in line else 'H6'}"
            for line in ROWS.splitlines()
        ),
        ["bad.csv, row 3, revision = 'H4'", "than H6 of row 2", "entrepot import revision"],
    ),
    "all at once": (
        "# a comment\n" + ROWS.replace(CELL, "2023,BY,,exports,3104,-1,x,t"),
        ["4 problems", "row 12, partner", "row 12, flow = 'exports'", "value = '-1'",
         "quantity = 'x'"],
    ),
}  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "trade.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def words(question: str, file: Path, **changed: str) -> list[str]:
    """The words of a question, with a file and other names."""
    told = [str(file) if word == "FILE" else word for word in QUESTIONS[question].split()]
    for option, value in changed.items():
        told[told.index(f"--{option}") + 1] = value
    return told


def taking(*options: str) -> list[tuple[str, str]]:
    """Questions with each of the options that they take."""
    return [
        (name, each) for name in QUESTIONS for each in options if f"--{each}" in QUESTIONS[name]
    ]


@pytest.mark.parametrize("bad", FILES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_bad_table_is_told_by_file_row_and_column(
    call: Call, tmp_path: Path, question: str, bad: str
) -> None:
    path = tmp_path / "bad.csv"
    text, told = FILES[bad]
    path.write_text(text, encoding="utf-8")

    called = call("trade", *words(question, path))

    assert called.status == 1, called.err
    assert not [each for each in told if each not in called.err], called.err


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_file_that_is_not_there_is_told(call: Call, tmp_path: Path, question: str) -> None:
    called = call("trade", *words(question, tmp_path / "gone.csv"))

    assert (called.status, "gone.csv" in called.err) == (1, True), called.err


@pytest.mark.parametrize(("question", "option"), taking("reporter", "partner"))
def test_a_country_that_does_not_trade_is_told_with_the_one_meant(
    call: Call, table: Path, question: str, option: str
) -> None:
    for name, cure in (("QQ", "there are AZ, BY"), ("BLR", "did you mean 'BY'?")):
        called = call("trade", *words(question, table, **{option: name}))

        assert called.status == 1, called.out
        assert f"{name!r}" in called.err
        assert cure in called.err


@pytest.mark.parametrize("question", [name for name, _ in taking("period")])
def test_a_period_without_trade_is_told_with_those_there_are(
    call: Call, table: Path, question: str
) -> None:
    called = call("trade", *words(question, table, period="1999"))

    assert called.status == 1, called.out
    assert "no trade in period '1999'; there are 2022, 2023" in called.err


@pytest.mark.parametrize("question", ["growth", "substitute", "joint", "turnover"])
def test_a_partner_that_is_needed_is_asked_for(call: Call, table: Path, question: str) -> None:
    told = words(question, table)
    at = told.index("--partner")
    called = call("trade", *told[:at], *told[at + 2 :])

    needed = question in ("substitute", "joint")
    assert called.status == (2 if needed else 0), called.err
    assert ("--partner" in called.err) is needed


def test_editions_may_differ_between_periods_that_are_not_compared(
    call: Call, tmp_path: Path
) -> None:
    path = tmp_path / "editions.csv"
    lines = ROWS.splitlines()
    editions = ["revision", *("H4" if line.startswith("2022") else "H6" for line in lines[1:])]
    told = "\n".join(f"{line},{each}" for line, each in zip(lines, editions, strict=True))
    path.write_text(told, encoding="utf-8")

    assert call("trade", *words("indicator", path)).status == 0
    grown = call("trade", *words("growth", path))
    assert grown.status == 1
    assert "column revision): H4 in 2022, H6 in 2023" in grown.err
    assert "entrepot import revision" in grown.err


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (CELL.replace("150", "-150"), ["trade.csv, row 11, value = '-150'", "at least 0"]),
        (CELL.replace("3104", "402"), ["trade.csv, row 11, hs = '402'"]),
        (CELL.replace("AZ", ""), ["trade.csv, row 11, partner"]),
    ],
)
def test_a_study_is_told_the_same_way(
    call: Call, tmp_path: Path, bad: str, told: list[str]
) -> None:
    study = tmp_path / "study"
    study.mkdir()
    (study / "study.toml").write_text('title = "Trade"\n', encoding="utf-8")
    countries = "\n".join(["country", "AZ", "BY", "KZ", "TR"])
    (study / "countries.csv").write_text(countries, encoding="utf-8")
    (study / "trade.csv").write_text(ROWS.replace(CELL, bad), encoding="utf-8")
    target = "target,reporter,partner,date,value\nmore,BY,AZ,2025-12-31,500\n"
    (study / "targets.csv").write_text(target, encoding="utf-8")

    for asked in (["turnover", study, "--reporter", "BY"], ["target", study, "--target", "more"]):
        called = call("trade", *asked)

        assert called.status == 1, called.out
        assert not [each for each in told if each not in called.err], called.err


def test_a_result_that_is_empty_is_an_error(call: Call, table: Path) -> None:
    joint = call("trade", *words("joint", table, least="1e9"))
    assert (joint.status, "lower --least" in joint.err) == (1, True)
    least = ("potential", table, *PAIR.split(), "--period", "2023", "--least-product", "1e9")
    small = call("trade", *least)
    assert (small.status, "lower the thresholds" in small.err) == (1, True)
    away = words("substitute", table, reporter="AZ", partner="BY", period="2022", avoid="KZ")
    switched = call("trade", *away, "--one-way")
    assert switched.status == 1, switched.out
    assert "nothing is bought by AZ from KZ" in switched.err
