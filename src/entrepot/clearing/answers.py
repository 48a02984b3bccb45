"""An answer read back as tidy tables: what was sold, bought, moved, made, kept, and at what price.

Columns are those of the result tables' contract; rows with less than 1e-9 of a good's total are
left out, rows are sorted, and numbers are rounded to twelve digits, so that the same study gives
the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.clearing.curves import Orders
from entrepot.clearing.held_back import limits_table, rents_table
from entrepot.clearing.prices import Prices
from entrepot.clearing.program import Program
from entrepot.clearing.proof import Violation
from entrepot.clearing.quotes import prices_table
from entrepot.clearing.stack import Groups, Stack
from entrepot.study import Study

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NEGLIGIBLE = 1e-9
DIGITS = 12


@dataclass(frozen=True)
class State:
    """The engine's own arrays behind a clearing."""

    stack: Stack
    program: Program
    level: Floats
    prices: Prices

    def levels(self, kind: str) -> Floats:
        """Levels of one kind of activity."""
        return self.stack.levels(kind, self.level)

    def describe(self, breach: Violation) -> str:
        """The activity, balance or limit of a violation in the study's words."""
        stack = self.stack
        if breach.condition in ("limits", "rents"):
            return f"{stack.limits.table[breach.index]} {stack.limits.name[breach.index]}"
        if breach.condition == "balances":
            each = stack.balances.layers * stack.balances.nodes
            if breach.index >= each * stack.balances.periods:
                return "a market behind a border"
            layer, node = divmod(breach.index % each, stack.balances.nodes)
            place = stack.market.network.places[stack.market.network.node_place[node]]
            return f"{stack.market.goods[stack.layers.good[layer]]} at {place}"
        for kind, first in reversed(list(stack.first.items())):
            if breach.index >= first:
                part = stack.parts[kind]
                row = int(part.row[breach.index - first])
                name = stack.market.network.legs[row] if kind == "moving" and row >= 0 else row
                return f"{kind} {name}"
        return "nothing"


@dataclass(frozen=True)
class Clearing:
    """A market cleared.

    Attributes
    ----------
    study : the study, scenarios applied
    status : "optimal", or that duties did not converge
    welfare : money: worth to buyers less costs of sellers, movers, makers and keepers; duties
        are a transfer and stay inside
    duty_revenue : money
    seconds : wall time
    gap : relative gap between the answer's worth and what its prices prove it could be at most
    settings, report : solvers used; rounds, residuals and the worst violation found by the proof
    flows, sales, purchases, runs, stocks, prices, rents : result tables (DESIGN of the results)
    limits : (period, table, name, good, used, limit, rent, income): every limit that holds
        something back, rent in money per unit of the limit
    layer_flows : (period, good, from_country, leg, quantity): flows told apart by country of
        origin (";"-separated where countries are treated alike)
    """

    study: Study
    status: str
    welfare: float
    duty_revenue: float
    seconds: float
    gap: float
    settings: dict[str, Any]
    report: dict[str, Any]
    flows: pl.DataFrame
    sales: pl.DataFrame
    purchases: pl.DataFrame
    runs: pl.DataFrame
    stocks: pl.DataFrame
    prices: pl.DataFrame
    rents: pl.DataFrame
    limits: pl.DataFrame
    layer_flows: pl.DataFrame
    state: State = field(repr=False, compare=False)


def read_answer(
    study: Study,
    state: State,
    *,
    status: str,
    gap: float,
    seconds: float,
    settings: dict[str, Any],
    report: dict[str, Any],
) -> Clearing:
    """Read the tables off an answer's arrays."""
    flows = _layer_flows(state)
    sales, cost = _orders(state, "offers")
    purchases, worth = _orders(state, "bids")
    revenue = _duty_revenue(state)
    return Clearing(
        study=study,
        status=status,
        welfare=rounded(worth - cost - _running_costs(state) + 0.0),
        duty_revenue=rounded(revenue),
        seconds=seconds,
        gap=gap,
        settings=settings,
        report=report,
        flows=tidy(flows.group_by("period", "leg", "good").agg(pl.col("quantity").sum()), state),
        sales=tidy(sales, state),
        purchases=tidy(purchases, state),
        runs=_runs(state),
        stocks=tidy(_stocks(state), state),
        prices=finish(prices_table(state), state, ["period", "place", "good"]),
        rents=finish(rents_table(state), state, ["period", "leg", "good"]),
        limits=finish(limits_table(state), state, ["period", "table", "name", "good"]),
        layer_flows=tidy(flows, state),
        state=state,
    )


def rounded(value: float) -> float:
    """A number to twelve digits."""
    return float(f"{value:.{DIGITS}g}")


