"""Sea lanes between ports: lengths near published ones, isolated places refused."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from entrepot.cli import FAILURE, run
from entrepot.errors import QuestionError, StudyError
from entrepot.sources.sea_lanes import Sailing, sea_lanes

PORTS = pl.DataFrame(
    {
        "place": ["rotterdam", "singapore", "minsk"],
        "latitude": [51.95, 1.26, 53.9],
        "longitude": [4.05, 103.8, 27.56],
    }
)
SEAPORTS = PORTS.head(2)


def test_lengths_are_those_of_ships() -> None:
    """Rotterdam-Singapore: 8,288 nautical miles by Suez and 11,755 by the Cape (sea-distances)."""
    by_suez = sea_lanes(SEAPORTS, Sailing(0.01, loading=5.0, knots=20.0)).row(0, named=True)
    by_cape = sea_lanes(SEAPORTS, Sailing(0.01), closed=["suez"]).row(0, named=True)
    assert by_suez["length_km"] == pytest.approx(8288 * 1.852, rel=0.05)
    assert by_cape["length_km"] == pytest.approx(11755 * 1.852, rel=0.05)
    assert by_suez["cost"] == pytest.approx(5 + 0.01 * by_suez["length_km"], abs=0.02)
    assert by_suez["days"] == pytest.approx(by_suez["length_km"] / (20 * 1.852 * 24), abs=0.01)


def test_places_inland_or_without_coordinates_are_refused_all_at_once() -> None:
    nowhere = PORTS.with_columns(
        longitude=pl.when(pl.col("place") == "rotterdam").then(None).otherwise("longitude")
    )
    with pytest.raises(StudyError) as caught:
        sea_lanes(nowhere, Sailing(0.01))
    told = [problem.value for problem in caught.value.problems]
    assert told == ["rotterdam", "minsk"]
    assert "has no coordinates" in str(caught.value)
    assert "from the nearest sea lane" in str(caught.value)


def test_an_unknown_passage_is_named() -> None:
    with pytest.raises(QuestionError, match="did you mean 'suez'"):
        sea_lanes(SEAPORTS, Sailing(0.01), closed=["suze"])


@pytest.mark.parametrize(
    "wrong",
    [["--cost-per-km", "-1"], ["--knots", "0"], ["--within-km", "-5"], ["--loading", "nan"]],
)
def test_figures_that_make_no_sense(
    wrong: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", "sea", "caspian", str(tmp_path / "new"), *wrong]
    words += [] if "--cost-per-km" in wrong else ["--cost-per-km", "1"]

    assert run(words) == FAILURE
    assert re.search("of 0 or more|must be above 0", capsys.readouterr().err)
