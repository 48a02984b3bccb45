"""Kernels: the two ways where two paths of a pair differ, with all pairs that could go by either.

Thousands of pairs choose between the same two ways round a bottleneck. What is moved between those
two ways is one unknown, not thousands (paired alternative segments: Bar-Gera 2010), and is divided
among the pairs by what they have there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from entrepot.routing.compiled import compiled, inner
from entrepot.routing.equilibrium.shifts import balance, mark, savings, unlike
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


class Segments(NamedTuple):
    """Two ways each, S of them, and M rows: a path and the fullest path of its pair, which differ.

    Attributes
    ----------
    path, basic, pair : of each row, shape (M,); pairs follow one another
    of : segment of each row, shape (M,)
    ahead : whether the path goes by the first way of its segment, shape (M,)
    begin, member : rows of segment s are ``member[begin[s]:begin[s + 1]]``, shapes (S + 1,), (M,)
    first, split : first arc of each segment and first of the second way, shapes (S + 1,), (S,)
    arcs : those of the first way, then those of the second, segment after segment, shape (L,)
    klass : shape (S,)
    saving : of moving a unit from the first way to the second, shape (S,)
    pivot : how fast that falls, shape (S,)
    table : segments by a number made of their arcs, -1 where there is none, shape (T,)
    used : numbers of rows, segments and arcs in use, shape (3,)
    """

    path: Shorts
    basic: Shorts
    pair: Ints
    of: Shorts
    ahead: Flags
    begin: Ints
    member: Shorts
    first: Ints
    split: Ints
    arcs: Shorts
    klass: Ints
    saving: Floats
    pivot: Floats
    table: Shorts
    used: Ints


def segments_for(rows: int, arcs: int) -> Segments:
    """Room for that many rows, as many segments, and arcs."""
    return Segments(
        path=np.empty(rows, dtype=np.int32),
        basic=np.empty(rows, dtype=np.int32),
        pair=np.empty(rows, dtype=np.int64),
        of=np.empty(rows, dtype=np.int32),
        ahead=np.empty(rows, dtype=np.bool_),
        begin=np.zeros(rows + 1, dtype=np.int64),
        member=np.empty(rows, dtype=np.int32),
        first=np.zeros(rows + 1, dtype=np.int64),
        split=np.empty(rows, dtype=np.int64),
        arcs=np.empty(arcs, dtype=np.int32),
        klass=np.empty(rows, dtype=np.int64),
        saving=np.empty(rows),
        pivot=np.empty(rows),
        table=np.empty(1 << (2 * rows - 1).bit_length(), dtype=np.int32),
        used=np.zeros(3, dtype=np.int64),
    )


@inner
def _fullest(pairs: Pairs, paths: Paths, pair: int) -> int:
    """The path of a pair that carries most."""
    basic = pairs.path[pair]
    path = paths.after[basic]
    while path >= 0:
        if paths.flow[path] > paths.flow[basic]:
            basic = path
        path = paths.after[path]
    return int(basic)


@inner
def _number(arcs: Shorts, begin: int, end: int) -> int:
    """A number made of some arcs in their order."""
    number = 0
    for place in range(begin, end):
        number = (number + arcs[place] + 1) * 2862933555777941757
        number ^= number >> 29
    return number


@inner
def _same(found: Segments, segment: int, work: Scratch, split: int, end: int) -> int:
    """1 where a segment is the ways in `work.differ`, -1 where it is them in reverse, else 0."""
    first, middle, last = found.first[segment], found.split[segment], found.first[segment + 1]
    if last - first != end:
        return 0
    same = middle - first == split
    if same:
        for place in range(end):
            if found.arcs[first + place] != work.differ[place]:
                same = False
                break
    if same:
        return 1
    if last - middle != split:
        return 0
    for place in range(split):
        if found.arcs[middle + place] != work.differ[place]:
            return 0
    for place in range(split, end):
        if found.arcs[first + place - split] != work.differ[place]:
            return 0
    return -1


@inner
def _segment(found: Segments, work: Scratch, split: int, end: int, klass: int) -> tuple[int, int]:
    """The segment of the two ways in `work.differ`, added where it is new; and its direction.

    Direction 0 says that room ran out.
    """
    one = _number(work.differ, 0, split)
    other = _number(work.differ, split, end)
    size = found.table.size - 1
    slot = (one * other + one + other + klass) & size
    while found.table[slot] >= 0:
        segment = found.table[slot]
        if found.klass[segment] == klass:
            direction = _same(found, segment, work, split, end)
            if direction != 0:
                return int(segment), direction
        slot = (slot + 1) & size
    segment = found.used[1]
    place = found.used[2]
    if place + end > found.arcs.size:
        return -1, 0
    found.table[slot] = segment
    for item in range(end):
        found.arcs[place + item] = work.differ[item]
    found.split[segment] = place + split
    found.first[segment + 1] = place + end
    found.klass[segment] = klass
    found.used[1] += 1
    found.used[2] += end
    return int(segment), 1


@inner
def _row(
    roads: Roads, loads: Loads, paths: Paths, work: Scratch, found: Segments,
    path: int, basic: int, stamp: int, pair: int, klass: int,
) -> bool:  # fmt: skip
    """Add a path and the fullest path of its pair as a row; False where room ran out.

    Left out where nothing could be moved: an empty path that saves nothing.
    """
    split = unlike(paths, path, work, stamp, 0)
    mine = mark(paths, path, work)
    end = unlike(paths, basic, work, mine, split)
    saving, slope, _ = savings(roads, loads, work.differ, 0, split, end, klass)
    if slope <= 0.0 or (paths.flow[path] <= 0.0 and saving >= 0.0):
        return True
    row = found.used[0]
    if row >= found.path.size:
        return False
    segment, direction = _segment(found, work, split, end, klass)
    if direction == 0:
        return False
    found.saving[segment] = saving * direction
    found.pivot[segment] = slope
    found.path[row] = path
    found.basic[row] = basic
    found.pair[row] = pair
    found.of[row] = segment
    found.ahead[row] = direction > 0
    found.used[0] += 1
    return True


@compiled
def list_segments(
    roads: Roads, loads: Loads, pairs: Pairs, paths: Paths, work: Scratch,
    several: Ints, klass: Ints, found: Segments,
) -> bool:  # fmt: skip
    """Find the segments of the pairs in `several`; False where room ran out."""
    found.used[:] = 0
    found.table[:] = -1
    for position in range(several.size):
        pair = several[position]
        if paths.after[pairs.path[pair]] < 0:
            continue
        basic = _fullest(pairs, paths, pair)
        path = pairs.path[pair]
        while path >= 0:
            if path != basic:
                stamp = mark(paths, basic, work)
                if not _row(
                    roads, loads, paths, work, found, path, basic, stamp, pair, klass[position]
                ):
                    return False
            path = paths.after[path]
    _index(found)
    return True


@inner
def _index(found: Segments) -> None:
    """List the rows of each segment."""
    rows, count = found.used[0], found.used[1]
    begin = found.begin
    begin[: count + 1] = 0
    for row in range(rows):
        begin[found.of[row] + 1] += 1
    for segment in range(count):
        begin[segment + 1] += begin[segment]
    for row in range(rows):
        segment = found.of[row]
        found.member[begin[segment]] = row
        begin[segment] += 1
    for segment in range(count, 0, -1):
        begin[segment] = begin[segment - 1]
    begin[0] = 0


@inner
def movable(paths: Paths, found: Segments, segment: int) -> tuple[float, float]:
    """Units on the first and on the second way of a segment."""
    one = 0.0
    other = 0.0
    for place in range(found.begin[segment], found.begin[segment + 1]):
        row = found.member[place]
        if found.ahead[row]:
            one += paths.flow[found.path[row]]
            other += paths.flow[found.basic[row]]
        else:
            one += paths.flow[found.basic[row]]
            other += paths.flow[found.path[row]]
    return one, other


@inner
def _divide(
    paths: Paths, found: Segments, segment: int, step: float, one: float, other: float
) -> None:
    """Move `step` units from the first way to the second, each row its part of what is there."""
    share = step / one if step > 0.0 else -step / other
    for place in range(found.begin[segment], found.begin[segment + 1]):
        row = found.member[place]
        source, sink = found.path[row], found.basic[row]
        if found.ahead[row] != (step > 0.0):
            source, sink = sink, source
        if share >= 1.0:
            units = paths.flow[source]
            paths.flow[source] = 0.0
        else:
            units = share * paths.flow[source]
            paths.flow[source] -= units
        paths.flow[sink] += units


@compiled
def sweep_segments(roads: Roads, loads: Loads, paths: Paths, found: Segments) -> float:
    """Level segments one after the other (Gauss-Seidel).

    Returns
    -------
    what units paid more than by the cheaper way of their segments
    """
    above = 0.0
    for segment in range(found.used[1]):
        one, other = movable(paths, found, segment)
        begin, end = found.first[segment], found.first[segment + 1]
        step, saving = balance(
            roads, loads, found.arcs, begin, found.split[segment], end, found.klass[segment],
            -other, one, 0.0,
        )  # fmt: skip
        above += max(saving * one, -saving * other)
        if step != 0.0:
            _divide(paths, found, segment, step, one, other)
    return above
