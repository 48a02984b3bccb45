"""Basemaps of one's own: what is land, what is a border, and what is no basemap."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.clearing.clear import clear
from entrepot.drawing.basemap import read_basemap
from entrepot.drawing.own_basemap import OwnBasemap, read_own_basemap
from entrepot.errors import OutputError
from entrepot.report.report import report
from entrepot.study import study_from_tables
from tests.unit.report.studies import TABLES

SQUARE = [[40, 35], [60, 35], [60, 45], [40, 45], [40, 35]]
LAKE = [[45, 38], [50, 38], [50, 42], [45, 38]]
LINE = [[40, 40, 7], [60, 40, 7]]


def written(tmp_path: Path, told: Any) -> Path:
    file = tmp_path / "coasts.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told))
    return file


def read(tmp_path: Path, told: Any) -> OwnBasemap:
    return read_own_basemap(written(tmp_path, told))


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def area(ring: Any) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


@pytest.mark.parametrize("turn", [1, -1])
def test_areas_are_land_and_lines_are_borders(tmp_path: Path, turn: int) -> None:
    shapes = [
        polygon(SQUARE[::turn], LAKE[::turn]),
        {"type": "LineString", "coordinates": LINE},
        {"type": "Point", "coordinates": [1, 2]},
    ]
    features = [{"type": "Feature", "properties": None, "geometry": each} for each in shapes]
    features.append({"type": "Feature", "properties": None, "geometry": None})
    found = read(tmp_path, {"type": "FeatureCollection", "features": features}).basemap

    assert [round(area(ring), 1) for ring in found.land] == [200.0, -10.0]
    assert [line.tolist() for line in found.borders] == [[[40, 40], [60, 40]]]
    assert found.file == "coasts.json"


def test_several_shapes_in_one_are_taken_apart(tmp_path: Path) -> None:
    shapes = [
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [LAKE]]},
        {"type": "MultiLineString", "coordinates": [LINE, LINE]},
    ]
    found = read(tmp_path, {"type": "GeometryCollection", "geometries": shapes})

    assert (len(found.basemap.land), len(found.basemap.borders)) == (2, 2)
    # The page knows features and topologies.
    assert json.loads(found.content)["type"] == "Feature"


@pytest.mark.parametrize("name", ["land", "regions"])
def test_a_topology_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    # Two squares side by side share the arc 0.
    arcs = [[[50, 35], [50, 45]], [[50, 45], [40, 45], [40, 35], [50, 35]]]
    arcs.append([[50, 35], [60, 35], [60, 45], [50, 45]])
    sides = [{"type": "Polygon", "arcs": [[0, 1]]}, {"type": "Polygon", "arcs": [[2, -1]]}]
    both = {"type": "GeometryCollection", "geometries": sides}
    found = read(tmp_path, {"type": "Topology", "arcs": arcs, "objects": {name: both}}).basemap

    assert len(found.land) == 2
    assert [line.tolist() for line in found.borders] == [[[50, 35], [50, 45]]]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("", "is no JSON"),
        ('{"type": "Polygon", "coordinates": NaN}', "NaN is no number"),
        ("[" * 100_000, "is no JSON"),
        ([1], "neither GeoJSON nor TopoJSON"),
        ({"type": "Zebra"}, "neither GeoJSON nor TopoJSON"),
        ({"type": "FeatureCollection"}, "is not whole"),
        ({"type": "FeatureCollection", "features": [{"type": "Zebra"}]}, "is not whole"),
        ({"type": "Topology", "arcs": [], "objects": {"a": {"type": "Polygon", "arcs": [[0]]}}},
         "is not whole"),
        (polygon([["a", "b"]]), "is not whole"),
        (polygon([[421_000, 4_310_000]] * 4), "is not in degrees: it has the point 421000"),
        ({"type": "FeatureCollection", "features": []}, "nothing to draw"),
    ],
)  # fmt: skip
def test_what_is_no_basemap_is_told(tmp_path: Path, told: Any, why: str) -> None:
    with pytest.raises(OutputError, match=why):
        read(tmp_path, told)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be read"):
        read_own_basemap(tmp_path / "none.json")


def test_the_report_is_drawn_on_it_and_says_so(tmp_path: Path) -> None:
    answer = clear(study_from_tables("evil", TABLES))
    own = read(tmp_path, polygon(SQUARE)).basemap
    page = report(answer, basemap=own)

    assert "the file coasts.json, given by whoever made this map" in page
    assert "Natural Earth" not in page
    assert page != report(answer)
    assert page == report(answer, basemap=own)


def test_a_fine_basemap_is_drawn_as_fine_as_paper_shows_it(tmp_path: Path) -> None:
    if read_basemap() is None:
        pytest.skip("no basemap here: `make basemap` fetches it with npm")
    answer = clear(study_from_tables("evil", TABLES))
    around = np.linspace(0, 2 * np.pi, 200_000)
    ring = np.column_stack([50 + 12 * np.cos(around), 40 + 6 * np.sin(around)])
    fine = report(answer, basemap=read(tmp_path, polygon(ring.round(6).tolist())).basemap)

    assert len(fine) < len(report(answer)) + 20_000
