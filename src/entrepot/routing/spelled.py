"""Routes in words: the names of their legs, joined, for millions of routes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.routing.compiled import compiled
from entrepot.routing.graph import TURN
from entrepot.routing.listed import Listed, Numbers

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

BETWEEN = ";"

AT_ONCE = 1 << 25
"""Bytes of text put together at a time, and at least one route."""


def spelled(routes: Listed, leg: Ints, names: list[str]) -> pl.Series:
    """The legs of each route by name, in order, ";" between them; empty for one without legs.

    Parameters
    ----------
    leg : of each arc, `TURN` where the arc is none, shape (A,)
    names : of legs; the study format lets no line end into them
    """
    text, first = _packed(names)
    size = np.diff(first) + len(BETWEEN)
    size_of_arc = np.where(leg == TURN, 0, np.append(size, 0)[leg]).astype(np.float64)
    ends = np.cumsum(np.maximum(routes.total(size_of_arc), len(BETWEEN))).astype(np.int64)
    parts = [pl.Series(dtype=pl.String)]
    begin, count = 0, len(ends)
    while begin < count:
        before = int(ends[begin - 1]) if begin else 0
        end = max(int(np.searchsorted(ends, before + AT_ONCE, side="right")), begin + 1)
        out = np.empty(int(ends[end - 1]) - before, dtype=np.uint8)
        _spell(routes.first, routes.arcs, leg, text, first, begin, end, out)
        lines = pl.Series([out[:-1].tobytes().decode()])
        parts.append(lines.str.split("\n").explode())
        begin = end
    return pl.concat(parts)


def _packed(names: list[str]) -> tuple[Bytes, Ints]:
    """All names one after another in UTF-8, and where each begins."""
    encoded = [name.encode() for name in names]
    first = np.concatenate([[0], np.cumsum([len(name) for name in encoded])]).astype(np.int64)
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), first


@compiled
def _spell(
    first: Ints, arcs: Numbers, leg: Ints, text: Bytes, at: Ints, begin: int, end: int, out: Bytes
) -> None:
    """Routes from `begin` to `end` into `out`, a line end behind each."""
    place = 0
    for route in range(begin, end):
        start = place
        for position in range(first[route], first[route + 1]):
            name = leg[arcs[position]]
            if name == TURN:
                continue
            for letter in range(at[name], at[name + 1]):
                out[place] = text[letter]
                place += 1
            out[place] = 59
            place += 1
        if place == start:
            place += 1
        out[place - 1] = 10
