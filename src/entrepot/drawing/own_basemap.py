"""A basemap of the reader's own, in place of the one that comes with the package.

GeoJSON (RFC 7946) or TopoJSON, in degrees: areas are land, lines are borders. Of a topology with
the objects `land` and `countries`, as in world-atlas, the first is land and what countries share
are borders; of another, everything is land and what its parts share are borders.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from entrepot.drawing.basemap import Basemap, Floats, decoded
from entrepot.errors import OutputError

LARGEST = 64 * 1024**2
KINDS = ("FeatureCollection", "Feature", "GeometryCollection", "Topology")
INSIDE = ("Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point", "MultiPoint")


@dataclass(frozen=True)
class OwnBasemap:
    """A file, for the page as a topology or as features, and as it is drawn here."""

    content: bytes
    basemap: Basemap


def read_own_basemap(file: Path) -> OwnBasemap:
    """Read a file of GeoJSON or TopoJSON.

    Raises
    ------
    OutputError : it cannot be read, is too large, is neither, or is not in degrees
    """
    try:
        if file.stat().st_size > LARGEST:
            most = LARGEST // 1024**2
            raise OutputError(f"{file} is larger than {most} MiB; leave out what no map shows")
        content = file.read_bytes()
        found = json.loads(content, parse_constant=_no_number)
    except OSError as error:
        raise OutputError(f"{file} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise OutputError(f"{file} is no JSON: {error}") from error
    if not isinstance(found, dict) or found.get("type") not in (*KINDS, *INSIDE):
        raise OutputError(f"{file} is neither GeoJSON nor TopoJSON; give a file of either")
    try:
        land, borders = _of_topology(found) if found["type"] == "Topology" else _of_geojson(found)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise OutputError(f"{file} is not whole: {type(error).__name__} {error}") from error
    for line in (*land, *borders):
        _check(file, line)
    if not land and not borders:
        raise OutputError(f"{file} has neither areas nor lines, so there is nothing to draw")
    if found["type"] not in ("Topology", "FeatureCollection", "Feature"):
        feature = {"type": "Feature", "properties": {}, "geometry": found}
        content = json.dumps(feature, ensure_ascii=False).encode()
    return OwnBasemap(content, Basemap(land, borders, file.name))


def _of_topology(found: Mapping[str, Any]) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
    objects = dict(found["objects"])
    first = next(iter(objects.values()), {"type": "GeometryCollection", "geometries": []})
    named = {"land": first, "countries": first, **objects}
    if named["countries"].get("type") != "GeometryCollection":
        named["countries"] = {"geometries": [named["countries"]]}
    drawn = decoded({**found, "objects": named})
    return drawn.land, drawn.borders


def _of_geojson(found: Mapping[str, Any]) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
    land: list[Floats] = []
    borders: list[Floats] = []
    for geometry in _geometries(found):
        kind, parts = geometry["type"], geometry.get("coordinates", [])
        if kind in ("Polygon", "MultiPolygon"):
            for polygon in parts if kind == "MultiPolygon" else [parts]:
                # Of overlapping areas the outlines run one way, of holes the other: all is filled
                # but the holes.
                land += [_turned(_line(ring), bool(i)) for i, ring in enumerate(polygon)]
        elif kind in ("LineString", "MultiLineString"):
            borders += map(_line, parts if kind == "MultiLineString" else [parts])
    return tuple(each for each in land if len(each) > 2), tuple(borders)


def _geometries(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every geometry in what may hold others."""
    kind = found["type"]
    if kind == "FeatureCollection":
        for each in found["features"]:
            yield from _geometries(each)
    elif kind == "Feature":
        if found.get("geometry") is not None:
            yield from _geometries(found["geometry"])
    elif kind == "GeometryCollection":
        for each in found["geometries"]:
            yield from _geometries(each)
    elif kind in INSIDE:
        yield found
    else:
        raise ValueError(f"{kind!r} is no geometry")


def _line(points: Any) -> Floats:
    """Points as a line; heights are left out."""
    return np.array([point[:2] for point in points], dtype=float).reshape(-1, 2)


def _turned(ring: Floats, hole: bool) -> Floats:
    """A ring that runs against the clock, or with it where it is a hole."""
    x, y = ring[:, 0], ring[:, 1]
    area = float(x @ np.roll(y, -1) - y @ np.roll(x, -1))
    return ring[::-1] if (area < 0) != hole else ring


def _check(file: Path, line: Floats) -> None:
    wrong = ~((np.abs(line[:, 0]) <= 360.0) & (np.abs(line[:, 1]) <= 90.0))
    if wrong.any():
        x, y = line[wrong][0]
        cure = "write it anew in longitude and latitude (EPSG:4326)"
        raise OutputError(f"{file} is not in degrees: it has the point {x:g}, {y:g}; {cure}")


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
