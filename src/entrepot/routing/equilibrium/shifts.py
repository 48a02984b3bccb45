"""Kernels: flow moved between the paths of one pair until they cost the same."""

from __future__ import annotations

import math

from entrepot.routing.compiled import compiled, inner
from entrepot.routing.equilibrium.delays import settle
from entrepot.routing.equilibrium.state import Ints, Loads, Pairs, Paths, Roads, Scratch, Shorts

NOISE = 4e-16
"""Differences of costs below this share of the sums they come from are rounding."""

TRIES, HALVES = 48, 8
"""Most corrections of a step that went too far, or not far enough, and after how many of them what
is left between is halved: where a cost all but jumps, false positions creep."""

ENOUGH = 0.5
"""Share of the difference in costs that one visit to a pair may leave."""


@inner
def path_cost(roads: Roads, loads: Loads, paths: Paths, path: int, klass: int) -> float:
    """What a path costs a unit of a class at the present loads."""
    total = 0.0
    timed = roads.timed[klass]
    begin = paths.at[path]
    for position in range(begin, begin + paths.length[path]):
        arc = paths.arcs[position]
        total += (
            roads.paid[klass, arc, 0]
            + timed * loads.delay[arc, 0]
            + roads.paid[klass, arc, 1] * loads.delay[arc, 1]
        )
    return total


@inner
def mark(paths: Paths, path: int, work: Scratch) -> int:
    """Mark the arcs of a path; gives the mark."""
    stamp = int(work.stamp[0]) + 1
    work.stamp[0] = stamp
    begin = paths.at[path]
    for position in range(begin, begin + paths.length[path]):
        work.mark[paths.arcs[position]] = stamp
    return stamp


@inner
def unlike(paths: Paths, path: int, work: Scratch, stamp: int, count: int) -> int:
    """List the arcs of a path that do not carry a mark, from `count` on; gives the new count."""
    begin = paths.at[path]
    for position in range(begin, begin + paths.length[path]):
        arc = paths.arcs[position]
        if work.mark[arc] != stamp:
            work.differ[count] = arc
            count += 1
    return count


@inner
def _move(
    roads: Roads, loads: Loads, arcs: Shorts, begin: int, split: int, end: int, klass: int,
    step: float,
) -> None:  # fmt: skip
    """Take `step` units off the arcs from `begin` to `split`, put them on those up to `end`."""
    timed = roads.timed[klass]
    optimum = roads.optimum[0] == 1
    for place in range(begin, end):
        arc = arcs[place]
        units = -step if place < split else step
        loads.load[arc] += units * roads.paid[klass, arc, 1]
        if optimum:
            loads.late[arc] += units * timed
        settle(roads, loads, arc)


@inner
def savings(
    roads: Roads, loads: Loads, arcs: Shorts, begin: int, split: int, end: int, klass: int
) -> tuple[float, float, float]:
    """What moving a unit saves, how fast that falls, and the sum of the costs compared."""
    saving = 0.0
    slope = 0.0
    size = 0.0
    timed = roads.timed[klass]
    for place in range(begin, end):
        arc = arcs[place]
        use = roads.paid[klass, arc, 1]
        cost = roads.paid[klass, arc, 0] + timed * loads.delay[arc, 0] + use * loads.delay[arc, 1]
        slope += use * (timed * loads.delay[arc, 2] + use * loads.delay[arc, 3])
        size += abs(cost)
        saving += cost if place < split else -cost
    return saving, slope, size


