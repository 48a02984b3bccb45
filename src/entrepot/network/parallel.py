"""Parallel arcs: of those between the same two nodes the cheapest is as good as all."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from entrepot.network.columns import Floats, Ints


def cheapest_arcs(tail: Ints, head: Ints, weight: Floats, size: int) -> sparse.csr_array:
    """A graph of `size` nodes with the cheapest of parallel arcs (scipy would add them up).

    Parameters
    ----------
    tail, head : nodes, shape (A,)
    weight : at least zero, shape (A,)
    """
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order], head[order], weight[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    # csgraph reads a stored zero as an arc of no length only in this explicit form.
    indptr = np.searchsorted(tail[first], np.arange(size + 1))
    return sparse.csr_array((weight[first], head[first], indptr), shape=(size, size))
