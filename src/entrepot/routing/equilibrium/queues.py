"""Prices of what is full, and of bends: found by the method of multipliers.

Hard capacities: goods queue at full arcs until the wait sends enough of them another way.

The wait is the price of the capacity, found by the method of multipliers (Hestenes 1969; Powell
1969; for equilibria with queues Larsson and Patriksson 1995): a load above the capacity makes wait
in proportion to the excess, an equilibrium is found, and the wait at each full arc becomes the
price to begin with next time, until the excess is gone.

In a system optimum with days told by points, what a unit costs all others jumps at a point, and an
optimum may lie just there, at some height of the jump. The height is found in the same way: beside
the point it rises with the load, and where it stands becomes the height at the point next time.
"""

from __future__ import annotations

import numpy as np

from entrepot.errors import RoutingError
from entrepot.routing.equilibrium.bends import Bends
from entrepot.routing.equilibrium.converge import SETTLED, Progress, converge
from entrepot.routing.equilibrium.delays import settle_all
from entrepot.routing.equilibrium.problem import MOST_LISTED, Congested, Floats
from entrepot.routing.equilibrium.store import Store

RESIDUAL = 1e-9
"""Excess, or room left where goods wait, at which capacities are taken as kept, and distance from a
point at which a load is taken to lie there: share of each."""

TURNS = 60
"""Most times the prices are set anew."""

STIFFER, STIFFEST = 4.0, 1e5
"""Factor by which excess is made dearer where it does not fall by as much, and the most of them."""

NEXT_TO_NOTHING = 1e-3
"""Share of what an arc costs on average below which ways are as good as free."""


def converge_with_queues(
    store: Store, target: float, warm: bool, began: float, progress: Progress | None
) -> list[tuple[float, float]]:
    """Prices and flows at which no hard capacity is passed and nobody waits where there is room.

    As `converge`, to a residual of `RESIDUAL` in the capacities and the points.

    Raises
    ------
    RoutingError : capacities that cannot hold what must pass them
    """
    capacity, stiffness = store.roads.capacity, store.roads.stiffness
    full = store.problem.full()[store.order] & (capacity > 0)
    gaps = converge(store, max(target, SETTLED), warm, began, progress)
    stiffness[full] = _scale(store) / capacity[full]
    bends = store.bends
    # How exact an equilibrium is, in shares of the residual, and more so where that does not fall.
    factor, before, share = 1.0, np.inf, 1e-3
    for _ in range(TURNS):
        settle_all(store.roads, store.loads)
        wanted = max(target, min(1e-5, share * before))
        gaps += converge(store, wanted, True, began, progress)
        price = _prices(store)
        moved = np.abs(price - store.roads.price)[full]
        excess = float((moved / (stiffness[full] * capacity[full])).max(initial=0.0))
        astray = 0.0 if bends is None else _set_leans(bends, store.loads.load)
        residual = max(excess, astray)
        if residual <= RESIDUAL and gaps[-1][1] <= target:
            return gaps
        if residual > RESIDUAL:
            store.roads.price[:] = price
        elif bends is not None and wanted <= target:
            # Steep ramps leave rounding in the gap, and leans that hold need none.
            bends.push[:] = np.maximum(bends.push / STIFFER, bends.widest)
        if residual > max(before / STIFFER, RESIDUAL):
            share *= 0.1
            if factor < STIFFEST:
                factor *= STIFFER
                stiffness[full] *= STIFFER
                if bends is not None:
                    bends.push[:] *= STIFFER
        before = residual
        store.set_bends()
    if excess <= RESIDUAL:
        return gaps
    raise _overloaded(store.problem, store, excess)


def _scale(store: Store) -> float:
    """Days to measure waits by: what a unit pays on average, or a share of what an arc costs.

    The latter where what is full costs next to nothing: the wait is then that of another way.
    """
    roads = store.roads
    units = max(float(store.pairs.quantity.sum()), 1e-300)
    cost = roads.paid[:, :, 0] + roads.timed[:, None] * roads.free
    open_to_some = cost[np.isfinite(cost)]
    arc = float(open_to_some.sum()) / max(open_to_some.size, 1)
    return max(store.least() / units, NEXT_TO_NOTHING * arc, 1e-9)


def _set_leans(bends: Bends, load: Floats) -> float:
    """Let ramps be as high at their points as they are at the loads; gives how far these lie."""
    lean = bends.leans(load)
    residual = bends.astray(lean)
    bends.lean[:] = lean
    return residual


def _prices(store: Store) -> Floats:
    """Days that goods wait at each arc now, shape (A,)."""
    roads = store.roads
    stiff = roads.stiffness > 0
    price = np.zeros_like(roads.price)
    over = store.loads.load[stiff] - roads.capacity[stiff]
    price[stiff] = np.maximum(roads.price[stiff] + roads.stiffness[stiff] * over, 0.0)
    return price


def _overloaded(problem: Congested, store: Store, residual: float) -> RoutingError:
    over = store.loads.load - store.roads.capacity
    arcs = np.flatnonzero((store.roads.stiffness > 0) & (over > RESIDUAL * store.roads.capacity))
    lines = [
        f"{problem.arc_name(store.order[arc])} holds {store.roads.capacity[arc]:g} and would have "
        f"to carry {store.loads.load[arc]:g}"
        for arc in arcs[:MOST_LISTED]
    ]
    if not store.optimum:
        lines += [
            f"{problem.class_name(klass)} does not mind a wait: give it a value of time, or choose "
            "a system optimum, in which it pays"
            for klass in np.flatnonzero(problem.cares == 0)
        ]
    return RoutingError(
        [
            f"capacities cannot be kept (after {TURNS} rounds the worst is off by {residual:.2g} "
            "of it): widen them, open another way, or give them a delay instead",
            *lines,
        ]
    )
