"""Kernels: one Newton step for all segments at once.

Sweeps that level one pair after the other converge slowly where many pairs share a few bottlenecks.
Near the equilibrium all differences of costs are solved for together: the Hessian of the objective
in what segments move is applied arc by arc and never formed, and the system is solved by conjugate
gradients (truncated Newton: Dembo, Eisenstat and Steihaug 1982).
"""

from __future__ import annotations

import numpy as np

from entrepot.routing.compiled import compiled, inner
from entrepot.routing.equilibrium.bounds import divided, fit, followed, stopped, too_far
from entrepot.routing.equilibrium.delays import settle_all
from entrepot.routing.equilibrium.segments import Segments, movable
from entrepot.routing.equilibrium.shifts import savings
from entrepot.routing.equilibrium.state import (
    Flags,
    Floats,
    Loads,
    Paths,
    Roads,
)

ROUNDS, CAREFUL = 8, 30
"""Most times the system is solved again after segments were cut, all of them or one at a time."""

LEVEL = 1e-9
"""Curvature, as a share of what each segment would have by itself, at or below which a direction is
level: there is no point along it where nothing is saved. Such are exchanges of segments whose loads
cancel on all arcs but those whose days do not grow; the sweeps settle them."""

CURBS = 6
"""Most times a step that went too far is shortened."""

STEEP = 8.0
"""Power of a delay above which steps are taken with the care of those along bends."""

TIMID = 0.1
"""Share of a step below which it is taken back: what was cut from it held the rest in balance."""


@inner
def _weight(roads: Roads, klass: int) -> float:
    """What the segments of a class are multiplied by to make the Hessian even."""
    return 1.0 if roads.optimum[0] == 1 else float(roads.paid[klass, 0, 1])


@inner
def _uneven(roads: Roads) -> bool:
    """Whether the objective may be level in some direction or bend: classes, capacities, points.

    Or all but bend, by a steep power.
    """
    bent = roads.pieces.load.size > 0 or roads.stiffness.max() > 0.0 or roads.power.max() > STEEP
    return bool(bent or roads.timed.size > 1)


@inner
def _spread(roads: Roads, found: Segments, step: Floats, load: Floats) -> None:
    """What steps of all segments add to the load of each arc."""
    load[:] = 0.0
    for segment in range(found.used[1]):
        units = roads.paid[found.klass[segment], 0, 1] * step[segment]
        if units == 0.0:
            continue
        for place in range(found.first[segment], found.split[segment]):
            load[found.arcs[place]] -= units
        for place in range(found.split[segment], found.first[segment + 1]):
            load[found.arcs[place]] += units


@inner
def _spread_late(roads: Roads, found: Segments, step: Floats, late: Floats) -> None:
    """What steps of all segments add to the units on each arc, by what a day counts to them."""
    late[:] = 0.0
    for segment in range(found.used[1]):
        timed = roads.timed[found.klass[segment]] * step[segment]
        for place in range(found.first[segment], found.split[segment]):
            late[found.arcs[place]] -= timed
        for place in range(found.split[segment], found.first[segment + 1]):
            late[found.arcs[place]] += timed


@inner
def _along(found: Segments, segment: int, values: Floats) -> float:
    """Sum of values over the second way of a segment, less that over the first."""
    total = 0.0
    for place in range(found.first[segment], found.split[segment]):
        total -= values[found.arcs[place]]
    for place in range(found.split[segment], found.first[segment + 1]):
        total += values[found.arcs[place]]
    return total


