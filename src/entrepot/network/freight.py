"""What each leg costs, takes and lets through, good by good and period by period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.network.market import Floats, Ints, Market, column
from entrepot.network.network import WAY_BACK


@dataclass(frozen=True)
class Freight:
    """What each leg costs and allows one good: all of shape (L,).

    Attributes
    ----------
    cost : money per unit; days : days; use : share of the leg's capacity that one unit takes;
    capacity : units per period of this good alone, inf where unlimited; allowed
    """

    cost: Floats
    days: Floats
    use: Floats
    capacity: Floats
    allowed: npt.NDArray[np.bool_]


def freight(market: Market, good: int) -> Freight:
    """The legs' own figures with the good's own in ``leg_goods`` over them.

    A row for a two-way leg holds both ways unless the way back has a row of its own.
    """
    network, legs = market.network, market.study.table("legs")
    cost = column(legs, "cost", 0.0)[network.leg_row]
    days = column(legs, "days", 0.0)[network.leg_row]
    count = len(network.legs)
    use, capacity, allowed = np.ones(count), np.full(count, np.inf), np.ones(count, dtype=bool)
    rows = market.study.table("leg_goods")
    rows = rows.filter(rows["good"] == market.goods[good])
    if not rows.height:
        return Freight(cost, days, use, capacity, allowed)
    found = {row["leg"]: row for row in rows.iter_rows(named=True)}
    for leg, name in enumerate(network.legs):
        row = found.get(name) or found.get(name.removesuffix(WAY_BACK))
        if row is None:
            continue
        cost[leg] = cost[leg] if row["cost"] is None else row["cost"]
        days[leg] = days[leg] if row["days"] is None else row["days"]
        use[leg] = 1.0 if row["use"] is None else row["use"]
        capacity[leg] = np.inf if row["capacity"] is None else row["capacity"]
        allowed[leg] = row["allowed"] is not False
    return Freight(cost, days, use, capacity, allowed)


def legs_open(market: Market) -> list[Ints]:
    """For each period, the legs that exist and are open in it."""
    network, legs = market.network, market.study.table("legs")
    opens, closes = legs["opens"].to_list(), legs["closes"].to_list()
    found = []
    for t, rows in market.rows_by_period("legs", key=("leg",)):
        held = np.zeros(legs.height, dtype=bool)
        held[[r for r in rows.tolist() if market.is_open(opens[r], closes[r], t)]] = True
        found.append(np.flatnonzero(held[network.leg_row]))
    return found


def leg_capacity(market: Market) -> Floats:
    """Capacity that all goods share on each leg, units per period, shape (L,)."""
    return column(market.study.table("legs"), "capacity", np.inf)[market.network.leg_row]
