"""Projections keep areas and fit what they are to show."""

from __future__ import annotations

import math

import numpy as np
import pytest

from entrepot.drawing.projection import (
    Albers,
    EqualEarth,
    Projection,
    Window,
    fitting,
    framed,
    window_of,
)

CAUCASUS = Window(20.0, 60.0, 30.0, 60.0)


@pytest.mark.parametrize("projection", [Albers(40.0, 35.0, 55.0), EqualEarth(40.0)])
@pytest.mark.parametrize(("longitude", "latitude"), [(30.0, 40.0), (50.0, 58.0), (41.0, 33.0)])
def test_an_area_on_paper_is_the_area_on_the_globe(
    projection: Projection, longitude: float, latitude: float
) -> None:
    d = 0.01
    x, y = projection(
        np.array([longitude - d, longitude + d, longitude, longitude]),
        np.array([latitude, latitude, latitude - d, latitude + d]),
    )
    across, up = (x[1] - x[0], y[1] - y[0]), (x[3] - x[2], y[3] - y[2])
    area = across[0] * up[1] - across[1] * up[0]
    globe = math.radians(2 * d) ** 2 * math.cos(math.radians(latitude))

    assert area == pytest.approx(globe, rel=1e-6)


def test_albers_gives_the_example_of_snyder() -> None:
    # Snyder (1987), page 291: the sphere of radius 1, parallels 29.5 and 45.5, origin 23 N 96 W;
    # 35 N 75 W is at x = 0.2952720, y = 0.2416774.
    projection = Albers(-96.0, 29.5, 45.5)
    x, y = projection(np.array([-75.0, -96.0]), np.array([35.0, 23.0]))

    assert x[0] == pytest.approx(0.2952720, abs=1e-7)
    assert y[0] - y[1] == pytest.approx(0.2416774, abs=1e-7)


def test_a_region_gets_a_cone_and_the_world_does_not() -> None:
    assert isinstance(fitting(CAUCASUS), Albers)
    assert isinstance(fitting(Window(-60.0, 140.0, -35.0, 70.0)), EqualEarth)
    assert isinstance(fitting(Window(10.0, 50.0, -20.0, 20.0)), EqualEarth)


def test_the_window_goes_over_the_date_line_where_that_is_narrower() -> None:
    window = window_of([170.0, -170.0], [50.0, 52.0])

    assert window.east - window.west == pytest.approx(20.0)
    assert window.holds(179.0, 51.0)
    assert window.holds(-179.0, 51.0)
    assert not window.holds(0.0, 51.0)


def test_one_point_has_a_window_with_a_margin() -> None:
    window = window_of([50.0], [40.0]).wider(0.05, 1.5)

    assert (window.west, window.east, window.south, window.north) == (48.5, 51.5, 38.5, 41.5)


def test_everything_inside_the_window_is_on_the_paper() -> None:
    frame = framed(CAUCASUS, 960.0, 620.0)
    points = frame.put([20.0, 60.0, 20.0, 60.0, 40.0], [30.0, 30.0, 60.0, 60.0, 45.0])

    assert frame.height <= 620.0
    assert (points >= -1e-6).all()
    assert (points[:, 0] <= 960.0 + 1e-6).all()
    assert (points[:, 1] <= frame.height + 1e-6).all()
