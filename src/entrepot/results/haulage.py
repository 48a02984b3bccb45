"""Haulage: what corridors carry, how the work divides between modes, how far and how long.

A tonne-kilometre is one unit of a good moved one kilometre, whatever the unit is; legs without a
length add nothing to it.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.clearing.answers import Clearing, State
from entrepot.network.columns import column
from entrepot.network.network import WAY_BACK
from entrepot.results.journeys import Journey, journeys
from entrepot.results.ways import Locations, Ways, locate, read_ways


def corridor_totals(clearing: Clearing) -> pl.DataFrame:
    """What passes the legs of each corridor, added up; a two-way leg counts both directions.

    Returns
    -------
    Frame (period, corridor, good, unit, value): units per period; only what is above zero.
    """
    study = clearing.study
    members = study.table("corridors").select("corridor", "leg").unique()
    flows = clearing.flows.with_columns(pl.col("leg").str.strip_suffix(WAY_BACK))
    return (
        flows.join(_both_ways(members), on="leg")
        .join(study.table("goods").select("good", "unit"), on="good")
        .group_by("period", "corridor", "good", "unit")
        .agg(value=pl.col("quantity").sum())
        .sort("period", "corridor", "good")
    )


def _both_ways(members: pl.DataFrame) -> pl.DataFrame:
    """Corridor members by the leg's own name, once each."""
    return members.with_columns(pl.col("leg").str.strip_suffix(WAY_BACK)).unique()


def haulage(clearing: Clearing) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The work of the modes, and what became of each good.

    Returns
    -------
    modes : (period, mode, measure, unit, value); measure `quantity` is what travels on the mode
        for some part of its journey, `tonne_km` quantity times length
    goods : (period, good, measure, unit, value); measures `quantity` (all that travels over any
        leg), `tonne_km`, and per unit of that quantity on average `days`, `freight` and `duty`
    """
    state = clearing.state
    ways, where = read_ways(state.stack), locate(state.stack)
    moved = _moved(state, ways, where, list(journeys(state, ways, where)))
    work = _work(state)
    unit = pl.col("good").replace_strict(
        dict(zip(state.stack.market.goods, state.stack.market.units, strict=True)),
        return_dtype=pl.String,
    )
    distance = pl.format("{} km", unit)
    modes = pl.concat(
        [_by_mode(moved.explode("mode"), "quantity", unit), _by_mode(work, "tonne_km", distance)]
    )
    return modes.sort(modes.columns[:4]), _by_good(moved, work, unit, clearing)


def _by_mode(frame: pl.DataFrame, measure: str, unit: pl.Expr) -> pl.DataFrame:
    """Sums by mode and unit."""
    keys = ["period", "mode", "measure", "unit"]
    told = frame.with_columns(measure=pl.lit(measure), unit=unit)
    return told.group_by(keys).agg(value=pl.col("quantity").sum())


def _moved(state: State, ways: Ways, where: Locations, found: list[Journey]) -> pl.DataFrame:
    """Journeys over at least one leg, with the modes of each as a list."""
    market = state.stack.market
    mode = market.study.table("legs")["mode"].to_list()
    row, leg = market.network.leg_row.tolist(), ways.leg.tolist()
    days, freight, duty = ways.days.tolist(), ways.freight.tolist(), ways.duty.tolist()
    rows = []
    for each in found:
        modes = sorted({mode[row[leg[way]]] for way in each.ways if leg[way] >= 0})
        if modes:
            rows.append(
                {
                    "period": market.periods[where.period[each.start]],
                    "good": market.goods[where.good[each.start]],
                    "mode": modes,
                    "quantity": each.quantity,
                    "days": sum(days[way] for way in each.ways),
                    "freight": sum(freight[way] for way in each.ways),
                    "duty": sum(duty[way] for way in each.ways),
                }
            )
    names: dict[str, pl.DataType] = {"period": pl.String(), "good": pl.String()}
    names["mode"] = pl.List(pl.String)
    numbers = dict.fromkeys(("quantity", "days", "freight", "duty"), pl.Float64())
    return pl.DataFrame(rows, schema={**names, **numbers})


def _work(state: State) -> pl.DataFrame:
    """Tonne-kilometres: (period, good, mode, quantity)."""
    market, layers = state.stack.market, state.stack.layers
    moving, _ = state.stack.part("moving")
    level, legs = state.levels("moving"), market.study.table("legs")
    on_leg = np.flatnonzero((moving.row >= 0) & (level > 0))
    row = market.network.leg_row[moving.row[on_leg]]
    mode = legs["mode"].to_list()
    frame = pl.DataFrame(
        {
            "period": [market.periods[t] for t in moving.period[on_leg]],
            "good": [market.goods[g] for g in layers.good[moving.layer[on_leg]]],
            "mode": [mode[r] for r in row],
            "quantity": level[on_leg] * column(legs, "length_km", 0.0)[row],
        },
        schema={
            "period": pl.String,
            "good": pl.String,
            "mode": pl.String,
            "quantity": pl.Float64,
        },
    )
    return frame.group_by("period", "good", "mode").agg(pl.col("quantity").sum())


def _by_good(
    moved: pl.DataFrame, work: pl.DataFrame, unit: pl.Expr, clearing: Clearing
) -> pl.DataFrame:
    keys = ["period", "good"]
    money = clearing.study.settings.currency
    quantity = pl.col("quantity").sum()
    averages = moved.group_by(keys).agg(
        quantity,
        *(
            ((pl.col(name) * pl.col("quantity")).sum() / quantity).alias(name)
            for name in ("days", "freight", "duty")
        ),
    )
    together = averages.join(
        work.group_by(keys).agg(tonne_km=pl.col("quantity").sum()), on=keys, how="left"
    )
    per = pl.format("{} per {}", pl.lit(money), unit)
    units = {
        "quantity": unit,
        "tonne_km": pl.format("{} km", unit),
        "days": pl.lit("days"),
        "freight": per,
        "duty": per,
    }
    parts = [
        together.select(*keys, measure=pl.lit(name), unit=told, value=pl.col(name).cast(pl.Float64))
        for name, told in units.items()
    ]
    return pl.concat(parts).sort(*keys, "measure")
