"""What each leg costs, takes and lets through, good by good and period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.network.columns import Floats, Ints, column
from entrepot.network.network import WAY_BACK, Network
from entrepot.study import Study

if TYPE_CHECKING:
    from entrepot.network.market import Market


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


def read_freight(study: Study, network: Network, goods: list[str]) -> tuple[Freight, ...]:
    """The legs' own figures with each good's own in ``leg_goods`` over them, a good an entry.

    A row for a two-way leg holds both ways unless the way back has a row of its own.
    """
    legs, rows = study.table("legs"), study.table("leg_goods")
    shape = (len(goods), len(network.legs))
    whole = {
        "cost": np.tile(column(legs, "cost", 0.0)[network.leg_row], (shape[0], 1)),
        "days": np.tile(column(legs, "days", 0.0)[network.leg_row], (shape[0], 1)),
        "use": np.ones(shape),
        "capacity": np.full(shape, np.inf),
    }
    allowed = np.ones(shape, dtype=bool)
    if rows.height:
        good, leg, row = _listed(network.legs, goods, rows)
        for name, figures in whole.items():
            own = column(rows, name, np.nan)[row]
            given = ~np.isnan(own)
            figures[good[given], leg[given]] = own[given]
        allowed[good, leg] = rows["allowed"].fill_null(value=True).to_numpy()[row]
    return tuple(
        Freight(**{name: figures[g] for name, figures in whole.items()}, allowed=allowed[g])
        for g in range(shape[0])
    )


def _listed(legs: list[str], goods: list[str], rows: pl.DataFrame) -> tuple[Ints, Ints, Ints]:
    """Goods and legs with a row of their own or of the leg that they are the way back of, and it.

    A leg that has both stands twice, its own row last.
    """
    number = pl.DataFrame({"leg": legs}, schema={"leg": pl.String}).with_row_index("at")
    back = number.filter(pl.col("leg").str.ends_with(WAY_BACK)).with_columns(
        pl.col("leg").str.strip_suffix(WAY_BACK)
    )
    which = pl.DataFrame({"good": goods}, schema={"good": pl.String}).with_row_index("g")
    own = rows.select("leg", "good").with_row_index("row").join(which, on="good")
    found = pl.concat(own.join(each, on="leg").select("g", "at", "row") for each in (back, number))
    good, leg, row = (found[name].to_numpy().astype(np.int64) for name in ("g", "at", "row"))
    return good, leg, row


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
