"""Courses over water: round the land, and together where they can."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.drawing.basemap import Basemap, decoded, read_basemap
from entrepot.drawing.by_water import over_water, sea_courses
from entrepot.drawing.mapped import Band, Kind, Mapped, Spot
from entrepot.drawing.sea_ways import cell, courses, middles
from tests.unit.drawing.test_map import WORLD

# A wall of land 20 degrees wide from 40 south to 20 north.
WALL = Basemap((np.array([[0, -40], [20, -40], [20, 20], [0, 20], [0, -40]], dtype=float),), ())


def test_a_topology_is_land_and_the_borders_between_countries() -> None:
    world = decoded(WORLD)

    assert len(world.land) == 1
    assert world.land[0][0].tolist() == world.land[0][-1].tolist()
    assert [line.tolist() for line in world.borders] == [[[45.0, 30.0], [45.0, 60.0]]]


def test_a_quantised_topology_is_told_by_steps() -> None:
    stepped = {
        "arcs": [[[0, 0], [10, 0], [0, 10], [-10, -10]]],
        "transform": {"scale": [0.5, 0.5], "translate": [10.0, 20.0]},
        "objects": {
            "land": {"type": "Polygon", "arcs": [[0]]},
            "countries": {"type": "GeometryCollection", "geometries": []},
        },
    }

    assert decoded(stepped).land[0].tolist() == [[10, 20], [15, 20], [15, 25], [10, 20]]


def test_a_course_goes_round_the_land() -> None:
    found = courses(WALL, {(0, 1): ((-5.0, 0.0), (25.0, 0.0))})
    points = middles(found[0, 1])
    on_land = (points[:, 0] > 1) & (points[:, 0] < 19) & (points[:, 1] < 19)

    assert not on_land.any()
    assert points[:, 1].max() > 19


def test_a_course_crosses_land_where_it_is_narrow() -> None:
    strip = Basemap((np.array([[0, -58], [1, -58], [1, 64], [0, 64], [0, -58]], dtype=float),), ())
    points = middles(courses(strip, {(0, 1): ((-5.0, 0.0), (6.0, 0.0))})[0, 1])

    assert np.abs(points[:, 1]).max() < 5


def test_a_course_may_cross_the_date_line() -> None:
    found = courses(WALL, {(0, 1): ((175.0, 0.5), (-175.0, 0.5))})[0, 1]

    assert len(found) == 11
    assert (found[0], found[-1]) == (cell(175.0, 0.5), cell(-175.0, 0.5))


def test_shared_courses_carry_the_sum() -> None:
    spots = (
        Spot("a", -5.0, 0.0), Spot("b", 25.0, 0.0), Spot("c", -5.0, -4.0), Spot("d", 30.0, -2.0),
    )  # fmt: skip
    bands = (Band(0, 1, 0, 5.0), Band(2, 3, 0, 3.0), Band(0, 2, 0, 1.0))
    mapped = Mapped(spots, (), bands, (Kind("salt", "#000000", "t"),))
    places = [(spot.longitude, spot.latitude) for spot in spots]
    pairs = [(0, 1), (2, 3)]
    led = over_water(mapped, pairs, sea_courses(WALL, places, pairs))

    assert max(band.quantity for band in led.bands) == pytest.approx(8.0)
    assert Band(0, 2, 0, 1.0) in led.bands
    assert {spot.kind for spot in led.spots[4:]} == {"way"}
    for spot in range(4, len(led.spots)):
        into = sum(band.quantity for band in led.bands if band.end == spot)
        assert into == pytest.approx(sum(b.quantity for b in led.bands if b.start == spot))


def test_the_world_of_the_package_joins_the_oceans() -> None:
    basemap = read_basemap()
    if basemap is None:
        pytest.skip("no basemap is installed: make basemap fetches it where npm is")
    found = courses(basemap, {(0, 1): ((29.0, 40.9), (72.8, 18.9))})[0, 1]
    points = middles(found)

    # From the Bosporus to Mumbai by Suez, not round Africa.
    assert points[:, 1].min() > 5
    assert ((points[:, 0] > 31) & (points[:, 0] < 45) & (points[:, 1] < 31)).any()
