"""What the kernels work on: roads, their loads, pairs and the paths found so far, as arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.uint16] | npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


class Pieces(NamedTuple):
    """Days of arcs that are told point by point, and what a system optimum makes of their slopes.

    Both are straight between points. Those of arc a are ``first[a]`` to ``first[a + 1]``.

    Attributes
    ----------
    first : shape (A + 1,)
    load : never falling along an arc, shape (P,)
    days : at that load, shape (P,)
    charge : how fast they grow there, as others are charged for it; 0 in a user equilibrium,
        shape (P,)
    """

    first: Ints
    load: Floats
    days: Floats
    charge: Floats


class Roads(NamedTuple):
    """What does not change while an equilibrium is sought: N nodes, A arcs by tail, G classes.

    Attributes
    ----------
    first : first arc out of each node, and A, shape (N + 1,)
    tail, head : nodes, shape (A,)
    through : whether paths may pass a node, shape (N,)
    paid : what a unit of a class pays whatever the load, and the load it puts, shape (G, A, 2)
    timed : how much a day counts to each class, shape (G,)
    free, alpha, power, capacity : days = free (1 + alpha (load / capacity)^power), shape (A,)
    pieces : days of arcs that are told point by point, in place of these
    price : days that a full arc with a hard capacity makes wait, shape (A,)
    stiffness : days more for each unit of load above it; 0 where there is none, shape (A,)
    fingerprint : a number of each arc; see `fingerprints`, shape (A,)
    optimum : 0 for a user equilibrium, 1 for a system optimum, shape (1,)
    """

    first: Shorts
    tail: Shorts
    head: Shorts
    through: Flags
    paid: Floats
    timed: Floats
    free: Floats
    alpha: Floats
    power: Floats
    capacity: Floats
    pieces: Pieces
    price: Floats
    stiffness: Floats
    fingerprint: Ints
    optimum: Ints


class Loads(NamedTuple):
    """What moves when flow moves.

    Attributes
    ----------
    load : on each arc, shape (A,)
    late : units on each arc times what a day counts to them, shape (A,); kept for a system optimum
    delay : for each arc, shape (A, 4). The cost of a class is ``paid + timed × delay[0] +
        use × delay[1]``; its slope in the class's own flow is ``use × (timed × delay[2] +
        use × delay[3])``
    """

    load: Floats
    late: Floats
    delay: Floats


class Pairs(NamedTuple):
    """Who travels: R groups of pairs with one start and class, K pairs in the order of groups.

    Attributes
    ----------
    group : first pair of each group, and K, shape (R + 1,)
    start, klass : of each group, shape (R,)
    end : of each pair, shape (K,)
    quantity : of each pair, shape (K,)
    path : newest path of each pair, -1 where it has none yet, shape (K,)
    """

    group: Ints
    start: Ints
    klass: Ints
    end: Ints
    quantity: Floats
    path: Shorts


class Paths(NamedTuple):
    """Paths in the order in which they were found; those given up stay until the store is packed.

    Attributes
    ----------
    after : next path of the same pair, -1 at the last, shape (P,)
    at : where its arcs begin, shape (P,)
    length : number of its arcs, shape (P,)
    flow : units, shape (P,)
    fingerprint : a number made of its arcs; see `fingerprints`, shape (P,)
    arcs : of all paths, in 16 bits where the network has no more than 65,536, shape (L,)
    used : numbers of paths and arcs in use, shape (2,)
    """

    after: Shorts
    at: Ints
    length: Shorts
    flow: Floats
    fingerprint: Ints
    arcs: Numbers
    used: Ints


class Scratch(NamedTuple):
    """Room to work in.

    Attributes
    ----------
    days, via : distance of each node from the start, and the last arc to it, shape (N,)
    again : nodes still to be looked at, shape (N,)
    key, node, place : a heap and where each node stands in it, shapes (N,)
    stack : nodes, shape (N + 1,)
    named : whether the path of the tree to a node has its fingerprint, shape (N,)
    fingerprint : of that path, shape (N,)
    cost : of each arc to the present class, shape (A,)
    detour : what going by each arc adds to the cheapest way to its head, shape (A,)
    least, widest : detours of the paths of each pair of a group, shapes (N,)
    mark : which path an arc was last seen on, shape (A,)
    stamp : last mark given, shape (1,)
    differ : arcs on one of two paths only, shape (2 N,)
    """

    days: Floats
    via: Shorts
    again: Flags
    key: Floats
    node: Shorts
    place: Shorts
    stack: Shorts
    named: Flags
    fingerprint: Ints
    cost: Floats
    detour: Floats
    least: Floats
    widest: Floats
    mark: Ints
    stamp: Ints
    differ: Shorts


def scratch(nodes: int, arcs: int) -> Scratch:
    """Room for a network of that size."""
    return Scratch(
        days=np.empty(nodes),
        via=np.empty(nodes, dtype=np.int32),
        again=np.zeros(nodes, dtype=np.bool_),
        key=np.empty(nodes + 1),
        node=np.empty(nodes + 1, dtype=np.int32),
        place=np.full(nodes, -1, dtype=np.int32),
        stack=np.empty(nodes + 1, dtype=np.int32),
        named=np.zeros(nodes, dtype=np.bool_),
        fingerprint=np.zeros(nodes, dtype=np.int64),
        cost=np.empty(arcs),
        detour=np.empty(arcs),
        least=np.empty(nodes),
        widest=np.empty(nodes),
        mark=np.zeros(arcs, dtype=np.int64),
        stamp=np.zeros(1, dtype=np.int64),
        differ=np.empty(2 * nodes + 2, dtype=np.int32),
    )
