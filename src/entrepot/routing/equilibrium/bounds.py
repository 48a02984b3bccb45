"""Kernels: a step of all segments kept to what their ways carry."""

from __future__ import annotations

import math

from entrepot.routing.compiled import inner
from entrepot.routing.equilibrium.segments import Segments
from entrepot.routing.equilibrium.state import Flags, Floats, Paths


@inner
def too_far(found: Segments, length: float, toward: Floats, one: Floats, other: Floats) -> bool:
    """Whether a turn would move more than there is on both ways of some segment."""
    far = False
    for row in range(found.used[1]):
        far = far or length * abs(toward[row]) > one[row] + other[row]
    return far


@inner
def followed(
    found: Segments, held: Flags, step: Floats, toward: Floats, one: Floats, other: Floats
) -> bool:
    """Take a step along a direction until the first way is empty, and hold that segment there.

    False where no way would be empty.
    """
    length = math.inf
    first = -1
    for row in range(found.used[1]):
        if held[row] or toward[row] == 0.0:
            continue
        bound = one[row] if toward[row] > 0.0 else -other[row]
        room = (bound - step[row]) / toward[row]
        if room < length:
            length = room
            first = row
    if first < 0:
        return False
    length = max(length, 0.0)
    for row in range(found.used[1]):
        if not held[row]:
            step[row] += length * toward[row]
    step[first] = one[first] if toward[first] > 0.0 else -other[first]
    held[first] = True
    return True


@inner
def fit(found: Segments, held: Flags, step: Floats, one: Floats, other: Floats) -> int:
    """Cut a step where it takes more from a way than it carries, and hold it there.

    Gives the number of segments cut.
    """
    cut = 0
    for segment in range(found.used[1]):
        fitting = min(max(step[segment], -other[segment]), one[segment])
        if fitting != step[segment]:
            step[segment] = fitting
            held[segment] = True
            cut += 1
    return cut


@inner
def stopped(
    found: Segments, held: Flags, begin: Floats, step: Floats, one: Floats, other: Floats
) -> int:
    """Shorten a step that led on from `begin` to where the first way is empty, and hold that.

    Gives the number of segments held.
    """
    share = 1.0
    first = -1
    last = 0.0
    for segment in range(found.used[1]):
        moved = step[segment] - begin[segment]
        bound = one[segment] if moved > 0.0 else -other[segment]
        if not held[segment] and abs(moved) * share > abs(bound - begin[segment]):
            share = (bound - begin[segment]) / moved
            first = segment
            last = bound
    if first < 0:
        return 0
    for segment in range(found.used[1]):
        step[segment] = begin[segment] + share * (step[segment] - begin[segment])
    step[first] = last
    held[first] = True
    return 1


@inner
def divided(
    paths: Paths, found: Segments, step: Floats, one: Floats, other: Floats, units: Floats,
    evenly: bool,
) -> None:  # fmt: skip
    """What each row moves from its path to the fullest, into `units`; `step` becomes their sum.

    A fullest path from which more would be taken, for several segments, than it carries gives each
    of them less; `evenly` shortens the whole step instead, until no path gives more than it has.
    """
    rows = found.used[0]
    begin = 0
    least = 1.0
    while begin < rows:
        end = begin
        gained = 0.0
        has = paths.flow[found.basic[begin]]
        while end < rows and found.pair[end] == found.pair[begin]:
            segment = found.of[end]
            moved = step[segment] if found.ahead[end] else -step[segment]
            if moved > 0.0:
                room = one[segment] if found.ahead[end] else other[segment]
                moved *= paths.flow[found.path[end]] / room
            elif moved < 0.0:
                room = other[segment] if found.ahead[end] else one[segment]
                moved *= has / room
            units[end] = moved
            gained += moved
            end += 1
        if has + gained < -1e-14 * has:
            least = min(least, has / -gained)
            if not evenly:
                for row in range(begin, end):
                    units[row] *= has / -gained
        begin = end
    step[:] = 0.0
    for row in range(rows):
        if evenly:
            units[row] *= least
        step[found.of[row]] += units[row] if found.ahead[row] else -units[row]
