"""Equilibria of studies: hand-worked answers, several goods, and what the tables must say."""

from __future__ import annotations

import math
from typing import Any

import pytest

import entrepot
from entrepot.errors import RoutingError, StudyError
from tests.unit.routing.networks import Row, goes, leg, network


def slowing(name: str, ends: str, days: float, capacity: float, **more: Any) -> Row:
    """A leg that takes twice its days when it is full."""
    delay = {"capacity": capacity, "delay_alpha": 1.0, "delay_power": 1.0}
    return leg(name, ends, 0, days=days, **(delay | more))


PIGOU = [slowing("fast", "ab", 1, 10), leg("slow", "ab", 0, days=2)]
"""A leg of ``1 + load / 10`` days beside one of 2 days."""


def flows(routing: entrepot.Routing, good: str = "salt") -> dict[str, float]:
    return dict(routing.flows.filter(good=good).select("leg", "quantity").iter_rows())


def test_in_equilibrium_every_used_route_takes_the_same_time() -> None:
    found = entrepot.route(network(PIGOU, [goes("ab", 30)]), "equilibrium")

    assert flows(found) == pytest.approx({"fast": 10, "slow": 20})
    assert found.routes["days"].to_list() == pytest.approx([2, 2])
    # Beckmann's: 10 × 1 + 10² / (2 × 10) on the one, 20 × 2 on the other.
    assert found.objective == pytest.approx(10 + 5 + 40)
    assert found.gap is not None
    assert found.gap <= 1e-12


def test_the_system_optimum_takes_less_time_in_all() -> None:
    found = entrepot.route(network(PIGOU, [goes("ab", 30)]), "system-optimum")

    # 1 + 2 load / 10 = 2 at the margin; at 2 a day: 2 × (5 × 1.5 + 25 × 2).
    assert flows(found) == pytest.approx({"fast": 5, "slow": 25})
    assert found.objective == pytest.approx(115)
    assert dict(found.routes.select("legs", "days").iter_rows()) == pytest.approx(
        {"fast": 1.5, "slow": 2}
    )


def test_a_capacity_without_a_delay_is_queued_for() -> None:
    lines = [leg("fast", "ab", 0, days=1, capacity=10.0), leg("slow", "ab", 0, days=2)]

    found = entrepot.route(network(lines, [goes("ab", 30)]), "equilibrium")

    assert flows(found) == pytest.approx({"fast": 10, "slow": 20})
    assert found.routes["days"].to_list() == pytest.approx([2, 2])
    assert found.notes == ("goods wait for room at fast",)


def test_what_cannot_pass_any_capacity_is_refused() -> None:
    study = network([leg("ab", "ab", 1, days=1, capacity=10.0)], [goes("ab", 30)])

    with pytest.raises(RoutingError):
        entrepot.route(study, "equilibrium")


def test_choices_without_delays_say_so_where_something_would_slow_down() -> None:
    found = entrepot.route(network(PIGOU, [goes("ab", 8)]), "cheapest")

    told = "leg fast slows down under load: that counts in equilibria only"
    assert found.notes == ("leg slow carries nothing", told)


def test_goods_share_what_they_load_by_their_use() -> None:
    goods = [{"good": "salt", "value_of_time": 1.0}, {"good": "wine", "value_of_time": 4.0}]
    lines = [slowing("fast", "ab", 1, 10), leg("slow", "ab", 0, days=2), leg("dear", "ab", 3, 1)]
    use = [{"leg": row["leg"], "good": "wine", "use": 2.0} for row in lines]
    parcels = [goes("ab", 30), goes("ab", 4, good="wine", name="w")]

    found = entrepot.route(network(lines, parcels, goods=goods, leg_goods=use), "equilibrium")

    # Wine pays 3 for a day less (worth 4) and leaves the fast leg to salt.
    assert flows(found, "wine") == pytest.approx({"dear": 4})
    assert flows(found) == pytest.approx({"fast": 10, "slow": 20})


def test_a_good_without_a_value_of_time_goes_by_money_alone() -> None:
    goods = [{"good": "salt"}]
    lines = [leg("fast", "ab", 2, days=1), leg("slow", "ab", 1, days=9)]

    found = entrepot.route(network(lines, [goes("ab")], goods=goods), "equilibrium")

    assert flows(found) == {"slow": 1}
    assert found.routes["days"].to_list() == [9]


