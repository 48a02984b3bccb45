"""An earlier answer as the beginning of the next: which of its paths are still open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from entrepot.errors import QuestionError
from entrepot.routing.compiled import compiled
from entrepot.routing.equilibrium.assignment import Assignment
from entrepot.routing.equilibrium.problem import Congested, Flags, Floats, Ints, Numbers, summed
from entrepot.routing.equilibrium.state import Shorts


def carried(
    start: Assignment, problem: Congested, ends: Ints, quantity: Floats
) -> tuple[Ints, Floats, Ints, Shorts]:
    """Paths of an earlier answer that are open in a new problem, scaled to its quantities.

    Paths over arcs that are gone or closed to their class are left out, and what is left of a pair
    is scaled to its quantity. A pair of which nothing is left has no paths here.

    Parameters
    ----------
    ends : start, end and class of each pair of the new problem, shape (K, 3), in rising order of
        class, start and end
    quantity : of each pair, shape (K,)

    Returns
    -------
    first path of each pair, shape (K + 1,); flows, shape (P,); first arc of each path, shape
    (P + 1,); arcs, shape (L,)

    Raises
    ------
    QuestionError : problems that share no names and differ in size
    """
    old = start.problem
    arc = _matched(old.arc_names, problem.arc_names, old.arcs, problem.arcs, "arcs")
    node = _matched(old.node_names, problem.node_names, old.nodes, problem.nodes, "nodes")
    klass = _matched(old.class_names, problem.class_names, old.classes, problem.classes, "classes")
    pair = _rows(np.stack([node[start.start], node[start.end], klass[start.klass]], axis=1), ends)
    owner = pair[start.path_pair]
    closed = np.isinf(problem.payable)
    kept = _open(owner, ends[:, 2].copy(), start.first_arc, start.arcs, arc, closed)
    order = np.flatnonzero(kept)
    order = order[np.argsort(owner[order], kind="stable")]
    owner, flow = owner[order], start.path_flow[order]
    flow = flow * quantity[owner] / summed(owner, flow, len(quantity))[owner]
    lengths = np.diff(start.first_arc)[order]
    first_arc = np.concatenate([[0], np.cumsum(lengths)])
    arcs = np.empty(first_arc[-1], dtype=np.int32)
    _copy(order, start.first_arc, start.arcs, arc, first_arc, arcs)
    counts = np.bincount(owner, minlength=len(quantity))
    return np.concatenate([[0], np.cumsum(counts)]), flow, first_arc, arcs


@compiled
def _open(
    owner: Ints, klass: Ints, first_arc: Ints, old: Numbers, arc: Ints, closed: Flags
) -> Flags:
    """Which old paths have a pair and lead over arcs that are there and open to it, shape (P,)."""
    kept = np.zeros(owner.size, dtype=np.bool_)
    for path in range(owner.size):
        if owner[path] < 0:
            continue
        kept[path] = True
        for place in range(first_arc[path], first_arc[path + 1]):
            now = arc[old[place]]
            if now < 0 or closed[now, klass[owner[path]]]:
                kept[path] = False
                break
    return kept


@compiled
def _copy(order: Ints, first_arc: Ints, old: Numbers, arc: Ints, begin: Ints, arcs: Shorts) -> None:
    """The arcs of some old paths, in that order, by their new numbers."""
    for row in range(order.size):
        first = first_arc[order[row]]
        for place in range(begin[row], begin[row + 1]):
            arcs[place] = arc[old[first + place - begin[row]]]


def _rows(old: Ints, new: Ints) -> Ints:
    """Where each row of `old`, shape (K, 3), stands in `new`; -1 where it does not."""
    size = int(max(old.max(initial=0), new.max(initial=0))) + 1
    keys = (new[:, 2] * size + new[:, 0]) * size + new[:, 1]
    sought = (old[:, 2] * size + old[:, 0]) * size + old[:, 1]
    sought[(old < 0).any(axis=1)] = -1
    place = np.minimum(np.searchsorted(keys, sought), max(len(keys) - 1, 0))
    found = keys[place] == sought if len(keys) else np.zeros(len(sought), dtype=bool)
    return np.where(found, place, -1)


def _matched(
    old: Sequence[str] | None, new: Sequence[str] | None, before: int, after: int, what: str
) -> Ints:
    """For each old arc, node or class its number in the new problem, -1 where it is gone."""
    if old is not None and new is not None:
        number = {name: place for place, name in enumerate(new)}
        return np.array([number.get(name, -1) for name in old], dtype=np.int64)
    if before != after:
        raise QuestionError(
            f"the answer to start from has {before} {what}, the problem {after}: give both names, "
            "so that they can be matched"
        )
    return np.arange(before)
