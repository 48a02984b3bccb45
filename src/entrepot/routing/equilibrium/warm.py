"""An earlier answer as the beginning of the next: which of its paths are still open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from entrepot.errors import QuestionError
from entrepot.routing.equilibrium.assignment import Assignment
from entrepot.routing.equilibrium.problem import Congested, Floats, Ints


def carried(
    start: Assignment, problem: Congested, ends: Ints, quantity: Floats
) -> tuple[Ints, Floats, Ints, Ints]:
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
    arcs = arc[start.arcs]
    lengths = np.diff(start.first_arc)
    each = np.repeat(np.arange(len(lengths)), lengths)
    here = owner[each]
    shut = (arcs < 0) | (here < 0)
    shut[~shut] = np.isinf(problem.payable[arcs[~shut], ends[here[~shut], 2]])
    kept = (owner >= 0) & (np.bincount(each[shut], minlength=len(lengths)) == 0)
    order = np.flatnonzero(kept)
    order = order[np.argsort(owner[order], kind="stable")]
    owner, flow, lengths = owner[order], start.path_flow[order], lengths[order]
    total = np.bincount(owner, weights=flow, minlength=len(quantity))
    flow = flow * quantity[owner] / total[owner]
    first_arc = np.concatenate([[0], np.cumsum(lengths)])
    place = np.repeat(start.first_arc[order] - first_arc[:-1], lengths) + np.arange(first_arc[-1])
    counts = np.bincount(owner, minlength=len(quantity))
    return np.concatenate([[0], np.cumsum(counts)]), flow, first_arc, arcs[place]


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
