"""The loop: passes that find paths, sweeps and Newton steps that settle the flow between them.

A pass over all starts finds the cheapest path of every pair at the present costs and adds it where
it saves more than the gap; sweeps over the pairs with several paths then move flow between them
until they cost the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from entrepot.routing.equilibrium.newton import newton
from entrepot.routing.equilibrium.passes import (
    find_paths,
    first_pass,
    reload,
    with_several,
)
from entrepot.routing.equilibrium.problem import Ints, unconnected
from entrepot.routing.equilibrium.segments import list_segments, segments_for, sweep_segments
from entrepot.routing.equilibrium.shifts import sweep
from entrepot.routing.equilibrium.store import Store

Progress = Callable[[int, float], None]

ROUNDS = 1000
"""Most passes; an equilibrium that is not reached by then is returned with the gap it has."""

SETTLED = 1e-5
"""Gap from which on flows stand still during a pass, so that its gap is exact. Before, flow goes on
to new paths at once, and later starts find them taken. So too from the gap asked for on."""

SWEEPS = 40
"""Most sweeps between two passes."""

CALM, STILL = 0.05, 0.001
"""Sweeps end when what is left to gain on known paths falls below this share of the last gap, while
flows move during passes and after."""

SAVING = 0.5
"""A pass adds a path where it saves more than this share of the last gap."""

SLOW, STEPS = 0.85, 2
"""A sweep that leaves more than this share of what was to gain is followed by a Newton step for all
together; most of these between two passes."""

TURNS, WORK, ACCURACY = 20, 300_000, 0.01
"""Turns of conjugate gradients that one solution may always take, arcs that it may go over for
more of them, and the residual to stop at."""

PATIENCE = 100
"""Passes without a smaller gap after which a gap is taken for as small as rounding allows."""


def send_all(store: Store) -> None:
    """A first path for every pair that has none.

    Raises
    ------
    RoutingError : pairs that are not connected
    """
    lost = np.zeros(len(store.pairs.end), dtype=bool)
    group = 0
    while True:
        group = first_pass(
            store.roads,
            store.loads,
            store.pairs,
            store.paths,
            store.work,
            store.orders,
            group,
            lost,
        )
        if group == len(store.pairs.start):
            break
        store.make_room()
    if lost.any():
        where = np.flatnonzero(lost)
        raise unconnected(store.problem, store.start[where], store.end[where], store.klass[where])


def converge(
    store: Store, target: float, warm: bool, began: float, progress: Progress | None
) -> list[tuple[float, float]]:
    """Passes and sweeps until the gap of a pass with still flows is at most the target.

    Parameters
    ----------
    warm : whether flows may be near the equilibrium already, so that they are measured first

    Returns
    -------
    seconds since `began` and gap at the end of each pass
    """
    gaps: list[tuple[float, float]] = []
    last, settled = 1.0, False
    for number in range(1, ROUNDS + 1):
        settled = settled or last <= max(SETTLED, target)
        frozen = settled or (warm and number == 1) or _stalled(gaps)
        if frozen:
            reload(store.roads, store.loads, store.pairs, store.paths)
        now = _pass(store, min(SAVING * last, 0.1), frozen)
        gaps.append((time.perf_counter() - began, now))
        if progress is not None:
            progress(number, now)
        if frozen and (now <= target or _stalled(gaps)):
            break
        last = now
        _settle(store, max(now, target), not frozen)
    return gaps


def _stalled(gaps: list[tuple[float, float]]) -> bool:
    """Whether the gap has stopped falling."""
    values = [gap for _, gap in gaps]
    return len(values) > PATIENCE and min(values[-PATIENCE:]) >= min(values[:-PATIENCE])


def _pass(store: Store, tolerance: float, frozen: bool) -> float:
    """One pass over all starts; gives the gap."""
    group = 0
    while True:
        group = find_paths(
            store.roads, store.loads, store.pairs, store.paths, store.work, store.orders,
            group, tolerance, frozen, store.sums,
        )  # fmt: skip
        if group == len(store.pairs.start):
            return store.gap()
        store.make_room()


def _settle(store: Store, gap: float, leveled: bool) -> None:
    """Level the pairs with several paths until little is left to gain on known paths.

    Parameters
    ----------
    leveled : whether the pass has leveled each pair already
    """
    count = with_several(store.pairs, store.paths, store.several, store.several_class)
    several, klass = store.several[:count], store.several_class[:count]
    share = (CALM if leveled else STILL) * gap
    enough = share * store.least()
    for number in range(1 if store.even else SWEEPS):
        if number or not leveled:
            above, _ = sweep(
                store.roads, store.loads, store.pairs, store.paths, store.work, several, klass,
                share,
            )  # fmt: skip
            if above <= enough and not store.even:
                return
        _list(store, several, klass)
        _level_segments(store, enough, leveled)


def _level_segments(store: Store, enough: float, leveled: bool) -> None:
    """Sweeps over segments until no more than `enough` is left to gain, or they do not get on.

    Where sweeps are slow they take turns with Newton steps; once flows stand still in passes there
    is one in any case, for the last digits.
    """
    last, steps = np.inf, 0
    for _ in range(SWEEPS):
        above = sweep_segments(store.roads, store.loads, store.paths, store.segments)
        done = above <= enough
        if done and (leveled or steps or not store.even):
            return
        slow = done or above > SLOW * last
        last = np.inf if slow else above
        if not slow:
            continue
        if steps == STEPS or not store.even:
            return
        turns = max(TURNS, WORK // max(int(store.segments.used[2]), 1))
        newton(store.roads, store.loads, store.paths, store.segments, turns, ACCURACY)
        steps += 1


def _list(store: Store, several: Ints, klass: Ints) -> None:
    """Find the segments of all pairs with several paths."""
    while not list_segments(
        store.roads, store.loads, store.pairs, store.paths, store.work, several, klass,
        store.segments,
    ):  # fmt: skip
        used = store.segments
        store.segments = segments_for(2 * len(used.path), 2 * len(used.arcs))
