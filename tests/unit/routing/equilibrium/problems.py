"""Small problems written as rows of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from entrepot.routing.equilibrium.problem import Congested

Arc = tuple[int, int, float, float, float, float]
"""Tail, head, free days, alpha, capacity, power."""

Pair = tuple[int, int, int, float]
"""Start, end, class, quantity."""


def congested(
    nodes: int,
    arcs: Sequence[Arc],
    pairs: Sequence[Pair],
    fixed: Sequence[Sequence[float]] | None = None,
    use: Sequence[float] = (1.0,),
    shut: Sequence[int] = (),
    **more: object,
) -> Congested:
    """A problem; `fixed` has a row for each class, `shut` are nodes that paths may not pass."""
    columns = [np.array(column, dtype=float) for column in zip(*arcs, strict=True)]
    ends = [np.array(column) for column in zip(*pairs, strict=True)]
    through = np.ones(nodes, dtype=bool)
    through[list(shut)] = False
    paid = np.zeros((len(use), len(arcs))) if fixed is None else np.array(fixed, dtype=float)
    problem = Congested(
        nodes=nodes,
        tail=columns[0].astype(np.int64),
        head=columns[1].astype(np.int64),
        fixed=paid.T.copy(),
        free=columns[2],
        alpha=columns[3],
        capacity=columns[4],
        power=columns[5],
        use=np.array(use, dtype=float),
        start=ends[0].astype(np.int64),
        end=ends[1].astype(np.int64),
        klass=ends[2].astype(np.int64),
        quantity=ends[3].astype(float),
        through=through,
        **more,  # type: ignore[arg-type]
    )
    return problem


def plain(tail: int, head: int, days: float) -> Arc:
    """An arc without delay."""
    return tail, head, days, 0.0, math.inf, 0.0


def linear(tail: int, head: int, days: float, slope: float) -> Arc:
    """An arc that takes ``days + slope × load``."""
    return tail, head, days, 1.0, days / slope, 1.0


PIGOU = congested(2, [plain(0, 1, 2.0), linear(0, 1, 1.0, 1.0)], [(0, 1, 0, 1.0)])
"""Two ways: one takes 2 days, one 1 day and one more for each unit on it."""

BRAESS = congested(
    4,
    [
        linear(0, 1, 1.0, 10.0),
        linear(0, 2, 50.0, 1.0),
        linear(1, 2, 10.0, 1.0),
        linear(1, 3, 50.0, 1.0),
        linear(2, 3, 1.0, 10.0),
    ],
    [(0, 3, 0, 6.0)],
)
"""Braess's network (1968), with a day more on the two steep arcs, which may not be free here."""
