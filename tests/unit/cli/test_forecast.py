"""`entrepot forecast`, in the terminal and in files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from entrepot.cli.show.forecast import rows_told
from entrepot.cli.show.forecast_parts import Part
from entrepot.study import write_study
from tests.unit.cli.conftest import Called
from tests.unit.forecasting.small_market import two_ports

Call = Callable[..., Called]


@pytest.fixture
def ports(tmp_path: Path) -> Path:
    """The study of two ports as files."""
    folder = tmp_path / "ports"
    write_study(two_ports(), folder)
    return folder


def test_forecast_tells_intervals_and_writes_tables(
    call: Call, ports: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ["forecast", ports, "--scenario", "closed", "--draws", 40, "--workers", 1]

    called = call(*words, "--out", out)

    assert called.status == 0, called.err
    lines = [line.rstrip() for line in called.out.splitlines()]
    assert lines[:4] == [
        "Salt over two ports",
        "40 draws of 7 figures with a range; seed 0; intervals hold 95 % of the draws",
        "",
        "As it stands",
    ]
    assert "salt: what corridors carry, t" in lines
    assert any(line.startswith("corridor   as stated   median   95 % of draws") for line in lines)
    assert any(line.startswith("Welfare") for line in lines)
    report = json.loads((out / "forecast.json").read_text(encoding="utf-8"))
    assert (report["draws"], report["cleared"], report["seed"]) == (40, 40, 0)
    assert report["scenarios"] == ["closed"]
    table = pl.read_csv(out / "forecast.csv")
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()
    assert len(list((out / "draws").glob("0*.json"))) == 40


def test_every_figure_is_told_as_json(call: Call, ports: Path) -> None:
    called = call("forecast", ports, "--draws", 20, "--workers", 1, "--json")

    told = json.loads(called.out)
    assert (told["draws"], told["seed"]) == (20, 0)
    assert {"forecast", "switch_prices", "scarcity", "matters"} <= set(told)
    first = told["forecast"][0]
    assert first["low"] <= first["median"] <= first["high"]
    assert first["change"] is None


def test_corridors_are_drawn_with_their_intervals(call: Call, ports: Path, tmp_path: Path) -> None:
    words = ["forecast", ports, "--scenario", "closed", "--draws", 20, "--workers", 1]

    called = call(*words, "--out", tmp_path / "out")

    drawn = (tmp_path / "out" / "corridors-salt.svg").read_text(encoding="utf-8")
    assert drawn.count(">north<") == 1
    assert drawn.count(">As it stands<") == 2
    assert drawn.count(">closed<") == 2
    assert "closed: " in drawn
    assert drawn.count("<circle") == 4
    assert "corridors as corridors-salt.svg" in called.err + called.out


def test_every_period_has_its_chart(call: Call, tmp_path: Path) -> None:
    ports, out = tmp_path / "ports", tmp_path / "out"
    write_study(two_ports(periods=[{"period": "2023"}, {"period": "2030"}]), ports)

    called = call("forecast", ports, "--draws", 20, "--workers", 1, "--out", out)

    assert called.status == 0, called.err
    charts = sorted(chart.name for chart in out.glob("*.svg"))
    assert charts == ["corridors-salt-2023.svg", "corridors-salt-2030.svg"]
    assert "what corridors carry, 2030, t" in (out / charts[1]).read_text(encoding="utf-8")
    assert "period" in called.out


def a_part(rows: int, most: int, rank: int) -> Part:
    def silent(_rows: pl.DataFrame, _more: int) -> None:
        """Say nothing."""

    return Part("something", silent, pl.DataFrame({"row": range(rows)}), most, rank)


def test_what_matters_most_is_told_as_far_as_there_is_room() -> None:
    parts = [a_part(20, 8, 0), a_part(20, 40, 1), a_part(9, 9, 3), a_part(20, 8, 2)]

    # 8 rows and 6 lines around them, then what is left of 58 lines: 38 and 6.
    assert rows_told(parts, 1) == [8, 20, None, 8]
    assert sum(6 + (rows or 0) for rows in rows_told(parts * 4, 4) if rows is not None) <= 58
    assert rows_told([a_part(1, 8, 0), a_part(0, 0, 9)], 1) == [1, 0]


def test_a_second_run_goes_on_only_where_it_is_asked_to(
    call: Call, ports: Path, tmp_path: Path
) -> None:
    words = ["forecast", ports, "--draws", 20, "--workers", 1, "--out", tmp_path / "out"]
    assert call(*words).status == 0
    before = (tmp_path / "out" / "forecast.csv").read_bytes()

    refused, again = call(*words), call(*words, "--resume")
    other = call(*words, "--resume", "--seed", 1)
    anew = call(*words, "--overwrite", "--seed", 1)

    assert refused.status == 1
    assert "exists and is kept" in refused.err
    assert again.status == 0
    assert other.status == 1
    assert "holds draws of other seed" in other.err
    assert anew.status == 0
    assert (tmp_path / "out" / "forecast.csv").read_bytes() != before


def test_what_is_overwritten_goes_only_when_the_question_makes_sense(
    call: Call, ports: Path, tmp_path: Path
) -> None:
    words = ["forecast", ports, "--draws", 20, "--workers", 1, "--out", tmp_path / "out"]
    assert call(*words).status == 0
    before = {file: file.read_bytes() for file in (tmp_path / "out").rglob("*.*")}

    called = call(*words, "--overwrite", "--scenario", "clsed")

    assert called.status == 1
    assert {file: file.read_bytes() for file in (tmp_path / "out").rglob("*.*")} == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--draws", "5"], "5 draws have no interval"),
        (["--scenario", "clsed"], "did you mean 'closed'"),
        (["--on", "cluster:8786"], "write dask://HOST:PORT"),
        (["--workers", "0"], "at least one worker"),
        (["--good", "pepper"], "no good 'pepper'"),
        (["--resume"], "name the folder of the draws with --out"),
        (["--out", "/dev/null/out"], "/dev/null/out cannot be written"),
    ],
)
def test_what_cannot_be_asked_is_told(
    call: Call, ports: Path, words: list[str], message: str
) -> None:
    called = call("forecast", ports, *words)

    assert called.status == 1
    assert message in called.err
    assert called.out == ""