@inner
def balance(
    roads: Roads, loads: Loads, arcs: Shorts, begin: int, split: int, end: int, klass: int,
    least: float, most: float, faint: float,
) -> tuple[float, float]:  # fmt: skip
    """Move load between two ways until they cost the same or one is empty.

    Newton steps on the arcs where the ways differ (gradient projection: Bertsekas and Gafni 1983;
    Jayakrishnan et al. 1994), mostly one, and the rule of false position where a step went so far
    that the ways changed places. As only arcs that differ are summed, the difference of two
    nearly equal paths is exact to the last digits.

    Parameters
    ----------
    least, most : units that may be moved from the first way to the second, `least` being negative
    faint : savings up to this share of the costs compared are left alone

    Returns
    -------
    units moved; what moving one saved before
    """
    saving, slope, size = savings(roads, loads, arcs, begin, split, end, klass)
    if abs(saving) <= max(NOISE, faint) * size:
        return 0.0, saving
    step = most if saving > 0.0 else least
    if slope > 0.0:
        step = min(max(saving / slope, least), most)
    if step == 0.0:
        return 0.0, saving
    _move(roads, loads, arcs, begin, split, end, klass, step)
    low, at_low = 0.0, saving
    high, at_high = math.nan, 0.0
    for number in range(TRIES):
        left, slope, _ = savings(roads, loads, arcs, begin, split, end, klass)
        if abs(left) <= ENOUGH * abs(saving):
            break
        if left * saving > 0.0:
            if step in (least, most):
                break
            low, at_low = step, left
            wanted = min(max(step + left / slope, least), most) if slope > 0.0 else math.nan
        else:
            high, at_high = step, left
            wanted = math.nan
        if not math.isnan(high) and not min(low, high) < wanted < max(low, high):
            share = at_low / (at_low - at_high) if number < HALVES else 0.5
            wanted = low + (high - low) * min(max(share, 0.1), 0.9)
        if math.isnan(wanted):
            wanted = most if saving > 0.0 else least
        _move(roads, loads, arcs, begin, split, end, klass, wanted - step)
        step = wanted
    return step, saving


@inner
def shift(
    roads: Roads, loads: Loads, paths: Paths, work: Scratch, path: int, basic: int, klass: int,
    stamp: int, faint: float,
) -> None:  # fmt: skip
    """Move flow between two paths until they cost the same or one is empty; see `balance`.

    `stamp` is the mark that the arcs of `basic` carry.
    """
    split = unlike(paths, path, work, stamp, 0)
    mine = mark(paths, path, work)
    count = unlike(paths, basic, work, mine, split)
    most = paths.flow[path]
    least = -paths.flow[basic]
    step, _ = balance(roads, loads, work.differ, 0, split, count, klass, least, most, faint)
    paths.flow[path] -= step
    paths.flow[basic] += step
    if step == most:
        paths.flow[path] = 0.0
    if step == least:
        paths.flow[basic] = 0.0


@inner
def level(
    roads: Roads, loads: Loads, pairs: Pairs, paths: Paths, work: Scratch, pair: int, klass: int,
    faint: float,
) -> tuple[float, float]:  # fmt: skip
    """Shift flow between the paths of a pair and its cheapest; empty paths stay.

    Parameters
    ----------
    faint : paths dearer by no more than this share of the cheapest are left alone, so that pairs
        do not split over paths that are as good as equal

    Returns
    -------
    what its units paid above the cheapest path before, and what they would have paid on it
    """
    best = -1
    least = 0.0
    most = 0.0
    total = 0.0
    flow = 0.0
    path = pairs.path[pair]
    while path >= 0:
        cost = path_cost(roads, loads, paths, path, klass)
        if best < 0 or cost < least:
            best = path
            least = cost
        most = max(most, cost)
        total += paths.flow[path] * cost
        flow += paths.flow[path]
        path = paths.after[path]
    if most - least > faint * least:
        stamp = mark(paths, best, work)
        path = pairs.path[pair]
        while path >= 0:
            if path != best:
                shift(roads, loads, paths, work, path, best, klass, stamp, faint)
                stamp = mark(paths, best, work)
            path = paths.after[path]
    return max(total - flow * least, 0.0), flow * least


@compiled
def sweep(
    roads: Roads, loads: Loads, pairs: Pairs, paths: Paths, work: Scratch,
    several: Ints, klass: Ints, faint: float,
) -> tuple[float, float]:  # fmt: skip
    """Level the pairs listed in `several`, one after the other (Gauss-Seidel).

    Returns
    -------
    what their units paid above their cheapest known paths, and what they would have paid on them
    """
    above = 0.0
    base = 0.0
    for place in range(several.size):
        pair = several[place]
        if paths.after[pairs.path[pair]] < 0:
            continue
        extra, least = level(roads, loads, pairs, paths, work, pair, klass[place], faint)
        above += extra
        base += least
    return above, base
