"""The loop: passes that find paths, sweeps and Newton steps that settle the flow between them.

A pass over all starts finds the cheapest path of every pair at the present costs and adds it where
it saves more than the gap; sweeps over the pairs with several paths then move flow between them
until they cost the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from entrepot.routing.equilibrium.newton import list_rows, newton, rows_for
from entrepot.routing.equilibrium.passes import (
    drop_all_empty,
    find_paths,
    first_pass,
    reload,
    with_several,
)
from entrepot.routing.equilibrium.problem import Ints, unconnected
from entrepot.routing.equilibrium.shifts import sweep
from entrepot.routing.equilibrium.store import Store

Progress = Callable[[int, float], None]

ROUNDS = 1000
"""Most passes; an equilibrium that is not reached by then is returned with the gap it has."""

SETTLED = 1e-5
"""Gap from which on flows stand still during a pass, so that its gap is exact. Before, flow goes on
to new paths at once, and later starts find them taken; a pass with still flows that does not halve
the gap came too soon, and flows go on to a tenth of it, or for what it was too high at the end."""

TOGETHER = 1e-3
"""Gap from which on all pairs are solved together."""

SWEEPS = 40
"""Most sweeps between two passes."""

CALM = 0.05
"""Sweeps end when what is left to gain on known paths falls below this share of the last gap."""

SAVING = 0.5
"""A pass adds a path where it saves more than this share of the last gap."""

ALONE = 3
"""Sweeps before all pairs are solved together as well."""

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
            store.roads, store.loads, store.pairs, store.paths, store.work, store.trees, group, lost
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
    last, still = 1.0, max(SETTLED, target)
    for number in range(1, ROUNDS + 1):
        frozen = last <= still or (warm and number == 1) or _stalled(gaps)
        if frozen:
            reload(store.roads, store.loads, store.pairs, store.paths)
        now = _pass(store, min(SAVING * last, 0.1), frozen)
        gaps.append((time.perf_counter() - began, now))
        if progress is not None:
            progress(number, now)
        if frozen and (now <= target or _stalled(gaps)):
            break
        if frozen and now > 0.5 * last:
            still = 0.1 * now if 0.1 * now > target else target * min(last / now, 1.0)
        last = now
        _settle(store, max(now, target))
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
            store.roads, store.loads, store.pairs, store.paths, store.work, store.trees,
            group, tolerance, frozen, store.sums, store.rest,
        )  # fmt: skip
        if group == len(store.pairs.start):
            return store.gap()
        store.make_room()


def _settle(store: Store, gap: float) -> None:
    """Sweeps over the pairs with several paths until little is left to gain on them.

    Once loads are nearly settled, sweeps take turns with Newton steps for all pairs together.
    """
    count = with_several(store.pairs, store.paths, store.several, store.several_class)
    several, klass = store.several[:count], store.several_class[:count]
    enough = CALM * gap * store.least()
    for number in range(1, SWEEPS + 1):
        above, _ = sweep(
            store.roads, store.loads, store.pairs, store.paths, store.work, several, klass,
            CALM * gap,
        )  # fmt: skip
        if above <= enough:
            break
        if gap < TOGETHER and number >= ALONE and store.even:
            _step(store, several, klass)
    drop_all_empty(store.pairs, store.paths, several)


def _step(store: Store, several: Ints, klass: Ints) -> None:
    """One Newton step for all pairs with several paths."""
    while not list_rows(
        store.roads, store.loads, store.pairs, store.paths, store.work, several, klass, store.rows
    ):
        store.rows = rows_for(2 * len(store.rows.path), 2 * len(store.rows.arcs))
    turns = max(TURNS, WORK // max(int(store.rows.used[1]), 1))
    newton(store.roads, store.loads, store.paths, store.rows, turns, ACCURACY)