@inner
def _multiply(
    roads: Roads, loads: Loads, found: Segments, step: Floats, load: Floats, late: Floats,
    out: Floats,
) -> None:  # fmt: skip
    """The Hessian times `step`: how much less each segment would save, into `out`."""
    optimum = roads.optimum[0] == 1
    _spread(roads, found, step, load)
    if optimum:
        _spread_late(roads, found, step, late)
    for arc in range(load.size):
        slope = loads.delay[arc, 2]
        if optimum:
            late[arc] = loads.delay[arc, 3] * load[arc] + 0.5 * slope * late[arc]
            load[arc] *= 0.5 * slope
        else:
            load[arc] *= slope
    for segment in range(found.used[1]):
        klass = found.klass[segment]
        change = roads.timed[klass] * _along(found, segment, load)
        use = roads.paid[klass, 0, 1]
        out[segment] = change + use * _along(found, segment, late) if optimum else use * change


@inner
def _residual(
    roads: Roads, loads: Loads, found: Segments, held: Flags, step: Floats,
    load: Floats, late: Floats, rest: Floats,
) -> None:  # fmt: skip
    """What segments would still save after a step, into `rest`; 0 for those that are held."""
    _multiply(roads, loads, found, step, load, late, rest)
    for segment in range(found.used[1]):
        weight = _weight(roads, found.klass[segment])
        rest[segment] = 0.0 if held[segment] else weight * found.saving[segment] - rest[segment]


@inner
def _solve(
    roads: Roads, loads: Loads, found: Segments, held: Flags, step: Floats, most: int,
    accuracy: float, one: Floats, other: Floats,
) -> tuple[int, bool]:  # fmt: skip
    """Conjugate gradients, from `step`, for the step at which no free segment saves anything.

    Segments in `held` stay as they are. A level direction is followed until a way is empty, and its
    segment is held there. Gives the turns taken, and whether that happened.
    """
    count = found.used[1]
    load = np.empty(loads.load.size)
    late = np.empty(loads.load.size)
    rest = np.empty(count)
    scale = np.empty(count)
    toward = np.empty(count)
    image = np.empty(count)
    _residual(roads, loads, found, held, step, load, late, rest)
    product = 0.0
    for row in range(count):
        pivot = _weight(roads, found.klass[row]) * found.pivot[row]
        scale[row] = 1.0 / pivot if pivot > 0.0 else 0.0
        toward[row] = scale[row] * rest[row]
        product += rest[row] * toward[row]
    goal = product * accuracy * accuracy
    bends = _uneven(roads)
    sags = roads.optimum[0] == 1
    for turn in range(most):
        if product <= goal:
            return turn, False
        _multiply(roads, loads, found, toward, load, late, image)
        bend = 0.0
        alone = 0.0
        for row in range(count):
            bend += toward[row] * image[row]
            if scale[row] > 0.0:
                alone += toward[row] * toward[row] / scale[row]
        if not bend > LEVEL * alone:
            falls = sags and bend < -LEVEL * alone
            return turn, (bends or falls) and followed(found, held, step, toward, one, other)
        length = product / bend
        if bends and too_far(found, length, toward, one, other):
            return turn, followed(found, held, step, toward, one, other)
        fresh = 0.0
        for row in range(count):
            if not held[row]:
                step[row] += length * toward[row]
                rest[row] -= length * image[row]
                fresh += rest[row] * rest[row] * scale[row]
        ratio = fresh / product
        for row in range(count):
            toward[row] = scale[row] * rest[row] + ratio * toward[row]
        product = fresh
    return most, False


@inner
def _sought(
    roads: Roads, loads: Loads, found: Segments, held: Flags, step: Floats, most: int,
    accuracy: float, one: Floats, other: Floats, careful: bool,
) -> int:  # fmt: skip
    """The step of all segments that saves most with no way below empty; gives the turns taken.

    All that are cut are held at once, or, where `careful`, one after the other, so that the step
    goes up all the way: exchanges between classes cancel on what is full, and only whole.
    """
    step[:] = 0.0
    for segment in range(found.used[1]):
        held[segment] = found.pivot[segment] <= 0.0
    turns = 0
    for _ in range(CAREFUL if careful else ROUNDS):
        begin = step.copy()
        took, blocked = _solve(roads, loads, found, held, step, most, accuracy, one, other)
        turns += took
        if careful:
            cut = stopped(found, held, begin, step, one, other)
        else:
            cut = fit(found, held, step, one, other)
        if cut == 0 and not blocked:
            break
    return turns


