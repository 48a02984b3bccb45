"""A journey step by step: distance, freight, days and rents, leg by leg and turn by turn."""

from __future__ import annotations

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.routing.staircase import steps

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
    QuestionError : a good or a leg that the study does not have, or legs that do not join
    """
    market = clearing.state.stack.market
    rent = _rents(clearing, good, market.periods[0] if period is None else period)
    rows = [
        (
            number,
            step.leg,
            step.mode,
            step.origin,
            step.destination,
            step.km,
            step.cost,
            step.days,
            0.0 if step.leg is None else rent.get(step.leg, 0.0),
        )
        for number, step in enumerate(steps(market, good, legs), start=1)
    ]
    return pl.DataFrame(rows, schema=STEPS, orient="row")


def _rents(clearing: Clearing, good: str, period: str) -> dict[str, float]:
    rents = clearing.rents.filter((pl.col("good") == good) & (pl.col("period") == period))
    return dict(rents.select("leg", "rent").iter_rows())
