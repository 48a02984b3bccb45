"""Equilibria that can be worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from entrepot.routing.equilibrium.check import check_gap
from entrepot.routing.equilibrium.delays import settle_all
from entrepot.routing.equilibrium.solve import system_optimum, user_equilibrium
from entrepot.routing.equilibrium.store import Store
from tests.unit.routing.equilibrium.problems import BRAESS, PIGOU, congested, linear, plain


def test_pigou_all_take_the_way_that_fills_up() -> None:
    answer = user_equilibrium(PIGOU)

    assert answer.flow[:, 0] == pytest.approx([0, 1], abs=1e-12)
    # The area under 1 + x from 0 to 1.
    assert answer.objective == pytest.approx(1.5, rel=1e-14)
    assert answer.gap <= 1e-12


def test_pigou_at_best_half_take_it() -> None:
    answer = system_optimum(PIGOU)

    assert answer.flow[:, 0] == pytest.approx([0.5, 0.5], rel=1e-12)
    assert answer.objective == pytest.approx(1.75, rel=1e-14)


def test_braess_a_road_more_makes_all_worse() -> None:
    closed = np.full((5, 1), 0.0)
    closed[2] = math.inf
    without = user_equilibrium(replace(BRAESS, fixed=closed))
    answer = user_equilibrium(BRAESS)

    # y units over the new road: 84 + 4.5 y = 72 + 11 y.
    over = 24 / 13
    assert without.path_costs() == pytest.approx([84, 84], rel=1e-13)
    assert answer.flow[2, 0] == pytest.approx(over, rel=1e-12)
    assert answer.path_costs() == pytest.approx([84 + 4.5 * over] * 3, rel=1e-13)


def test_braess_at_best_the_road_is_not_used() -> None:
    answer = system_optimum(BRAESS)

    assert answer.flow[:, 0] == pytest.approx([3, 3, 0, 3, 3], abs=1e-10)
    assert answer.objective == pytest.approx(504, rel=1e-13)


def test_classes_share_the_road_by_the_room_they_take() -> None:
    # Lorries take twice the room and pay 3 days on the first road, so they take the second.
    problem = congested(
        2,
        [linear(0, 1, 10, 1), linear(0, 1, 12, 1)],
        [(0, 1, 0, 8.0), (0, 1, 1, 2.0)],
        fixed=[[0, 0], [3, 0]],
        use=[1, 2],
    )

    answer = user_equilibrium(problem)

    assert answer.flow == pytest.approx(np.array([[7, 0], [1, 2]]), abs=1e-11)
    assert answer.load == pytest.approx([7, 5], rel=1e-12)
    assert answer.days == pytest.approx([17, 17], rel=1e-12)
    assert check_gap(problem, answer).gap <= 1e-12


def test_who_cares_for_money_alone_does_not_mind_the_queue() -> None:
    problem = congested(
        2,
        [linear(0, 1, 1, 1), linear(0, 1, 1, 1)],
        [(0, 1, 0, 2.0), (0, 1, 1, 3.0)],
        fixed=[[0, 0], [5, 6]],
        use=[1, 1],
        timed=np.array([1.0, 0.0]),
    )

    answer = user_equilibrium(problem)

    assert answer.flow == pytest.approx(np.array([[0, 3], [2, 0]]), abs=1e-12)
    assert check_gap(problem, answer).gap == 0


def test_an_optimum_counts_what_a_day_is_worth_to_whom() -> None:
    # The total is 3 f (1 + f + s) + s (1 + f + s) + 2.5 (4 - f - s) where f fast, s slow units take
    # the road that fills up and the others one of 2.5 days, a third of it worth less to the slow.
    problem = congested(
        2,
        [linear(0, 1, 1, 1), plain(0, 1, 2.5)],
        [(0, 1, 0, 2.0), (0, 1, 1, 2.0)],
        use=[1, 1],
        worth=np.array([3.0, 1.0]),
    )

    answer = system_optimum(problem)

    # With s = 0: 3 (1 + f) + 3 f = 7.5, so f = 0.75; a slow unit would cost 1.75 + 2.25 > 2.5.
    assert answer.flow[0] == pytest.approx([0.75, 0], abs=1e-12)
    assert answer.objective == pytest.approx(3 * 0.75 * 1.75 + 3 * 1.25 * 2.5 + 2 * 2.5)


def test_parallel_arcs_stay_apart() -> None:
    problem = congested(
        2, [linear(0, 1, 1, 1), linear(0, 1, 1, 1), linear(0, 1, 2, 2)], [(0, 1, 0, 4.0)]
    )

    answer = user_equilibrium(problem)

    # 1 + x = 2 + 2 y with 2 x + y = 4.
    assert answer.flow[:, 0] == pytest.approx([1.8, 1.8, 0.4], rel=1e-12)


def test_a_zone_is_not_passed() -> None:
    arcs = [plain(0, 1, 1), plain(1, 2, 1), plain(0, 2, 5)]
    pairs = [(0, 2, 0, 1.0), (0, 1, 0, 2.0), (1, 2, 0, 4.0)]

    passed = user_equilibrium(congested(3, arcs, pairs))
    shut = user_equilibrium(congested(3, arcs, pairs, shut=[1]))

    assert passed.flow[:, 0].tolist() == [3, 5, 0]
    assert shut.flow[:, 0].tolist() == [2, 4, 1]
    assert check_gap(shut.problem, shut).passing == 0


def test_who_stays_uses_no_arc() -> None:
    answer = user_equilibrium(congested(2, [plain(0, 1, 1)], [(0, 0, 0, 3.0), (0, 1, 0, 1.0)]))

    assert answer.flow[:, 0].tolist() == [1]
    assert np.diff(answer.first_arc).tolist() == [0, 1]
    assert check_gap(answer.problem, answer).unlike == 0


def test_rows_of_one_pair_are_one_pair() -> None:
    answer = user_equilibrium(
        congested(2, [plain(0, 1, 1)], [(0, 1, 0, 3.0), (0, 1, 0, 1.0), (0, 1, 0, 0.0)])
    )

    assert answer.quantity.tolist() == [4]
    assert answer.pair.tolist() == [0, 0, -1]


def test_nothing_travels_where_nothing_is_wanted() -> None:
    answer = user_equilibrium(congested(2, [plain(0, 1, 1)], [(0, 1, 0, 0.0)]))

    assert answer.flow.tolist() == [[0]]
    assert answer.objective == 0
    assert answer.gap == 0


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 1.5, 2.0, 4.0, 7.5, 16.0])
def test_any_power_of_the_delay(power: float) -> None:
    problem = congested(
        2,
        [(0, 1, 1.0, 1.0, 2.0, power), (0, 1, 1.2, 0.5, 1.0, power), plain(0, 1, 9.0)],
        [(0, 1, 0, 5.0)],
    )

    for answer in (user_equilibrium(problem), system_optimum(problem)):
        assert answer.gap <= 1e-12
        assert abs(check_gap(problem, answer).gap) <= 1e-12


def test_rounding_below_nothing_is_no_cost_below_nothing() -> None:
    """Arcs that cost less than nothing would send the search for cheapest paths round for ever."""
    store = Store(BRAESS, optimum=True)
    store.loads.load[:] = 3.0
    store.loads.late[:] = -1e-16

    settle_all(store.roads, store.loads)

    assert (store.loads.delay[:, 1] >= 0).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("power", "units"), [(80.0, 1e5), (16.83, 1e20)])
def test_a_first_load_beyond_all_numbers_goes_another_way(power: float, units: float) -> None:
    problem = congested(2, [(0, 1, 1.0, 0.15, 1.0, power), plain(0, 1, 10)], [(0, 1, 0, units)])

    answer = user_equilibrium(problem, gap=1e-14)

    assert answer.gap <= 1e-14
    assert answer.flow[0, 0] < 2
    assert answer.days[0] < 1e5
    assert answer.flow[:, 0].sum() == pytest.approx(units)
