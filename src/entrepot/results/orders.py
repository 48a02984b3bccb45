"""Every offer and bid beside the price that it met: what was filled, what was not, and by how much.

An order's *limit* is the price of its next unit: what a seller asks or a buyer pays for one unit
more than is traded. It meets the price at its place: for a bid, of the cheapest delivery there,
duty paid; for an offer, of the best use from there. A bid that is not filled lies below, an offer
above; the gap is by how much it must give way before it trades more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import polars as pl

from entrepot.clearing.answers import Clearing, filled, finish
from entrepot.results.priced import Priced, price_ways
from entrepot.results.traders import FULL

COLUMNS = {
    "period": pl.String,
    "side": pl.String,
    "place": pl.String,
    "good": pl.String,
    "agent": pl.String,
    "state": pl.String,
    "quantity": pl.Float64,
    "left": pl.Float64,
    "limit": pl.Float64,
    "price": pl.Float64,
    "gap": pl.Float64,
}


def orders(clearing: Clearing, priced: Priced | None = None) -> pl.DataFrame:
    """All offers and bids of a study, those that traded nothing among them.

    Parameters
    ----------
    priced : of the answer, where it is there already

    Returns
    -------
    Frame (period, side, place, good, agent, state, quantity, left, limit, price, gap): `side` is
    offer or bid; `state` is `filled`, `partly` (its limit is the price, or it follows a curve),
    `unfilled` (it trades nothing: the price is beyond its limit) or `unreachable` (nothing can
    come, or go); `quantity` traded and `left` of what was offered or bid, in units per period, null
    where that is unlimited; `limit`, `price` and `gap` in money per unit, `price` null where
    nothing can come or go; `gap` is below zero where more would be traded if there were more of it.
    """
    priced = priced or price_ways(clearing.state)
    rows = [*_told(priced, "bids"), *_told(priced, "offers")]
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return finish(frame, clearing.state, ["period", "side", "place", "good", "agent", "limit"])


def _told(priced: Priced, table: str) -> Iterator[tuple[object, ...]]:
    state, offers = priced.state, table == "offers"
    market = state.stack.market
    found, traded = filled(state, table)
    rows = market.study.table(table).select("place", "good", "agent").rows()
    meets = (priced.outlet if offers else priced.delivered)[found.balance]
    for r in range(len(found.row)):
        much, price = float(traded[r]), float(meets[r])
        much = much if much > priced.least else 0.0
        most = math.inf if found.elasticity[r] else float(found.quantity[r])
        limit = found.price_at(r, much)
        gap = (limit - price) * (1 if offers else -1)
        yield (
            market.periods[found.period[r]],
            "offer" if offers else "bid",
            *rows[found.row[r]],
            _state(much, most, gap),
            much,
            max(most - much, 0.0) if math.isfinite(most) else None,
            limit,
            price if math.isfinite(price) else None,
            float(np.where(abs(gap) <= priced.same, 0.0, gap)) if math.isfinite(gap) else None,
        )


def _state(much: float, most: float, gap: float) -> str:
    if much > 0 and much >= most * (1 - FULL):
        return "filled"
    if much > 0:
        return "partly"
    return "unfilled" if math.isfinite(gap) else "unreachable"