def test_days_of_a_good_take_the_place_of_the_legs() -> None:
    own = [{"leg": "slow", "good": "salt", "days": 1.5}]
    study = network(PIGOU, [goes("ab", 30)], leg_goods=own)

    found = entrepot.route(study, "equilibrium")

    assert flows(found) == pytest.approx({"fast": 5, "slow": 25})
    assert found.routes["days"].to_list() == pytest.approx([1.5, 1.5])


def test_transfers_and_bans_hold_in_an_equilibrium() -> None:
    lines = [*PIGOU, slowing("on", "bc", 1, 10), leg("round", "bc", 0, days=3)]
    shut = [{"from_leg": "fast", "to_leg": "on", "allowed": False}]
    bans = [{"ban": "closed", "via": "round"}]

    found = entrepot.route(
        network(lines, [goes("ac", 6)], transfers=shut, bans=bans), "equilibrium"
    )

    assert flows(found) == pytest.approx({"slow": 6, "on": 6})


def test_consignments_between_the_same_places_go_alike_and_the_rest_is_told() -> None:
    study = network(PIGOU, [goes("ab", 20), goes("ab", 10, name="more"), goes("aa", 1)])

    found = entrepot.route(study, "equilibrium", routes=1)

    assert found.routes.select("consignment", "route", "share").rows() == [
        ("aa", "1", 1.0),
        ("ab", "1", pytest.approx(2 / 3)),
        ("ab", "rest", pytest.approx(1 / 3)),
        ("more", "1", pytest.approx(2 / 3)),
        ("more", "rest", pytest.approx(1 / 3)),
    ]


def test_delays_that_say_too_little_are_named_together() -> None:
    lines = [
        slowing("a-1", "ab", 1, 0),
        slowing("a-2", "ab", 1, 10, delay_power=None),
        slowing("a-3", "ab", 1, 10) | {"capacity": None},
        leg("free", "ab", 1),
    ]

    with pytest.raises(StudyError) as caught:
        entrepot.route(network(lines, [goes("ab")]), "equilibrium")

    assert [str(problem) for problem in caught.value.problems] == [
        "legs.csv, capacity: a-1 has delay_alpha 1 and a capacity of zero; give it a capacity, "
        "take the delay out, or close it with closes",
        "legs.csv, delay_power: a-2 has delay_alpha 1 and no power; write the power in delay_power",
        "legs.csv, capacity: a-3 has delay_alpha 1 and no capacity; write the capacity at which "
        "the delay is told",
    ]


def test_legs_that_cost_less_than_nothing_have_no_equilibrium() -> None:
    with pytest.raises(RoutingError, match="less than nothing"):
        entrepot.route(network([leg("ab", "ab", -3, days=1)], [goes("ab")]), "equilibrium")


def test_a_stochastic_equilibrium_is_the_logit_at_its_own_delays() -> None:
    found = entrepot.route(network(PIGOU, [goes("ab", 30)]), "stochastic-equilibrium", scale=0.5)

    load = flows(found)["fast"]
    days = dict(found.routes.select("legs", "days").iter_rows())
    assert days == pytest.approx({"fast": 1 + load / 10, "slow": 2})
    # Two money a day: shares fall by e for each quarter of a day.
    odds = math.exp(-(days["fast"] - days["slow"]) * 2 / 0.5)
    assert load / (30 - load) == pytest.approx(odds, rel=1e-8)
    assert found.gap is not None
    assert found.gap < 1e-9


def curved(points: list[tuple[float, float]], name: str = "slows") -> list[Row]:
    return [{"curve": name, "quantity": load, "price": days} for load, days in points]


CURVED = [leg("fast", "ab", 0, days=1) | {"delay_curve": "slows"}, leg("slow", "ab", 0, days=2)]


