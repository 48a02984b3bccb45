"""What goes by water, led over the sea: shared courses carry the sum of their goods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from entrepot.drawing.basemap import Basemap
from entrepot.drawing.mapped import Band, Mapped, Spot
from entrepot.drawing.sea_ways import Pair, Place, courses, middles

Floats = npt.NDArray[np.float64]

SHORTEST = 3.0
"""Degrees up to which a way by water is drawn straight."""

ROUNDS = 12
"""How often each point of a course moves towards the middle of its neighbours."""


def over_water(mapped: Mapped, pairs: Iterable[Pair], cells: dict[Pair, list[int]]) -> Mapped:
    """The map with the bands between some pairs of spots led over cells of the sea.

    Every cell on the way becomes a spot without a sign (`way` as its kind).

    Parameters
    ----------
    pairs : spots between which goods go by water
    cells : their courses, see `sea_courses`
    """
    led = {pair for pair in pairs if pair in cells}
    spots = list(mapped.spots)
    at: dict[int, int] = {}
    sums: dict[tuple[int, int, int], float] = {}
    for band in mapped.bands:
        ends = (band.start, band.end)
        chain = [band.start, band.end]
        if ends in led:
            for each in cells[ends]:
                at.setdefault(each, len(mapped.spots) + len(at))
            chain = [band.start, *(at[each] for each in cells[ends]), band.end]
        for start, end in pairwise(chain):
            key = (start, end, band.kind)
            sums[key] = sums.get(key, 0.0) + band.quantity
    spots += [Spot("", float(east), float(north), "way") for east, north in middles(at)]
    bands = tuple(Band(*key, quantity) for key, quantity in sorted(sums.items()))
    smooth = _smoothed(spots, bands, len(mapped.spots))
    return Mapped(tuple(smooth), mapped.lines, bands, mapped.kinds)


def sea_courses(
    basemap: Basemap, places: Sequence[Place], wanted: Iterable[Pair]
) -> dict[Pair, list[int]]:
    """Courses in cells for pairs of spots, both directions alike; short ways have none.

    Parameters
    ----------
    places : longitude and latitude of each spot
    wanted : pairs of spots, those first that others should follow
    """
    asked = {}
    for one, other in wanted:
        low, high = sorted((one, other))
        ends = (places[low], places[high])
        if max(abs(ends[0][0] - ends[1][0]), abs(ends[0][1] - ends[1][1])) > SHORTEST:
            asked[low, high] = ends
    found = courses(basemap, asked)
    return found | {(high, low): chain[::-1] for (low, high), chain in found.items()}


def _smoothed(spots: list[Spot], bands: tuple[Band, ...], fixed: int) -> list[Spot]:
    """Spots of courses moved towards the middle of their neighbours; the others stay."""
    if len(spots) == fixed:
        return spots
    beside: dict[int, set[int]] = {}
    for band in bands:
        beside.setdefault(band.start, set()).add(band.end)
        beside.setdefault(band.end, set()).add(band.start)
    free = [i for i in range(fixed, len(spots)) if i in beside]
    around = [sorted(beside[i]) for i in free]
    where = np.array([(spot.longitude, spot.latitude) for spot in spots])
    for _ in range(ROUNDS):
        moved = where.copy()
        for i, others in zip(free, around, strict=True):
            near = where[others].copy()
            near[:, 0] += 360.0 * np.round((where[i, 0] - near[:, 0]) / 360.0)
            moved[i] = 0.5 * where[i] + 0.5 * near.mean(axis=0)
        where = moved
    return [
        spot if i < fixed else Spot("", float(where[i, 0]), float(where[i, 1]), "way")
        for i, spot in enumerate(spots)
    ]
