"""A drawn city of the size of the Chicago region: streets, expressways, zones, a gravity demand.

``python -m benchmarks.city [GAP]`` seeks its equilibrium and prints what it took as JSON, which
`benchmarks/routing.py` calls. It stands in for networks that cannot be passed on. Everything is
drawn from a seed: streets are an irregular grid, closer together in the middle, with blocks
missing; every twelfth street is an expressway; lengths, speeds and lanes differ by street, so that
no two ways are alike.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

from entrepot.routing.equilibrium.check import check_gap
from entrepot.routing.equilibrium.problem import Congested
from entrepot.routing.equilibrium.solve import user_equilibrium

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ALPHA, POWER = 0.15, 4.0
WIDTH, MIDDLE = 120.0, 1.4
"""Kilometres from end to end; how much closer streets are in the middle."""

SPEEDS, LANES = (40.0, 48.0, 75.0), (700.0, 1400.0, 5000.0)
"""Kilometres an hour and vehicles an hour of a street, an arterial and an expressway."""

ARTERIAL, EXPRESSWAY = 3, 12
"""Every so many streets is one."""

WIDER = 25.0
"""Kilometres from the middle within which streets have more lanes."""

REACH = 16.0
"""Kilometres over which trips fall by the factor 2.718."""


def city(
    side: int = 106, zones: int = 1790, links: int = 39_000, pairs: int = 1_900_000,
    trips: float = 0.9e6, seed: int = 1,
) -> Congested:  # fmt: skip
    """A city with `side` streets each way.

    Parameters
    ----------
    zones : where trips begin and end; they come first among the nodes and are not passed
    links : one-way streets and ways from and to zones, at least so many
    pairs : of zones with trips between them
    trips : an hour
    """
    random = np.random.default_rng(seed)
    crossings = side * side
    at = _crossings(side, random)
    center = at[random.choice(crossings, zones, replace=False)]
    center = center + random.normal(0.0, 0.2, center.shape)
    near = cKDTree(at).query(center, k=2)[1]
    street, kind = _streets(side, (links - 4 * zones) // 2, random)
    ways = np.concatenate(
        [street + zones, np.stack([np.repeat(np.arange(zones), 2), near.ravel() + zones], axis=1)]
    )
    places = np.concatenate([center, at])
    length = np.hypot(*(places[ways[:, 0]] - places[ways[:, 1]]).T)
    length *= random.uniform(1.0, 1.3, len(length))
    speed = np.array(SPEEDS)[kind] * random.uniform(0.8, 1.2, len(kind))
    minutes = 60.0 * length / np.concatenate([speed, np.full(2 * zones, 25.0)])
    out = np.hypot(*places[street[:, 0] + zones].T)
    capacity = np.array(LANES)[kind] * random.choice([1.0, 1.5, 2.0], len(kind))
    capacity *= 0.3 + 1.7 * np.exp(-((out / WIDER) ** 2))
    room = np.concatenate([capacity, np.full(2 * zones, np.inf)])
    start, end, quantity = _trips(center, pairs, trips, random)
    return Congested(
        nodes=zones + crossings,
        tail=np.concatenate([ways[:, 0], ways[:, 1]]),
        head=np.concatenate([ways[:, 1], ways[:, 0]]),
        fixed=np.zeros((2 * len(ways), 1)),
        free=np.tile(minutes, 2),
        alpha=np.tile(np.where(np.isfinite(room), ALPHA, 0.0), 2),
        power=np.full(2 * len(ways), POWER),
        capacity=np.tile(room, 2),
        use=np.ones(1),
        start=start,
        end=end,
        klass=np.zeros(len(start), dtype=np.int64),
        quantity=quantity,
        through=np.arange(zones + crossings) >= zones,
    )


def _crossings(side: int, random: np.random.Generator) -> Floats:
    """Where streets cross, row after row, shape (side², 2)."""
    line = np.linspace(-1.0, 1.0, side)
    line = np.sign(line) * np.abs(line) ** MIDDLE * WIDTH / 2
    at = np.stack(np.meshgrid(line, line, indexing="ij"), axis=-1).reshape(-1, 2)
    gap = WIDTH / side
    moved: Floats = at + random.normal(0.0, 0.12 * gap, at.shape)
    return moved


def _streets(side: int, wanted: int, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Blocks that are joined, shape (E, 2), and of what kind: enough to hold all together."""
    number = np.arange(side * side).reshape(side, side)
    along = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    across = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    line = np.concatenate([along[:, 0] // side, across[:, 0] % side])
    block = np.concatenate([along, across])
    kind = np.where(line % EXPRESSWAY == 5, 2, np.where(line % ARTERIAL == 0, 1, 0))
    rank = random.uniform(1.0, 2.0, len(block)) - 0.6 * (kind > 0) - 0.3 * (kind > 1)
    tree = minimum_spanning_tree(coo_array((rank, block.T), shape=(side * side,) * 2))
    key = block[:, 0] * side * side + block[:, 1]
    kept = np.isin(key, tree.tocoo().row.astype(np.int64) * side * side + tree.tocoo().col)
    rest = np.flatnonzero(~kept)
    kept[rest[np.argsort(rank[rest])[: wanted - int(kept.sum())]]] = True
    return block[kept], kind[kept]


def _trips(
    center: Floats, pairs: int, trips: float, random: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    """From, to and how many: gravity between zones of uneven weight, the largest `pairs` of all."""
    zones = len(center)
    sends, takes = random.lognormal(0.0, 0.7, zones), random.lognormal(0.0, 1.0, zones)
    far = np.hypot(center[:, None, 0] - center[None, :, 0], center[:, None, 1] - center[None, :, 1])
    wish = sends[:, None] * takes[None, :] * np.exp(-far / REACH)
    np.fill_diagonal(wish, 0.0)
    cell = np.sort(np.argsort(-wish, axis=None, kind="stable")[:pairs])
    start, end = np.divmod(cell, zones)
    quantity = wish.ravel()[cell]
    return start, end, quantity * (trips / quantity.sum())


@dataclass(frozen=True)
class Large:
    """What an equilibrium of the city took.

    Attributes
    ----------
    nodes, arcs, pairs : size
    solve : seconds of processor time, without compiling
    gap : relative gap by entrepot's checker
    memory : most gigabytes of the process before the checker
    load : mean of load / capacity over the streets, each weighing by its load
    """

    nodes: int
    arcs: int
    pairs: int
    solve: float
    gap: float
    memory: float
    load: float


def measure_city(gap: float) -> Large:
    """The equilibrium of the city to a gap, after one of a small city, so that all is compiled."""
    user_equilibrium(city(50, 400, 8800, 87_000, 4.5e5), 1e-8)
    problem = city()
    began = time.process_time()
    found = user_equilibrium(problem, gap)
    took = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    full = found.load / problem.capacity
    return Large(
        problem.nodes,
        problem.arcs,
        len(problem.start),
        took,
        check_gap(problem, found).gap,
        memory,
        float(np.average(full, weights=found.load)),
    )


if __name__ == "__main__":
    print(json.dumps(asdict(measure_city(float(sys.argv[1]) if len(sys.argv) > 1 else 1e-4))))
