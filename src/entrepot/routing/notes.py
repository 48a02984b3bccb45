"""What a reader of routes should know: legs that nobody uses, legs loaded beyond capacity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from entrepot.network.freight import leg_capacity
from entrepot.network.market import Market
from entrepot.routing.answers import NEGLIGIBLE, Part
from entrepot.routing.graph import TURN

MOST = 5


def notes_on(market: Market, parts: Sequence[Part]) -> tuple[str, ...]:
    """Notes of the choice itself, then on unused legs and on legs over their capacity."""
    told = dict.fromkeys(note for part in parts for note in part.chosen.notes)
    network = market.network
    used = np.zeros(len(network.legs), dtype=bool)
    held = np.zeros(len(network.legs), dtype=bool)
    over: dict[str, float] = {}
    capacity = leg_capacity(market)
    for part in parts:
        arcs = np.flatnonzero(part.graph.leg != TURN)
        leg = part.graph.leg[arcs]
        flow = part.chosen.flow[:, arcs]
        total = float(part.demand.quantity.sum())
        held[leg] = True
        used[leg[flow.sum(axis=0) > NEGLIGIBLE * total]] = True
        load = (flow * part.graph.use[:, arcs]).sum(axis=0)
        for number in np.flatnonzero(load > capacity[leg] * (1 + NEGLIGIBLE)).tolist():
            name = network.legs[leg[number]]
            ratio = load[number] / capacity[leg[number]] if capacity[leg[number]] else np.inf
            over[name] = max(over.get(name, 0.0), float(ratio))
    notes = list(told)
    idle = sorted({network.legs[leg] for leg in np.flatnonzero(held & ~used).tolist()})
    if idle:
        notes.append(
            f"{_legs(idle)} carry nothing" if len(idle) > 1 else f"leg {idle[0]} carries nothing"
        )
    if over:
        fullest = sorted(over, key=lambda name: (-over[name], name))
        verb = "carry" if len(fullest) > 1 else "carries"
        most = over[fullest[0]]
        times = f" ({fullest[0]}: {most:.3g} times)" if np.isfinite(most) else ""
        notes.append(
            f"{_legs(fullest)} {verb} more than the capacity{times}: it does not bind here"
        )
    return tuple(notes)


def _legs(names: list[str]) -> str:
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ("legs " if len(names) > 1 else "leg ") + ", ".join(names[:MOST]) + more
