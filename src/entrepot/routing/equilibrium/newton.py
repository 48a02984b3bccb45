"""Kernels: one Newton step for all pairs with several paths at once.

Sweeps that level one pair after the other converge slowly where many pairs share a few bottlenecks.
Near the equilibrium all differences of costs are solved for together: the Hessian of the objective
in the flows of paths is applied arc by arc and never formed, and the system is solved by conjugate
gradients (truncated Newton: Dembo, Eisenstat and Steihaug 1982).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from entrepot.routing.equilibrium.delays import settle_all
from entrepot.routing.equilibrium.kernels import compiled, inner
from entrepot.routing.equilibrium.shifts import _mark, _saving, _unlike
from entrepot.routing.equilibrium.state import (
    Flags,
    Floats,
    Ints,
    Loads,
    Pairs,
    Paths,
    Roads,
    Scratch,
    Shorts,
)

ROUNDS = 8
"""Most times the system is solved again after rows were cut."""

CURBS = 6
"""Most times a step that went too far is shortened."""


class Rows(NamedTuple):
    """What may be moved: each row is units moved from a path to the fullest path of its pair.

    Attributes
    ----------
    path, basic, pair : of each row, shape (M,)
    klass : shape (M,)
    first, split : first arc of each row and first of those that gain load, shape (M + 1,), (M,)
    arcs : those that lose load, then those that gain, row after row, shape (L,)
    saving : of moving one unit, shape (M,)
    pivot : how fast that falls, shape (M,)
    used : numbers of rows and arcs in use, shape (2,)
    """

    path: Shorts
    basic: Shorts
    pair: Ints
    klass: Ints
    first: Ints
    split: Ints
    arcs: Shorts
    saving: Floats
    pivot: Floats
    used: Ints


def rows_for(rows: int, arcs: int) -> Rows:
    """Room for that many rows and arcs."""
    return Rows(
        path=np.empty(rows, dtype=np.int32),
        basic=np.empty(rows, dtype=np.int32),
        pair=np.empty(rows, dtype=np.int64),
        klass=np.empty(rows, dtype=np.int64),
        first=np.zeros(rows + 1, dtype=np.int64),
        split=np.empty(rows, dtype=np.int64),
        arcs=np.empty(arcs, dtype=np.int32),
        saving=np.empty(rows),
        pivot=np.empty(rows),
        used=np.zeros(2, dtype=np.int64),
    )


@compiled
def list_rows(
    roads: Roads, loads: Loads, pairs: Pairs, paths: Paths, work: Scratch,
    several: Ints, klass: Ints, rows: Rows,
) -> bool:  # fmt: skip
    """Fill the rows for the pairs in `several`; False where room ran out."""
    count = 0
    place = 0
    for position in range(several.size):
        pair = several[position]
        basic = pairs.path[pair]
        path = paths.after[basic]
        if path < 0:
            continue
        while path >= 0:
            if paths.flow[path] > paths.flow[basic]:
                basic = path
            path = paths.after[path]
        stamp = _mark(paths, basic, work)
        path = pairs.path[pair]
        while path >= 0:
            if path != basic:
                split = _unlike(paths, path, work, stamp, 0)
                mine = _mark(paths, path, work)
                end = _unlike(paths, basic, work, mine, split)
                stamp = _mark(paths, basic, work)
                saving, slope, _ = _saving(roads, loads, work, split, end, klass[position])
                if slope > 0.0 and (paths.flow[path] > 0.0 or saving < 0.0):
                    if count >= rows.path.size or place + end > rows.arcs.size:
                        return False
                    rows.path[count] = path
                    rows.basic[count] = basic
                    rows.pair[count] = pair
                    rows.klass[count] = klass[position]
                    rows.split[count] = place + split
                    rows.saving[count] = saving
                    rows.pivot[count] = slope
                    for item in range(end):
                        rows.arcs[place + item] = work.differ[item]
                    place += end
                    count += 1
                    rows.first[count] = place
            path = paths.after[path]
    rows.used[0] = count
    rows.used[1] = place
    return True


@inner
def _weights(roads: Roads, klass: int) -> tuple[float, float]:
    """Load of a unit of a class, and what its rows are multiplied by to make the Hessian even."""
    use = roads.paid[klass, 0, 1]
    return use, (1.0 if roads.optimum[0] == 1 else use)


@inner
def _spread(roads: Roads, rows: Rows, step: Floats, load: Floats, late: Floats) -> None:
    """What steps of all rows add to the load of each arc, and to `late`."""
    load[:] = 0.0
    late[:] = 0.0
    for row in range(rows.used[0]):
        use = roads.paid[rows.klass[row], 0, 1]
        units = use * step[row]
        timed = roads.timed[rows.klass[row]] * step[row]
        for place in range(rows.first[row], rows.split[row]):
            load[rows.arcs[place]] -= units
            late[rows.arcs[place]] -= timed
        for place in range(rows.split[row], rows.first[row + 1]):
            load[rows.arcs[place]] += units
            late[rows.arcs[place]] += timed


@inner
def _multiply(
    roads: Roads, loads: Loads, rows: Rows, step: Floats, load: Floats, late: Floats, out: Floats
) -> None:
    """The Hessian times `step`: how much less each row would save, into `out`."""
    _spread(roads, rows, step, load, late)
    optimum = roads.optimum[0] == 1
    for arc in range(load.size):
        slope = loads.delay[arc, 2]
        if optimum:
            late[arc] = loads.delay[arc, 3] * load[arc] + 0.5 * slope * late[arc]
            load[arc] *= 0.5 * slope
        else:
            load[arc] *= slope
    for row in range(rows.used[0]):
        change = 0.0
        other = 0.0
        for place in range(rows.first[row], rows.split[row]):
            change -= load[rows.arcs[place]]
            other -= late[rows.arcs[place]]
        for place in range(rows.split[row], rows.first[row + 1]):
            change += load[rows.arcs[place]]
            other += late[rows.arcs[place]]
        use = roads.paid[rows.klass[row], 0, 1]
        if optimum:
            out[row] = roads.timed[rows.klass[row]] * change + use * other
        else:
            out[row] = use * roads.timed[rows.klass[row]] * change


@inner
def _residual(
    roads: Roads, loads: Loads, rows: Rows, held: Flags, step: Floats,
    load: Floats, late: Floats, rest: Floats,
) -> None:  # fmt: skip
    """What rows would still save after a step, into `rest`; 0 for rows that are held."""
    _multiply(roads, loads, rows, step, load, late, rest)
    for row in range(rows.used[0]):
        _, weight = _weights(roads, rows.klass[row])
        rest[row] = 0.0 if held[row] else weight * rows.saving[row] - rest[row]


@inner
def _solve(
    roads: Roads, loads: Loads, rows: Rows, held: Flags, step: Floats, most: int, accuracy: float
) -> int:
    """Conjugate gradients, from `step`, for the step at which no free row saves anything.

    Rows in `held` stay as they are. Gives the turns taken.
    """
    count = rows.used[0]
    load = np.empty(loads.load.size)
    late = np.empty(loads.load.size)
    rest = np.empty(count)
    scale = np.empty(count)
    toward = np.empty(count)
    image = np.empty(count)
    _residual(roads, loads, rows, held, step, load, late, rest)
    product = 0.0
    for row in range(count):
        _, weight = _weights(roads, rows.klass[row])
        scale[row] = 1.0 / (weight * rows.pivot[row])
        toward[row] = scale[row] * rest[row]
        product += rest[row] * toward[row]
    goal = product * accuracy * accuracy
    for turn in range(most):
        if product <= goal:
            return turn
        _multiply(roads, loads, rows, toward, load, late, image)
        bend = 0.0
        for row in range(count):
            bend += toward[row] * image[row]
        if bend <= 0.0:
            return turn
        length = product / bend
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
    return most


@inner
def _fit(paths: Paths, rows: Rows, held: Flags, step: Floats) -> int:
    """Cut a step where it takes more from a path than it carries, and hold it there.

    Gives the number of rows cut.
    """
    count = rows.used[0]
    cut = 0
    row = 0
    while row < count:
        end = row
        gained = 0.0
        while end < count and rows.pair[end] == rows.pair[row]:
            if step[end] > paths.flow[rows.path[end]]:
                step[end] = paths.flow[rows.path[end]]
                held[end] = True
                cut += 1
            gained += step[end]
            end += 1
        has = paths.flow[rows.basic[row]]
        if has + gained < -1e-14 * has:
            share = has / -gained
            for other in range(row, end):
                step[other] *= share
                held[other] = True
                cut += 1
        row = end
    return cut


@inner
def _gain(roads: Roads, loads: Loads, rows: Rows, step: Floats) -> float:
    """What the rows save at the present loads, for the units of the step."""
    total = 0.0
    for row in range(rows.used[0]):
        klass = rows.klass[row]
        use, weight = _weights(roads, klass)
        timed = roads.timed[klass]
        saving = 0.0
        for place in range(rows.first[row], rows.first[row + 1]):
            arc = rows.arcs[place]
            cost = (
                roads.paid[klass, arc, 0] + timed * loads.delay[arc, 0] + use * loads.delay[arc, 1]
            )
            saving += cost if place < rows.split[row] else -cost
        total += weight * saving * step[row]
    return total


@compiled
def newton(roads: Roads, loads: Loads, paths: Paths, rows: Rows, most: int, accuracy: float) -> int:
    """Move flows of all rows toward the point where none saves anything.

    The step is cut at empty paths and shortened while it overshoots along its own direction.

    Parameters
    ----------
    most, accuracy : most turns of conjugate gradients, and the share of the residual to stop at

    Returns
    -------
    the turns taken
    """
    count = rows.used[0]
    step = np.zeros(count)
    held = np.zeros(count, dtype=np.bool_)
    turns = 0
    for _ in range(ROUNDS):
        turns += _solve(roads, loads, rows, held, step, most, accuracy)
        if _fit(paths, rows, held, step) == 0:
            break
    load = np.empty(loads.load.size)
    late = np.empty(loads.load.size)
    _spread(roads, rows, step, load, late)
    before = _gain(roads, loads, rows, step)
    if before <= 0.0:
        return turns
    share = 0.0
    wanted = 1.0
    for _ in range(CURBS):
        for arc in range(load.size):
            loads.load[arc] += (wanted - share) * load[arc]
            loads.late[arc] += (wanted - share) * late[arc]
        share = wanted
        settle_all(roads, loads)
        after = _gain(roads, loads, rows, step)
        if after >= -0.5 * before:
            break
        wanted = share * max(before / (before - after), 0.1)
    for row in range(count):
        units = share * step[row]
        paths.flow[rows.basic[row]] += units
        paths.flow[rows.path[row]] -= units
        if step[row] > 0.0 and paths.flow[rows.path[row]] <= 1e-15 * units:
            paths.flow[rows.path[row]] = 0.0
    return turns
