"""Hard capacities: the wait at a full arc is its price."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.errors import RoutingError
from entrepot.routing.equilibrium.assignment import Assignment
from entrepot.routing.equilibrium.check import check_gap
from entrepot.routing.equilibrium.problem import Congested
from entrepot.routing.equilibrium.solve import system_optimum, user_equilibrium
from tests.unit.routing.equilibrium.problems import Arc, congested, linear, plain


def limited(tail: int, head: int, days: float, capacity: float) -> Arc:
    return tail, head, days, 0.0, capacity, 0.0


LADDER = congested(
    2,
    [limited(0, 1, 1, 4), limited(0, 1, 3, 5), plain(0, 1, 10)],
    [(0, 1, 0, 12.0)],
    hard=True,
)
"""Three ways, the faster the narrower."""


def test_who_waits_pays_what_the_next_way_would_cost() -> None:
    answer = user_equilibrium(LADDER)

    assert answer.flow[:, 0] == pytest.approx([4, 5, 3], rel=1e-9)
    assert answer.wait == pytest.approx([9, 7, 0], rel=1e-9)
    assert answer.days == pytest.approx([10, 10, 10], rel=1e-9)


def test_in_an_optimum_the_price_is_charged_and_nobody_waits() -> None:
    answer = system_optimum(LADDER)

    assert answer.wait == pytest.approx([9, 7, 0], rel=1e-9)
    assert answer.days == pytest.approx([1, 3, 10])
    assert answer.objective == pytest.approx(4 + 15 + 30, rel=1e-9)


def test_capacities_count_only_where_they_are_hard() -> None:
    answer = user_equilibrium(replace(LADDER, hard=False))

    assert answer.flow[:, 0].tolist() == [12, 0, 0]


def test_a_hard_capacity_of_nothing_is_closed() -> None:
    none = replace(LADDER, capacity=np.array([0.0, 5.0, math.inf]))

    answer = user_equilibrium(none, start=user_equilibrium(LADDER))

    assert answer.flow[:, 0] == pytest.approx([0, 5, 7], rel=1e-9)
    assert check_gap(none, answer).gap <= 1e-12


@pytest.mark.parametrize("days", [0.0, 1e-6])
@pytest.mark.parametrize("solve", [user_equilibrium, system_optimum])
def test_what_is_full_may_cost_next_to_nothing(
    solve: Callable[[Congested], Assignment], days: float
) -> None:
    problem = congested(2, [limited(0, 1, days, 2), plain(0, 1, 1000)], [(0, 1, 0, 5.0)], hard=True)

    answer = solve(problem)

    assert answer.flow[:, 0] == pytest.approx([2, 3], rel=1e-9)
    assert answer.wait == pytest.approx([1000 - days, 0], rel=1e-9)


def test_goods_take_room_by_their_use() -> None:
    problem = congested(
        2,
        [limited(0, 1, 1, 6), plain(0, 1, 4)],
        [(0, 1, 0, 2.0), (0, 1, 1, 4.0)],
        fixed=[[0, 5], [0, 0]],
        use=[1, 2],
        hard=True,
    )

    answer = user_equilibrium(problem)

    # The first would pay 9 on the long way, so it stays; the second waits 3 days for the rest.
    assert answer.flow == pytest.approx(np.array([[2, 2], [0, 2]]), rel=1e-9)
    assert answer.wait == pytest.approx([3, 0], rel=1e-9)


def test_capacities_that_cannot_be_kept_are_named() -> None:
    narrow = congested(
        2,
        [limited(0, 1, 1, 4), limited(0, 1, 3, 5)],
        [(0, 1, 0, 12.0)],
        hard=True,
        arc_names=["canal", "strait"],
    )

    with pytest.raises(RoutingError, match="widen them, open another way") as raised:
        user_equilibrium(narrow)

    assert raised.value.findings[1].startswith("leg 'canal' holds 4 and would have to carry 5.3")


@pytest.mark.parametrize("more", [1e-1, 1e-3, 1e-5])
def test_who_gets_the_room_is_settled_at_once_however_little_hangs_on_it(more: float) -> None:
    """Two goods fill an arc; to have one there in place of the other saves next to nothing."""
    arcs = [
        limited(0, 1, 1, 500), plain(0, 1, 4), plain(0, 1, 1), limited(1, 2, 1, 700), plain(1, 2, 3)
    ]  # fmt: skip
    problem = congested(
        3,
        arcs,
        [(0, 2, 0, 400.0), (0, 2, 1, 400.0), (0, 1, 1, 100.0)],
        fixed=[[0, more, 50, 0, 0], [0, 0, 50, more, 0]],
        use=[1, 2],
        hard=True,
    )

    answer = user_equilibrium(problem)

    assert answer.flow[:, 0] == pytest.approx([400, 0, 0, 400, 0])
    assert answer.flow[:, 1] == pytest.approx([50, 450, 0, 150, 250])
    assert answer.wait == pytest.approx([3, 0, 0, 2 - more, 0])
    assert answer.iterations <= 30


def test_goods_that_do_not_mind_a_wait_are_named_where_a_capacity_cannot_be_kept() -> None:
    careless = replace(LADDER, timed=np.zeros(1), class_names=["coal"])

    with pytest.raises(RoutingError, match="'coal' does not mind a wait: give it a value of time"):
        user_equilibrium(careless)

    assert system_optimum(careless).flow[:, 0] == pytest.approx([4, 5, 3])


@st.composite
def networks(draw: st.DrawFn) -> Congested:
    """A ladder of narrow and filling arcs beside a wide and long way for every pair."""
    nodes = draw(st.integers(2, 5))
    node = st.integers(0, nodes - 1)
    days = st.sampled_from([0.5, 1.0, 2.0, 3.5])
    narrow = st.builds(limited, node, node, days, st.sampled_from([0.5, 1.0, 3.0]))
    filling = st.builds(linear, node, node, days, st.sampled_from([0.1, 1.0]))
    drawn = draw(st.lists(st.one_of(narrow, filling), max_size=10))
    arcs = [each for each in drawn if each[0] != each[1]]
    pairs = draw(
        st.lists(
            st.tuples(node, node, st.just(0), st.sampled_from([0.4, 1.0, 5.0])),
            min_size=1,
            max_size=4,
        )
    )
    arcs += [plain(start, end, 30.0) for start, end, _, _ in pairs]
    return congested(nodes, arcs, pairs, hard=True)


@given(networks())
@settings(max_examples=100)
def test_whatever_the_network_nobody_waits_where_there_is_room(problem: Congested) -> None:
    answer = user_equilibrium(problem)
    found = check_gap(problem, answer)

    assert abs(found.gap) <= 1e-10
    assert found.overload <= 1e-9
    assert found.idle <= 1e-7
    assert found.imbalance <= 1e-12
