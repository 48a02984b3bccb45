"""What a reader of routes should know: legs that nobody uses, legs loaded beyond capacity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.network.columns import column
from entrepot.network.market import Market
from entrepot.network.network import WAY_BACK
from entrepot.routing.answers import NEGLIGIBLE, Part
from entrepot.routing.graph import TURN, tables_behind

MOST = 5


def notes_on(market: Market, parts: Sequence[Part]) -> tuple[str, ...]:
    """Notes of the choice itself, then on unused legs and on what is over its capacity.

    A two-way leg is used where either way is. Where delays were counted, what slows down may carry
    more than its capacity.
    """
    notes = list(dict.fromkeys(note for part in parts for note in part.chosen.notes))
    idle = _idle(market, parts)
    if idle:
        notes.append(
            f"{_legs(idle)} carry nothing" if len(idle) > 1 else f"leg {idle[0]} carries nothing"
        )
    slow = sorted({name for part in parts for name in _slow(market, part)})
    if slow:
        verb = "slow" if len(slow) > 1 else "slows"
        notes.append(f"{_legs(slow)} {verb} down under load: that counts in equilibria only")
    over: dict[str, float] = {}
    for part in parts:
        for name, ratio in _over(market, part):
            over[name] = max(over.get(name, 0.0), ratio)
    if over:
        fullest = sorted(over, key=lambda name: (-over[name], name))
        verb = "carry" if len(fullest) > 1 else "carries"
        most = over[fullest[0]]
        times = f" ({fullest[0]}: {most:.3g} times)" if np.isfinite(most) else ""
        notes.append(
            f"{_legs(fullest)} {verb} more than the capacity{times}: it does not bind here"
        )
    return tuple(notes)


def _idle(market: Market, parts: Sequence[Part]) -> list[str]:
    """Legs that are open in some period and carry nothing in any."""
    network = market.network
    used = np.zeros(len(network.legs), dtype=bool)
    held = np.zeros(len(network.legs), dtype=bool)
    for part in parts:
        arcs = np.flatnonzero(part.graph.leg != TURN)
        leg = part.graph.leg[arcs]
        total = float(part.demand.quantity.sum())
        held[leg] = True
        used[leg[part.chosen.flow[:, arcs].sum(axis=0) > NEGLIGIBLE * total]] = True
    busy = {network.legs[leg].removesuffix(WAY_BACK) for leg in np.flatnonzero(used).tolist()}
    there = {network.legs[leg].removesuffix(WAY_BACK) for leg in np.flatnonzero(held).tolist()}
    return sorted(there - busy)


def _slow(market: Market, part: Part) -> Iterator[str]:
    """Legs and transfers in use whose days would grow with load, where that was not counted."""
    if part.chosen.days is not None:
        return
    least = NEGLIGIBLE * float(part.demand.quantity.sum())
    for name, arcs, row in tables_behind(part.graph):
        used = part.chosen.flow[:, arcs].sum(axis=0) > least
        yield from part.graph.named(arcs[used & _slows(market.study.table(name))[row]])


def _slows(table: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows whose days grow with load."""
    curved: npt.NDArray[np.bool_] = table["delay_curve"].is_not_null().to_numpy()
    return (column(table, "delay_alpha", 0.0) > 0) | curved


def _over(market: Market, part: Part) -> Iterator[tuple[str, float]]:
    """Legs and transfers that carry more than a capacity that should have held them back."""
    graph = part.graph
    for name, arcs, row in tables_behind(graph):
        table = market.study.table(name)
        capacity = column(table, "capacity", np.inf)[row]
        slows = _slows(table)[row]
        if part.chosen.days is None:
            slows[:] = False
        load = (part.chosen.flow[:, arcs] * graph.use[:, arcs]).sum(axis=0)
        full = np.flatnonzero(~slows & (load > capacity * (1 + NEGLIGIBLE)))
        with np.errstate(divide="ignore"):
            ratio = load[full] / capacity[full]
        yield from zip(graph.named(arcs[full]), ratio.tolist(), strict=True)


def _legs(names: list[str]) -> str:
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    if any(" " in name for name in names):
        return ", ".join(names[:MOST]) + more
    return ("legs " if len(names) > 1 else "leg ") + ", ".join(names[:MOST]) + more
