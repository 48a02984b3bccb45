"""Processing: a plant runs a recipe, taking its inputs duty paid and giving its outputs.

What a plant makes has the origin of the plant's country.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from entrepot.clearing.activities.activity import Activities, Columns, Kind
from entrepot.clearing.activities.buying import balance_used
from entrepot.clearing.rules.origins import ANY
from entrepot.network.columns import column
from entrepot.network.market import Market

if TYPE_CHECKING:
    from entrepot.clearing.stack import Draft


def amounts(market: Market) -> dict[str, list[tuple[int, float]]]:
    """Recipe -> (good, amount) for each good that it uses (negative) or makes."""
    found: dict[str, list[tuple[int, float]]] = {}
    table = market.study.table("recipes").select("recipe", "good", "amount")
    for recipe, good, amount in table.iter_rows():
        found.setdefault(recipe, []).append((market.good_index[good], amount))
    return found


def draw_up(draft: Draft) -> Activities:
    """One activity for each plant in each period; its level counts the main product."""
    market, layers, balances = draft.market, draft.layers, draft.balances
    network, plants = market.network, market.study.table("plants")
    recipes = amounts(market)
    cost, capacity = column(plants, "cost", 0.0), column(plants, "capacity", np.inf)
    facts = plants.select("place", "recipe").rows()
    columns = Columns()
    entries: list[tuple[int, int, float]] = []
    count = 0
    for t, rows in market.rows_by_period("plants", key=("plant",)):
        for r in rows.tolist():
            place = network.place_index[facts[r][0]]
            for good, amount in recipes[facts[r][1]]:
                if amount < 0:
                    balance = balance_used(market, layers, balances, (t, place, good, ANY))
                else:
                    layer = layers.entry[good, network.countries[place]]
                    balance = int(balances.at(t, layer, int(network.source[place])))
                entries.append((balance, count, amount))
            columns.add(1, worth=-cost[r], upper=capacity[r], period=t, row=r)
            count += 1
    balance_, column_, amount_ = zip(*entries, strict=True) if entries else ((), (), ())
    return replace(
        columns.done(),
        more_balance=np.array(balance_, dtype=np.int64),
        more_column=np.array(column_, dtype=np.int64),
        more_amount=np.array(amount_, dtype=np.float64),
    )


KIND = Kind("processing", draw_up)
