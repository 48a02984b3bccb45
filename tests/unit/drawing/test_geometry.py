"""Great circles, offsets and clipping."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.drawing.geometry import clipped, great_circle, offset
from entrepot.drawing.projection import Window


def test_a_great_circle_begins_and_ends_where_asked() -> None:
    line = great_circle((27.5, 53.9), (-46.3, -23.9))

    assert line[0] == pytest.approx([27.5, 53.9])
    assert line[-1] == pytest.approx([-46.3, -23.9])
    assert len(line) > 20


def test_a_great_circle_runs_on_over_the_date_line() -> None:
    line = great_circle((170.0, 60.0), (-170.0, 60.0))

    assert line[-1, 0] == pytest.approx(190.0)
    assert line[:, 1].max() > 60.0
    assert np.abs(np.diff(line[:, 0])).max() < 10.0


def test_an_offset_line_lies_to_the_right_and_meets_at_its_bend() -> None:
    # East, then south where y points down: the right side is south, then west.
    line = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]])
    joints = offset(line, np.array([2.0, 2.0]))

    assert [joint.tolist() for joint in joints] == [[[0.0, 2.0]], [[8.0, 2.0]], [[8.0, 10.0]]]


def test_lanes_of_different_width_meet_at_the_bend_as_well() -> None:
    line = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]])
    joints = offset(line, np.array([2.0, 1.0]))

    assert joints[1].tolist() == [[9.0, 2.0]]


def test_a_sharp_bend_has_two_corners() -> None:
    line = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 0.5]])

    assert offset(line, np.array([2.0, 2.0]))[1].shape == (2, 2)


def test_a_ring_is_cut_at_the_window() -> None:
    square = np.array([[0.0, 0.0], [20.0, 0.0], [20.0, 20.0], [0.0, 20.0], [0.0, 0.0]])
    (part,) = clipped(square, Window(10.0, 40.0, 5.0, 60.0))

    assert part.min(axis=0).tolist() == [10.0, 5.0]
    assert part.max(axis=0).tolist() == [20.0, 20.0]


def test_a_ring_over_the_date_line_is_found_on_the_other_side() -> None:
    ring = np.array([[170.0, 0.0], [-170.0, 0.0], [-170.0, 10.0], [170.0, 10.0], [170.0, 0.0]])
    found = clipped(ring, Window(-200.0, -150.0, -20.0, 20.0))

    assert len(found) == 1
    assert found[0].min(axis=0).tolist() == [-190.0, 0.0]
    assert clipped(ring, Window(0.0, 50.0, -20.0, 20.0)) == []


def test_a_ring_round_the_pole_has_the_pole_inside() -> None:
    ring = np.array([[lon, -70.0] for lon in (-180.0, -90.0, 0.0, 90.0, 180.0)])
    (part,) = clipped(ring, Window(-10.0, 10.0, -85.0, 20.0))

    assert part.min(axis=0).tolist() == [-10.0, -85.0]
    assert part.max(axis=0).tolist() == [10.0, -70.0]
