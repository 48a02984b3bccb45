"""Transfers that hold goods up: hand-worked ports, and the same delay on a leg put in between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import entrepot
from entrepot.errors import QuestionError, RoutingError, StudyError
from entrepot.routing.equilibrium.check import check_gap
from entrepot.study import Study
from tests.unit.routing.networks import Row, goes, leg, network

PORT = [
    leg("rail", "ab", 0, days=1),
    leg("sea", "bc", 0, days=1),
    leg("road", "ac", 0, days=4),
]
"""A port b on the way from a to c, and a road around it."""


def change(**more: Any) -> Row:
    """Going from rail to sea: a day when the port is empty, two at its capacity of 10."""
    row = {"from_leg": "rail", "to_leg": "sea", "days": 1.0, "capacity": 10.0}
    return row | {"delay_alpha": 1.0, "delay_power": 1.0} | more


def port(quantity: float = 30, **more: Any) -> Study:
    return network(PORT, [goes("ac", quantity)], transfers=[change(**more)])


def flows(routing: entrepot.Routing) -> dict[str, float]:
    return dict(routing.flows.select("leg", "quantity").iter_rows())


def test_a_port_slows_down_until_the_road_is_as_fast() -> None:
    found = entrepot.route(port(), "equilibrium")

    # 1 + (1 + load / 10) + 1 = 4.
    assert flows(found) == pytest.approx({"rail": 10, "sea": 10, "road": 20})
    assert found.routes["days"].to_list() == pytest.approx([4, 4])
    assert found.transfers.rows() == [
        ("all", "rail", "sea", "salt", pytest.approx(10), pytest.approx(2))
    ]
    # Beckmann's: 10 × 2 on the legs, 10 + 10² / (2 × 10) at the port, 20 × 4 on the road.
    assert found.objective == pytest.approx(20 + 15 + 80)
    assert found.gap is not None
    assert found.gap <= 1e-12


def test_the_check_counts_the_delay_of_a_port() -> None:
    state = entrepot.route(port(), "equilibrium").parts[0].chosen.state
    assert state is not None

    free = replace(state.problem, alpha=np.zeros(state.problem.arcs))

    assert check_gap(state.problem, state).gap == pytest.approx(0, abs=1e-12)
    # Without it, 20 go by road for 4 days each that would take 3 through the port.
    assert check_gap(free, state).gap == pytest.approx(20 / 90)


def test_a_system_optimum_spares_the_port() -> None:
    found = entrepot.route(port(), "system-optimum")

    # 3 + 2 load / 10 = 4 at the margin; at 2 a day: 2 × (5 × 3.5 + 25 × 4).
    assert flows(found) == pytest.approx({"rail": 5, "sea": 5, "road": 25})
    assert found.objective == pytest.approx(235)


def test_a_port_follows_a_curve() -> None:
    points = [{"curve": "crowd", "quantity": q, "price": d} for q, d in ((5, 1), (15, 3))]
    row = change(delay_alpha=None, delay_power=None, capacity=None, delay_curve="crowd")
    study = network(PORT, [goes("ac", 30)], transfers=[row], curves=points)

    found = entrepot.route(study, "equilibrium")

    assert flows(found) == pytest.approx({"rail": 10, "sea": 10, "road": 20})
    assert found.transfers["days"].to_list() == pytest.approx([2])


def test_goods_queue_where_a_port_is_full() -> None:
    study = port(delay_alpha=None, delay_power=None)

    found = entrepot.route(study, "equilibrium")

    assert flows(found) == pytest.approx({"rail": 10, "sea": 10, "road": 20})
    assert found.transfers["days"].to_list() == pytest.approx([2])
    assert found.notes == ("goods wait for room at the transfer from rail to sea",)


def test_a_port_that_cannot_hold_what_must_pass_is_named() -> None:
    study = network(
        PORT[:2], [goes("ac", 30)], transfers=[change(delay_alpha=None, delay_power=None)]
    )

    with pytest.raises(RoutingError, match="the transfer from rail to sea holds 10"):
        entrepot.route(study, "equilibrium")


def test_a_port_without_any_capacity_is_closed() -> None:
    study = port(capacity=0.0, delay_alpha=None, delay_power=None)

    for choice in ("cheapest", "equilibrium"):
        assert flows(entrepot.route(study, choice)) == pytest.approx({"road": 30})


def test_other_choices_say_that_the_capacity_of_a_port_does_not_bind() -> None:
    found = entrepot.route(port(delay_alpha=None, delay_power=None), "cheapest")

    assert "the transfer from rail to sea carries more than the capacity (the transfer from rail " \
        "to sea: 3 times): it does not bind here" in found.notes  # fmt: skip


def test_a_port_is_loaded_as_the_leg_that_it_leads_to() -> None:
    use = [{"leg": name, "good": "salt", "use": 2.0} for name in ("rail", "sea", "road")]
    study = network(PORT, [goes("ac", 30)], transfers=[change()], leg_goods=use)

    assert flows(entrepot.route(study, "equilibrium"))["sea"] == pytest.approx(5)


def test_users_of_a_transfer_add_up_to_what_makes_it() -> None:
    lines = [*PORT, leg("barge", "ab", 0, days=2.5)]
    study = network(lines, [goes("ac", 30), goes("bc", 3)], transfers=[change()])

    for choice in ("equilibrium", "cheapest"):
        found = entrepot.route(study, choice)
        users = entrepot.leg_users(found, "rail", to="sea")
        assert users["quantity"].sum() == pytest.approx(found.transfers["quantity"].sum())
    assert users["consignment"].to_list() == ["ac"]
    with pytest.raises(QuestionError, match="no transfer from 'barge' to 'sea'"):
        entrepot.leg_users(found, "barge", to="sea")


def test_an_answer_begins_from_one_without_the_crowd() -> None:
    begun = entrepot.route(port(12), "equilibrium")

    warm = entrepot.route(port(), "equilibrium", start=begun)

    assert flows(warm) == pytest.approx({"rail": 10, "sea": 10, "road": 20})


def test_rows_for_periods_keep_the_delay() -> None:
    periods = [{"period": "one"}, {"period": "two"}]
    rail = [leg("rail", "ab", 0, days=1, period="one"), leg("rail", "ab", 0, days=2, period="two")]
    study = network([*rail, *PORT[1:]], [goes("ac", 30)], transfers=[change()], periods=periods)

    found = entrepot.route(study, "equilibrium")
    again = entrepot.route(study, "equilibrium", start=found)

    assert again.transfers["quantity"].to_list() == pytest.approx([10])
    assert found.transfers.select("period", "quantity").rows() == [("one", pytest.approx(10))]


def test_delays_of_transfers_that_say_too_little_are_named() -> None:
    study = port(capacity=None, delay_power=None)

    with pytest.raises(StudyError) as caught:
        entrepot.route(study, "equilibrium")

    told = "transfers.csv, {}: the transfer from rail to sea has delay_alpha 1 and no {}"
    assert [str(problem).partition(";")[0] for problem in caught.value.problems] == [
        told.format("delay_power", "power"),
        told.format("capacity", "capacity"),
    ]


def test_wrong_delays_of_transfers_are_found_by_check() -> None:
    points = [{"curve": "slow", "quantity": 5, "price": 1}]
    row = change(capacity=-1.0, delay_curve="slwo")

    with pytest.raises(StudyError) as caught:
        network(PORT, [goes("ac")], transfers=[row], curves=points)

    told = " ".join(str(problem) for problem in caught.value.problems)
    assert "transfers, row 2, capacity = '-1'" in told
    assert "transfers, row 2, delay_alpha = '1': stands beside a delay_curve" in told
    assert "transfers, row 2, delay_curve = 'slwo': is not a curve of the study" in told


DELAYS = st.fixed_dictionaries(
    {
        "days": st.sampled_from([0.5, 1.0, 2.0]),
        "capacity": st.sampled_from([3.0, 10.0]),
        "delay_alpha": st.sampled_from([0.5, 2.0]),
        "delay_power": st.sampled_from([1.0, 2.0, 4.0]),
    }
)
WAYS = [(come, go) for come in ("r", "t") for go in ("s", "u")]


@given(
    st.lists(DELAYS, min_size=4, max_size=4),
    st.floats(1, 12),
    st.sampled_from(["equilibrium", "system-optimum", "stochastic-equilibrium", "logit"]),
)
@settings(max_examples=30, deadline=None)
def test_a_transfer_takes_the_days_of_a_leg_in_its_place(
    delays: list[Row], quantity: float, choice: str
) -> None:
    ends = {"r": ("ab", "aw"), "t": ("ab", "ax"), "s": ("bc", "yc"), "u": ("bc", "zc")}
    cost = {"r": 1.0, "t": 2.0, "s": 1.5, "u": 3.0}
    parcels = [goes("ac", quantity), goes("ab", 2)]
    changes = [
        {"from_leg": come, "to_leg": go} | row for (come, go), row in zip(WAYS, delays, strict=True)
    ]
    short = network(
        [leg(name, ends[name][0], cost[name], 1) for name in ends], parcels, transfers=changes
    )
    between = [
        leg(f"{come}{go}", ends[come][1][1] + ends[go][1][0], 0, **row)
        for (come, go), row in zip(WAYS, delays, strict=True)
    ]
    # What is bound for b itself gets there by legs of its own, from which nothing goes on.
    ways = [leg(name, ends[name][1], cost[name], 1) for name in ends]
    longer = network([*ways, *between, leg("in-r", "wb", 0), leg("in-t", "xb", 0)], parcels)

    one, other = (entrepot.route(study, choice, scale=1.0) for study in (short, longer))

    assert max(each.gap or 0 for each in (one, other)) <= 1e-9
    assert one.objective == pytest.approx(other.objective, rel=1e-8)
    made = {f"{a}{b}": quantity for a, b, quantity in one.transfers["from_leg", "to_leg",
            "quantity"].iter_rows()}  # fmt: skip
    carried = flows(other)
    for come, go in WAYS:
        pair = come + go
        assert made.get(pair, 0) == pytest.approx(carried.get(pair, 0), rel=1e-5, abs=1e-5)
