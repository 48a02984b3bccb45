"""The Markov chain behind a logit over all routes: weights of ways, and flows from them.

An arc weighs exp(-cost / scale), a way the product of its arcs. With W the weights summed between
nodes and Y the weight of all ways on from a node, the ways on behind arc ij that do not go straight
back weigh ``v_ij = Y_j - W_ji v_ji``, so that

    v_ij = (Y_j - W_ji Y_i) / (1 - W_ij W_ji)    and    Y_i = t_i + Σ_j W_ij v_ij,

one equation for each node (for equal weights this is the determinant identity of Ihara and Bass;
Bass 1992, Int. J. Math. 3). Its transpose gives the weight y of all ways to a node. Each
destination, which no way leaves, has its own equations; the costs in them are those above the
cheapest way, so that no weight that matters vanishes in floating point.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from entrepot.routing.compiled import compiled
from entrepot.routing.elimination import (
    Numbers,
    Rows,
    eliminate,
    solve,
    solve_across,
)
from entrepot.routing.pairs import Pairs
from entrepot.routing.shortest import distances, star
from entrepot.routing.ways import Ways

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SAME = 1e-12
"""Of a distance: a cost above the cheapest way by less is rounding."""

LIGHTEST = 700.0
"""exp(-700) is about the smallest weight that a float holds with all its digits."""


def converges(ways: Ways, cost: Floats, scale: float) -> bool:
    """Whether the weights of all ways together are finite at a scale.

    They are exactly where ways of every length from everywhere (``s = 1`` at every node) add up to
    a positive answer: on each arc then ``x = B x + w`` with ``w > 0``, B leading from arc to arc,
    which bounds the spectral radius of B below one (Collatz 1942, Math. Z. 48).

    Parameters
    ----------
    cost : of each arc of the graph, at least zero, inf where closed, shape (A,)
    """
    shape = ways.shape
    return _converges(
        ways.costs(cost),
        scale,
        shape.entries,
        shape.slot,
        shape.mate,
        shape.lower,
        shape.upper,
    )


def largest_scale(ways: Ways, cost: Floats, scale: float) -> float | None:
    """The largest scale below one that has no answer; None where no scale has."""
    low, high = scale / 2, scale
    while not converges(ways, cost, low):
        low, high = low / 2, low
        if low < scale * 1e-9:
            return None
    while high - low > 1e-4 * low:
        middle = (low + high) / 2
        if converges(ways, cost, middle):
            low = middle
        else:
            high = middle
    return low


def spread(ways: Ways, cost: Floats, wanted: Pairs, scale: float) -> tuple[Floats, Floats]:
    """Flows of a logit over all ways that never go straight back and end on arrival.

    Parameters
    ----------
    cost : of each arc of the graph, at least zero, inf where closed, shape (A,)
    scale : one at which `converges`

    Returns
    -------
    Units on each arc of the graph, shape (A,), and the expected least cost of each consignment,
    shape (K,).
    """
    shape, entering = ways.shape, star(ways.head, ways.nodes)
    flow, least = _spread(
        (ways.end[wanted.ends], wanted.first, ways.start[wanted.start], wanted.quantity),
        ways.costs(cost),
        ways.tail,
        ways.head,
        ways.ending,
        (entering.first, entering.arcs),
        scale,
        shape.place,
        shape.entries,
        shape.ends,
        shape.slot,
        shape.mate,
        shape.lower,
        shape.upper,
    )
    flow = ways.folded(flow, len(cost))
    flow[flow < 1e-14 * float(wanted.quantity.sum())] = 0.0
    return flow, least


@compiled
def assemble(
    between: Floats, entries: Rows, mate: Numbers, diagonal: Floats, entry: Floats, around: Floats
) -> bool:
    """The equations of the nodes from the weights between them; False where there are none.

    `around` gets what going to and fro between the nodes of an entry weighs, however often.
    """
    for i in range(len(diagonal)):
        total = 1.0
        for position in range(entries[0][i], entries[0][i + 1]):
            circle = between[position] * between[mate[position]]
            if circle >= 1.0:
                return False
            around[position] = 1.0 / (1.0 - circle)
            entry[position] = -between[position] * around[position]
            total += circle * around[position]
        diagonal[i] = total
    return True


@compiled
def _converges(
    cost: Floats,
    scale: float,
    entries: Rows,
    slot: Numbers,
    mate: Numbers,
    lower: Rows,
    upper: Rows,
) -> bool:
    nodes = len(entries[0]) - 1
    between, entry = np.zeros(len(mate)), np.empty(len(mate))
    for arc in range(len(cost)):
        if slot[arc] < len(mate) and cost[arc] < LIGHTEST * scale:
            between[slot[arc]] += np.exp(-cost[arc] / scale)
    diagonal, work, values = np.empty(nodes), np.empty(nodes), np.ones(nodes)
    below, above, around = np.empty(len(lower[1])), np.empty(len(upper[1])), np.empty(len(mate))
    if not assemble(between, entries, mate, diagonal, entry, around):
        return False
    eliminate(diagonal, entry, entries, lower, upper, below, above, work)
    for i in range(nodes):
        if not diagonal[i] > 0.0:
            return False
    solve_across(diagonal, lower, upper, below, above, values)
    for i in range(nodes):
        for position in range(entries[0][i], entries[0][i + 1]):
            back = between[mate[position]]
            # In exact numbers at least what starts at the node, which is 1.
            came = values[i] - back * values[entries[1][position]]
            if not came > 0.5 * (1.0 - between[position] * back):
                return False
    return True


@compiled
def weigh(
    end: int,
    near: Floats,
    cost: Floats,
    tail: Ints,
    head: Ints,
    ending: Ints,
    scale: float,
    slot: Numbers,
    weight: Floats,
    between: Floats,
) -> None:
    """Weights of the arcs for one destination, and summed between nodes."""
    for position in range(len(between)):
        between[position] = 0.0
    for arc in range(len(cost)):
        weight[arc] = 0.0
        far = near[tail[arc]]
        extra = cost[arc] + near[head[arc]] - far
        if slot[arc] == len(between) or ending[arc] == end:
            continue
        if not np.isfinite(far) or not np.isfinite(extra):
            continue
        if extra < SAME * far:
            extra = 0.0
        if extra < LIGHTEST * scale:
            weight[arc] = np.exp(-extra / scale)
            between[slot[arc]] += weight[arc]


@compiled
def add_flows(
    weight: Floats,
    between: Floats,
    around: Floats,
    there: Floats,
    onward: Floats,
    ends_of: Rows,
    slot: Numbers,
    mate: Numbers,
    flow: Floats,
) -> None:
    """Add to the flow of each arc what goes to one destination."""
    tail, head = ends_of
    for arc in range(len(flow)):
        if weight[arc] > 0.0:
            i, j, position = tail[arc], head[arc], slot[arc]
            back = between[mate[position]]
            came = (there[i] - back * there[j]) * around[position]
            goes = (onward[j] - back * onward[i]) * around[position]
            flow[arc] += weight[arc] * came * goes


@compiled
def _spread(
    wanted: tuple[Ints, Ints, Ints, Floats],
    cost: Floats,
    tail: Ints,
    head: Ints,
    ending: Ints,
    entering: tuple[Ints, Ints],
    scale: float,
    place: Numbers,
    entries: Rows,
    ends_of: Rows,
    slot: Numbers,
    mate: Numbers,
    lower: Rows,
    upper: Rows,
) -> tuple[Floats, Floats]:
    """One destination after another: weights, factors, ways on, ways there, flows."""
    ends, bounds, start, quantity = wanted
    nodes, arcs = len(place), len(cost)
    flow, least = np.zeros(arcs), np.empty(len(start))
    near, heap = np.empty(nodes), np.empty(2 * nodes, np.int64)
    weight, between, entry = np.empty(arcs), np.empty(len(mate)), np.empty(len(mate))
    diagonal, work, around = np.empty(nodes), np.empty(nodes), np.empty(len(mate))
    below, above = np.empty(len(lower[1])), np.empty(len(upper[1]))
    onward, there = np.empty(nodes), np.empty(nodes)
    for row in range(len(ends)):
        end = ends[row]
        distances(end, cost, entering[0], entering[1], tail, near, heap)
        weigh(end, near, cost, tail, head, ending, scale, slot, weight, between)
        assemble(between, entries, mate, diagonal, entry, around)
        eliminate(diagonal, entry, entries, lower, upper, below, above, work)
        onward[:] = 0.0
        onward[place[end]] = 1.0
        solve(diagonal, lower, upper, below, above, onward)
        there[:] = 0.0
        for k in range(bounds[row], bounds[row + 1]):
            of_all = onward[place[start[k]]]
            least[k] = near[start[k]] - scale * np.log(of_all)
            there[place[start[k]]] += quantity[k] / of_all
        solve_across(diagonal, lower, upper, below, above, there)
        add_flows(weight, between, around, there, onward, ends_of, slot, mate, flow)
    return flow, least
