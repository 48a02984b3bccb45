"""A problem made ready for the kernels, and the store of paths, which grows as paths are found."""

from __future__ import annotations

import numpy as np

from entrepot.routing.equilibrium.assignment import Assignment
from entrepot.routing.equilibrium.bends import Bends
from entrepot.routing.equilibrium.delays import settle_all
from entrepot.routing.equilibrium.fingerprints import drawn, name_paths
from entrepot.routing.equilibrium.gather import count_carrying, gather
from entrepot.routing.equilibrium.passes import pack, reload
from entrepot.routing.equilibrium.points import no_points, pieces_of, points_of, put_charges
from entrepot.routing.equilibrium.problem import Congested, Floats, Ints, summed
from entrepot.routing.equilibrium.segments import segments_for
from entrepot.routing.equilibrium.state import (
    Loads,
    Numbers,
    Pairs,
    Paths,
    Pieces,
    Roads,
    Shorts,
    scratch,
)
from entrepot.routing.equilibrium.trees import UNKNOWN
from entrepot.routing.equilibrium.warm import carried

TREE_ROOM = 400_000_000
"""Bytes that orders kept from pass to pass may take; beyond, every pass searches from nothing."""


class Store:
    """One problem being solved: arcs by tail, pairs by class and start.

    Attributes
    ----------
    order : arc of the problem for each arc here, shape (A,)
    start, end, klass : of each pair, shape (K,)
    pair : pair of each row of the problem, -1 for rows without quantity
    bends : in a system optimum, where days told by points bend
    even : whether a unit of a class puts the same load on every arc, so that an objective exists
    """

    def __init__(self, problem: Congested, optimum: bool) -> None:
        self.problem = problem
        self.optimum = optimum
        self.order = np.argsort(problem.tail, kind="stable")
        points = points_of(problem.points or no_points(problem.arcs), self.order)
        self.bends = Bends(points) if optimum else None
        pieces = pieces_of(points) if self.bends is None else self.bends.pieces()
        self.roads = _roads(problem, self.order, optimum, pieces)
        self.start, self.end, self.klass, quantity, self.pair = _merged(problem)
        self.pairs = _pairs(self.start, self.end, self.klass, quantity)
        arcs, pairs, groups = problem.arcs, len(quantity), len(self.pairs.start)
        self.loads = Loads(np.zeros(arcs), np.zeros(arcs), np.empty((arcs, 4)))
        settle_all(self.roads, self.loads)
        self.work = scratch(problem.nodes, arcs)
        kept = groups * problem.nodes * 4 <= TREE_ROOM
        self.orders: Shorts = np.full(
            (groups if kept else 1, problem.nodes), UNKNOWN, dtype=np.int32
        )
        self.paths = _paths(arcs, pairs + pairs // 2 + 16, 64 * pairs + 4 * problem.nodes)
        self.even = problem.use.ndim == 1 or not np.ptp(problem.use, axis=0).any()
        self.segments = segments_for(1000 + pairs // 4, 40000 + 2 * pairs)
        self.sums = np.zeros((groups, 2))
        self.several: Ints = np.empty(pairs, dtype=np.int64)
        self.several_class: Ints = np.empty(pairs, dtype=np.int64)

    def make_room(self) -> None:
        """Pack the paths and, where that frees little, make their store larger."""
        paths = self.paths
        number = np.empty(len(paths.flow), dtype=np.int32)
        pack(self.pairs, paths, number)
        rows, links = len(paths.flow), len(paths.arcs)
        longest = self.problem.nodes
        rows = _larger(rows, int(paths.used[0]), 1)
        links = _larger(links, int(paths.used[1]), longest)
        for array in (paths.after, paths.at, paths.length, paths.flow, paths.fingerprint):
            array.resize(rows, refcheck=False)
        paths.arcs.resize(links, refcheck=False)

    def gap(self) -> float:
        """Relative gap of the last pass; the worse of classes that pay in days and in money."""
        timed = self.roads.timed[self.pairs.klass] > 0
        worst = 0.0
        for group in (timed, ~timed):
            above, least = self.sums[group].sum(axis=0)
            if above > 0:
                worst = max(worst, above / least if least > 0 else np.inf)
        return float(worst)

    def least(self) -> float:
        """What all units would pay on their cheapest paths, as of the last pass."""
        return float(self.sums[:, 1].sum())

    def gathered(self) -> tuple[Ints, Floats, Ints, Numbers, Floats]:
        """Paths that carry something, by pair, and what they make of the flows of arcs.

        Returns
        -------
        first path of each pair, shape (K + 1,); flows, shape (P,); first arc of each path, shape
        (P + 1,); arcs of the problem, shape (L,); units of each class on each arc, shape (A, G)
        """
        rows, links = count_carrying(self.pairs, self.paths)
        first_path = np.zeros(len(self.end) + 1, dtype=np.int64)
        first_arc = np.zeros(rows + 1, dtype=np.int64)
        path_flow = np.empty(rows)
        arcs = np.empty(links, dtype=self.paths.arcs.dtype)
        flow = np.zeros((self.problem.arcs, self.problem.classes))
        gather(self.pairs, self.paths, self.order, first_path, path_flow, first_arc, arcs, flow)
        return first_path, path_flow, first_arc, arcs, flow

    def wait(self, load: Floats) -> Floats:
        """Days that goods wait for a hard capacity at each arc of the problem, shape (A,)."""
        wait = np.zeros(self.problem.arcs)
        stiff = self.roads.stiffness > 0
        back = self.order[stiff]
        over = load[back] - self.roads.capacity[stiff]
        wait[back] = np.maximum(self.roads.price[stiff] + self.roads.stiffness[stiff] * over, 0.0)
        return wait

    def charged(self, load: Floats) -> Floats:
        """Slopes of days told by points that others are charged for, shape (A,); 0 elsewhere."""
        slope, here = np.zeros(self.problem.arcs), np.zeros(self.problem.arcs)
        put_charges(self.roads.pieces, load[self.order], here)
        slope[self.order] = here
        return slope

    def set_bends(self) -> None:
        """Bring the charges up to the ramps."""
        if self.bends is not None:
            for old, new in zip(self.roads.pieces, self.bends.pieces(), strict=True):
                old[:] = new


def seed(store: Store, start: Assignment) -> None:
    """Take over the paths of an earlier answer that are still open; see `carried`."""
    ends = np.stack([store.start, store.end, store.klass], axis=1)
    first_path, flow, first_arc, arcs = carried(start, store.problem, ends, store.pairs.quantity)
    count, links = len(flow), len(arcs)
    rank = np.empty(len(store.order), dtype=np.int32)
    rank[store.order] = np.arange(len(store.order), dtype=np.int32)
    missing = len(store.end) - int((np.diff(first_path) > 0).sum())
    store.paths = _paths(len(rank), count + count // 4 + missing + 16, 2 * links + 64 * missing)
    paths = store.paths
    paths.flow[:count] = flow
    paths.at[:count] = first_arc[:-1]
    paths.length[:count] = np.diff(first_arc)
    paths.arcs[:links] = rank[arcs]
    paths.used[:] = (count, links)
    some = np.diff(first_path) > 0
    paths.after[:count] = np.arange(-1, count - 1, dtype=np.int32)
    paths.after[first_path[:-1][some]] = -1
    store.pairs.path[some] = (first_path[1:][some] - 1).astype(np.int32)
    name_paths(store.roads, paths)
    reload(store.roads, store.loads, store.pairs, store.paths)


def _larger(size: int, used: int, need: int) -> int:
    """Room for a quarter more than is used, and for `need`, unless there is already."""
    return max(size, used + used // 4 + need)


def _paths(arcs: int, rows: int, links: int) -> Paths:
    return Paths(
        after=np.empty(rows, dtype=np.int32),
        at=np.empty(rows, dtype=np.int64),
        length=np.empty(rows, dtype=np.int32),
        flow=np.empty(rows),
        fingerprint=np.empty(rows, dtype=np.int64),
        arcs=np.empty(links, np.uint16) if arcs <= 65536 else np.empty(links, np.int32),
        used=np.zeros(2, dtype=np.int64),
    )


def _roads(problem: Congested, order: Ints, optimum: bool, pieces: Pieces) -> Roads:
    counts = np.bincount(problem.tail, minlength=problem.nodes)
    worth = problem.worths if optimum else np.ones(problem.classes)
    paid = np.empty((problem.classes, problem.arcs, 2))
    paid[:, :, 0] = (problem.payable * worth)[order].T
    paid[:, :, 1] = problem.uses[order].T
    return Roads(
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        tail=problem.tail[order].astype(np.int32),
        head=problem.head[order].astype(np.int32),
        through=problem.through.astype(bool),
        paid=paid,
        timed=problem.cares * worth,
        free=problem.free[order].astype(np.float64),
        alpha=problem.alpha[order].astype(np.float64),
        power=problem.power[order].astype(np.float64),
        capacity=problem.capacity[order].astype(np.float64),
        pieces=pieces,
        price=np.zeros(problem.arcs),
        stiffness=np.zeros(problem.arcs),
        fingerprint=drawn(problem.arcs),
        optimum=np.array([int(optimum)], dtype=np.int64),
    )


def _merged(problem: Congested) -> tuple[Ints, Ints, Ints, Floats, Ints]:
    """Start, end, class and quantity of each pair, rows that agree added up; pair of each row."""
    given = problem.quantity > 0
    key = (problem.klass * problem.nodes + problem.start) * problem.nodes + problem.end
    keys, place = np.unique(key[given], return_inverse=True)
    quantity = summed(place, problem.quantity[given], len(keys))
    rest, end = np.divmod(keys, problem.nodes)
    klass, start = np.divmod(rest, problem.nodes)
    pair = np.full(len(key), -1, dtype=np.int64)
    pair[given] = place
    return start, end, klass, quantity, pair


def _pairs(start: Ints, end: Ints, klass: Ints, quantity: Floats) -> Pairs:
    new = np.ones(len(start), dtype=bool)
    new[1:] = (start[1:] != start[:-1]) | (klass[1:] != klass[:-1])
    first = np.flatnonzero(new)
    return Pairs(
        group=np.concatenate([first, [len(start)]]).astype(np.int64),
        start=start[first],
        klass=klass[first],
        end=end,
        quantity=quantity,
        path=np.full(len(start), -1, dtype=np.int32),
    )
