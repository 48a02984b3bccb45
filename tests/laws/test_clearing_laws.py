"""Laws that every clearing keeps, whatever the tables."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.clearing.solvers.highs import Highs
from entrepot.study import Study
from tests.laws.strategies import Tables, markets, study

RESULTS = ("flows", "sales", "purchases", "runs", "stocks", "prices", "rents")
NEAR = 1e-5


def alike(one: pl.DataFrame, other: pl.DataFrame) -> None:
    """Two frames are the same but for rounding."""
    assert_frame_equal(one, other, rel_tol=NEAR, abs_tol=NEAR)


law = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


def same(one: Clearing, other: Clearing, tables: tuple[str, ...] = RESULTS) -> None:
    """Two clearings agree."""
    assert one.welfare == pytest.approx(other.welfare, rel=1e-6, abs=1e-4)
    for name in tables:
        alike(*_alike(getattr(one, name), getattr(other, name)))


def _alike(one: pl.DataFrame, other: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Frames without rows of a rounding's size, which only one of them may have."""
    if "quantity" in one.columns:
        return one.filter(pl.col("quantity") > 1e-4), other.filter(pl.col("quantity") > 1e-4)
    if "rent" in one.columns:
        return one.filter(pl.col("rent") > 1e-4), other.filter(pl.col("rent") > 1e-4)
    return one, other


def held(table: str, study: Study, period: str) -> list[dict[str, Any]]:
    """Rows of a table that hold in a period."""
    return [r for r in study.table(table).to_dicts() if r["period"] in (None, period)]


@law
@given(markets())
def test_every_good_is_conserved_everywhere(tables: Tables) -> None:
    market = study(tables)
    found = clear(market)
    net: dict[tuple[str, str, str], float] = defaultdict(float)
    ends = {}
    for leg in market.table("legs").to_dicts():
        ends[leg["leg"]] = (leg["origin"], leg["destination"])
        ends[leg["leg"] + "~"] = (leg["destination"], leg["origin"])
    for row in found.flows.to_dicts():
        start, end = ends[row["leg"]]
        net[row["period"], start, row["good"]] -= row["quantity"]
        net[row["period"], end, row["good"]] += row["quantity"]
    for row in found.sales.to_dicts():
        net[row["period"], row["place"], row["good"]] += row["quantity"]
    for row in found.purchases.to_dicts():
        net[row["period"], row["place"], row["good"]] -= row["quantity"]
    plants = {row["plant"]: row for row in market.table("plants").to_dicts()}
    for run in found.runs.to_dicts():
        plant = plants[run["plant"]]
        for row in market.table("recipes").to_dicts():
            if row["recipe"] == plant["recipe"]:
                net[run["period"], plant["place"], row["good"]] += row["amount"] * run["quantity"]
    stores = {(r["place"], r["good"]): r for r in market.table("warehouses").to_dicts()}
    for row in found.stocks.to_dicts():
        net[row["period"], row["place"], row["good"]] -= row["quantity"]
        if row["period"] == "p1":
            kept = row["quantity"] * (1 - stores[row["place"], row["good"]]["loss"])
            net["p2", row["place"], row["good"]] += kept

    assert max(map(abs, net.values()), default=0.0) < 1e-5


@law
@given(markets())
def test_nobody_trades_at_a_loss(tables: Tables) -> None:
    market = study(tables)
    found = clear(market)
    for table, rows, sign in (
        ("offers", found.sales, 1),
        ("bids", found.purchases, -1),
    ):
        for row in rows.to_dicts():
            limits = [
                order
                for order in held(table, market, row["period"])
                if (order["place"], order["good"], order["agent"])
                == (row["place"], row["good"], row["agent"])
            ]
            steps = [order["price"] for order in limits if not order["elasticity"]]

            if len(steps) == len(limits):
                assert sign * (row["price"] - sign * min(sign * p for p in steps)) >= -1e-6


@law
@given(markets(ruled=False))
def test_no_journey_is_left_that_pays(tables: Tables) -> None:
    market = study(tables)
    found = clear(market)
    price = {(r["period"], r["place"], r["good"]): r["price"] for r in found.prices.to_dicts()}
    rent = {(r["period"], r["leg"], r["good"]): r["rent"] for r in found.rents.to_dicts()}
    traded = {(r["period"], r["place"], r["good"]) for r in found.prices.to_dicts() if r["traded"]}
    passable = {r["place"] for r in market.table("places").to_dicts() if r["through"]}
    time = {r["good"]: r["value_of_time"] for r in market.table("goods").to_dicts()}
    for leg in market.table("legs").to_dicts():
        ways = [(leg["leg"], leg["origin"], leg["destination"])]
        if leg["two_way"]:
            ways.append((leg["leg"] + "~", leg["destination"], leg["origin"]))
        for name, start, end in ways:
            for period, place, good in traded:
                if place != start or (period, end, good) not in traded or start not in passable:
                    continue
                freight = leg["cost"] + time[good] * leg["days"] + rent.get((period, name, good), 0)

                assert price[period, end, good] <= price[period, start, good] + freight + 1e-5


@law
@given(markets(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(tables: Tables, chance: Any) -> None:
    found = clear(study(tables))
    shuffled = {}
    for name, rows in tables.items():
        rows = list(rows)
        if name != "periods":
            chance.shuffle(rows)
        shuffled[name] = rows

    same(found, clear(study(shuffled)))


@law
@given(markets(smooth=False))
def test_the_solver_changes_nothing(tables: Tables) -> None:
    market = study(tables)
    found = clear(market, linear=Highs("simplex"))

    same(found, clear(market, linear=Highs("ipx")))
    with pytest.MonkeyPatch.context() as patch:
        # Markets so small would be one block.
        patch.setattr("entrepot.clearing.solvers.blocks.TOGETHER", 1)
        same(found, clear(market, linear=Highs("blocks")))


@law
@given(markets(ruled=False))
def test_more_capacity_never_lowers_welfare(tables: Tables) -> None:
    market = study(tables)
    legs = market.table("legs")
    limited = legs.filter(legs["capacity"].is_not_null())["leg"].to_list()
    assume(limited)
    wider = market.change("legs", where={"leg": limited}, scale={"capacity": 1.5})

    assert clear(wider).welfare >= clear(market).welfare - 1e-4


@law
@given(markets())
def test_doubling_all_quantities_doubles_all_flows(tables: Tables) -> None:
    double: Tables = {}
    for name, rows in tables.items():
        double[name] = [dict(row) for row in rows]
        for row in double[name]:
            for column in ("quantity", "capacity", "initial"):
                if row.get(column) is not None:
                    row[column] *= 2
            if row.get("slope") is not None:
                row["slope"] /= 2
    one, two = clear(study(tables)), clear(study(double))
    for name in ("flows", "sales", "purchases", "runs", "stocks"):
        frame = getattr(one, name)
        twice = frame.with_columns(pl.col("quantity") * 2)
        alike(*_alike(twice, getattr(two, name)))

    alike(one.prices, two.prices)


@law
@given(markets(ruled=False))
def test_a_change_and_its_inverse_give_the_base(tables: Tables) -> None:
    market = study(tables)
    names = market.table("offers")["place"].unique().to_list()
    there = market.change("offers", where={"place": names}, scale={"quantity": 2})
    back = there.change("offers", where={"place": names}, scale={"quantity": 0.5})

    same(clear(market), clear(back))


@law
@given(markets())
def test_answers_prove_themselves(tables: Tables) -> None:
    found = clear(study(tables))

    assert found.gap < 1e-6
    assert found.report["worst_violation"] < 1e-6
