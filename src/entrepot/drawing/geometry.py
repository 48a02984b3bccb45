"""Lines on the globe and on paper: great circles, offsets, clipping to a window."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from entrepot.drawing.projection import Window

Floats = npt.NDArray[np.float64]

STEP = 2.5
"""Degrees between two points of a drawn great circle."""

SHARPEST = 3.0
"""Offset lines that meet further from the bend than so many offsets are not made to meet."""


def great_circle(start: tuple[float, float], end: tuple[float, float]) -> Floats:
    """The shortest line between two points (longitude, latitude in degrees), shape (n, 2).

    Longitudes run on over the date line rather than jump.
    """
    ends = np.radians(np.array([start, end], dtype=float))
    longitude, latitude = ends[:, 0], ends[:, 1]
    points = np.column_stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )
    angle = math.acos(float(np.clip(points[0] @ points[1], -1.0, 1.0)))
    if angle < 1e-6 or angle > math.pi - 1e-6:
        return np.array([start, end], dtype=float)
    steps = max(1, math.ceil(math.degrees(angle) / STEP))
    t = np.linspace(0.0, 1.0, steps + 1)[:, None]
    on = (np.sin((1 - t) * angle) * points[0] + np.sin(t * angle) * points[1]) / math.sin(angle)
    found = np.degrees(np.arctan2(on[:, 1], on[:, 0]))
    found = np.degrees(np.unwrap(np.radians(found)))
    found += 360.0 * round((start[0] - found[0]) / 360.0)
    return np.column_stack([found, np.degrees(np.arcsin(np.clip(on[:, 2], -1.0, 1.0)))])


def offset(line: Floats, sides: Floats) -> list[Floats]:
    """A line moved aside, to the right of its direction where y points down.

    Parameters
    ----------
    line : shape (n, 2), no two points in a row the same
    sides : how far each of its pieces is moved, shape (n - 1,)

    Returns
    -------
    For each point of the line where it goes to, shape (1, 2), or (2, 2) where the two pieces that
    meet there do not meet any more: the end of one, the beginning of the other.
    """
    along = np.diff(line, axis=0)
    along /= np.linalg.norm(along, axis=1)[:, None]
    aside = np.column_stack([-along[:, 1], along[:, 0]]) * sides[:, None]
    joints = [(line[0] + aside[0])[None, :]]
    for i in range(1, len(along)):
        before, after = line[i] + aside[i - 1], line[i] + aside[i]
        meeting = _meeting(before, along[i - 1], after, along[i])
        reach = SHARPEST * max(abs(sides[i - 1]), abs(sides[i]), 1.0)
        if meeting is not None and float(np.linalg.norm(meeting - line[i])) <= reach:
            joints.append(meeting[None, :])
        else:
            joints.append(np.array([before, after]))
    joints.append((line[-1] + aside[-1])[None, :])
    return joints


def _meeting(p: Floats, along: Floats, q: Floats, other: Floats) -> Floats | None:
    """Where two lines meet, given a point and a direction each; None where they hardly turn."""
    cross = float(along[0] * other[1] - along[1] * other[0])
    if abs(cross) < 1e-6:
        return None
    gap = q - p
    return np.asarray(p + along * ((gap[0] * other[1] - gap[1] * other[0]) / cross))


def distinct(line: Floats, least: float = 0.05) -> Floats:
    """A line without points that fall together with the one before, shape (n, 2)."""
    kept = [line[0]]
    for point in line[1:]:
        if float(np.linalg.norm(point - kept[-1])) >= least:
            kept.append(point)
    return np.array(kept)


def thinned(line: Floats, least: float) -> Floats:
    """A line of as many points as can be told apart on a grid of that width, shape (n, 2)."""
    cells = np.floor(line / least)
    moved = np.any(cells[1:] != cells[:-1], axis=1)
    return np.asarray(line[np.concatenate([[True], moved])])


def unwrapped(ring: Floats) -> Floats:
    """A ring whose longitudes run on rather than jump by a turn, shape (n, 2)."""
    return np.column_stack([np.degrees(np.unwrap(np.radians(ring[:, 0]))), ring[:, 1]])


def clipped(ring: Floats, window: Window) -> list[Floats]:
    """The parts of a ring inside a window, as rings told around its middle.

    Sutherland and Hodgman (1974), "Reentrant polygon clipping", Communications of the ACM 17(1).
    """
    found = []
    run = unwrapped(ring)
    if abs(run[-1, 0] - run[0, 0]) > 180.0:
        # Antarctica: a ring that goes round the pole has it inside.
        run = np.vstack([run, [run[-1, 0], -90.0], [run[0, 0], -90.0]])
    turn = 360.0 * math.floor((window.west - run[:, 0].min()) / 360.0)
    for moved in (turn, turn + 360.0, turn + 720.0):
        part = run + np.array([moved, 0.0])
        if part[:, 0].max() < window.west or part[:, 0].min() > window.east:
            continue
        part = inside(part, (window.west, window.south, window.east, window.north))
        if len(part):
            found.append(part)
    return found


def inside(ring: Floats, box: tuple[float, float, float, float]) -> Floats:
    """The part of a ring inside a box (least x, least y, largest x, largest y); empty if none."""
    for axis, bound, sign in (
        (0, box[0], 1.0),
        (0, box[2], -1.0),
        (1, box[1], 1.0),
        (1, box[3], -1.0),
    ):
        ring = _cut(ring, axis, bound, sign)
        if len(ring) < 3:
            return np.empty((0, 2))
    return ring


def _cut(ring: Floats, axis: int, bound: float, sign: float) -> Floats:
    """The part of a ring on one side of a line parallel to an axis."""
    if not len(ring):
        return ring
    depth = sign * (ring[:, axis] - bound)
    kept: list[Floats] = []
    for i in range(len(ring)):
        before, here = depth[i - 1], depth[i]
        if (before >= 0) != (here >= 0):
            share = before / (before - here)
            kept.append(ring[i - 1] + share * (ring[i] - ring[i - 1]))
        if here >= 0:
            kept.append(ring[i])
    return np.array(kept).reshape(-1, 2)