@inner
def _gain(roads: Roads, loads: Loads, found: Segments, step: Floats) -> float:
    """What the segments save at the present loads, for the units of the step."""
    total = 0.0
    for segment in range(found.used[1]):
        klass = found.klass[segment]
        begin, end = found.first[segment], found.first[segment + 1]
        saving, _, _ = savings(roads, loads, found.arcs, begin, found.split[segment], end, klass)
        total += _weight(roads, klass) * saving * step[segment]
    return total


@compiled
def measure(roads: Roads, loads: Loads, found: Segments) -> None:
    """What each segment saves at the present loads, and how fast that falls."""
    for segment in range(found.used[1]):
        begin, end = found.first[segment], found.first[segment + 1]
        saving, slope, _ = savings(
            roads, loads, found.arcs, begin, found.split[segment], end, found.klass[segment]
        )
        found.saving[segment] = saving
        found.pivot[segment] = slope


@inner
def _put(roads: Roads, loads: Loads, share: float, load: Floats, late: Floats) -> None:
    """Put a share of a step on the loads; `load` and `late` are what `_spread` made of it."""
    for arc in range(load.size):
        loads.load[arc] += share * load[arc]
        loads.late[arc] += share * late[arc]
    settle_all(roads, loads)


@inner
def _curbed(
    roads: Roads, loads: Loads, found: Segments, step: Floats, before: float, timid: float
) -> float:
    """Put a step on the loads, shortened while it overshoots; gives the share taken of it.

    A step of which no more than the share `timid` could be taken is taken back.
    """
    load = np.empty(loads.load.size)
    late = np.empty(loads.load.size)
    _spread(roads, found, step, load)
    _spread_late(roads, found, step, late)
    share = 0.0
    wanted = 1.0
    for _ in range(CURBS):
        _put(roads, loads, wanted - share, load, late)
        share = wanted
        after = _gain(roads, loads, found, step)
        if after >= -0.5 * before:
            break
        wanted = share * max(before / (before - after), 0.1)
    if share <= timid:
        _put(roads, loads, -share, load, late)
        return 0.0
    return share


@compiled
def newton(
    roads: Roads, loads: Loads, paths: Paths, found: Segments, most: int, accuracy: float
) -> int:
    """Move flows of all segments toward the point where none saves anything.

    The step is cut at empty ways and shortened while it overshoots along its own direction.

    Parameters
    ----------
    most, accuracy : most turns of conjugate gradients, and the share of the residual to stop at

    Returns
    -------
    the turns taken
    """
    count = found.used[1]
    measure(roads, loads, found)
    one = np.empty(count)
    other = np.empty(count)
    step = np.empty(count)
    held = np.empty(count, dtype=np.bool_)
    for segment in range(count):
        one[segment], other[segment] = movable(paths, found, segment)
    units = np.empty(found.used[0])
    turns = 0
    share = 0.0
    uneven = _uneven(roads)
    for careful in (False, True):
        turns += _sought(roads, loads, found, held, step, most, accuracy, one, other, careful)
        divided(paths, found, step, one, other, units, careful)
        before = _gain(roads, loads, found, step)
        if before > 0.0:
            share = _curbed(
                roads, loads, found, step, before, TIMID if uneven and not careful else 0.0
            )
        if share > 0.0 or not uneven:
            break
    for row in range(units.size):
        moved = share * units[row]
        source = paths.flow[found.path[row]] - moved
        paths.flow[found.basic[row]] += moved
        paths.flow[found.path[row]] = 0.0 if moved > 0.0 and source <= 1e-15 * moved else source
    for row in range(units.size):
        paths.flow[found.basic[row]] = max(paths.flow[found.basic[row]], 0.0)
    return turns