def finish(frame: pl.DataFrame, state: State, keys: list[str]) -> pl.DataFrame:
    """Sort by period (in the study's order) and keys, round, name periods."""
    periods = state.stack.market.periods
    number = pl.col("period").replace_strict(
        {name: i for i, name in enumerate(periods)}, return_dtype=pl.Int64
    )
    floats = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    # Rows of one key (orders of one agent at several prices) stand in the order of what they say.
    by = [number if key == "period" else pl.col(key) for key in [*keys, *floats]]
    return frame.with_columns(pl.col(name).round_sig_figs(DIGITS) + 0.0 for name in floats).sort(
        by, nulls_last=False
    )


def tidy(frame: pl.DataFrame, state: State) -> pl.DataFrame:
    """Leave negligible quantities out, sort, round."""
    total = pl.col("quantity").sum().over("good")
    rounding = NEGLIGIBLE * 1e-3 * state.program.quantity_scale(state.level)
    kept = frame.filter((pl.col("quantity") > NEGLIGIBLE * total) & (pl.col("quantity") > rounding))
    keys = [name for name in frame.columns if name not in ("quantity", "price")]
    return finish(kept, state, keys)


def names(values: list[str], index: Ints) -> pl.Series:
    """Names picked by number."""
    return pl.Series(values, dtype=pl.String).gather(pl.Series(index, dtype=pl.UInt32))


def _layer_flows(state: State) -> pl.DataFrame:
    stack = state.stack
    moving, _ = stack.part("moving")
    legs = np.flatnonzero((moving.row >= 0) & (state.levels("moving") > 0))
    layer = moving.layer[legs]
    market = stack.market
    return (
        pl.DataFrame(
            {
                "period": names(market.periods, moving.period[legs]),
                "good": names(market.goods, stack.layers.good[layer]),
                "from_country": names([";".join(c) for c in stack.layers.countries], layer),
                "leg": names(market.network.legs, moving.row[legs]),
                "quantity": state.levels("moving")[legs],
            }
        )
        .group_by("period", "good", "from_country", "leg")
        .agg(pl.col("quantity").sum())
    )


def filled(state: State, table: str) -> tuple[Orders, Floats]:
    """Orders of ``offers`` or ``bids`` and what each sells or buys, units per period."""
    found = state.stack.draft
    groups: Groups = found.offered if table == "offers" else found.bid
    orders = found.offers if table == "offers" else found.bids
    kind = "selling" if table == "offers" else "buying"
    return orders, groups.share(state.levels(kind), len(orders.row))


def _orders(state: State, table: str) -> tuple[pl.DataFrame, float]:
    market = state.stack.market
    orders, quantity = filled(state, table)
    rows = market.study.table(table)
    weight = market.weights[orders.period]
    price = state.prices.price[orders.balance] / weight
    plain = (orders.elasticity == 0) & (orders.curve < 0)
    straight = quantity * (orders.price + orders.side * orders.slope * quantity / 2)
    worth = float((weight * straight)[plain].sum()) + sum(
        float(weight[r]) * orders.worth(r, float(quantity[r]))
        for r in np.flatnonzero(~plain & ((quantity > 0) | (orders.elasticity != 0))).tolist()
    )
    picked = rows[orders.row]
    frame = pl.DataFrame(
        {
            "period": names(market.periods, orders.period),
            "place": picked["place"],
            "good": picked["good"],
            "agent": picked["agent"],
            "quantity": quantity,
            "price": price,
        }
    )
    keys = ["period", "place", "good", "agent", "price"]
    return frame.group_by(keys).agg(pl.col("quantity").sum()).select(
        *keys[:4], "quantity", "price"
    ), worth


def _running_costs(state: State) -> float:
    """Cost of moving, processing and storing, without duties, in money."""
    total = 0.0
    for kind in ("moving", "processing", "storing"):
        part, _ = state.stack.part(kind)
        weight = state.stack.market.weights[part.period]
        total -= float((part.worth * weight) @ state.levels(kind))
    return total


def _duty_revenue(state: State) -> float:
    customs, _ = state.stack.part("customs")
    weight = state.stack.market.weights[customs.period]
    return -float((customs.worth * weight) @ state.levels("customs")) + 0.0


def _runs(state: State) -> pl.DataFrame:
    part, _ = state.stack.part("processing")
    market = state.stack.market
    plants = market.study.table("plants")
    frame = pl.DataFrame(
        {
            "period": names(market.periods, part.period),
            "plant": names(plants["plant"].to_list(), part.row),
            "quantity": state.levels("processing"),
        }
    )
    most = max(float(state.level.max(initial=0.0)), 1e-300)
    return finish(frame.filter(pl.col("quantity") > NEGLIGIBLE * most), state, ["period", "plant"])


def _stocks(state: State) -> pl.DataFrame:
    part, _ = state.stack.part("storing")
    market = state.stack.market
    stores = market.study.table("warehouses")
    return (
        pl.DataFrame(
            {
                "period": names(market.periods, part.period),
                "place": names(stores["place"].to_list(), part.row),
                "good": names(stores["good"].to_list(), part.row),
                "quantity": state.levels("storing"),
            }
        )
        .group_by("period", "place", "good")
        .agg(pl.col("quantity").sum())
    )
