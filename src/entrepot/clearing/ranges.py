"""How far each price may go when the rents are fixed, and which point of that the rule picks.

The second and the third part of the rule of `entrepot.clearing.prices`: the middle of the range
where goods are, then what prices elsewhere leave where nothing is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entrepot.clearing.determined import undetermined
from entrepot.clearing.face import Arcs, Face, Standing, bounds_by_paths
from entrepot.clearing.least import least_squares
from entrepot.clearing.program import Program, pattern
from entrepot.clearing.solvers.port import NoAnswer, Solver

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Of the typical price: differences below it are rounding.
SMALL = 1e-9
# Times the highest price: how far prices may shift at all, and what has no end to its range. The
# second is less, as a price may follow one without an end by a fraction, through a recipe.
WIDE, ENDLESS = 1e4, 1e2


@dataclass(frozen=True)
class Ranges:
    """Zones of a face with the shifts that the rule picks.

    Attributes
    ----------
    tail, head, spare : what a face says of two zones each: ``t[head] <= t[tail] + spare``
    tied, touched : zones that recipes tie, and where goods are, shape (Z,)
    base : price of each zone before any shift, the mean of its balances, money per unit, shape (Z,)
    shift, low, high : of each zone, with its range; `shift` is nan where nothing bounds it (yet)
    wide : the largest shift, money per unit
    """

    face: Face
    tail: Ints
    head: Ints
    spare: Floats
    tied: Flags
    touched: Flags
    base: Floats
    shift: Floats
    low: Floats
    high: Floats
    wide: float

    @property
    def endless(self) -> float:
        """A shift that has no end, money per unit."""
        return self.wide * ENDLESS / WIDE

    def reach(self, fixed: Ints, at: Floats) -> tuple[Floats, Floats]:
        """How far each zone may shift, down and up, when some are fixed."""
        zones = self.face.zones
        top = bounds_by_paths(zones, self.tail, self.head, self.spare, fixed, at)
        return -bounds_by_paths(zones, self.head, self.tail, self.spare, fixed, -at), top


def where_goods_are(
    face: Face,
    shape: Arcs,
    stand: Standing,
    price: Floats,
    highest: float,
    linear: Solver,
    quadratic: Solver,
) -> Ranges:
    """Shifts and ranges where goods are; elsewhere the shift is nan.

    `price` is what shifts are counted from, `highest` the highest price known, money per unit.
    """
    touched = np.zeros(face.zones, dtype=bool)
    touched[face.zone[:-1][stand.touched]] = True
    touched[0] = True
    blank = np.empty(0)
    found = Ranges(
        face,
        *_as_arcs(face, shape),
        tied=_tied_zones(face, shape),
        touched=touched,
        base=_means(face, price),
        shift=blank,
        low=blank,
        high=blank,
        wide=WIDE * max(highest, 1e-300),
    )
    low, high = found.reach(np.zeros(1, dtype=np.int64), np.zeros(1))
    found = replace(found, shift=_middle(low, high), low=low, high=high)
    if (found.tied & touched).any():
        _settle_tied(found, linear, quadratic)
    found.shift[~touched | np.isinf(found.shift)] = np.nan
    return found


def everywhere(known: Ranges, linear: Solver, quadratic: Solver) -> Ranges:
    """The same with what prices elsewhere leave where nothing is.

    First what is delivered somewhere at the cheapest, then, from there, what has only outlets.
    """
    found = replace(known, shift=known.shift.copy(), low=known.low.copy(), high=known.high.copy())
    shift, low, high = found.shift, found.low, found.high
    for dearest in (True, False):
        settled = found.touched if dearest else found.touched | np.isfinite(shift)
        shift[~settled] = np.nan
        fixed = np.flatnonzero(settled)
        bottom, top = found.reach(fixed, shift[fixed])
        if (found.tied & ~settled).any():
            _reach_tied(found, found.tied & ~settled, (bottom, top), linear, quadratic)
        if dearest:
            low[~settled], high[~settled] = bottom[~settled], top[~settled]
        proved = np.where(np.isfinite(top), top, np.nan) if dearest else bottom
        shift[~settled] = proved[~settled]
    shift[np.isinf(shift)] = np.nan
    return found


def _means(face: Face, price: Floats) -> Floats:
    """Mean price of the balances of each zone, shape (Z,)."""
    zone = face.zone[:-1]
    count = np.bincount(zone, minlength=face.zones)
    total = np.bincount(zone, np.nan_to_num(price), minlength=face.zones)
    return np.asarray(total / np.maximum(count, 1))


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


def _settle_tied(found: Ranges, linear: Solver, quadratic: Solver) -> None:
    """Ranges of tied zones one by one, then the point of the face nearest to the middles."""
    zones = np.flatnonzero(found.tied)
    mine = np.flatnonzero(found.touched[zones])
    bound = np.full(len(zones), found.wide)
    flat = np.zeros(len(zones))
    for i in mine.tolist():
        for sign, side in ((1.0, found.high), (-1.0, found.low)):
            worth = flat.copy()
            worth[i] = sign
            end = linear.solve(_question(found.face, zones, worth, flat, bound)).level[i]
            side[zones[i]] = end if abs(end) < found.endless else sign * np.inf
    middle = _middle(found.low[zones], found.high[zones])
    weight = np.zeros(len(zones))
    weight[mine] = 1.0
    question = _question(found.face, zones, flat, weight, bound)
    nearest = middle + least_squares(question, -weight * middle, linear, quadratic)
    same = np.abs(nearest - middle) <= 1e-7 * found.wide / WIDE
    found.shift[zones[mine]] = np.where(same, middle, nearest)[mine]


def _reach_tied(
    found: Ranges, wanted: Flags, ends: tuple[Floats, Floats], linear: Solver, quadratic: Solver
) -> None:
    """Highest (and lowest) shifts together of tied zones where nothing is, the others fixed.

    Of several answers the smallest prices: what the solver leaves where nothing is, is chance.
    """
    zones = np.flatnonzero(found.tied)
    base = found.base[zones]
    mine = wanted[zones]
    at = np.where(mine, 0.0, np.nan_to_num(found.shift[zones]))
    flat, bound = np.zeros(len(zones)), np.full(len(zones), found.wide)
    for sign, side in ((1.0, ends[1]), (-1.0, ends[0])):
        question = _question(found.face, zones, np.where(mine, sign, 0.0), flat, bound)
        end = _ends(question, mine, at, base, found.wide, linear, quadratic)
        side[zones[mine]] = np.where(np.abs(end) < found.endless, end, sign * np.inf)


def _ends(
    question: Program,
    mine: Flags,
    at: Floats,
    base: Floats,
    wide: float,
    linear: Solver,
    quadratic: Solver,
) -> Floats:
    """Shifts that answer a question, the others held where they are, or nearly, if they must."""
    try:
        return _answer(_without(question, ~mine, at), base[mine], linear, quadratic)
    except NoAnswer:
        pass
    for give in (SMALL, SMALL * 1e2):
        room = np.where(mine, wide, give * wide / WIDE)
        try:
            looser = replace(question, lower=at - room, upper=at + room)
            return _answer(looser, base, linear, quadratic)[mine]
        except NoAnswer:
            continue
    return np.full(int(mine.sum()), np.inf)


def _answer(question: Program, base: Floats, linear: Solver, quadratic: Solver) -> Floats:
    """The shifts from `base` that answer a question; of several that do, to the smallest prices.

    In every answer the rows with a rent stay full and the shifts that would gain stay at their
    bound; where these equations leave nothing open, there is one answer.
    """
    found = linear.solve(question)
    binding = np.abs(found.rent) > SMALL
    open_ = np.abs(question.worth - question.limit.T @ found.rent) <= SMALL
    columns = np.flatnonzero(open_)
    part = question.limit[:, columns].tocsr()
    if not len(columns) or not undetermined(sparse.csr_array(part[np.flatnonzero(binding)])).any():
        return found.level
    used = question.limit @ found.level
    low, high = question.limit_lower - used, question.limit_upper - used
    change = Program(
        worth=np.zeros(len(columns)),
        slope=np.ones(len(columns)),
        lower=np.minimum(question.lower[columns] - found.level[columns], 0.0),
        upper=np.maximum(question.upper[columns] - found.level[columns], 0.0),
        balance=sparse.csc_array((0, len(columns))),
        given=np.empty(0),
        limit=sparse.csc_array(part),
        limit_lower=np.where(binding, 0.0, np.minimum(low, 0.0)),
        limit_upper=np.where(binding, 0.0, np.maximum(high, 0.0)),
    )
    level = found.level.copy()
    at = base[columns] + level[columns]
    level[columns] = least_squares(change, at, linear, quadratic) - base[columns]
    return level


def _without(question: Program, held: Flags, at: Floats) -> Program:
    """The question about the others when some shifts are held."""
    used = question.limit @ np.where(held, at, 0.0)
    part = sparse.csr_array(question.limit[:, np.flatnonzero(~held)])
    saying = np.diff(part.indptr) > 0
    return replace(
        question,
        worth=question.worth[~held],
        slope=question.slope[~held],
        lower=question.lower[~held],
        upper=question.upper[~held],
        balance=sparse.csc_array(question.balance[:, np.flatnonzero(~held)]),
        limit=sparse.csc_array(part[saying]),
        limit_lower=(question.limit_lower - used)[saying],
        limit_upper=(question.limit_upper - used)[saying],
    )
