"""Places on the globe and the networks that they join at their nearest point."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.spatial import cKDTree

from entrepot.errors import Problem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""


def on_sphere(where: Floats) -> Floats:
    """Unit vectors of (longitude, latitude) in degrees, shape (n, 3)."""
    east, north = np.radians(where).T
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], 1)


def arc_km(chord: Floats) -> Floats:
    """Lengths along the ground of straight lines between points of the unit sphere, in km."""
    return np.asarray(2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1.0)))


def nearest_node(nodes: Floats, places: pl.DataFrame) -> tuple[Ints, Floats]:
    """Node nearest to each place and its distance in km (inf where it has no coordinates).

    Parameters
    ----------
    nodes : longitude and latitude, shape (N, 2)
    places : (longitude, latitude)
    """
    where = places.select("longitude", "latitude").to_numpy().astype(float)
    known = np.isfinite(where).all(axis=1)
    chord, at = cKDTree(on_sphere(nodes)).query(on_sphere(np.nan_to_num(where)))
    return np.asarray(at, dtype=np.int64), np.where(known, arc_km(np.asarray(chord)), np.inf)


def isolated(places: pl.DataFrame, off: Floats, within_km: float, network: str) -> list[Problem]:
    """Places that have no coordinates or lie too far off a network, called by `network`."""
    found = []
    for place, far in zip(places["place"], off.tolist(), strict=True):
        if far > within_km:
            message = (
                f"has no coordinates, so that no {network} finds it"
                if np.isinf(far)
                else f"lies {far:.0f} km from the nearest {network}, farther than {within_km:g} km"
            )
            cure = "mend its coordinates, leave it out, or allow more with --within-km"
            found.append(Problem("places", None, "place", str(place), message, cure))
    return found
