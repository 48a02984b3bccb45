"""Railways, roads and rivers as lines on a map, for users who bring only places.

entrepot carries no such lines: good ones (OpenStreetMap, Natural Earth) have licences of their own,
so users bring a file. Its lines become a network; a place joins it at its nearest point, which may
not be far; and places that are neighbours on it, with no other place on the way, get a leg.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from entrepot.errors import Problem, StudyError
from entrepot.sources.globe import EARTH_KM, Floats, Ints, arc_km, isolated, nearest_node, on_sphere

SAME_POINT = 1e-7
"""Degrees, about a centimetre: points nearer than that are one."""
DETOUR = 1e-6
"""Share by which a way over a third place may be longer and still pass it."""
LEAST_KM = 1e-6


@dataclass(frozen=True)
class Carriage:
    """What going over the lines costs.

    Attributes
    ----------
    mode : of the legs
    cost_per_km : money per unit and km
    km_a_day : speed
    """

    mode: str
    cost_per_km: float
    km_a_day: float


def legs_along(
    path: Path,
    places: pl.DataFrame,
    carriage: Carriage,
    *,
    within_km: float = 25.0,
    join_km: float = 0.0,
) -> pl.DataFrame:
    """A two-way leg between every two places that are neighbours along the lines of a file.

    Parameters
    ----------
    path : GeoJSON with LineStrings or MultiLineStrings, in degrees
    places : (place, latitude, longitude)
    within_km : the farthest that a place may lie from a point of the lines
    join_km : ends of lines that lie nearer than that to another line are joined to it

    Returns
    -------
    Rows of table `legs`: leg, origin, destination, mode, length_km, cost, days, two_way, source.

    Raises
    ------
    StudyError : no such lines; places without coordinates or too far from them, or cut off from all
        other places; all of them
    """
    network = _network(path, join_km)
    at, off = nearest_node(network.node, places)
    problems = isolated(places, off, within_km, "line")
    if problems:
        raise StudyError("places", problems)
    length = dijkstra(network.graph, directed=False, indices=at)[:, at]
    names = places["place"].to_list()
    alone = np.flatnonzero(np.isinf(length).sum(axis=1) == len(names) - 1)
    if len(alone) and len(names) > 1:
        cure = "leave it out, or join ends of lines that nearly meet with --join-km"
        text = "no line leads from it to any other place"
        raise StudyError(
            "places",
            [Problem("places", None, "place", names[i], text, cure) for i in alone.tolist()],
        )
    one, other = _neighbours(length)
    km = off[one] + length[one, other] + off[other]
    return pl.DataFrame(
        {
            "leg": [
                f"{carriage.mode}-{names[i]}-{names[j]}" for i, j in zip(one, other, strict=True)
            ],
            "origin": [names[i] for i in one],
            "destination": [names[j] for j in other],
            "mode": carriage.mode,
            "length_km": np.round(km, 1),
            "cost": np.round(carriage.cost_per_km * km, 4),
            "days": np.round(km / carriage.km_a_day, 3),
            "two_way": True,
            "source": f"length: lines of {path.name}",
        },
        schema_overrides={"leg": pl.String, "origin": pl.String, "destination": pl.String},
    )


def _neighbours(length: Floats) -> tuple[Ints, Ints]:
    """Pairs of places whose shortest way passes no third place.

    Where several places lie at one point of the lines, the first of them stands for all.
    """
    one, other = np.triu_indices(len(length), k=1)
    joined = np.isfinite(length[one, other])
    one, other = one[joined], other[joined]
    direct, kept = length[one, other], np.ones(len(one), dtype=bool)
    for third in range(len(length)):
        to_one, to_other = length[one, third], length[third, other]
        between = to_one + to_other <= direct * (1 + DETOUR)
        between &= (one != third) & (other != third)
        between &= (to_one > 0) | (third < one)
        between &= (to_other > 0) | (third < other)
        kept &= ~between
    return one[kept], other[kept]


@dataclass(frozen=True)
class _Lines:
    """Longitude and latitude of N points, shape (N, 2), and lengths between them in km."""

    node: Floats
    graph: sparse.csr_array


def _network(path: Path, join_km: float) -> _Lines:
    lines = list(_lines(path))
    points = np.concatenate(lines)
    begins = np.cumsum([0, *(len(each) for each in lines)])
    # Points of several lines at one place are one node.
    node, at = np.unique(np.round(points / SAME_POINT), axis=0, return_inverse=True)
    at = at.reshape(-1)
    inner = np.ones(len(points), dtype=bool)
    inner[begins[1:] - 1] = False
    tail, head = at[:-1][inner[:-1]], at[1:][inner[:-1]]
    if join_km > 0:
        ends = np.unique(np.concatenate([at[begins[:-1]], at[begins[1:] - 1]]))
        more = _joined(node * SAME_POINT, tail, head, ends, join_km)
        tail, head = np.concatenate([tail, more[0]]), np.concatenate([head, more[1]])
    where = on_sphere(node * SAME_POINT)
    length = np.maximum(arc_km(np.linalg.norm(where[tail] - where[head], axis=1)), LEAST_KM)
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    order = np.lexsort((length, high, low))
    low, high, length = low[order], high[order], length[order]
    first = np.ones(len(low), dtype=bool)
    first[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
    first &= low != high
    shape = (len(node), len(node))
    graph = sparse.csr_array((length[first], (low[first], high[first])), shape=shape)
    return _Lines(node * SAME_POINT, graph)


def _joined(node: Floats, tail: Ints, head: Ints, ends: Ints, join_km: float) -> tuple[Ints, Ints]:
    """Ends of lines with the nearest point that no line leads to from them, where that is near."""
    shape = (len(node), len(node))
    links = sparse.csr_array((np.ones(len(tail)), (tail, head)), shape=shape)
    _, piece = connected_components(links, directed=False)
    tree = cKDTree(on_sphere(node))
    chord = 2 * np.sin(min(join_km / EARTH_KM, np.pi) / 2)
    near = tree.query_ball_point(on_sphere(node[ends]), chord)
    pairs = []
    for end, found in zip(ends.tolist(), near, strict=True):
        others = [each for each in found if piece[each] != piece[end]]
        if others:
            far = np.linalg.norm(on_sphere(node[others]) - on_sphere(node[[end]]), axis=1)
            pairs.append((end, others[int(np.argmin(far))]))
    joined = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return joined[:, 0], joined[:, 1]


def _lines(path: Path) -> Iterator[Floats]:
    """The lines of a GeoJSON file, each of shape (n, 2)."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})") from None
    except (ValueError, UnicodeDecodeError) as error:
        raise _refused(path, f"is not JSON: {error}") from None
    geometries = [each.get("geometry", each) for each in _features(found) if isinstance(each, dict)]
    count = 0
    for shape in geometries:
        if not isinstance(shape, dict):
            continue
        kind, coordinates = shape.get("type"), shape.get("coordinates")
        lines: Any = {"LineString": [coordinates], "MultiLineString": coordinates}.get(str(kind))
        for line in lines or []:
            try:
                points = np.array([point[:2] for point in line], dtype=np.float64)
            except (TypeError, ValueError):
                raise _refused(path, f"holds a line that is none: {str(line)[:60]}") from None
            if len(points) < 2:
                continue
            if not (np.abs(points) <= (180.0, 90.0)).all():
                raise _refused(path, f"holds points off the globe: {points[0].tolist()}")
            count += 1
            yield points
    if not count:
        raise _refused(path, "holds no lines")


def _features(found: Any) -> list[Any]:
    if not isinstance(found, dict):
        return []
    for name in ("features", "geometries"):
        if isinstance(found.get(name), list):
            return list(found[name])
    return [found]


def _refused(path: Path, message: str) -> StudyError:
    cure = "name GeoJSON with LineStrings, in degrees of longitude and latitude"
    return StudyError(path.name, [Problem(path.name, None, None, None, message, cure)])
