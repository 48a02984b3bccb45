"""Kernels: the paths of a store, pair by pair, as they are handed out."""

from __future__ import annotations

from entrepot.routing.compiled import compiled
from entrepot.routing.equilibrium.state import Floats, Ints, Numbers, Pairs, Paths


@compiled
def count_carrying(pairs: Pairs, paths: Paths) -> tuple[int, int]:
    """Number of paths that carry something, and of their arcs."""
    rows = 0
    links = 0
    for pair in range(pairs.path.size):
        path = pairs.path[pair]
        while path >= 0:
            if paths.flow[path] > 0.0:
                rows += 1
                links += paths.length[path]
            path = paths.after[path]
    return rows, links


@compiled
def gather(
    pairs: Pairs, paths: Paths, order: Ints,
    first_path: Ints, path_flow: Floats, first_arc: Ints, arcs: Numbers, flow: Floats,
) -> None:  # fmt: skip
    """Fill the arrays that `Store.gathered` returns; `order` is the arc of the problem for each."""
    row = 0
    link = 0
    for group in range(pairs.start.size):
        klass = pairs.klass[group]
        for pair in range(pairs.group[group], pairs.group[group + 1]):
            path = pairs.path[pair]
            while path >= 0:
                units = paths.flow[path]
                if units > 0.0:
                    begin = paths.at[path]
                    for position in range(begin, begin + paths.length[path]):
                        arc = order[paths.arcs[position]]
                        arcs[link] = arc
                        flow[arc, klass] += units
                        link += 1
                    path_flow[row] = units
                    row += 1
                    first_arc[row] = link
                path = paths.after[path]
            first_path[pair + 1] = row
