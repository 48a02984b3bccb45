"""Stochastic equilibrium: loads that a stochastic choice of routes gives back at their own delays.

Daganzo and Sheffi (1977): no one believes to gain by another route. The loads are a fixed point of
delays -> choice -> loads. Averaging alone creeps there; Anderson's mixing (1965; Walker and Ni
2011) takes the combination of the last loads that should leave least over, and where that leaves
more the search goes on from the best loads so far in shorter steps. It begins from the equilibrium
without chance, which is near wherever chance matters little.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from entrepot.routing.equilibrium.assignment import days_under
from entrepot.routing.equilibrium.problem import Congested, Floats
from entrepot.routing.equilibrium.solve import user_equilibrium

Choice = Callable[[Floats], Floats]
"""Days of each arc, shape (A,), to units of each class on each arc, shape (A, G)."""

REMEMBERED = 15
"""Loads that are combined."""

ROUNDS = 500
"""Most loadings; an answer that is not settled by then is returned with the residual it has."""

START = 1e-3
"""Gap of the equilibrium without chance that the search begins from."""

WORSE = 2.0
"""Times the least residual at which the search goes back to the loads that had it."""


@dataclass(frozen=True, eq=False)
class Stochastic:
    """Loads that reproduce themselves.

    Attributes
    ----------
    flow : units of each class on each arc, shape (A, G)
    load : on each arc, shape (A,)
    days : of each arc at which `flow` was chosen, shape (A,)
    residual : how far the load is from the one at which the days were taken: sum of differences
        over sum of loads
    iterations : times that routes were chosen
    seconds : taken
    """

    flow: Floats
    load: Floats
    days: Floats
    residual: float
    iterations: int
    seconds: float


def settled(
    problem: Congested,
    choice: Choice,
    residual: float = 1e-10,
    progress: Callable[[int, float], None] | None = None,
) -> Stochastic:
    """Flows of a stochastic choice of routes at the days that these flows make.

    Hard capacities are not kept: a stochastic choice has no queue.

    Parameters
    ----------
    choice : routes chosen at given days; the same days must give the same flows
    residual : relative residual to stop at
    progress : called after each loading with its number and residual

    Raises
    ------
    RoutingError : see `user_equilibrium`
    """
    began = time.perf_counter()
    use = problem.uses
    loads = user_equilibrium(replace(problem, hard=False), START).load
    search = _Search(loads)
    for number in range(1, ROUNDS + 1):
        days = days_under(problem, loads)
        flow = choice(days)
        found = (flow * use).sum(axis=1)
        total = float(found.sum())
        left = float(np.abs(found - loads).sum()) / total if total > 0 else 0.0
        if progress is not None:
            progress(number, left)
        if left <= residual or number == ROUNDS:
            break
        loads = search.after(loads, found - loads, left)
    return Stochastic(flow, found, days, left, number, time.perf_counter() - began)


class _Search:
    """Where to look next: loads and what they were off by, of the last rounds."""

    def __init__(self, loads: Floats) -> None:
        self.loads: list[Floats] = []
        self.off: list[Floats] = []
        self.best = (loads, np.zeros_like(loads), np.inf)
        self.step = 0.5

    def after(self, loads: Floats, off: Floats, left: float) -> Floats:
        """The next loads, after some that were off by `off`, `left` in relative terms."""
        if left > WORSE * self.best[2]:
            self.loads.clear()
            self.off.clear()
            self.step *= 0.5
            loads, off, _ = self.best
            return np.maximum(loads + self.step * off, 0.0)
        if left < self.best[2]:
            self.best = (loads, off, left)
            self.step = min(1.2 * self.step, 1.0)
        self.loads = [*self.loads[-REMEMBERED:], loads]
        self.off = [*self.off[-REMEMBERED:], off]
        mixed = loads + self.step * off
        if len(self.off) > 1:
            steps = np.diff(np.array(self.loads), axis=0)
            turns = np.diff(np.array(self.off), axis=0)
            weights = np.linalg.lstsq(turns.T, off, rcond=1e-12)[0]
            mixed = mixed - weights @ (steps + self.step * turns)
        return np.maximum(mixed, 0.0)
