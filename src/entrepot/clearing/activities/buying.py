"""Buying: a bid takes a good at its place, duty paid, and is worth the bid's price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entrepot.clearing.activities.activity import Activities, Columns, Kind
from entrepot.clearing.rules.origins import accepted
from entrepot.network.market import Market

if TYPE_CHECKING:
    from entrepot.clearing.layers import Balances, Layers
    from entrepot.clearing.stack import Draft


def balance_used(
    market: Market,
    layers: Layers,
    balances: Balances,
    use: tuple[int, int, int, tuple[str, ...]],
) -> int:
    """Balance from which a (period, place, good, accepted origins) is bought or used.

    A good that no rule asks about is taken where it arrives; a ruled one from the pool of what
    has passed the border there.
    """
    period, place, good, _ = use
    if layers.ruled[good]:
        return balances.pools[use]
    layer = int((layers.good == good).argmax())
    return int(balances.at(period, layer, int(market.network.market[place])))


def uses_of_bids(market: Market) -> dict[tuple[int, int], tuple[int, int, int, tuple[str, ...]]]:
    """(period, place, good, accepted origins) of each row of ``bids``, by (row, period)."""
    bids = market.study.table("bids").select("place", "good", "origins").rows()
    found = {}
    for t, rows in market.rows_by_period("bids"):
        for r in rows.tolist():
            place, good, origins = bids[r]
            found[r, t] = (
                t,
                market.network.place_index[place],
                market.good_index[good],
                accepted(origins),
            )
    return found


def draw_up(draft: Draft) -> Activities:
    """One activity for each group of bid segments (see `stack.group`)."""
    columns = Columns()
    groups = draft.bid
    columns.add(
        len(groups.balance),
        takes=groups.balance,
        worth=groups.price,
        slope=groups.slope,
        upper=groups.width,
        period=groups.period,
    )
    return columns.done()


KIND = Kind("buying", draw_up)