def test_a_leg_takes_the_days_of_its_curve() -> None:
    study = network(CURVED, [goes("ab", 30)], curves=curved([(5, 1), (15, 3)]))

    found = entrepot.route(study, "equilibrium")

    # 1 + (10 - 5) / 5 = 2; level to 5, then by a fifth a unit.
    assert flows(found) == pytest.approx({"fast": 10, "slow": 20})
    assert found.routes["days"].to_list() == pytest.approx([2, 2])
    assert found.objective == pytest.approx(5 + 5 * 1.5 + 40)


def test_days_of_a_good_keep_their_distance_from_the_curve() -> None:
    own = [{"leg": "fast", "good": "salt", "days": 1.5}]
    points = curved([(5, 1), (15, 3)])

    found = entrepot.route(network(CURVED, [goes("ab", 30)], curves=points, leg_goods=own),
                           "equilibrium")  # fmt: skip

    assert flows(found) == pytest.approx({"fast": 7.5, "slow": 22.5})
    assert found.routes["days"].to_list() == pytest.approx([2, 2])


def test_a_stochastic_equilibrium_follows_a_curve() -> None:
    study = network(CURVED, [goes("ab", 30)], curves=curved([(5, 1), (15, 3)]))

    found = entrepot.route(study, "stochastic-equilibrium", scale=0.5)

    load = flows(found)["fast"]
    days = dict(found.routes.select("legs", "days").iter_rows())
    assert days == pytest.approx({"fast": 1 + (load - 5) / 5, "slow": 2})
    odds = math.exp(-(days["fast"] - 2) * 2 / 0.5)
    assert load / (30 - load) == pytest.approx(odds, rel=1e-8)


def test_a_system_optimum_may_lie_where_days_bend() -> None:
    lines = [CURVED[0], leg("slow", "ab", 0, days=1.5)]
    study = network(lines, [goes("ab", 30)], curves=curved([(5, 1), (15, 3)]))

    found = entrepot.route(study, "system-optimum")

    # From 5 on each unit more costs the others a day in all; 2 a day for 5 × 1 + 25 × 1.5.
    assert flows(found) == pytest.approx({"fast": 5, "slow": 25}, rel=1e-8)
    assert found.objective == pytest.approx(85, rel=1e-8)
    assert found.notes == ()


def test_a_system_optimum_is_not_sought_where_days_grow_slower_again() -> None:
    points = curved([(5, 1), (15, 3), (25, 4)])

    with pytest.raises(RoutingError, match=r"leg 'fast' grows by .* up to a load of 15"):
        entrepot.route(network(CURVED, [goes("ab", 30)], curves=points), "system-optimum")


def test_curves_that_are_no_delay_are_named_together() -> None:
    lines = [CURVED[0] | {"delay_alpha": 1.0, "delay_power": 2.0}, CURVED[1]]
    lines.append(leg("lost", "ab", 0) | {"delay_curve": "slow"})
    points = curved([(0, -1), (5, 3), (5, 4), (9, 2)])

    with pytest.raises(StudyError) as caught:
        network(lines, [goes("ab", 30)], curves=points)

    told = [str(problem) for problem in caught.value.problems]
    assert told == [
        "legs, row 2, delay_alpha = '1': stands beside a delay_curve; leave either delay_alpha or "
        "delay_curve blank",
        "legs, row 2, delay_power = '2': stands beside a delay_curve; leave either delay_power or "
        "delay_curve blank",
        "legs, row 4, delay_curve = 'slow': is not a curve of the study; did you mean 'slows'?",
        "curves, row 2, price = '-1': is below zero days, along a delay_curve; write days of 0 "
        "or more",
        "curves, row 4, quantity = '5': is the load of row 3, along a delay_curve; write one "
        "number of days for each load",
        "curves, row 5, price = '2': falls behind row 4, along a delay_curve; let days never "
        "fall from load to load",
    ]


def test_a_curve_of_a_leg_is_no_price_curve() -> None:
    """A bid's curve falls and a leg's rises: each is looked at for what it is used for."""
    bids = [{"agent": "town", "place": "b", "good": "salt", "quantity": 5, "curve": "wanted"}]
    points = curved([(5, 1), (15, 3)]) + curved([(1, 9), (5, 2)], "wanted")

    study = network(CURVED, [goes("ab", 30)], curves=points, bids=bids)

    assert study.table("legs")["delay_curve"].to_list() == ["slows", None]
