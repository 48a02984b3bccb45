"""Trade: what crossed borders in an answer, in the columns of the input table ``trade``."""

from __future__ import annotations

import polars as pl

from entrepot.clearing.answers import Clearing, tidy
from entrepot.results.journeys import journeys
from entrepot.results.ways import locate, read_ways

COLUMNS = (
    "period",
    "reporter",
    "partner",
    "flow",
    "good",
    "hs",
    "value",
    "quantity",
    "unit",
)


def trade(clearing: Clearing) -> pl.DataFrame:
    """What crossed borders, as exports of the country where each journey starts.

    A journey counts where the place that it starts from and the place that it ends at are in
    different countries; countries only passed through do not trade. Its value is free on board:
    the quantity at the price where it starts, before freight and duty.

    Returns
    -------
    Frame (period, reporter, partner, flow, good, hs, value, quantity, unit): `flow` is always
    "export", `value` in money, `quantity` in `unit`; `hs` is null where the study gives none.
    """
    state = clearing.state
    market, where = state.stack.market, locate(state.stack)
    countries = market.network.countries
    rows: list[dict[str, object]] = []
    for each in journeys(state, read_ways(state.stack), where):
        reporter = countries[where.place[each.start]]
        partner = countries[where.place[each.end]]
        if reporter == partner:
            continue
        t, good = int(where.period[each.start]), int(where.good[each.start])
        price = float(state.prices.price[each.start] / market.weights[t])
        rows.append(
            {
                "period": market.periods[t],
                "reporter": reporter,
                "partner": partner,
                "flow": "export",
                "good": market.goods[good],
                "hs": market.hs[good] or None,
                "value": each.quantity * price,
                "quantity": each.quantity,
                "unit": market.units[good],
            }
        )
    numbers = ("value", "quantity")
    schema = {name: pl.Float64 if name in numbers else pl.String for name in COLUMNS}
    keys = [name for name in COLUMNS if name not in numbers]
    summed = (
        pl.DataFrame(rows, schema=schema, orient="row")
        .group_by(keys)
        .agg(pl.col(name).sum() for name in numbers)
    )
    return tidy(summed.select(*keys, *numbers), state).select(*COLUMNS)
