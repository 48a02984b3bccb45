"""Selling: an offer gives a good at its place and is paid the offer's price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entrepot.clearing.activities.activity import Activities, Columns, Kind
from entrepot.network.market import Market

if TYPE_CHECKING:
    from entrepot.clearing.layers import Balances, Layers
    from entrepot.clearing.stack import Draft


def balances_of_offers(
    market: Market, layers: Layers, balances: Balances
) -> dict[tuple[int, int], int]:
    """Balance to which each row of ``offers`` gives, by (row, period)."""
    network = market.network
    offers = market.study.table("offers").select("place", "good", "origin").rows()
    found: dict[tuple[int, int], int] = {}
    known: dict[tuple[int, tuple[str, str, str | None]], int] = {}
    for t, rows in market.rows_by_period("offers"):
        for r in rows.tolist():
            key = (t, offers[r])
            if key not in known:
                name, good_name, origin = offers[r]
                place, good = network.place_index[name], market.good_index[good_name]
                layer = layers.entry[good, origin or network.countries[place]]
                known[key] = int(balances.at(t, layer, int(network.source[place])))
            found[r, t] = known[key]
    return found


def draw_up(draft: Draft) -> Activities:
    """One activity for each group of offer segments (see `stack.group`)."""
    columns = Columns()
    groups = draft.offered
    columns.add(
        len(groups.balance),
        gives=groups.balance,
        worth=-groups.price,
        slope=groups.slope,
        upper=groups.width,
        period=groups.period,
    )
    return columns.done()


KIND = Kind("selling", draw_up)
