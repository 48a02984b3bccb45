"""Commands that answer: clear and compare, in the terminal and in files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.unit.cli.conftest import Called

Call = Callable[..., Called]


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_clear_tells_journeys_prices_and_what_is_full(call: Call, salt: Path) -> None:
    called = call("clear", salt)

    assert called.status == 0
    assert lines(called.out) == [
        "Salt for the town",
        "status optimal; welfare 3,400 USD a period",
        "",
        "Salt: 80.00 t shipped",
        "from        to         t       %   freight, USD/t   days   route",
        "────────────────────────────────────────────────────────────────",
        "Saltworks   Town   80.00   100.0            15.00    0.0   road",
        "",
        "Salt: prices at the markets",
        "market   bought, t   price, USD/t",
        "─────────────────────────────────",
        "Town         80.00          40.00",
        "",
        "What is full: the rent is the worth of one more unit of room",
        "what                    limit, units   rent, USD/unit   income, USD",
        "───────────────────────────────────────────────────────────────────",
        "road Saltworks - Town          80.00             5.00         400.0",
    ]


def test_nothing_full_is_said(call: Call, salt: Path) -> None:
    called = call("clear", salt, "--scenario", "wide-road")

    assert "Salt for the town: A wide road" in called.out
    assert "rent" not in called.out.replace("Nothing that is full earns a rent.", "")


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx", "geojson"])
def test_clear_writes_the_result_folder(call: Call, salt: Path, tmp_path: Path, form: str) -> None:
    called = call("clear", salt, "--out", tmp_path / "answer", "--format", form)

    assert called.status == 0
    report = json.loads((tmp_path / "answer" / "clearing.json").read_text())
    assert (report["status"], report["welfare"]) == ("optimal", 3400)
    assert any(file.suffix == f".{form}" for file in (tmp_path / "answer").iterdir())


def test_a_folder_that_exists_is_kept_before_anything_is_cleared(
    call: Call, salt: Path, tmp_path: Path
) -> None:
    out = tmp_path / "answer"
    out.mkdir()
    (out / "mine.txt").write_text("mine")

    called = call("clear", salt, "--out", out)

    assert called.status == 1
    assert called.out == ""
    assert [file.name for file in out.iterdir()] == ["mine.txt"]

    called = call("clear", salt, "--out", out, "--overwrite")

    assert called.status == 0
    assert (out / "flows.csv").exists()
    assert (out / "mine.txt").read_text() == "mine"


def test_an_unknown_scenario_names_the_nearest(call: Call, salt: Path) -> None:
    called = call("clear", salt, "--scenario", "wde-road")

    assert called.status == 1
    assert "did you mean 'wide-road'?" in called.err


def test_compare_tells_who_gains_and_what_changes(call: Call, salt: Path) -> None:
    called = call("compare", salt, "--scenario", "wide-road")
    told = lines(called.out)

    assert called.status == 0
    assert told[0] == "Salt for the town: A wide road, against as it stands"
    assert told[1] == "welfare +100.0 USD a period"
    assert "sellers         0.0            500.0        +500.0" in told
    assert "legs          400.0              0.0        -400.0" in told
    assert "road Saltworks - Town   Salt   t      80.00       100.0   +20.00" in told
    assert "road Saltworks - Town   5.00        0.00    -5.00" in told


def test_the_base_of_a_comparison_may_be_a_scenario(call: Call, salt: Path) -> None:
    forth = call("compare", salt, "--scenario", "wide-road").out
    back = call("compare", salt, "--base-scenario", "wide-road", "--scenario", "wide-road").out

    assert "Who gains" in forth
    assert lines(back)[1:] == ["welfare 0.00 USD a period"]


def test_compare_writes_every_table(call: Call, salt: Path, tmp_path: Path) -> None:
    out = tmp_path / "difference"

    called = call("compare", salt, "--scenario", "wide-road", "--out", out)

    assert called.status == 0
    assert pl.read_csv(out / "flows.csv")["change"].to_list() == [20.0]
    assert {"totals", "countries", "rents"} <= {file.stem for file in out.iterdir()}


def test_compare_wants_a_scenario(call: Call, salt: Path) -> None:
    called = call("compare", salt)

    assert called.status == 2
    assert "--scenario" in called.err


def test_a_price_is_taken_apart(call: Call, salt: Path) -> None:
    called = call("explain", salt, "--place", "town", "--good", "salt")

    assert called.status == 0
    assert lines(called.out) == [
        "",
        "Salt at Town: 40.00 USD/t",
        "in USD/t                price   freight   rent   so far",
        "───────────────────────────────────────────────────────",
        "price at Saltworks      20.00         -      -    20.00",
        "road Saltworks - Town       -     15.00   5.00    40.00",
        "",
        "The offer at works is partly filled: its price sets this one.",
    ]


def test_a_route_that_is_not_used_has_a_switch_price(call: Call, salt: Path) -> None:
    with (salt / "legs.csv").open("a") as legs:
        legs.write("canal,works,town,river,24,\n")

    called = call("explain", salt, "--scenario", "wide-road", "--why-not", "canal")

    assert called.status == 0
    assert "9.00" in called.out


def test_what_a_rule_changes_is_cleared_again(call: Call, salt: Path) -> None:
    (salt / "bans.csv").write_text("ban,good,via\nno-road,salt,salt-road\n", encoding="utf-8")

    called = call("explain", salt, "--ban", "no-road")

    assert called.status == 0
    assert "ban no-road: salt * -> * by salt-road" in called.out
    assert "+3,400  welfare, then 3,400 USD" in called.out
    for words in (["--ban", "no-rod"], ["--duty", "no-road"], ["--closed", "salt-road"]):
        assert call("explain", salt, *words).status == 1
    assert call("explain", salt, "--ban", "no-road", "--duty", "x").status == 2


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ([], "Say which price"),
        (["--place", "town"], "with --good"),
        (["--place", "town", "--good", "salt", "--why-not", "salt-road"], "one question at a time"),
    ],
)
def test_explain_wants_one_question(call: Call, salt: Path, words: list[str], hint: str) -> None:
    called = call("explain", salt, *words)

    assert called.status == 2
    assert hint in called.err


def test_explain_names_the_nearest_place(call: Call, salt: Path) -> None:
    called = call("explain", salt, "--place", "twn", "--good", "salt")

    assert called.status == 1
    assert "did you mean 'town'?" in called.err
