"""Cheapest routes: hand-worked answers, ties, turns, bans, periods."""

from __future__ import annotations

import pytest

import entrepot
from tests.unit.routing.networks import goes, leg, network

DIAMOND = [
    leg("ab", "ab", 1, days=1),
    leg("bd", "bd", 2),
    leg("ac", "ac", 2),
    leg("cd", "cd", 3),
]


def flows(routing: entrepot.Routing) -> dict[str, float]:
    return dict(routing.flows.select("leg", "quantity").iter_rows())


def legs(routing: entrepot.Routing) -> dict[str, float]:
    return dict(routing.routes.select("legs", "share").iter_rows())


def test_the_cheapest_route_takes_all() -> None:
    study = network([*DIAMOND[:3], leg("cd", "cd", 4)], [goes("ad", 12)])

    found = entrepot.route(study)

    # a-b-d: 1 + 2 money and one day at 2 a day; a-c-d: 6.
    assert found.routes.rows() == [("ad", "1", "ab;bd", 1.0, 12.0, 3.0, 1.0)]
    assert found.flows.rows() == [("all", "ab", "salt", 12.0), ("all", "bd", "salt", 12.0)]
    assert found.objective == 60
    assert found.gap == 0


def test_time_money_and_their_sum_choose_differently() -> None:
    lines = [leg("slow", "ab", 1, days=9), leg("fast", "ab", 8, days=1), leg("mid", "ab", 3, 3)]
    study = network(lines, [goes("ab")])

    chosen = {by: legs(entrepot.route(study, by=by)) for by in ("cost", "time", "generalised")}

    assert chosen == {"cost": {"slow": 1}, "time": {"fast": 1}, "generalised": {"mid": 1}}


def test_equally_cheap_routes_share_equally_and_parallel_legs_stay_apart() -> None:
    study = network([*DIAMOND, leg("cd-2", "cd", 3)], [goes("ad", 12)])

    found = entrepot.route(study)

    assert legs(found) == pytest.approx({"ab;bd": 1 / 3, "ac;cd": 1 / 3, "ac;cd-2": 1 / 3})
    assert flows(found) == pytest.approx({"ab": 4, "bd": 4, "ac": 8, "cd": 4, "cd-2": 4})


def test_routes_that_are_not_listed_are_told_together() -> None:
    study = network([*DIAMOND, leg("cd-2", "cd", 3)], [goes("ad", 12)])

    found = entrepot.route(study, routes=1)

    assert found.routes.select("route", "legs", "quantity").rows() == [
        ("1", "ab;bd", 4.0),
        ("rest", None, 8.0),
    ]


def test_a_detour_that_costs_nothing_is_not_made() -> None:
    study = network(
        [leg("ab", "ab", 5), leg("ac", "ac", 0), leg("ca", "ca", 0), leg("cb", "cb", 5)],
        [goes("ab", 4)],
    )

    assert legs(entrepot.route(study)) == {"ab": 1}


def test_what_is_where_it_is_wanted_stays() -> None:
    study = network(DIAMOND, [goes("aa", 3), goes("ad", 1)], places={"a": {"through": False}})

    found = entrepot.route(study)

    assert found.routes.filter(consignment="aa").rows() == [("aa", "1", "", 1.0, 3.0, 0.0, 0.0)]
    assert flows(found)["ab"] == 0.5


def test_no_journey_passes_a_place_that_is_closed_to_them() -> None:
    study = network(DIAMOND, [goes("ad")], places={"b": {"through": False}})

    assert legs(entrepot.route(study)) == {"ac;cd": 1}


def test_transfers_cost_and_forbid() -> None:
    gauge = [{"from_leg": "ab", "to_leg": "bd", "cost": 0.0, "days": 1.0}]
    study = network(DIAMOND, [goes("ad")], transfers=gauge)

    assert legs(entrepot.route(study)) == {"ac;cd": 1}

    shut = [{"from_leg": "ac", "to_leg": "cd", "allowed": False}]
    study = network(DIAMOND, [goes("ad")], transfers=gauge + shut)
    found = entrepot.route(study)

    assert found.routes.rows() == [("ad", "1", "ab;bd", 1.0, 1.0, 3.0, 2.0)]


def test_a_banned_turn_may_be_made_by_going_round() -> None:
    study = network(
        [*DIAMOND[:2], leg("bc", "bc", 1), leg("cb", "cb", 1)],
        [goes("ad")],
        transfers=[{"from_leg": "ab", "to_leg": "bd", "allowed": False}],
    )

    assert legs(entrepot.route(study)) == {"ab;bc;cb;bd": 1}


def test_bans_keep_goods_off_countries_and_legs() -> None:
    places = {"a": {"country": "BY"}, "b": {"country": "LT"}, "d": {"country": "DE"}}
    bans = [{"ban": "transit", "origin": "BY", "via": "LT"}]
    study = network(
        DIAMOND, [goes("ad", 2), goes("cd", 1), goes("ab", 3)], places=places, bans=bans
    )

    assert flows(entrepot.route(study)) == {"ac": 2, "cd": 3, "ab": 3}


def test_a_leg_may_be_closed_to_a_good_or_cost_it_otherwise() -> None:
    goods = [{"good": "salt"}, {"good": "wine"}]
    own = [
        {"leg": "cd", "good": "wine", "allowed": False},
        {"leg": "ab", "good": "salt", "cost": 9.0},
    ]
    study = network(
        DIAMOND, [goes("ad"), goes("ad", good="wine", name="w")], goods=goods, leg_goods=own
    )

    routes = entrepot.route(study).routes

    assert routes.select("consignment", "legs").rows() == [("ad", "ac;cd"), ("w", "ab;bd")]


def test_a_leg_without_capacity_is_closed() -> None:
    study = network([*DIAMOND[:3], leg("cd", "cd", 0, capacity=0.0)], [goes("ad")])

    assert legs(entrepot.route(study)) == {"ab;bd": 1}


def test_each_period_has_its_own_legs() -> None:
    periods = [
        {"period": "2024", "starts": "2024-01-01"},
        {"period": "2025", "starts": "2025-01-01"},
    ]
    lines = [*DIAMOND, leg("bridge", "ad", 1, opens="2025-01-01")]
    study = network([{**row} for row in lines], [goes("ad", 6)], periods=periods)

    routes = entrepot.route(study).routes

    assert routes.select("period", "legs", "quantity").rows() == [
        ("2024", "ab;bd", 3.0),
        ("2024", "ac;cd", 3.0),
        ("2025", "bridge", 6.0),
    ]


def test_a_leg_that_pays_is_used_without_going_round() -> None:
    study = network(
        [leg("ab", "ab", 5), leg("ac", "ac", 4), leg("cb", "cb", -2), leg("ba", "ba", 1)],
        [goes("ab", 2)],
    )

    found = entrepot.route(study)

    assert legs(found) == {"ac;cb": 1}
    assert found.objective == 4


def test_the_order_of_rows_changes_nothing() -> None:
    lines = [*DIAMOND, leg("cd-2", "cd", 3), leg("ba", "ba", 0), leg("db", "db", 7)]
    parcels = [goes("ad", 5), goes("bd", 2), goes("ac", 1)]
    one = entrepot.route(network(lines, parcels))
    other = entrepot.route(network(lines[::-1], parcels[::-1]))

    assert one.flows.equals(other.flows)
    assert one.routes.equals(other.routes)
