"""The face of optimal prices: all prices and rents under which an answer is an optimum.

Whatever optimum a solver returns, its activities say of every optimal price vector (complementary
slackness): one that runs with room to spare gains exactly nothing, one that stands idle gains
nothing or less, one at its bound gains nothing or more. Written in shifts from the solver's own
prices, the face is a set of inequalities with constants of known sign. Balances joined by
activities with room to spare can only shift together: they are one *zone*. The zone of all
balances whose price is fixed (an order partly filled is there) is the *ground*, with shift zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra

from entrepot.clearing.program import Answer, Program, pattern, sizes
from entrepot.network.parallel import cheapest_arcs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Of the largest level: closer than this to a bound is at the bound.
NEAR = 1e-9


@dataclass(frozen=True)
class Standing:
    """Where each activity and limit stands in an answer.

    Attributes
    ----------
    idle, full, room : at zero, at the upper bound, between; an activity that cannot run at all is
        none of them; shape (n,)
    saturated : limits with nothing left, shape (k,)
    users : how many running activities use each limit, shape (k,)
    touched : balances through which anything passes, shape (m,)
    """

    idle: Flags
    full: Flags
    room: Flags
    saturated: Flags
    users: Ints
    touched: Flags


def standing(program: Program, level: Floats) -> Standing:
    """Classify activities and limits, within a small tolerance."""
    near = NEAR * program.quantity_scale(level)
    at_lower = level <= program.lower + near
    at_upper = level >= program.upper - near - NEAR * np.where(
        np.isfinite(program.upper), program.upper, 0.0
    )
    running = level > near
    used = program.limit @ level
    slack = np.minimum(program.limit_upper - used, used - program.limit_lower)
    wide = np.where(np.isfinite(program.limit_upper), np.abs(program.limit_upper), 0.0)
    touched = (sizes(program.balance) @ running.astype(float) > 0) | (program.given != 0)
    return Standing(
        idle=at_lower & ~at_upper,
        full=at_upper & ~at_lower,
        room=~at_lower & ~at_upper,
        saturated=slack <= near + NEAR * wide,
        users=np.asarray(pattern(program.limit) @ running.astype(float)).astype(np.int64),
        touched=touched,
    )


@dataclass(frozen=True)
class Arcs:
    """The simple activities as arcs: one unit from balance `tail` to balance `head`.

    The number of balances stands for nowhere (the ground). `simple` marks the activities that
    have this shape; the others (recipes, stores with a loss) are kept as rows.
    """

    tail: Ints
    head: Ints
    simple: Flags


def arcs(program: Program) -> Arcs:
    """Read the shape of each activity off the balance matrix."""
    matrix = program.balance
    m, n = matrix.shape
    count = np.diff(matrix.indptr)
    column = np.repeat(np.arange(n), count)
    plain = np.bincount(column, np.abs(matrix.data) != 1, minlength=n) == 0
    taking = matrix.data == -1
    takes = np.bincount(column, taking, minlength=n)
    gives = np.bincount(column, matrix.data == 1, minlength=n)
    simple = plain & (takes <= 1) & (gives <= 1)
    tail, head = np.full(n, m), np.full(n, m)
    keep = simple[column]
    tail[column[keep & taking]] = matrix.indices[keep & taking]
    head[column[keep & ~taking]] = matrix.indices[keep & ~taking]
    return Arcs(tail.astype(np.int64), head.astype(np.int64), simple)


@dataclass(frozen=True)
class Face:
    """The inequalities of the face in shifts of zones and limits.

    Attributes
    ----------
    zone : zone of each balance, and of nowhere last; zone 0 is the ground, shape (m + 1,)
    zones : number of zones
    rows : activities that say something, shape (c,)
    matrix : shift of gain of each such activity for a unit shift of each zone, shape (c, zones)
    gain_low, gain_high : bounds of that shift, shape (c,)
    """

    zone: Ints
    zones: int
    rows: Ints
    matrix: sparse.csr_array
    gain_low: Floats
    gain_high: Floats

    def feasible(self, shift: Floats, tolerance: float) -> bool:
        """Whether zone shifts stay in the face."""
        moved = self.matrix @ shift
        return bool(
            (moved >= self.gain_low - tolerance).all()
            and (moved <= self.gain_high + tolerance).all()
        )


def build_face(
    program: Program,
    answer: Answer,
    stand: Standing,
    shape: Arcs,
    free: Flags,
    relaxed: Flags,
    pinned: Flags,
) -> Face:
    """The face around an answer.

    Parameters
    ----------
    free : activities whose constraint has shifts of limits in it (kept out of the zones), (n,)
    relaxed : activities that say nothing (their limit's rent follows from another's prices), (n,)
    pinned : balances whose price is the answer's and no other, shape (m,)
    """
    m = program.balance.shape[0]
    gain = program.gain(answer.price, answer.rent, answer.level)
    joined = stand.room & shape.simple & ~free & ~relaxed
    still = np.flatnonzero(pinned)
    ends = np.concatenate([shape.tail[joined], still])
    others = np.concatenate([shape.head[joined], np.full(len(still), m)])
    graph = sparse.coo_array((np.ones(len(ends)), (ends, others)), shape=(m + 1, m + 1))
    zones, label = connected_components(graph, directed=False)
    ground = label[m]
    order = np.where(np.arange(zones) == ground, 0, np.arange(zones) + (np.arange(zones) < ground))
    zone = order[label].astype(np.int64)
    saying = (stand.idle | stand.full | stand.room) & ~relaxed & ~joined
    rows = np.flatnonzero(saying)
    to_zone = sparse.csr_array((np.ones(m), (np.arange(m), zone[:m])), shape=(m, zones))
    matrix = sparse.csr_array(program.balance[:, rows].T @ to_zone)
    matrix.data[np.abs(matrix.data) < 1e-12] = 0.0
    matrix.eliminate_zeros()
    kept = _says_something(matrix, free[rows])
    rows, matrix = rows[kept], matrix[kept]
    idle, full = stand.idle[rows], stand.full[rows]
    spare = np.maximum(np.where(idle, -gain[rows], gain[rows]), 0.0)
    return Face(
        zone=zone,
        zones=int(zones),
        rows=rows,
        matrix=matrix,
        gain_low=np.where(idle, -np.inf, np.where(full, -spare, 0.0)),
        gain_high=np.where(full, np.inf, np.where(idle, spare, 0.0)),
    )


def _says_something(matrix: sparse.csr_array, free: Flags) -> Flags:
    """Rows with a zone other than the ground, or with a limit's shift."""
    above = matrix.indices > 0
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return (np.bincount(row, above, minlength=matrix.shape[0]) > 0) | free


