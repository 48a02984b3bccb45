"""Result tables as GeoJSON (RFC 7946): legs as lines, places as points, for any map.

Where a place has no coordinates its features have no geometry, which the format allows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from entrepot.network.network import build_network
from entrepot.study import Study

SPATIAL = {"flows": "leg", "prices": "place"}
"""Tables that can be drawn, and the column that says where."""


def geojson(study: Study, table: str, frame: pl.DataFrame) -> str:
    """One of the tables in `SPATIAL` as a feature collection, a feature a row."""
    points = _points(study)
    ends = _ends(study) if SPATIAL[table] == "leg" else {}
    features = [
        _line(row, ends[row["leg"]], points)
        if SPATIAL[table] == "leg"
        else _feature(row, "Point", points[row["place"]])
        for row in frame.iter_rows(named=True)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def _points(study: Study) -> dict[str, list[float] | None]:
    """Longitude and latitude of each place, None where they are not given."""
    places = study.table("places").select("place", "longitude", "latitude")
    return {
        place: None if longitude is None or latitude is None else [longitude, latitude]
        for place, longitude, latitude in places.iter_rows()
    }


def _ends(study: Study) -> dict[str, dict[str, str]]:
    """Mode, origin and destination of each leg, the ways back included."""
    network = build_network(study)
    modes = study.table("legs")["mode"].to_list()
    return {
        name: {
            "mode": modes[network.leg_row[leg]],
            "origin": network.places[network.origin[leg]],
            "destination": network.places[network.destination[leg]],
        }
        for leg, name in enumerate(network.legs)
    }


def _line(
    row: Mapping[str, Any], ends: Mapping[str, str], points: Mapping[str, list[float] | None]
) -> dict[str, Any]:
    start, end = points[ends["origin"]], points[ends["destination"]]
    known = None if start is None or end is None else [start, end]
    return _feature({**row, **ends}, "LineString", known)


def _feature(properties: Mapping[str, Any], kind: str, where: Any) -> dict[str, Any]:
    shape = None if where is None else {"type": kind, "coordinates": where}
    return {"type": "Feature", "geometry": shape, "properties": dict(properties)}
