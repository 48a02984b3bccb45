"""Coasts and borders of the world, where they are installed: Natural Earth at 1:110 million.

The file is `countries-110m.json` of the npm package world-atlas, which packs Natural Earth (public
domain, naturalearthdata.com) as TopoJSON; `make basemap` puts it beside this module. TopoJSON:
Bostock, M. and Metcalf, C. (2013), "The TopoJSON format specification",
https://github.com/topojson/topojson-specification.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FILE = Path(__file__).with_name("countries-110m.json")


@dataclass(frozen=True)
class Basemap:
    """Lines in degrees, each of shape (n, 2).

    Attributes
    ----------
    land : rings of all land
    borders : lines between two countries
    file : name of the reader's own file; blank for the one of the package
    """

    land: tuple[Floats, ...]
    borders: tuple[Floats, ...]
    file: str = ""


@cache
def read_basemap(file: Path = FILE) -> Basemap | None:
    """The basemap of the package, None where it is not installed."""
    if not file.is_file():
        return None
    return decoded(json.loads(file.read_text(encoding="utf-8")))


def decoded(topology: dict[str, Any]) -> Basemap:
    """Land and borders of a topology with the objects `land` and `countries`."""
    arcs = [_arc(arc, topology.get("transform")) for arc in topology["arcs"]]
    land = tuple(_joined(arcs, ring) for ring in _rings(topology["objects"]["land"]) if len(ring))
    owners: dict[int, int] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        mine = {arc if arc >= 0 else ~arc for ring in _rings(country) for arc in ring}
        for arc in mine:
            owners[arc] = owners.get(arc, 0) + 1
    shared = tuple(arcs[arc] for arc in sorted(owners) if owners[arc] > 1)
    return Basemap(land, shared)


def _arc(points: list[list[float]], transform: dict[str, list[float]] | None) -> Floats:
    """One arc in degrees; a quantised one is told by steps."""
    line = np.array(points, dtype=float)[:, :2]
    if transform is None:
        return line
    return np.asarray(
        np.cumsum(line, axis=0) * np.array(transform["scale"]) + np.array(transform["translate"])
    )


def _rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """Every ring of a geometry as the numbers of its arcs, ``~n`` for one that runs backwards."""
    if geometry["type"] == "GeometryCollection":
        for inner in geometry["geometries"]:
            yield from _rings(inner)
    elif geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def _joined(arcs: list[Floats], ring: list[int]) -> Floats:
    """A ring as one line; each arc begins where the one before ends."""
    parts = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