def bounds_by_paths(
    zones: int, tail: Ints, head: Ints, spare: Floats, sources: Ints, offset: Floats
) -> Floats:
    """Greatest shifts that arcs allow: ``t[head] <= t[tail] + spare``, from fixed zones.

    A shortest path from the sources; every spare is >= 0 between zones that are not sources, and
    arcs between sources are left out.

    Parameters
    ----------
    sources : fixed zones
    offset : their shifts

    Returns
    -------
    shifts, inf where nothing bounds a zone, shape (zones,)
    """
    fixed = np.zeros(zones, dtype=bool)
    fixed[sources] = True
    shift = np.zeros(zones)
    shift[sources] = offset
    keep = ~fixed[head]
    tail, head, spare = tail[keep], head[keep], spare[keep]
    first = fixed[tail]
    spare = np.where(first, spare + shift[tail], spare)
    # Every path leaves the sources once: one constant makes all weights non-negative.
    lift = max(0.0, -spare[first].min(initial=0.0)) if first.any() else 0.0
    weight = np.maximum(np.where(first, spare + lift, spare), 0.0)
    start = np.where(first, zones, tail)
    graph = cheapest_arcs(start, head, weight, zones + 1)
    distance = np.asarray(dijkstra(graph, indices=[zones]))[0, :zones]
    result = distance - lift
    result[sources] = offset
    return np.asarray(result)
