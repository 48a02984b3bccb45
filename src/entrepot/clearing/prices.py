"""Which price: one point of the face of optimal prices, whatever the solver and the row order.

The rule (decision on prices in docs/decisions):

1. The rent of a limit that several activities compete for is fixed first, all such rents together
   at the point of the face with the smallest norm. The rent of a limit that one activity alone
   fills follows from the prices at its ends, unless an idle rival contradicts it; then it is
   fixed with the others.
2. Every balance where goods are has the middle of the range that the face leaves its price. With
   the rents fixed the face of one good is a lattice (differences of prices are bounded), so the
   middles of all ranges are optimal together. Where recipes tie goods the middles may contradict
   each other: the prices are then the point of the face nearest to the middles.
3. Where nothing is, the range is what prices elsewhere leave: at most the cheapest delivery there,
   at least the best use from there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entrepot.clearing.determined import undetermined
from entrepot.clearing.face import (
    Arcs,
    Face,
    Standing,
    arcs,
    bounds_by_paths,
    build_face,
    standing,
)
from entrepot.clearing.least import least_squares
from entrepot.clearing.program import Answer, Program, pattern
from entrepot.clearing.solvers.port import NoAnswer, Solver

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Of the typical price: differences below it are rounding.
SMALL = 1e-9
# Times the highest price: a price that could shift so far has no end to its range.
WIDE = 1e2


@dataclass(frozen=True)
class Prices:
    """Prices of balances with their ranges, and rents of limits, in the program's own units.

    Attributes
    ----------
    price, low, high : shape (m,); a range may end at -inf or inf; where nothing is, `price` is a
        price that proves it: the high end, or above the low end, or nan where nothing bounds it
    touched : whether anything passes through the balance, shape (m,)
    rent : shape (k,)
    """

    price: Floats
    low: Floats
    high: Floats
    touched: Flags
    rent: Floats


def settle_prices(program: Program, answer: Answer, linear: Solver, quadratic: Solver) -> Prices:
    """The prices that the rule picks from all prices under which `answer` is an optimum."""
    stand, shape = standing(program, answer.level), arcs(program)
    stand, pinned = _set_apart(program, stand)
    shared = _shared(program, stand)
    alone = stand.saturated & ~shared
    for _ in range(int(alone.sum()) + 1):
        found = _settle(program, answer, stand, shape, pinned, shared, linear, quadratic)
        broken = _contradicted(program, answer, found, stand, alone & ~shared)
        if not broken.any():
            break
        shared = shared | broken
    return found


def _set_apart(program: Program, stand: Standing) -> tuple[Standing, Flags]:
    """Balances with only one optimal price; and the standing without limits with only one rent.

    Activities with room to spare gain exactly nothing: equations in prices and rents.
    """
    room = np.flatnonzero(stand.room)
    touched, saturated = np.flatnonzero(stand.touched), np.flatnonzero(stand.saturated)
    priced = program.balance[:, room].tocsr()[touched].T
    rented = program.limit[:, room].tocsr()[saturated].T
    free = undetermined(sparse.csr_array(sparse.hstack([priced, rented])))
    pinned = stand.touched.copy()
    pinned[touched[free[: len(touched)]]] = False
    open_ = np.zeros_like(stand.saturated)
    open_[saturated[free[len(touched) :]]] = True
    return replace(stand, saturated=open_), pinned


def _shared(program: Program, stand: Standing) -> Flags:
    """Saturated limits that more than one running activity competes for, or none."""
    return np.asarray(stand.saturated & (stand.users != 1))


def _settle(
    program: Program,
    answer: Answer,
    stand: Standing,
    shape: Arcs,
    pinned: Flags,
    shared: Flags,
    linear: Solver,
    quadratic: Solver,
) -> Prices:
    answer = _fix_shared_rents(program, answer, stand, shape, pinned, shared, quadratic)
    alone = stand.saturated & ~shared
    stand, relaxed, users = _let_follow(program, stand, alone)
    bare = replace(answer, rent=np.where(alone, 0.0, answer.rent))
    free = np.zeros(len(program.worth), dtype=bool)
    face = build_face(program, bare, stand, shape, free, relaxed, pinned)
    wide = WIDE * max(float(np.abs(answer.price).max(initial=0.0)), 1e-300)
    shift, low, high = _ranges(face, shape, stand, wide, linear, quadratic)
    zone = face.zone[:-1]
    price = np.where(np.isfinite(shift[zone]), answer.price + shift[zone], np.nan)
    rent = bare.rent.copy()
    for limit, user in users:
        filled = np.nan_to_num(price)
        gain = program.gain(filled, rent, answer.level)[user]
        rent[limit] = gain / program.limit[limit, user]
    return Prices(
        price=price,
        low=answer.price + low[zone],
        high=answer.price + high[zone],
        touched=stand.touched,
        rent=rent,
    )


def _fix_shared_rents(
    program: Program,
    answer: Answer,
    stand: Standing,
    shape: Arcs,
    pinned: Flags,
    shared: Flags,
    quadratic: Solver,
) -> Answer:
    """The answer with the shared rents at the smallest norm that its face allows."""
    limits = np.flatnonzero(shared)
    if not len(limits):
        return answer
    using = program.limit[limits].tocsc()
    free = np.diff(using.indptr) > 0
    _, relaxed, _ = _let_follow(program, stand, stand.saturated & ~shared)
    face = build_face(program, answer, stand, shape, free, relaxed & ~free, pinned)
    if face.zones == 1 and not len(face.rows):
        return answer
    k = len(limits)
    rent = answer.rent[limits]
    rows = sparse.hstack([face.matrix[:, 1:], -using[:, face.rows].T], format="csc")
    lower = np.isneginf(program.limit_lower[limits])
    sign_low = np.where(lower, 0.0, -np.inf)
    sign_high = np.where(np.isposinf(program.limit_upper[limits]), 0.0, np.inf)
    nothing = np.zeros(face.zones - 1)
    change = Program(
        worth=np.zeros(face.zones - 1 + k),
        slope=np.concatenate([nothing, np.ones(k)]),
        lower=np.concatenate([nothing - np.inf, sign_low - rent]),
        upper=np.concatenate([nothing + np.inf, sign_high - rent]),
        balance=sparse.csc_array((0, face.zones - 1 + k)),
        given=np.empty(0),
        limit=sparse.csc_array(rows),
        limit_lower=face.gain_low,
        limit_upper=face.gain_high,
    )
    point = least_squares(change, np.concatenate([nothing, rent]), quadratic)
    shift = np.concatenate([[0.0], point[: face.zones - 1]])
    fixed = answer.rent.copy()
    fixed[limits] = point[face.zones - 1 :]
    fixed[np.abs(fixed) < SMALL * program.price_scale(answer.price)] = 0.0
    return replace(answer, price=answer.price + shift[face.zone[:-1]], rent=fixed)


def _let_follow(
    program: Program, stand: Standing, alone: Flags
) -> tuple[Standing, Flags, list[tuple[int, int]]]:
    """Let the rents of limits with one user follow from its prices.

    The user counts as full (it may gain), idle rivals say nothing. Returns the changed standing,
    the activities that say nothing, and (limit, user) pairs.
    """
    full, room = stand.full.copy(), stand.room.copy()
    relaxed = np.zeros(len(full), dtype=bool)
    users = []
    rows = program.limit.tocsr()
    for limit in np.flatnonzero(alone).tolist():
        columns = rows.indices[rows.indptr[limit] : rows.indptr[limit + 1]]
        running = columns[~stand.idle[columns] & (stand.room | stand.full)[columns]]
        relaxed[columns[stand.idle[columns]]] = True
        for user in running[:1].tolist():
            users.append((limit, user))
            full[user], room[user] = True, False
    return replace(stand, full=full, room=room), relaxed, users


def _contradicted(
    program: Program, answer: Answer, found: Prices, stand: Standing, alone: Flags
) -> Flags:
    """Limits whose followed rent is negative, or would let an idle rival gain."""
    gain = program.gain(np.nan_to_num(found.price), found.rent, answer.level)
    scale = program.price_scale(answer.price)
    wrong = (gain > 1e-7 * scale) & stand.idle
    rivals = pattern(program.limit) @ wrong.astype(float) > 0
    return np.asarray(alone & (rivals | (found.rent < -1e-7 * scale)))


def _ranges(
    face: Face, shape: Arcs, stand: Standing, wide: float, linear: Solver, quadratic: Solver
) -> tuple[Floats, Floats, Floats]:
    """Shift of each zone by the rule (nan where nothing bounds it), with its range."""
    touched = np.zeros(face.zones, dtype=bool)
    touched[face.zone[:-1][stand.touched]] = True
    touched[0] = True
    tail, head, spare = _as_arcs(face, shape)
    tied = _tied_zones(face, shape)

    def reach(fixed: Ints, at: Floats) -> tuple[Floats, Floats]:
        top = bounds_by_paths(face.zones, tail, head, spare, fixed, at)
        return -bounds_by_paths(face.zones, head, tail, spare, fixed, -at), top

    low, high = reach(np.zeros(1, dtype=np.int64), np.zeros(1))
    shift = _middle(low, high)
    if (tied & touched).any():
        _settle_tied(face, tied, tied & touched, (low, high, shift), wide, linear, quadratic)
    # First what is delivered somewhere at the cheapest, then, from there, what has only outlets.
    for dearest in (True, False):
        known = touched if dearest else touched | np.isfinite(shift)
        shift[~known] = np.nan
        fixed = np.flatnonzero(known)
        bottom, top = reach(fixed, shift[fixed])
        if (tied & ~known).any():
            _reach_tied(face, tied, tied & ~known, (bottom, top, shift), wide, linear)
        if dearest:
            low[~known], high[~known] = bottom[~known], top[~known]
        proved = np.where(np.isfinite(top), top, np.nan) if dearest else bottom
        shift[~known] = proved[~known]
    shift[np.isinf(shift)] = np.nan
    return shift, low, high


def _middle(low: Floats, high: Floats) -> Floats:
    """Middle of ranges; the finite end of a half-open one; no change (0) of an open one."""
    both = np.isfinite(low) & np.isfinite(high)
    middle = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high, 0.0))
    middle[both] = (low[both] + high[both]) / 2
    return middle


def _as_arcs(face: Face, shape: Arcs) -> tuple[Ints, Ints, Floats]:
    """The simple rows of a face as arcs between zones: ``t[head] <= t[tail] + spare``."""
    rows = face.rows
    simple = shape.simple[rows]
    tail, head = face.zone[shape.tail[rows]], face.zone[shape.head[rows]]
    up = simple & np.isfinite(face.gain_high)
    down = simple & np.isfinite(face.gain_low)
    return (
        np.concatenate([tail[up], head[down]]),
        np.concatenate([head[up], tail[down]]),
        np.concatenate([face.gain_high[up], -face.gain_low[down]]),
    )


def _tied_zones(face: Face, shape: Arcs) -> Flags:
    """Zones that recipes (or stores with a loss) tie, directly or through other zones."""
    tied = np.zeros(face.zones, dtype=bool)
    general = np.flatnonzero(~shape.simple[face.rows])
    if not len(general):
        return tied
    spread = pattern(sparse.csc_array(face.matrix[:, 1:])).tocsr()
    found = np.asarray(spread[general].sum(axis=0)) > 0
    while True:
        rows = spread @ found.astype(float) > 0
        grown = found | (spread.T @ rows.astype(float) > 0)
        if (grown == found).all():
            tied[1:] = found
            return tied
        found = grown


def _question(face: Face, zones: Ints, worth: Floats, slope: Floats, bound: Floats) -> Program:
    """A program over the shifts of some zones; `bound` is how far each may go, either way."""
    part = sparse.csr_array(face.matrix[:, zones])
    saying = np.diff(part.indptr) > 0
    return Program(
        worth=worth,
        slope=slope,
        lower=-bound,
        upper=bound,
        balance=sparse.csc_array((0, len(zones))),
        given=np.empty(0),
        limit=sparse.csc_array(part[saying]),
        limit_lower=face.gain_low[saying],
        limit_upper=face.gain_high[saying],
    )


def _settle_tied(
    face: Face,
    tied: Flags,
    wanted: Flags,
    ranges: tuple[Floats, Floats, Floats],
    wide: float,
    linear: Solver,
    quadratic: Solver,
) -> None:
    """Ranges of tied zones one by one, then the point of the face nearest to the middles."""
    low, high, shift = ranges
    zones = np.flatnonzero(tied)
    mine = np.flatnonzero(wanted[zones])
    bound = np.full(len(zones), wide)
    flat = np.zeros(len(zones))
    for i in mine.tolist():
        for sign, side in ((1.0, high), (-1.0, low)):
            worth = flat.copy()
            worth[i] = sign
            end = linear.solve(_question(face, zones, worth, flat, bound)).level[i]
            side[zones[i]] = end if abs(end) < wide / 2 else sign * np.inf
    middle = _middle(low[zones], high[zones])
    weight = np.zeros(len(zones))
    weight[mine] = 1.0
    question = _question(face, zones, flat, weight, bound)
    nearest = middle + least_squares(question, -weight * middle, quadratic)
    same = np.abs(nearest - middle) <= 1e-7 * wide / WIDE
    shift[zones[mine]] = np.where(same, middle, nearest)[mine]


def _reach_tied(
    face: Face,
    tied: Flags,
    wanted: Flags,
    ranges: tuple[Floats, Floats, Floats],
    wide: float,
    linear: Solver,
) -> None:
    """Highest (and lowest) shifts together of tied zones where nothing is, the others fixed."""
    low, high, shift = ranges
    zones = np.flatnonzero(tied)
    mine = wanted[zones]
    at = np.where(mine, 0.0, np.nan_to_num(shift[zones]))
    for sign, side in ((1.0, high), (-1.0, low)):
        worth = np.where(mine, sign, 0.0)
        question = _question(face, zones, worth, np.zeros(len(zones)), np.full(len(zones), wide))
        end = _ends(question, mine, at, wide, linear)
        side[zones[mine]] = np.where(np.abs(end) < wide / 2, end, sign * np.inf)


def _ends(question: Program, mine: Flags, at: Floats, wide: float, linear: Solver) -> Floats:
    """Shifts that answer a question, the others held where they are, or nearly, if they must."""
    for give in (0.0, SMALL * 1e-2, SMALL):
        room = np.where(mine, wide, give * wide)
        try:
            return linear.solve(replace(question, lower=at - room, upper=at + room)).level[mine]
        except NoAnswer:
            continue
    return np.full(int(mine.sum()), np.inf)
