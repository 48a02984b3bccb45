"""How the flows of a logit over all routes move with the costs: exact derivatives.

The formulas are those of `entrepot.routing.chain`, differentiated forwards: where ``A x = b``, the
derivative of x solves ``A x' = b' - A' x`` with the factors that x needed anyway. A weight is
``exp(-cost / scale)`` up to potentials of the nodes, which change no flow, so its relative
derivative is that of ``-cost / scale``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from entrepot.routing.chain import add_flows, assemble, weigh
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


def flow_slopes(
    ways: Ways, cost: Floats, wanted: Pairs, scale: float, change: Floats
) -> tuple[Floats, Floats]:
    """Flows of a logit over all ways that never go straight back, and their derivatives.

    Parameters
    ----------
    cost : of each arc of the graph, at least zero, inf where closed, shape (A,)
    scale : one at which the logit has an answer
    change : derivative of ``-cost / scale`` for each of P parameters, shape (P, A)

    Returns
    -------
    Units on each arc of the graph, shape (A,), and their derivatives, shape (P, A).
    """
    shape, entering = ways.shape, star(ways.head, ways.nodes)
    moved = ways.costs(np.where(np.isfinite(cost), change, 0.0))
    flow, slopes = np.zeros(len(ways.tail)), np.zeros(moved.shape)
    _slopes(
        (ways.end[wanted.ends], wanted.first, ways.start[wanted.start], wanted.quantity),
        ways.costs(cost),
        moved,
        (ways.tail, ways.head, ways.ending),
        (entering.first, entering.arcs),
        scale,
        shape.place,
        shape.entries,
        shape.ends,
        (shape.slot, shape.mate),
        shape.lower,
        shape.upper,
        flow,
        slopes,
    )
    return ways.folded(flow, len(cost)), ways.folded(slopes, len(cost))


@compiled
def _slopes(
    wanted: tuple[Ints, Ints, Ints, Floats],
    cost: Floats,
    change: Floats,
    nodes_of: tuple[Ints, Ints, Ints],
    entering: tuple[Ints, Ints],
    scale: float,
    place: Numbers,
    entries: Rows,
    ends_of: Rows,
    paired: Rows,
    lower: Rows,
    upper: Rows,
    flow: Floats,
    slopes: Floats,
) -> None:
    """One destination after another: flows as in the chain, then one parameter after another."""
    ends, bounds, start, quantity = wanted
    tail, head, ending = nodes_of
    slot, mate = paired
    nodes, arcs = len(place), len(cost)
    near, heap = np.empty(nodes), np.empty(2 * nodes, np.int64)
    weight, between, entry = np.empty(arcs), np.empty(len(mate)), np.empty(len(mate))
    diagonal, work, around = np.empty(nodes), np.empty(nodes), np.empty(len(mate))
    below, above = np.empty(len(lower[1])), np.empty(len(upper[1]))
    onward, there = np.empty(nodes), np.empty(nodes)
    moved, onward_moved, there_moved = np.empty(len(mate)), np.empty(nodes), np.empty(nodes)
    of_entries = between, moved, around
    ways_on, ways_there = (onward, onward_moved), (there, there_moved)
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
            there[place[start[k]]] += quantity[k] / onward[place[start[k]]]
        solve_across(diagonal, lower, upper, below, above, there)
        add_flows(weight, between, around, there, onward, ends_of, slot, mate, flow)
        for number in range(len(change)):
            moved[:] = 0.0
            for arc in range(arcs):
                if weight[arc] > 0.0:
                    moved[slot[arc]] += weight[arc] * change[number, arc]
            _turned(of_entries, entries, mate, ways_on, ways_there)
            solve(diagonal, lower, upper, below, above, onward_moved)
            for k in range(bounds[row], bounds[row + 1]):
                at = place[start[k]]
                there_moved[at] -= quantity[k] * onward_moved[at] / onward[at] ** 2
            solve_across(diagonal, lower, upper, below, above, there_moved)
            of_arcs = weight, change[number], slopes[number]
            _add_slopes(of_arcs, of_entries, ways_on, ways_there, ends_of, paired)


@compiled
def _add_slopes(
    of_arcs: tuple[Floats, Floats, Floats],
    of_entries: tuple[Floats, Floats, Floats],
    ways_on: tuple[Floats, Floats],
    ways_there: tuple[Floats, Floats],
    ends_of: Rows,
    paired: Rows,
) -> None:
    """Add to the slope of each arc's flow what goes to one destination: `add_flows` derived."""
    weight, change, slope = of_arcs
    between, moved, around = of_entries
    onward, onward_moved = ways_on
    there, there_moved = ways_there
    tail, head = ends_of
    slot, mate = paired
    for arc in range(len(slope)):
        if weight[arc] > 0.0:
            i, j, position = tail[arc], head[arc], slot[arc]
            back, back_moved = between[mate[position]], moved[mate[position]]
            circle_moved = moved[position] * back + between[position] * back_moved
            often = around[position]
            came = there[i] - back * there[j]
            came_moved = there_moved[i] - back * there_moved[j] - back_moved * there[j]
            goes = onward[j] - back * onward[i]
            goes_moved = onward_moved[j] - back * onward_moved[i] - back_moved * onward[i]
            both = came_moved * goes + came * goes_moved
            still = change[arc] + 2.0 * circle_moved * often
            slope[arc] += weight[arc] * (still * came * goes + both) * (often * often)


@compiled
def _turned(
    of_entries: tuple[Floats, Floats, Floats],
    entries: Rows,
    mate: Numbers,
    ways_on: tuple[Floats, Floats],
    ways_there: tuple[Floats, Floats],
) -> None:
    """``-A' x`` for the ways on, ``-A'^T x`` for those there, A' being the matrix's derivative."""
    between, moved, around = of_entries
    onward, onward_moved = ways_on
    there, there_moved = ways_there
    for i in range(len(onward)):
        onward_moved[i], there_moved[i] = 0.0, 0.0
    for i in range(len(onward)):
        on, diagonal = 0.0, 0.0
        for position in range(entries[0][i], entries[0][i + 1]):
            j, often = entries[1][position], around[position]
            circle = moved[position] * between[mate[position]]
            circle += between[position] * moved[mate[position]]
            circle *= often * often
            entry = moved[position] * often + between[position] * circle
            on += entry * onward[j]
            there_moved[j] += entry * there[i]
            diagonal += circle
        onward_moved[i] += on - diagonal * onward[i]
        there_moved[i] -= diagonal * there[i]
