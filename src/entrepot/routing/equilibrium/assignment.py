"""What an equilibrium is: paths with their flows, and what follows from them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from entrepot.routing.equilibrium.points import pieces_of, put_areas, put_days
from entrepot.routing.equilibrium.problem import Congested, Floats, Ints, Numbers, summed


@dataclass(frozen=True, eq=False)
class Assignment:
    """Flows on arcs and on paths: K pairs, P paths, L arcs of paths, A arcs, G classes.

    Paths of pair k are ``first_path[k]`` to ``first_path[k + 1]``; the arcs of path p, in order,
    are ``arcs[first_arc[p]:first_arc[p + 1]]``. How much goes by which of several equally good
    paths is not unique; flows of arcs are (in total load, where delays grow).

    Attributes
    ----------
    problem : what was solved
    kind : ``user-equilibrium`` or ``system-optimum``
    flow : units of each class on each arc, shape (A, G)
    load : on each arc, shape (A,)
    days : of each arc under its load, shape (A,); waiting is part of them in a user equilibrium
    wait : days that the price of a full hard capacity amounts to, shape (A,): queued for in a user
        equilibrium, charged in a system optimum
    charged : in a system optimum, how fast days told by points grow with load, as others are
        charged for it: at a point some slope between that before and that after, shape (A,)
    start, end, klass, quantity : of each pair, after rows that agree are added up, shape (K,)
    pair : pair of each row of the problem, -1 for rows without quantity
    first_path : shape (K + 1,)
    path_flow : units, shape (P,)
    first_arc : shape (P + 1,)
    arcs : as small whole numbers without sign where the network has no more than 65,536 arcs, to
        save room, shape (L,)
    objective : Beckmann's, in days × load (user equilibrium); total of days × worth (system
        optimum); NaN where the load that a unit puts differs by arc, as there is none
    gap : what units pay above their cheapest paths, over what they would pay on them; the
        solver's own figure (`check_gap` measures it independently)
    gaps : the same after each iteration, for the record of how it converged
    iterations : passes over all starts
    seconds : taken, without compilation
    """

    problem: Congested
    kind: str
    flow: Floats
    load: Floats
    days: Floats
    wait: Floats
    charged: Floats
    start: Ints
    end: Ints
    klass: Ints
    quantity: Floats
    pair: Ints
    first_path: Ints
    path_flow: Floats
    first_arc: Ints
    arcs: Numbers
    objective: float
    gap: float
    gaps: tuple[tuple[float, float], ...]
    iterations: int
    seconds: float

    @property
    def path_pair(self) -> Ints:
        """Pair of each path, shape (P,)."""
        return np.repeat(np.arange(len(self.quantity)), np.diff(self.first_path))

    def costs(self) -> Floats:
        """What a unit of each class pays on each arc, in its days, shape (A, G)."""
        return self.problem.payable + self.problem.cares * self.days[:, None]

    def path_costs(self) -> Floats:
        """What a unit pays on each path, in days of its class, shape (P,)."""
        klass = self.klass[self.path_pair]
        lengths = np.diff(self.first_arc)
        each = self.costs()[self.arcs, np.repeat(klass, lengths)]
        path = np.repeat(np.arange(len(lengths)), lengths)
        return summed(path, each, len(lengths))

    def using(self, arc: int) -> tuple[Ints, Floats]:
        """Which pairs use an arc, and how many of their units: select-link analysis.

        Exact: summed from the flows of paths, so that the units add up to the flow of the arc.
        """
        path = np.searchsorted(self.first_arc, np.flatnonzero(self.arcs == arc), side="right") - 1
        units = summed(self.path_pair[path], self.path_flow[path], len(self.quantity))
        pairs = np.flatnonzero(units > 0)
        return pairs, units[pairs]


def days_under(problem: Congested, load: Floats) -> Floats:
    """Days of each arc under a load, without waiting, shape (A,)."""
    delayed = (problem.alpha > 0) & (load > 0)
    ratio = np.where(delayed, load, 0.0) / np.where(delayed, problem.capacity, 1.0)
    days: Floats = problem.free * (1.0 + problem.alpha * ratio**problem.power)
    if problem.points is not None:
        put_days(pieces_of(problem.points), load, days)
    return days


def beckmann(problem: Congested, flow: Floats, load: Floats) -> float:
    """Beckmann's objective, in days × load: the area under the days of arcs, plus what is fixed.

    Beckmann, McGuire and Winsten (1956), section 3.1; classes weigh by the load they put. NaN
    where the load of a unit differs by arc.

    Parameters
    ----------
    flow : shape (A, G)
    load : shape (A,)
    """
    if problem.use.ndim == 2 and np.ptp(problem.use, axis=0).any():
        return math.nan
    use = problem.uses[0] if problem.arcs else np.ones(problem.classes)
    delayed = (problem.alpha > 0) & (load > 0)
    ratio = np.where(delayed, load, 0.0) / np.where(delayed, problem.capacity, 1.0)
    area = problem.free * load * (1 + problem.alpha * ratio**problem.power / (problem.power + 1))
    if problem.points is not None:
        put_areas(pieces_of(problem.points), load, area)
    closed = np.isinf(problem.fixed)
    paid = np.where(closed, 0.0, problem.fixed) * flow * use
    return math.fsum(area) + math.fsum(paid.ravel())


def total_days(problem: Congested, flow: Floats, days: Floats) -> float:
    """Total of days × worth of all units, with what is fixed."""
    cost = problem.fixed + problem.cares * days[:, None]
    cost = np.where(np.isinf(cost), 0.0, cost)
    return math.fsum((cost * problem.worths * flow).ravel())
