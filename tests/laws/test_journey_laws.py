"""Laws that the journeys of every answer keep: they are its flows, told from seller to buyer."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.results.journeys import consignments
from tests.laws.strategies import Tables, markets, study
from tests.laws.test_clearing_laws import alike

law = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
SMALL = 1e-4

Balance = tuple[str, str, str]


def journeys_of(found: Clearing) -> list[dict[str, Any]]:
    """The journeys, with their legs as a list."""
    rows = consignments(found).to_dicts()
    return [row | {"legs": [leg for leg in row["legs"].split(";") if leg]} for row in rows]


def is_circle(row: dict[str, Any]) -> bool:
    return bool(row["legs"]) and row["origin"] == row["destination"]


def leg_ends(found: Clearing) -> dict[str, tuple[str, str]]:
    ends = {}
    for leg in found.study.table("legs").to_dicts():
        ends[leg["leg"]] = (leg["origin"], leg["destination"])
        if leg["two_way"]:
            ends[leg["leg"] + "~"] = (leg["destination"], leg["origin"])
    return ends


def given_and_used(found: Clearing) -> tuple[dict[Balance, float], dict[Balance, float]]:
    """What is sold, made or taken out of store, and what is bought, used up or put in."""
    gives: dict[Balance, float] = defaultdict(float)
    takes: dict[Balance, float] = defaultdict(float)
    for side, frame in ((gives, found.sales), (takes, found.purchases), (takes, found.stocks)):
        for row in frame.to_dicts():
            side[row["period"], row["place"], row["good"]] += row["quantity"]
    stores = {
        (row["place"], row["good"]): row for row in found.study.table("warehouses").to_dicts()
    }
    for row in found.stocks.filter(period="p1").to_dicts():
        loss = stores[row["place"], row["good"]]["loss"]
        gives["p2", row["place"], row["good"]] += row["quantity"] * (1 - loss)
    plants = {row["plant"]: row for row in found.study.table("plants").to_dicts()}
    for run in found.runs.to_dicts():
        plant = plants[run["plant"]]
        for row in found.study.table("recipes").filter(recipe=plant["recipe"]).to_dicts():
            side = gives if row["amount"] > 0 else takes
            amount = abs(row["amount"]) * run["quantity"]
            side[run["period"], plant["place"], row["good"]] += amount
    return gives, takes


@law
@given(markets())
def test_journeys_add_up_to_the_flows(tables: Tables) -> None:
    found = clear(study(tables))
    carried: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in journeys_of(found):
        for leg in row["legs"]:
            carried[row["period"], leg, row["good"]] += row["quantity"]
    for row in found.flows.to_dicts():
        carried[row["period"], row["leg"], row["good"]] -= row["quantity"]

    assert max(map(abs, carried.values()), default=0.0) < SMALL


@law
@given(markets())
def test_journeys_begin_where_goods_come_from_and_end_where_they_go(tables: Tables) -> None:
    found = clear(study(tables))
    gives, takes = given_and_used(found)
    circles: dict[Balance, float] = defaultdict(float)
    for row in journeys_of(found):
        start, end = ((row["period"], row[at], row["good"]) for at in ("origin", "destination"))
        if is_circle(row):
            circles[start] += row["quantity"]
            continue
        gives[start] -= row["quantity"]
        takes[end] -= row["quantity"]

    # What a place sends to itself over legs is a circle, and may be sold and bought there too.
    for side in (gives, takes):
        for balance, left in side.items():
            assert -SMALL < left < circles[balance] + SMALL


@law
@given(markets())
def test_the_legs_of_a_journey_join_and_its_costs_are_theirs(tables: Tables) -> None:
    found = clear(study(tables))
    ends = leg_ends(found)
    figures = {row["leg"]: row for row in found.study.table("legs").to_dicts()}
    for row in journeys_of(found):
        ways = [ends[leg] for leg in row["legs"]]
        own = [figures[leg.removesuffix("~")] for leg in row["legs"]]

        assert all(before[1] == after[0] for before, after in pairwise(ways))
        assert not ways or (ways[0][0], ways[-1][1]) == (row["origin"], row["destination"])
        assert ways or row["origin"] == row["destination"]
        assert abs(row["cost"] - sum(leg["cost"] for leg in own)) < SMALL
        assert abs(row["days"] - sum(leg["days"] for leg in own)) < SMALL


@law
@given(markets())
def test_journeys_respect_bans_and_the_origins_that_buyers_accept(tables: Tables) -> None:
    tables = {name: rows for name, rows in tables.items() if name != "warehouses"}
    found = clear(study(tables))
    country = dict(found.study.table("places").select("place", "country").iter_rows())
    market = found.state.stack.market
    bids = found.study.table("bids").to_dicts()
    for row in journeys_of(found):
        origin, end = country[row["origin"]], country[row["destination"]]
        good = market.good_index[row["good"]]
        for ban in found.study.table("bans").to_dicts():
            barred = ban["via"] is None and market.good_rank(ban["good"], good) is not None

            assert not (barred and market.applies(ban, origin, end, 0)) or is_circle(row)
        wanted = [
            bid["origins"]
            for bid in bids
            if (bid["place"], bid["good"]) == (row["destination"], row["good"])
            and bid["period"] in (None, row["period"])
        ]
        uses = tables.get("plants", []) and row["good"] != "bread"
        if wanted and all(wanted) and not uses and not is_circle(row):
            assert any(origin in accepted.split(";") for accepted in wanted)


@law
@given(markets(), st.randoms(use_true_random=False))
def test_journeys_are_the_same_twice_and_in_any_order_of_rows(tables: Tables, chance: Any) -> None:
    found = clear(study(tables))
    shuffled = {name: list(rows) for name, rows in tables.items()}
    for name, rows in shuffled.items():
        if name != "periods":
            chance.shuffle(rows)

    assert consignments(found).equals(consignments(clear(study(tables))))
    other = consignments(clear(study(shuffled)))
    alike(*(frame.filter(pl.col("quantity") > SMALL) for frame in (consignments(found), other)))
