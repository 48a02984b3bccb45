"""Courses over water, roughly: where a map may draw what goes by ship.

The sea is a grid of degrees. A course is the cheapest chain of its cells, where land costs many
times what water does: so it crosses land only where that is narrow, which is where canals and
straits are; far in the north the sea is ice. Courses that can share a way do, as in flow maps
(Phan, D. et al. 2005, "Flow map layout", IEEE Symposium on Information Visualization). They are
for drawing and no distances.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from entrepot.drawing.basemap import Basemap, read_basemap
from entrepot.drawing.geometry import unwrapped

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pair = tuple[int, int]
Place = tuple[float, float]

SOUTH, NORTH = -60, 82
"""Degrees of latitude between which courses are sought."""

SAMPLES = 3
"""Points along each side of a cell that are asked whether they are land."""

ICE, THICK, ICY = 65.0, 71.0, 20.0
"""Latitudes from which ice begins to cost and from which it costs all that this says."""

LAND, INLAND = 7.0, 25.0
"""What a cell of land costs more than one of water, and what one within land costs more still."""

WITHIN = 0.98
"""Share of land in a cell and its neighbours from which it lies within land."""

SHARED = 0.75
"""What a cell costs of its price once another course goes there."""

ROWS, COLUMNS = NORTH - SOUTH, 360
NEIGHBOURS = ((0, 1), (1, 0), (1, 1), (1, -1))


def courses(basemap: Basemap, wanted: Mapping[Pair, tuple[Place, Place]]) -> dict[Pair, list[int]]:
    """A chain of cells for each pair of places, both places left out.

    Parameters
    ----------
    wanted : longitude and latitude of both ends of each pair; those asked for first come first
        where courses may share a way
    """
    from scipy.sparse.csgraph import dijkstra

    graph, start, end = _graph(basemap)
    price = graph.data.copy()
    found: dict[Pair, list[int]] = {}
    origins: dict[int, list[Pair]] = {}
    for pair, (here, _) in wanted.items():
        origins.setdefault(cell(*here), []).append(pair)
    for origin, pairs in origins.items():
        _, found_before = dijkstra(graph, indices=[origin], return_predecessors=True)
        before = found_before[0]
        gone: set[tuple[int, int]] = set()
        for pair in pairs:
            found[pair] = _back(before, cell(*wanted[pair][1]), origin)
            gone.update(zip(found[pair], found[pair][1:], strict=False))
        if gone:
            used = {min(a, b) * ROWS * COLUMNS + max(a, b) for a, b in gone}
            key = np.minimum(start, end) * ROWS * COLUMNS + np.maximum(start, end)
            shared = np.isin(key, np.array(sorted(used)))
            graph.data = np.where(shared, np.minimum(graph.data, SHARED * price), graph.data)
    return found


def cell(longitude: float, latitude: float) -> int:
    """The cell of a point."""
    row = min(max(int(np.floor(latitude)) - SOUTH, 0), ROWS - 1)
    return row * COLUMNS + int(np.floor(longitude)) % COLUMNS


def middles(cells: Iterable[int]) -> Floats:
    """Longitude and latitude of the middle of cells, shape (n, 2)."""
    number = np.array(list(cells), dtype=np.int64)
    longitude = (number % COLUMNS + 0.5 + 180.0) % 360.0 - 180.0
    return np.column_stack([longitude, number // COLUMNS + SOUTH + 0.5])


def _back(before: npt.NDArray[np.int32], at: int, origin: int) -> list[int]:
    chain = [at]
    while chain[-1] != origin and before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return chain[::-1]


@cache
def _land_of_the_package() -> Floats | None:
    basemap = read_basemap()
    return None if basemap is None else _share_of_land(basemap)


def _graph(basemap: Basemap):  # type: ignore[no-untyped-def]  # scipy's own class
    """Cells joined to their eight neighbours, priced by length and land; both ends of each."""
    from scipy.sparse import csr_array

    mine = basemap is read_basemap()
    land = _land_of_the_package() if mine else None
    land = _share_of_land(basemap) if land is None else land
    dear = 1.0 + LAND * land**1.5 + INLAND * (_around(land) > WITHIN)
    north = np.arange(SOUTH, NORTH) + 0.5
    dear += ICY * np.clip((north - ICE) / (THICK - ICE), 0.0, 1.0)[:, None]
    dear = dear.ravel()
    number = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)
    latitude = np.radians(north)
    starts, ends, prices = [], [], []
    for up, across in NEIGHBOURS:
        here = number[: ROWS - up] if up else number
        there = np.roll(number, -across, axis=1)[up:]
        mean = (latitude[: ROWS - up] + latitude[up:]) / 2 if up else latitude
        length = np.hypot(up, across * np.cos(mean))[:, None] * np.ones(COLUMNS)
        price = length.ravel() * (dear[here.ravel()] + dear[there.ravel()]) / 2
        starts.append(here.ravel())
        ends.append(there.ravel())
        # Ways of one price would be chosen between by accident: none have quite the same.
        prices.append(price * (1.0 + 1e-5 * ((here.ravel() * 7919 + 31 * across) % 101)))
    start = np.concatenate([*starts, *ends])
    end = np.concatenate([*ends, *starts])
    price = np.concatenate([*prices, *prices])
    graph = csr_array((price, (start, end)), shape=(ROWS * COLUMNS, ROWS * COLUMNS))
    graph.sort_indices()
    rows = np.repeat(np.arange(ROWS * COLUMNS), np.diff(graph.indptr))
    return graph, rows, graph.indices.astype(np.int64)


def _around(land: Floats) -> Floats:
    """The share of land in each cell and its eight neighbours together."""
    tall = np.pad(land, ((1, 1), (0, 0)), mode="edge")
    rows = tall[:-2] + tall[1:-1] + tall[2:]
    return np.asarray((np.roll(rows, 1, axis=1) + rows + np.roll(rows, -1, axis=1)) / 9)


def _share_of_land(basemap: Basemap) -> Floats:
    """How much of each cell is land, shape (rows, columns)."""
    rings = [unwrapped(ring) for ring in basemap.land]
    edges = np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in rings])
    fine = np.zeros((ROWS * SAMPLES, COLUMNS * SAMPLES))
    longitude = (np.arange(COLUMNS * SAMPLES) + 0.5) / SAMPLES - 180.0
    for row in range(ROWS * SAMPLES):
        latitude = SOUTH + (row + 0.5) / SAMPLES
        cut = edges[(edges[:, 1] > latitude) != (edges[:, 3] > latitude)]
        share = (latitude - cut[:, 1]) / (cut[:, 3] - cut[:, 1])
        crossings = np.sort(cut[:, 0] + share * (cut[:, 2] - cut[:, 0]))
        for turn in (-360.0, 0.0, 360.0):
            fine[row] += np.searchsorted(crossings, longitude + turn) % 2
    coarse = np.minimum(fine, 1.0).reshape(ROWS, SAMPLES, COLUMNS, SAMPLES).mean(axis=(1, 3))
    # Columns of the grid begin at longitude 0, those of the samples at -180.
    return np.roll(coarse, -COLUMNS // 2, axis=1)
