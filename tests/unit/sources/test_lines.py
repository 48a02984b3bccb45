"""Lines on a map to legs: neighbours joined, lengths along the line, isolated places refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from entrepot.cli import run
from entrepot.errors import StudyError
from entrepot.sources.lines import Carriage, legs_along

RAIL = Carriage("rail", 0.02, 300.0)
DEGREE = 111.195
"""Kilometres of a degree along the equator."""
PLACES = pl.DataFrame(
    {
        "place": ["west", "middle", "east", "north"],
        "longitude": [0.0, 1.0, 2.0, 1.0],
        "latitude": [0.0, 0.01, 0.0, 1.0],
    }
)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writing(*lines: list[list[float]]) -> Path:
        path = tmp_path / "rail.geojson"
        shapes = [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "LineString", "coordinates": c},
            }
            for c in lines
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
        return path

    return writing


EQUATOR = [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]


def test_neighbours_are_joined_and_lengths_are_those_of_the_lines(write: Write) -> None:
    legs = legs_along(write(EQUATOR, [[1.0, 0.0], [1.0, 1.0]]), PLACES, RAIL)
    found = {(row["origin"], row["destination"]): row for row in legs.to_dicts()}
    assert set(found) == {("west", "middle"), ("middle", "east"), ("middle", "north")}
    # The place in the middle lies a hundredth of a degree off the line.
    first = found["west", "middle"]
    assert first["length_km"] == pytest.approx(1.01 * DEGREE, abs=0.1)
    assert first["cost"] == pytest.approx(0.02 * 1.01 * DEGREE, abs=0.01)
    assert first["days"] == pytest.approx(1.01 * DEGREE / 300, abs=0.001)


def test_a_shorter_way_round_is_a_leg_of_its_own(write: Write) -> None:
    bypass = [[0.0, 0.0], [1.0, -0.001], [2.0, 0.0]]
    long_way = [[0.0, 0.0], [1.0, 0.05], [2.0, 0.0]]
    legs = legs_along(write(long_way, bypass), PLACES.head(3).with_columns(
        latitude=pl.when(pl.col("place") == "middle").then(0.05).otherwise("latitude")
    ), RAIL)  # fmt: skip
    assert legs.height == 3


def test_two_places_at_one_point_are_joined_through_the_first(write: Write) -> None:
    twins = pl.concat([PLACES.head(3), PLACES.slice(1, 1).with_columns(place=pl.lit("twin"))])
    legs = legs_along(write(EQUATOR), twins, RAIL)
    assert set(legs.select("origin", "destination").rows()) == {
        ("west", "middle"), ("middle", "east"), ("middle", "twin")
    }  # fmt: skip


def test_isolated_places_are_told_together(write: Write) -> None:
    far = PLACES.with_columns(
        latitude=pl.when(pl.col("place") == "north").then(5.0).otherwise("latitude"),
        longitude=pl.when(pl.col("place") == "west").then(None).otherwise("longitude"),
    )
    with pytest.raises(StudyError) as caught:
        legs_along(write(EQUATOR), far, RAIL)
    assert [problem.value for problem in caught.value.problems] == ["west", "north"]


def test_a_place_that_no_line_joins_to_others(write: Write) -> None:
    apart = write(EQUATOR, [[1.0, 0.5], [1.0, 1.0]])
    with pytest.raises(StudyError, match="no line leads from it"):
        legs_along(apart, PLACES, RAIL)
    joined = legs_along(apart, PLACES, RAIL, join_km=60.0)
    ends = set(joined.select("origin", "destination").rows())
    assert ("middle", "north") in ends


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no json", "is not JSON"),
        ("{}", "holds no lines"),
        ('{"type": "LineString", "coordinates": [[0, 0], [500, 0]]}', "off the globe"),
        ('{"type": "LineString", "coordinates": [["a", 0], [1, 0]]}', "a line that is none"),
    ],
)
def test_a_file_without_lines(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "rail.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=told):
        legs_along(path, PLACES, RAIL)


def test_from_the_command_line(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    study.mkdir()
    (study / "study.toml").write_text('title = "Places alone"\n')
    PLACES.with_columns(country=pl.lit("AA")).write_csv(study / "places.csv")
    (study / "goods.csv").write_text("good\nsalt\n")
    (study / "consignments.csv").write_text(
        "consignment,good,origin,destination,quantity\none,salt,west,north,10\n"
    )
    path = write(EQUATOR, [[1.0, 0.0], [1.0, 1.0]])
    words = ["--mode", "rail", "--cost-per-km", "0.02", "--km-a-day", "300"]
    assert run(["import", "lines", str(study), str(path), str(tmp_path / "joined"), *words]) == 0
    assert "3 rail legs between 4 places" in "".join(capsys.readouterr())
    assert run(["route", str(tmp_path / "joined")]) == 0
    assert run(["import", "lines", str(study), str(path), str(tmp_path / "joined"), *words]) == 1
