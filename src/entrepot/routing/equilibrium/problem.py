"""What an equilibrium is sought for, as plain arrays, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from entrepot.errors import RoutingError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint16] | npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

Number = int | np.signedinteger[Any]

MOST_LISTED = 20
"""Findings of one kind that an error spells out."""


class Points(NamedTuple):
    """Points of A arcs, P in all: those of arc a are ``first[a]`` to ``first[a + 1]``.

    Days are those of the first point up to its load, straight between points, and go on with the
    last slope beyond the last. An arc without points has its days from elsewhere.

    Attributes
    ----------
    first : shape (A + 1,)
    load : rising along an arc, shape (P,)
    days : at that load, never falling along an arc, shape (P,)
    """

    first: Ints
    load: Floats
    days: Floats


@dataclass(frozen=True, eq=False)
class Congested:
    """What travels where, with delays that grow with load: N nodes, A arcs, G classes, K pairs.

    A class is goods that pay and hinder alike. A unit of class g on arc a pays ``fixed[a, g] +
    timed[g] × days[a]``, all of it counted in days of the class, and puts the load ``use[a, g]``
    on the arc, whose days are ``free (1 + alpha (load / capacity)^power)``, or told by points.
    Parallel arcs stay apart; rows of pairs with one start, end and class are one pair.

    Where `use` differs by arc, an equilibrium is a variational inequality without an objective
    (Dafermos 1980): it is sought all the same, and need not be the only one.

    Attributes
    ----------
    nodes : number of nodes
    tail, head : nodes of each arc, shape (A,)
    fixed : days that a unit pays whatever the load (money over its value of time), infinite where
        the class may not use the arc, shape (A, G)
    free : days when empty, shape (A,)
    alpha, power : of the delay; without delay alpha is 0, shape (A,)
    capacity : load, infinite where there is none, shape (A,)
    use : load that a unit puts on an arc, shape (G,) or (A, G)
    start, end, klass : nodes and class of each pair, shape (K,)
    quantity : units of each pair, shape (K,)
    through : False for nodes where paths begin and end but do not pass, shape (N,)
    timed : 1 for classes that care for days, 0 for those that care for money alone (their `fixed`
        is in money), shape (G,); absent: all 1
    worth : what a day (or, where `timed` is 0, money) of each class counts in a system optimum,
        shape (G,); absent: all 1
    hard : whether arcs with a capacity and no delay hold no more than it: goods queue until the
        wait makes them go another way, and without any capacity the arc is closed. Otherwise such
        capacities are not looked at
    points : days under load of arcs that have them point by point; these have no alpha, their
        `free` is the days of the first point, and a capacity there is not looked at
    arc_names, node_names, class_names : for messages; absent: numbers
    """

    nodes: int
    tail: Ints
    head: Ints
    fixed: Floats
    free: Floats
    alpha: Floats
    power: Floats
    capacity: Floats
    use: Floats
    start: Ints
    end: Ints
    klass: Ints
    quantity: Floats
    through: Flags
    timed: Floats | None = None
    worth: Floats | None = None
    hard: bool = False
    points: Points | None = None
    arc_names: Sequence[str] | None = field(default=None, repr=False)
    node_names: Sequence[str] | None = field(default=None, repr=False)
    class_names: Sequence[str] | None = field(default=None, repr=False)

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    @property
    def classes(self) -> int:
        """Number of classes."""
        return int(self.fixed.shape[1])

    @property
    def uses(self) -> Floats:
        """Load that a unit of each class puts on each arc, shape (A, G)."""
        return np.broadcast_to(self.use, (self.arcs, self.classes))

    @property
    def cares(self) -> Floats:
        """How much a day counts to each class, 0 or 1, shape (G,)."""
        return np.ones(self.classes) if self.timed is None else self.timed.astype(np.float64)

    @property
    def worths(self) -> Floats:
        """What a day of each class counts in a system optimum, shape (G,)."""
        return np.ones(self.classes) if self.worth is None else self.worth

    def pointwise(self) -> Flags:
        """Arcs whose days are told point by point, shape (A,)."""
        if self.points is None:
            return np.zeros(self.arcs, dtype=bool)
        return np.diff(self.points.first) > 0

    def full(self) -> Flags:
        """Arcs whose capacity is hard, shape (A,)."""
        limited: Flags = np.isfinite(self.capacity) & (self.alpha == 0.0)
        limited &= ~self.pointwise()
        return limited if self.hard else np.zeros(self.arcs, dtype=bool)

    @property
    def payable(self) -> Floats:
        """`fixed`, infinite also where a hard capacity of 0 closes an arc, shape (A, G)."""
        return np.where((self.full() & (self.capacity == 0))[:, None], np.inf, self.fixed)

    def arc_name(self, arc: Number) -> str:
        """An arc for messages; a name with a space in it is in words already."""
        if self.arc_names is not None:
            name = self.arc_names[int(arc)]
            return name if " " in name else f"leg {name!r}"
        return f"arc {arc} ({self.node_name(self.tail[arc])} to {self.node_name(self.head[arc])})"

    def node_name(self, node: Number) -> str:
        """A node for messages."""
        return repr(self.node_names[int(node)]) if self.node_names is not None else f"node {node}"

    def class_name(self, klass: Number) -> str:
        """A class for messages."""
        return (
            repr(self.class_names[int(klass)]) if self.class_names is not None else f"class {klass}"
        )


def summed(place: Ints, values: Floats, size: int) -> Floats:
    """Sum of the values that stand at each place, shape (size,)."""
    sums: npt.NDArray[Any] = np.bincount(place, weights=values, minlength=size)
    return sums.astype(np.float64, copy=False)


def check_problem(problem: Congested) -> None:
    """Refuse what has no equilibrium, all of it at once.

    Raises
    ------
    RoutingError : numbers that are missing or negative, delays at arcs without capacity, arcs that
        cost less than nothing, arrays whose shapes do not fit
    """
    _check_shapes(problem)
    findings = [*_missing(problem), *_negative(problem), *_without_capacity(problem)]
    findings += _crooked(problem)
    if findings:
        raise RoutingError(findings)


def unconnected(problem: Congested, start: Ints, end: Ints, klass: Ints) -> RoutingError:
    """The error for pairs without any path, shape (K,) each."""
    lines = [
        f"{problem.class_name(g)} cannot get from {problem.node_name(a)} to {problem.node_name(b)}:"
        " no path is open to it"
        for a, b, g in zip(start, end, klass, strict=True)
    ]
    return RoutingError(shortened(lines))


def _check_shapes(problem: Congested) -> None:
    arcs, classes = problem.arcs, problem.classes
    pairs = len(problem.start)
    shapes: dict[str, tuple[npt.NDArray[np.generic] | None, tuple[tuple[int, ...], ...]]] = {
        "fixed": (problem.fixed, ((arcs, classes),)),
        "use": (problem.use, ((classes,), (arcs, classes))),
        "through": (problem.through, ((problem.nodes,),)),
        "timed": (problem.timed, ((classes,),)),
        "worth": (problem.worth, ((classes,),)),
    }
    for name in ("head", "free", "alpha", "power", "capacity"):
        shapes[name] = (getattr(problem, name), ((arcs,),))
    for name in ("end", "klass", "quantity"):
        shapes[name] = (getattr(problem, name), ((pairs,),))
    wrong = [
        f"{name} has shape {array.shape}, not {' or '.join(map(str, wanted))}"
        for name, (array, wanted) in shapes.items()
        if array is not None and array.shape not in wanted
    ]
    if wrong:
        raise RoutingError(wrong)


def _missing(problem: Congested) -> Iterator[str]:
    per_arc = {
        "free days": problem.free,
        "delay alpha": problem.alpha,
        "delay power": problem.power,
        "capacity": problem.capacity,
        "fixed cost": problem.fixed.sum(axis=1),
        "use": problem.uses.sum(axis=1),
    }
    for what, values in per_arc.items():
        finite = what in ("free days", "delay alpha", "delay power", "use")
        bad = ~np.isfinite(values) if finite else np.isnan(values)
        yield from shortened(
            [f"{problem.arc_name(arc)} has no number as its {what}" for arc in np.flatnonzero(bad)]
        )
    yield from shortened(
        [
            f"{problem.class_name(problem.klass[row])} from {problem.node_name(problem.start[row])}"
            f" to {problem.node_name(problem.end[row])}: the quantity {problem.quantity[row]} is "
            "not a number of 0 or more"
            for row in np.flatnonzero(~(np.isfinite(problem.quantity) & (problem.quantity >= 0)))
        ]
    )


def _negative(problem: Congested) -> Iterator[str]:
    for what, values in (
        ("capacity", problem.capacity),
        ("free days", problem.free),
        ("delay alpha", problem.alpha),
        ("delay power", problem.power),
        ("use", problem.uses.min(axis=1, initial=0.0)),
    ):
        yield from shortened(
            [
                f"{problem.arc_name(arc)} has a negative {what}, {values[arc]:g}"
                for arc in np.flatnonzero(values < 0)
            ]
        )
    empty = problem.fixed + problem.cares * problem.free[:, None]
    yield from shortened(
        [
            f"{problem.arc_name(arc)} costs {problem.class_name(klass)} less than nothing when "
            f"empty, {empty[arc, klass]:g} days: goods would go round in circles; raise its cost"
            for arc, klass in np.argwhere(empty < 0)
        ]
    )


def _without_capacity(problem: Congested) -> Iterator[str]:
    bad = (problem.alpha > 0) & (problem.capacity == 0)
    yield from shortened(
        [
            f"{problem.arc_name(arc)} has a delay and a capacity of 0: give it a capacity, or "
            "close it"
            for arc in np.flatnonzero(bad)
        ]
    )


def _crooked(problem: Congested) -> list[str]:
    """Points that are no delay."""
    points, pointwise = problem.points, problem.pointwise()
    if points is None:
        return []
    bad = pointwise & (problem.alpha > 0)
    lines = [f"{problem.arc_name(arc)} has points and an alpha" for arc in np.flatnonzero(bad)]
    for arc in np.flatnonzero(pointwise):
        here = slice(points.first[arc], points.first[arc + 1])
        load, days = points.load[here], points.days[here]
        sound = np.isfinite(load).all() and np.isfinite(days).all() and load[0] >= 0
        if not (sound and (np.diff(load) > 0).all() and (np.diff(days) >= 0).all()):
            lines.append(
                f"{problem.arc_name(arc)} has points that are no delay: loads must rise from 0 or "
                "more, days must not fall"
            )
        elif problem.free[arc] != days[0]:
            lines.append(
                f"{problem.arc_name(arc)} takes {problem.free[arc]:g} days when empty and "
                f"{days[0]:g} at its first point"
            )
    return shortened(lines)


def shortened(lines: list[str]) -> list[str]:
    """The first of many findings, and how many more there are."""
    if len(lines) <= MOST_LISTED:
        return lines
    return [*lines[:MOST_LISTED], f"… and {len(lines) - MOST_LISTED} more of the same kind"]
