"""A journey step by step: how distance, money and days grow along it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.errors import QuestionError
from entrepot.network.columns import column
from entrepot.network.market import Market, read_market
from entrepot.study import Study
from entrepot.tables.nearest import did_you_mean

STAIRS = {
    "step": pl.Int64,
    "leg": pl.String,
    "mode": pl.String,
    "origin": pl.String,
    "destination": pl.String,
    "km": pl.Float64,
    "cost": pl.Float64,
    "days": pl.Float64,
    "km_so_far": pl.Float64,
    "cost_so_far": pl.Float64,
    "days_so_far": pl.Float64,
}


@dataclass(frozen=True)
class Step:
    """One leg of a journey, or a change between legs (without `leg`) that costs or takes time.

    Attributes
    ----------
    origin, destination : places
    km : 0 where the leg has no length
    cost : money per unit; days
    """

    leg: str | None
    mode: str
    origin: str
    destination: str
    km: float
    cost: float
    days: float


def staircase(study: Study, legs: str, good: str | None = None) -> pl.DataFrame:
    """The steps of a journey of one unit.

    Parameters
    ----------
    legs : in order, ";"-separated, as in table ``routes``
    good : may be left out where the study has one

    Returns
    -------
    Frame (step, leg, mode, origin, destination, km, cost, days, km_so_far, cost_so_far,
    days_so_far): a row for each leg, and one without a leg for each change between legs that costs
    or takes time; what is so far counts the step itself. Money per unit, without the value of time.

    Raises
    ------
    QuestionError : a good or a leg that the study does not have, or legs that do not join
    """
    market = read_market(study)
    if good is None and len(market.goods) != 1:
        raise QuestionError(f"name a good: one of {', '.join(market.goods)}")
    found = steps(market, market.goods[0] if good is None else good, legs)
    rows = []
    so_far = np.zeros(3)
    for number, step in enumerate(found, start=1):
        so_far += np.array([step.km, step.cost, step.days])
        told = (step.leg, step.mode, step.origin, step.destination, step.km, step.cost, step.days)
        rows.append((number, *told, *so_far.tolist()))
    frame = pl.DataFrame(rows, schema=STAIRS, orient="row")
    return frame.with_columns(pl.col(pl.Float64).round_sig_figs(12) + 0.0)


def steps(market: Market, good: str, legs: str) -> list[Step]:
    """The legs of a journey and the changes between them; raises as `staircase` does."""
    if good not in market.good_index:
        cure = did_you_mean(good, market.goods, f"one of {', '.join(market.goods)}")
        raise QuestionError(f"the study has no good {good!r}; {cure}")
    network = market.network
    number = {name: leg for leg, name in enumerate(network.legs)}
    names = [leg for leg in legs.split(";") if leg]
    if not names:
        raise QuestionError(f"{legs!r} names no leg; write legs in order, with ; between them")
    for name in names:
        if name not in number:
            cure = did_you_mean(name, number, "name legs of legs.csv")
            raise QuestionError(f"the study has no leg {name!r}; {cure}")
    table, carried = market.study.table("legs"), market.freight[market.good_index[good]]
    km = column(table, "length_km", 0.0)
    found: list[Step] = []
    for i, name in enumerate(names):
        leg = number[name]
        if i:
            found += _change(market, number[names[i - 1]], leg)
        found.append(
            Step(
                leg=name,
                mode=table["mode"][int(network.leg_row[leg])],
                origin=network.places[network.origin[leg]],
                destination=network.places[network.destination[leg]],
                km=float(km[network.leg_row[leg]]),
                cost=float(carried.cost[leg]),
                days=float(carried.days[leg]),
            )
        )
    return found


def _change(market: Market, before: int, after: int) -> list[Step]:
    """What going on from one leg to the next costs, if anything."""
    network = market.network
    head, tail = network.head[before], network.tail[after]
    if head == tail:
        return []
    found = np.flatnonzero((network.turn_tail == head) & (network.turn_head == tail))
    if not len(found):
        one, other = network.legs[before], network.legs[after]
        raise QuestionError(
            f"nothing may go on from leg {one!r} to leg {other!r}: name legs that follow each other"
        )
    cost, days = float(network.turn_cost[found[0]]), float(network.turn_days[found[0]])
    here = network.places[network.destination[before]]
    return [Step(None, "transfer", here, here, 0.0, cost, days)] if cost or days else []
