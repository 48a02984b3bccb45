"""Storing: a warehouse takes a good in one period and gives it, less its loss, in the next.

After the last period what is in store stays there: it is taken and given nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from entrepot.clearing.activities.activity import NOWHERE, Activities, Columns, Kind
from entrepot.network.columns import Floats, column

if TYPE_CHECKING:
    from entrepot.clearing.stack import Draft


def draw_up(draft: Draft) -> Activities:
    """Each layer of a warehouse's good, in each period; `row` is the warehouse's row."""
    market, balances, network = draft.market, draft.balances, draft.market.network
    stores = market.study.table("warehouses")
    cost, loss = column(stores, "cost", 0.0), column(stores, "loss", 0.0)
    last = len(market.periods) - 1
    columns = Columns()
    for r, (name, good_name) in enumerate(stores.select("place", "good").iter_rows()):
        place = network.place_index[name]
        market_node, source = int(network.market[place]), int(network.source[place])
        for layer in draft.moving_layers(market.good_index[good_name]):
            for t in range(last + 1):
                kept = t < last
                columns.add(
                    1,
                    takes=int(balances.at(t, layer, market_node)),
                    gives=int(balances.at(t + 1, layer, source)) if kept else NOWHERE,
                    worth=-cost[r],
                    period=t,
                    row=r,
                    layer=layer,
                    yields=1 - loss[r],
                )
    return columns.done()


def initial_stock(draft: Draft) -> Floats:
    """What is in store before the first period, as an amount given to each balance."""
    market, layers, balances = draft.market, draft.layers, draft.balances
    network = market.network
    given = np.zeros(balances.count)
    stores = market.study.table("warehouses").select("place", "good", "initial")
    for name, good_name, initial in stores.iter_rows():
        if initial:
            place, good = network.place_index[name], market.good_index[good_name]
            layer = layers.entry[good, network.countries[place]]
            given[int(balances.at(0, layer, int(network.source[place])))] += initial
    return given


KIND = Kind("storing", draw_up)
