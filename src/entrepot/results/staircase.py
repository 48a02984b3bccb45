"""A journey step by step: distance, freight, days and rents, leg by leg and turn by turn."""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.errors import QuestionError
from entrepot.network.freight import freight
from entrepot.network.market import Market, column
from entrepot.network.network import Network

STEPS = {
    "step": pl.Int64,
    "leg": pl.String,
    "mode": pl.String,
    "origin": pl.String,
    "destination": pl.String,
    "km": pl.Float64,
    "cost": pl.Float64,
    "days": pl.Float64,
    "rent": pl.Float64,
}


def staircase(clearing: Clearing, good: str, legs: str, period: str | None = None) -> pl.DataFrame:
    """The steps of a journey of one unit of a good.

    Parameters
    ----------
    legs : in order, ";"-separated, as in table ``consignments``
    period : whose rents are told; the first unless given

    Returns
    -------
    Frame (step, leg, mode, origin, destination, km, cost, days, rent): a row for each leg, and one
    without a leg for each change between legs that costs or takes time; cost is freight and rent
    what a unit pays for scarce room, in money per unit.

    Raises
    ------
    QuestionError : a good or a leg that the study does not have
    """
    market = clearing.state.stack.market
    network = market.network
    if good not in market.good_index:
        raise QuestionError(f"the study has no good {good!r}")
    names = [leg for leg in legs.split(";") if leg]
    unknown = [leg for leg in names if leg not in network.legs]
    if unknown:
        raise QuestionError(f"the study has no leg {unknown[0]!r}")
    numbers = [network.legs.index(leg) for leg in names]
    rent = _rents(clearing, good, market.periods[0] if period is None else period)
    rows: list[tuple[object, ...]] = []
    for i, leg in enumerate(numbers):
        if i:
            rows += _turn(network, numbers[i - 1], leg)
        rows.append(_leg(market, market.good_index[good], leg, rent))
    numbered = [(step, *row) for step, row in enumerate(rows, start=1)]
    return pl.DataFrame(numbered, schema=STEPS, orient="row")


def _rents(clearing: Clearing, good: str, period: str) -> dict[str, float]:
    rents = clearing.rents.filter((pl.col("good") == good) & (pl.col("period") == period))
    return dict(rents.select("leg", "rent").iter_rows())


def _leg(market: Market, good: int, leg: int, rent: dict[str, float]) -> tuple[object, ...]:
    network, table = market.network, market.study.table("legs")
    carried, row = freight(market, good), int(network.leg_row[leg])
    return (
        network.legs[leg],
        table["mode"][row],
        network.places[network.origin[leg]],
        network.places[network.destination[leg]],
        float(column(table, "length_km", 0.0)[row]),
        float(carried.cost[leg]),
        float(carried.days[leg]),
        rent.get(network.legs[leg], 0.0),
    )


def _turn(network: Network, before: int, after: int) -> list[tuple[object, ...]]:
    """What going on from one leg to the next costs, if anything."""
    ends = (network.turn_tail == network.head[before]) & (network.turn_head == network.tail[after])
    found = np.flatnonzero(ends)
    if not len(found) or not (network.turn_cost[found[0]] or network.turn_days[found[0]]):
        return []
    here = network.places[network.destination[before]]
    cost, days = float(network.turn_cost[found[0]]), float(network.turn_days[found[0]])
    return [(None, "transfer", here, here, 0.0, cost, days, 0.0)]
