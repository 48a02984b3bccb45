"""What each leg costs, takes and lets through, good by good and period by period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

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
    if rows.height:
        at, row = _listed(network.legs, rows)
        own = rows[row]
        for name, figures in (("cost", cost), ("days", days), ("use", use), ("capacity", capacity)):
            given = own[name].is_not_null().to_numpy()
            figures[at[given]] = own[name].drop_nulls().to_numpy()
        allowed[at] = own["allowed"].fill_null(value=True).to_numpy()
    return Freight(cost, days, use, capacity, allowed)


def _listed(legs: list[str], rows: pl.DataFrame) -> tuple[Ints, Ints]:
    """Legs with a row of their own or of the leg that they are the way back of, and that row."""
    own = rows.select("leg", row=pl.int_range(pl.len()))
    there = own.select(there="leg", either="row")
    named = pl.DataFrame({"leg": legs}).with_columns(there=pl.col("leg").str.strip_suffix(WAY_BACK))
    found = (
        named.join(own, on="leg", how="left", maintain_order="left")
        .join(there, on="there", how="left", maintain_order="left")
        .select(pl.coalesce("row", "either"))
        .to_series()
    )
    at = np.flatnonzero(found.is_not_null().to_numpy())
    return at, found.drop_nulls().to_numpy().astype(np.int64)


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
