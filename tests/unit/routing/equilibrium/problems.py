"""Small problems written as rows of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from entrepot.routing.equilibrium.problem import Congested, Points

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


def scattered(seed: int, pointwise: bool) -> Congested:
    """A ring with chords at random: delays by power or by points, and arcs without delay."""
    random = np.random.default_rng(seed)
    nodes, classes = int(random.integers(3, 25)), int(random.integers(1, 4))
    chords = int(random.integers(2 * nodes, 5 * nodes))
    tail = np.concatenate([np.arange(nodes), random.integers(0, nodes, chords)])
    head = np.concatenate([(np.arange(nodes) + 1) % nodes, random.integers(0, nodes, chords)])
    tail, head = tail[tail != head], head[tail != head]
    arcs, pairs = len(tail), int(random.integers(1, 60))
    told = random.random(arcs) < 0.7
    slows = random.random(arcs) < 0.5
    free = random.uniform(1, 5, arcs).round(1)
    curves = [_curve(random, days) if each else [] for each, days in zip(told, free, strict=True)]
    if pointwise:
        slows &= ~told
    rows = np.array([row for curve in curves for row in curve]).reshape(-1, 2)
    first = np.concatenate([[0], np.cumsum([len(curve) for curve in curves])])
    start = random.integers(0, nodes, pairs)
    return Congested(
        nodes=nodes,
        tail=tail,
        head=head,
        fixed=random.uniform(0, 2, (arcs, classes)).round(1),
        free=free,
        alpha=np.where(slows, random.uniform(0.1, 2, arcs), 0.0),
        power=random.choice([0.5, 1.0, 2.0, 4.0], arcs),
        capacity=random.uniform(2, 20, arcs),
        use=random.uniform(0.5, 2, classes),
        start=start,
        end=(start + random.integers(1, nodes, pairs)) % nodes,
        klass=random.integers(0, classes, pairs),
        quantity=random.uniform(0.1, 8, pairs),
        through=np.ones(nodes, dtype=bool),
        points=Points(first, rows[:, 0], rows[:, 1]) if pointwise else None,
    )


def _curve(random: np.random.Generator, days: float) -> list[tuple[float, float]]:
    """Points of a delay: level pieces, gentle and steep ones, some from a load of 0 on."""
    count = int(random.integers(1, 7))
    load = np.cumsum(random.uniform(0.5, 6, count)) - (0.5 if random.random() < 0.5 else 0.0)
    steps = random.choice([0.0, 0.0, 1.0, 5.0], count - 1) * random.uniform(0, 2, count - 1)
    return list(zip(load, np.concatenate([[days], days + np.cumsum(steps)]), strict=True))
