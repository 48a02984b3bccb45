"""Kernels: one pass over all starts, which finds new paths and measures the gap."""

from __future__ import annotations

import math

from entrepot.routing.compiled import compiled, inner
from entrepot.routing.equilibrium.delays import costs_of, settle_all
from entrepot.routing.equilibrium.fingerprints import name_tree
from entrepot.routing.equilibrium.shifts import level
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
from entrepot.routing.equilibrium.trees import UNKNOWN, grow, regrow


@inner
def _add(roads: Roads, pairs: Pairs, paths: Paths, work: Scratch, pair: int, start: int) -> bool:
    """Store the tree's path to the end of a pair, without flow; False where room ran out."""
    via = work.via
    length = 0
    node = pairs.end[pair]
    while node != start:
        length += 1
        node = roads.tail[via[node]]
    path = paths.used[0]
    at = paths.used[1]
    if path >= paths.flow.size or at + length > paths.arcs.size:
        return False
    position = at + length
    node = pairs.end[pair]
    value = 0
    while node != start:
        position -= 1
        paths.arcs[position] = via[node]
        value ^= roads.fingerprint[via[node]]
        node = roads.tail[via[node]]
    paths.after[path] = pairs.path[pair]
    paths.at[path] = at
    paths.length[path] = length
    paths.flow[path] = 0.0
    paths.fingerprint[path] = value
    paths.used[0] += 1
    paths.used[1] += length
    pairs.path[pair] = path
    return True


@inner
def load_path(roads: Roads, loads: Loads, paths: Paths, path: int, klass: int) -> None:
    """Put the flow of a path on its arcs; their delays are left as they were."""
    begin = paths.at[path]
    flow = paths.flow[path]
    for position in range(begin, begin + paths.length[path]):
        arc = paths.arcs[position]
        loads.load[arc] += flow * roads.paid[klass, arc, 1]
    if roads.optimum[0] == 1:
        timed = flow * roads.timed[klass]
        for position in range(begin, begin + paths.length[path]):
            loads.late[paths.arcs[position]] += timed


@compiled
def first_pass(
    roads: Roads, loads: Loads, pairs: Pairs, paths: Paths, work: Scratch, orders: Shorts,
    begin: int, lost: Flags,
) -> int:  # fmt: skip
    """Send every pair that has no path by the cheapest, a start after the other as loads build up.

    Parameters
    ----------
    orders : nodes in the order reached for each group, shape (R, N), or (1, N) where not kept
    begin : group to begin with
    lost : set for pairs that are not connected, shape (K,)

    Returns
    -------
    the group at which room for paths ran out, or the number of groups
    """
    groups = pairs.start.size
    for group in range(begin, groups):
        wanted = False
        for pair in range(pairs.group[group], pairs.group[group + 1]):
            wanted = wanted or pairs.path[pair] < 0
        if not wanted:
            continue
        costs_of(roads, loads, pairs.klass[group], work.cost)
        grow(roads, work, pairs.start[group], orders[group if orders.shape[0] > 1 else 0])
        for pair in range(pairs.group[group], pairs.group[group + 1]):
            if pairs.path[pair] >= 0 or lost[pair]:
                continue
            if work.days[pairs.end[pair]] == math.inf:
                lost[pair] = True
                continue
            if not _add(roads, pairs, paths, work, pair, pairs.start[group]):
                return group
            path = pairs.path[pair]
            paths.flow[path] = pairs.quantity[pair]
            load_path(roads, loads, paths, path, pairs.klass[group])
        settle_all(roads, loads)
    return groups


@inner
def _detours(roads: Roads, work: Scratch) -> None:
    """What going by each arc adds to the cheapest way to its head, into `work.detour`.

    No detour is negative, and on the tree each is 0 to the last bit. What units pay above their
    cheapest paths is a sum of detours, in which nothing cancels, so that gaps far below 1e-12 are
    still measured.
    """
    for arc in range(work.cost.size):
        reach = work.days[roads.tail[arc]] + work.cost[arc]
        work.detour[arc] = max(reach - work.days[roads.head[arc]], 0.0)


@inner
def _measure(pairs: Pairs, paths: Paths, work: Scratch, group: int) -> float:
    """What the units of a group pay above their cheapest paths.

    The least and the largest detour of each pair go into `work.least` and `work.widest`. Empty
    paths that are dearer are given up. The arrays are named before the loop: taken out of their
    tuples inside, each costs a count of its users.
    """
    detour, cheapest, least, widest = work.detour, work.fingerprint, work.least, work.widest
    after, at, length, flow = paths.after, paths.at, paths.length, paths.flow
    value, arcs, newest, end = paths.fingerprint, paths.arcs, pairs.path, pairs.end
    begin = pairs.group[group]
    total = 0.0
    for pair in range(begin, pairs.group[group + 1]):
        low = math.inf
        high = 0.0
        path = newest[pair]
        before = -1
        while path >= 0:
            more = 0.0
            if value[path] != cheapest[end[pair]]:
                for position in range(at[path], at[path] + length[path]):
                    more += detour[arcs[position]]
            following = after[path]
            if flow[path] > 0.0 or more == 0.0:
                total += flow[path] * more
                low = min(low, more)
                high = max(high, more)
                before = path
            elif before >= 0:
                after[before] = following
            else:
                newest[pair] = following
            path = following
        least[pair - begin] = low
        widest[pair - begin] = high
    return total


