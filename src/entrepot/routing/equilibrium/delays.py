"""Kernels: how long an arc takes under its load, and how fast that grows."""

from __future__ import annotations

import math

from entrepot.routing.compiled import compiled, inner
from entrepot.routing.equilibrium.points import along
from entrepot.routing.equilibrium.state import Floats, Loads, Roads

SMALLEST = 1e-12
"""Share of the capacity up to which the slope of a delay with a power under 2 is taken as there for
the steps of the search: at zero its slope, or how that bends, would be infinite."""


MOST_DAYS = 1e100
"""Days above those of the empty arc from which on a delay goes on in a straight line: the loads of
a search may be so far from settled that a steep power would leave the numbers there are."""


@inner
def _straight_on(
    alpha: float, power: float, capacity: float, load: float
) -> tuple[float, float, float, float]:
    """As `_by_power`, where that comes to more than `MOST_DAYS`."""
    held = math.exp((math.log(MOST_DAYS) - math.log(alpha)) / power) * capacity
    slope = power * MOST_DAYS / held
    return MOST_DAYS + slope * (load - held), slope, slope, 0.0


@inner
def _by_power(
    alpha: float, power: float, capacity: float, load: float
) -> tuple[float, float, float, float]:
    """Days above those of the empty arc, their slope, that for steps, and how the slope bends."""
    ratio = load / capacity
    if power == 4.0:
        cube = ratio * ratio * ratio
        slope = 4.0 * alpha * cube / capacity
        return alpha * cube * ratio, slope, slope, 12.0 * alpha * ratio * ratio / capacity**2
    if power == 1.0:
        return alpha * ratio, alpha / capacity, alpha / capacity, 0.0
    if power == 0.0:
        return alpha, 0.0, 0.0, 0.0
    held = max(ratio, SMALLEST) if power < 2.0 else ratio
    lower = held ** (power - 1.0)
    step = power * alpha * lower / capacity
    bend = (power - 1.0) * step / (held * capacity) if held > 0.0 else 0.0
    if load == 0.0:
        return 0.0, step, step, bend
    if held > ratio:
        lower = ratio ** (power - 1.0)
    return alpha * lower * ratio, power * alpha * lower / capacity, step, bend


@inner
def settle(roads: Roads, loads: Loads, arc: int) -> None:
    """Bring the delay of one arc up to its load; see `Loads` for what is kept.

    The user pays the days ``t``; in a system optimum also what it costs all others on the arc,
    ``use × t' × late`` (Beckmann, McGuire and Winsten 1956, sections 3.1 and 4.1).
    """
    load = max(loads.load[arc], 0.0)
    days = roads.free[arc]
    slope = 0.0
    step = 0.0
    bend = 0.0
    alpha = roads.alpha[arc] * days
    if alpha > 0.0:
        more, slope, step, bend = _by_power(alpha, roads.power[arc], roads.capacity[arc], load)
        if not more < MOST_DAYS and roads.power[arc] > 0.0:
            more, slope, step, bend = _straight_on(
                alpha, roads.power[arc], roads.capacity[arc], load
            )
        days += more
    elif roads.pieces.load.size > 0 and roads.pieces.first[arc + 1] > roads.pieces.first[arc]:
        days, step, slope, bend = along(roads.pieces, arc, load)
    wait = 0.0
    push = roads.stiffness[arc]
    if push > 0.0:
        wait = roads.price[arc] + push * (load - roads.capacity[arc])
        if wait <= 0.0:
            wait = 0.0
            push = 0.0
    if roads.optimum[0] == 1:
        # What rounding leaves below nothing would be a cost below nothing: a search without end.
        late = max(loads.late[arc], 0.0)
        loads.delay[arc, 0] = days
        loads.delay[arc, 1] = slope * late + wait
        loads.delay[arc, 2] = 2.0 * step
        loads.delay[arc, 3] = bend * late + push
    else:
        loads.delay[arc, 0] = days + wait
        loads.delay[arc, 1] = 0.0
        loads.delay[arc, 2] = step + push
        loads.delay[arc, 3] = 0.0


@compiled
def settle_all(roads: Roads, loads: Loads) -> None:
    """Bring the delays of all arcs up to their loads."""
    for arc in range(loads.load.size):
        settle(roads, loads, arc)


@inner
def costs_of(roads: Roads, loads: Loads, klass: int, cost: Floats) -> None:
    """What one more unit of a class pays on each arc now, into `cost`, shape (A,)."""
    timed = roads.timed[klass]
    for arc in range(cost.size):
        cost[arc] = (
            roads.paid[klass, arc, 0]
            + timed * loads.delay[arc, 0]
            + roads.paid[klass, arc, 1] * loads.delay[arc, 1]
        )
