"""Kernels: whether a path is that of the tree, told by one number instead of arc by arc.

Each arc has a number drawn at random from 64 bits, and a path the exclusive or of those of its
arcs (Zobrist 1970). Two different paths have the same number with a chance of 2^-64. Where most
pairs go by the cheapest path already, a pass need not look at their arcs.
"""

from __future__ import annotations

import numpy as np

from entrepot.routing.compiled import compiled, inner
from entrepot.routing.equilibrium.state import Ints, Paths, Roads, Scratch

SEED = 1970
"""The numbers are the same in every run, so that answers are."""


def drawn(arcs: int) -> Ints:
    """A number for each arc, shape (A,)."""
    whole = np.iinfo(np.int64)
    return np.random.default_rng(SEED).integers(whole.min, whole.max, arcs, dtype=np.int64)


@compiled
def name_paths(roads: Roads, paths: Paths) -> None:
    """Set the fingerprints of all paths in use."""
    for path in range(paths.used[0]):
        value = 0
        begin = paths.at[path]
        for position in range(begin, begin + paths.length[path]):
            value ^= roads.fingerprint[paths.arcs[position]]
        paths.fingerprint[path] = value


@inner
def name_tree(roads: Roads, work: Scratch, start: int) -> None:
    """Set the fingerprints of the paths of the tree, to each node that it reaches."""
    via, named, stack, value_of = work.via, work.named, work.stack, work.fingerprint
    tail, drawn_for = roads.tail, roads.fingerprint
    named[:] = False
    named[start] = True
    value_of[start] = 0
    for end in range(named.size):
        if named[end] or via[end] < 0:
            continue
        depth = 0
        node = end
        while not named[node]:
            stack[depth] = node
            depth += 1
            node = tail[via[node]]
        value = value_of[node]
        while depth > 0:
            depth -= 1
            node = stack[depth]
            value ^= drawn_for[via[node]]
            value_of[node] = value
            named[node] = True