@compiled
def find_paths(
    roads: Roads, loads: Loads, pairs: Pairs, paths: Paths, work: Scratch, orders: Shorts,
    begin: int, tolerance: float, frozen: bool, sums: Floats,
) -> int:  # fmt: skip
    """Add the cheapest path of every pair where it saves more than `tolerance` of its cost.

    Parameters
    ----------
    begin : group to begin with
    frozen : True leaves flows alone, so that the gap measured is that of one point; False shifts
        flow on to new paths at once, which gains most while loads are far from settled
    sums : what the units of each group pay above the cheapest paths, and on them, shape (R, 2)

    Returns
    -------
    the group at which room for paths ran out, or the number of groups
    """
    groups = pairs.start.size
    for group in range(begin, groups):
        klass = pairs.klass[group]
        start = pairs.start[group]
        costs_of(roads, loads, klass, work.cost)
        order = orders[group if orders.shape[0] > 1 else 0]
        if orders.shape[0] == 1 or order[0] == UNKNOWN:
            grow(roads, work, start, order)
        else:
            regrow(roads, work, start, order)
        _detours(roads, work)
        name_tree(roads, work, start)
        sums[group, 0] = _measure(pairs, paths, work, group)
        sums[group, 1] = 0.0
        for pair in range(pairs.group[group], pairs.group[group + 1]):
            reach = work.days[pairs.end[pair]]
            least = work.least[pair - pairs.group[group]]
            widest = work.widest[pair - pairs.group[group]]
            sums[group, 1] += pairs.quantity[pair] * reach
            found = least > tolerance * reach + 1e-15 * (reach + least)
            if found and not _add(roads, pairs, paths, work, pair, start):
                return group
            if not frozen and (found or widest - least > 0.5 * tolerance * reach):
                level(roads, loads, pairs, paths, work, pair, klass, 0.5 * tolerance)
    return groups


@compiled
def reload(roads: Roads, loads: Loads, pairs: Pairs, paths: Paths) -> None:
    """Loads summed anew from the flows of paths, which are first made to add up to the quantity."""
    loads.load[:] = 0.0
    loads.late[:] = 0.0
    for group in range(pairs.start.size):
        klass = pairs.klass[group]
        for pair in range(pairs.group[group], pairs.group[group + 1]):
            rest = pairs.quantity[pair]
            most = pairs.path[pair]
            if most < 0:
                continue
            path = most
            while path >= 0:
                if paths.flow[path] > paths.flow[most]:
                    most = path
                rest -= paths.flow[path]
                path = paths.after[path]
            paths.flow[most] += rest
            path = pairs.path[pair]
            while path >= 0:
                load_path(roads, loads, paths, path, klass)
                path = paths.after[path]
    settle_all(roads, loads)


@compiled
def with_several(pairs: Pairs, paths: Paths, several: Ints, klass: Ints) -> int:
    """List the pairs that have more than one path, and their classes; gives their number."""
    count = 0
    for group in range(pairs.start.size):
        for pair in range(pairs.group[group], pairs.group[group + 1]):
            if paths.after[pairs.path[pair]] >= 0:
                several[count] = pair
                klass[count] = pairs.klass[group]
                count += 1
    return count


@compiled
def pack(pairs: Pairs, paths: Paths, number: Shorts) -> None:
    """Move the paths in use to the front of the store; `number` is room of shape (P,)."""
    number[:] = -1
    for pair in range(pairs.path.size):
        path = pairs.path[pair]
        while path >= 0:
            number[path] = 0
            path = paths.after[path]
    kept = 0
    position = 0
    for path in range(paths.used[0]):
        if number[path] < 0:
            continue
        number[path] = kept
        begin = paths.at[path]
        length = paths.length[path]
        for place in range(length):
            paths.arcs[position + place] = paths.arcs[begin + place]
        paths.after[kept] = paths.after[path]
        paths.at[kept] = position
        paths.length[kept] = length
        paths.flow[kept] = paths.flow[path]
        paths.fingerprint[kept] = paths.fingerprint[path]
        position += length
        kept += 1
    for path in range(kept):
        if paths.after[path] >= 0:
            paths.after[path] = number[paths.after[path]]
    for pair in range(pairs.path.size):
        if pairs.path[pair] >= 0:
            pairs.path[pair] = number[pairs.path[pair]]
    paths.used[0] = kept
    paths.used[1] = position
