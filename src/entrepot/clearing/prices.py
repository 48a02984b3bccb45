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
    Standing,
    arcs,
    build_face,
    standing,
)
from entrepot.clearing.least import least_squares
from entrepot.clearing.program import Answer, Program, pattern
from entrepot.clearing.ranges import SMALL, Ranges, everywhere, where_goods_are
from entrepot.clearing.solvers.port import Solver

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


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
        fixed = _fix_shared_rents(program, answer, stand, shape, pinned, shared, linear, quadratic)
        follow = stand.saturated & ~shared
        near, relaxed, users = _let_follow(program, stand, follow)
        fixed = replace(fixed, rent=np.where(follow, 0.0, fixed.rent))
        free = np.zeros(len(program.worth), dtype=bool)
        face = build_face(program, fixed, near, shape, free, relaxed, pinned)
        # Where every price is nothing, what somebody would pay or ask says how far one could go.
        highest = float(
            np.abs(fixed.price).max(initial=0.0) or np.abs(program.worth).max(initial=0)
        )
        ranges = where_goods_are(face, shape, near, fixed.price, highest, linear, quadratic)
        found = _read(program, fixed, near, ranges, users)
        broken = _contradicted(program, answer, found, stand, alone & ~shared)
        if not broken.any():
            found = _read(program, fixed, near, everywhere(ranges, linear, quadratic), users)
            broken = _contradicted(program, answer, found, stand, alone & ~shared)
            if not broken.any():
                break
        shared = shared | broken
    return found


def _read(
    program: Program, fixed: Answer, stand: Standing, ranges: Ranges, users: list[tuple[int, int]]
) -> Prices:
    """Prices at the shifts picked, with the rents that follow from them."""
    zone = ranges.face.zone[:-1]
    price = fixed.price + ranges.shift[zone]
    rent = fixed.rent.copy()
    for limit, user in users:
        gain = program.gain(np.nan_to_num(price), rent, fixed.level)[user]
        rent[limit] = gain / program.limit[limit, user]
    # What has no rent may give way to the rule for ties: rounding must not look like one.
    rent[np.abs(rent) < SMALL * program.price_scale(fixed.price)] = 0.0
    low, high = fixed.price + ranges.low[zone], fixed.price + ranges.high[zone]
    return Prices(price=price, low=low, high=high, touched=stand.touched, rent=rent)


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


def _fix_shared_rents(
    program: Program,
    answer: Answer,
    stand: Standing,
    shape: Arcs,
    pinned: Flags,
    shared: Flags,
    linear: Solver,
    quadratic: Solver,
) -> Answer:
    """The answer with the shared rents at the smallest norm that its face allows."""
    limits = np.flatnonzero(shared)
    if not len(limits):
        return answer
    using = program.limit[limits].tocsc()
    free = np.diff(using.indptr) > 0
    follow = stand.saturated & ~shared
    near, relaxed, _ = _let_follow(program, stand, follow)
    # What follows is not held where the solver left it: a smaller rent here may be a larger there.
    open_ = replace(answer, rent=np.where(follow, 0.0, answer.rent))
    face = build_face(program, open_, near, shape, free, relaxed, pinned)
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
    point = least_squares(change, np.concatenate([nothing, rent]), linear, quadratic)
    shift = np.concatenate([[0.0], point[: face.zones - 1]])
    fixed = answer.rent.copy()
    fixed[limits] = point[face.zones - 1 :]
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
    unknown = pattern(program.balance).T @ np.isnan(found.price).astype(float) > 0
    wrong = (gain > 1e-7 * scale) & stand.idle & ~unknown
    rivals = pattern(program.limit) @ wrong.astype(float) > 0
    return np.asarray(alone & (rivals | (found.rent < -1e-7 * scale)))
