"""What holds back: rents of legs, and every limit that is full, with what more room is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.clearing.program import sizes

if TYPE_CHECKING:
    from entrepot.clearing.answers import State

Floats = npt.NDArray[np.float64]

# Of the typical price: a rent below it is rounding.
NO_RENT = 1e-9
# Of the largest level: less is rounding.
NO_LEVEL = 1e-12
# Of a limit: nearer than this is full.
FULL = 1e-7


def rents_table(state: State) -> pl.DataFrame:
    """(period, leg, good, rent, income): money per unit of the good, and in all.

    Where origins of a good pay different rents on a leg (a quota binds one), the rent is the mean
    over what passes.
    """
    income = (pl.col("unit") * pl.col("quantity")).sum()
    total = pl.col("quantity").sum()
    found = (
        _paid_on_legs(state)
        .group_by("t", "l", "g")
        .agg(
            rent=pl.when(total > 0).then(income / total).otherwise(pl.col("unit").max()),
            income=income,
            carried=total,
        )
    )
    # Of a leg that carries something, the goods it carries; of an empty one, all it could carry.
    found = found.filter((pl.col("carried") > 0) | (pl.col("carried").sum().over("t", "l") == 0))
    market = state.stack.market
    return pl.DataFrame(
        {
            "period": [market.periods[t] for t in found["t"]],
            "leg": [market.network.legs[leg] for leg in found["l"]],
            "good": [market.goods[good] for good in found["g"]],
            "rent": found["rent"],
            "income": found["income"],
        },
        schema={
            "period": pl.String,
            "leg": pl.String,
            "good": pl.String,
            "rent": pl.Float64,
            "income": pl.Float64,
        },
    )


def _paid_on_legs(state: State) -> pl.DataFrame:
    """Every layer on every leg that pays a rent: numbers t, l, g, `unit` in money, `quantity`."""
    stack = state.stack
    market, layers = stack.market, stack.layers
    moving, columns = stack.part("moving")
    rent = _paid(state)[columns]
    level = state.levels("moving")
    level = np.where(level > NO_LEVEL * state.program.quantity_scale(state.level), level, 0.0)
    on_leg = (moving.row >= 0) & (rent > 0)
    weight = market.weights[moving.period[on_leg]]
    return pl.DataFrame(
        {
            "t": moving.period[on_leg],
            "l": moving.row[on_leg],
            "g": layers.good[moving.layer[on_leg]],
            "unit": rent[on_leg] / weight,
            "quantity": level[on_leg],
        }
    )


def _paid(state: State) -> Floats:
    """What each activity pays per unit for the limits it uses, shape (n,); rounding left out."""
    gain = state.program.gain(np.nan_to_num(state.prices.price), state.prices.rent, state.level)
    paid = np.asarray(state.program.limit.T @ state.prices.rent)
    single = state.stack.single
    bound = np.zeros(len(gain), dtype=bool)
    bound[single.column] = True
    full = state.program.upper - state.level <= FULL * np.maximum(state.level, 1e-300)
    paid += np.where(bound & full & _priced(state), np.maximum(gain, 0.0), 0.0)
    return np.where(paid > _rounding(state), paid, 0.0)


def _priced(state: State) -> npt.NDArray[np.bool_]:
    """Activities whose balances all have a price."""
    unknown = ~np.isfinite(state.prices.price)
    return np.asarray(sizes(state.program.balance).T @ unknown.astype(float) == 0)


def _rounding(state: State) -> float:
    return NO_RENT * state.program.price_scale(state.prices.price)


def limits_table(state: State) -> pl.DataFrame:
    """Every full limit: (period, table, name, good, used, limit, rent, income)."""
    found = pl.DataFrame(
        _tied(state) + _single(state) + _plants(state),
        schema={
            "t": pl.Int64,
            "table": pl.String,
            "name": pl.String,
            "good": pl.String,
            "used": pl.Float64,
            "limit": pl.Float64,
            "rent": pl.Float64,
        },
        orient="row",
    )
    market = state.stack.market
    rent = found["rent"].to_numpy()
    weight = market.weights[found["t"].to_numpy()]
    rent = np.where(np.abs(rent) > _rounding(state), rent / weight, 0.0)
    period = pl.Series([market.periods[t] for t in found["t"]], dtype=pl.String)
    return found.select(
        period.alias("period"),
        "table",
        "name",
        "good",
        "used",
        "limit",
        pl.Series("rent", rent),
        (pl.Series(rent) * pl.col("used")).alias("income"),
    )


def _tied(state: State) -> list[tuple[Any, ...]]:
    limits = state.stack.limits
    used = state.program.limit @ state.level
    bound = np.where(np.isfinite(limits.upper), limits.upper, limits.lower)
    first = np.full(len(bound), -1)
    first[limits.row[::-1]] = limits.column[::-1]
    full = np.abs(used - bound) <= FULL * np.maximum(np.abs(bound), 1e-300)
    return [
        (
            int(limits.period[k]),
            limits.table[k],
            limits.name[k],
            _good_of(state, limits.table[k], int(first[k])),
            float(used[k]),
            float(bound[k]),
            float(state.prices.rent[k]),
        )
        for k in np.flatnonzero(full).tolist()
    ]


def _single(state: State) -> list[tuple[Any, ...]]:
    single = state.stack.single
    gain = state.program.gain(np.nan_to_num(state.prices.price), state.prices.rent, state.level)
    column, use = single.column, single.use
    used, bound = use * state.level[column], single.upper[single.row]
    tightest = bound / use <= state.program.upper[column] * (1 + 1e-12)
    rent = np.where(_priced(state)[column], np.maximum(gain[column], 0.0), 0.0) / use
    found = []
    for i in np.flatnonzero(tightest & (used >= bound * (1 - FULL))).tolist():
        k = int(single.row[i])
        good = _good_of(state, single.table[k], int(column[i]))
        row = (int(single.period[k]), single.table[k], single.name[k], good)
        found.append((*row, float(used[i]), float(bound[i]), float(rent[i])))
    return found


def _good_of(state: State, table: str, column: int) -> str | None:
    """The good that a limit on a single good is about."""
    if table not in ("leg_goods", "warehouses"):
        return None
    kind = "moving" if table == "leg_goods" else "storing"
    part, numbers = state.stack.part(kind)
    layer = int(part.layer[column - int(numbers[0])])
    return state.stack.market.goods[int(state.stack.layers.good[layer])]


def _plants(state: State) -> list[tuple[Any, ...]]:
    part, columns = state.stack.part("processing")
    plants = state.stack.market.study.table("plants")["plant"].to_list()
    gain = state.program.gain(np.nan_to_num(state.prices.price), state.prices.rent, state.level)
    priced = _priced(state)
    level, found = state.levels("processing"), []
    for i in np.flatnonzero(np.isfinite(part.upper) & (level >= part.upper * (1 - FULL))).tolist():
        rent = max(float(gain[columns[i]]), 0.0) if priced[columns[i]] else 0.0
        t, name = int(part.period[i]), plants[part.row[i]]
        found.append((t, "plants", name, None, float(level[i]), float(part.upper[i]), rent))
    return found
