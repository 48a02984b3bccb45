"""What a reader of routes should know: legs that nobody uses, legs loaded beyond capacity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from entrepot.network.columns import column
from entrepot.network.freight import leg_capacity
from entrepot.network.market import Market
from entrepot.network.network import WAY_BACK
from entrepot.routing.answers import NEGLIGIBLE, Part
from entrepot.routing.graph import TURN

MOST = 5


def notes_on(market: Market, parts: Sequence[Part]) -> tuple[str, ...]:
    """Notes of the choice itself, then on unused legs and on legs over their capacity.

    A two-way leg is used where either way is. Where delays were counted, legs that slow down may
    carry more than their capacity.
    """
    told = dict.fromkeys(note for part in parts for note in part.chosen.notes)
    network = market.network
    used = np.zeros(len(network.legs), dtype=bool)
    held = np.zeros(len(network.legs), dtype=bool)
    over: dict[str, float] = {}
    capacity = leg_capacity(market)
    legs = market.study.table("legs")
    delay = column(legs, "delay_alpha", 0.0) > 0
    delay = (delay | legs["delay_curve"].is_not_null().to_numpy())[network.leg_row]
    for part in parts:
        arcs = np.flatnonzero(part.graph.leg != TURN)
        leg = part.graph.leg[arcs]
        flow = part.chosen.flow[:, arcs]
        total = float(part.demand.quantity.sum())
        held[leg] = True
        used[leg[flow.sum(axis=0) > NEGLIGIBLE * total]] = True
        load = (flow * part.graph.use[:, arcs]).sum(axis=0)
        slows = delay[leg] if part.chosen.days is not None else np.zeros(len(leg), dtype=bool)
        full = ~slows & (load > capacity[leg] * (1 + NEGLIGIBLE))
        for number in np.flatnonzero(full).tolist():
            name = network.legs[leg[number]]
            ratio = load[number] / capacity[leg[number]] if capacity[leg[number]] else np.inf
            over[name] = max(over.get(name, 0.0), float(ratio))
    notes = list(told)
    busy = {network.legs[leg].removesuffix(WAY_BACK) for leg in np.flatnonzero(used).tolist()}
    there = {network.legs[leg].removesuffix(WAY_BACK) for leg in np.flatnonzero(held).tolist()}
    idle = sorted(there - busy)
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
