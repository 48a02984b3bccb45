"""Days under load told point by point: answers by hand, and whatever the network."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from entrepot.errors import RoutingError
from entrepot.routing.equilibrium.assignment import days_under
from entrepot.routing.equilibrium.check import check_gap
from entrepot.routing.equilibrium.problem import Congested, Points
from entrepot.routing.equilibrium.solve import system_optimum, user_equilibrium
from tests.unit.routing.equilibrium.problems import congested, linear, plain, scattered

Curve = list[tuple[float, float]]


def two_ways(curve: Curve, other: float, quantity: float) -> Congested:
    """An arc with a curve beside one that takes `other` days."""
    rows = np.array(curve, dtype=float)
    points = Points(np.array([0, len(rows), len(rows)]), rows[:, 0], rows[:, 1])
    arcs = [plain(0, 1, rows[0, 1]), plain(0, 1, other)]
    return congested(2, arcs, [(0, 1, 0, quantity)], points=points)


BENT: Curve = [(2, 1), (6, 3), (8, 3), (10, 7)]
"""Level at 1 to a load of 2, up by a half, level at 3 from 6 to 8, then up by 2 without end."""


@pytest.mark.parametrize(
    ("other", "quantity", "load"),
    [
        (2.0, 9.0, 4.0),  # 1 + (4 - 2) / 2 = 2
        (5.0, 20.0, 9.0),  # 3 + 2 (9 - 8) = 5
        (11.0, 20.0, 12.0),  # beyond the last point: 7 + 2 (12 - 10) = 11
        (2.0, 3.0, 3.0),  # all go by the curve, at 1.5
        (0.5, 3.0, 0.0),  # none do
    ],
)
def test_both_ways_take_as_long(other: float, quantity: float, load: float) -> None:
    found = user_equilibrium(two_ways(BENT, other, quantity))

    assert found.load.tolist() == pytest.approx([load, quantity - load])
    assert check_gap(found.problem, found).gap == pytest.approx(0, abs=1e-12)


def test_an_answer_in_a_level_piece_is_as_good_anywhere_in_it() -> None:
    found = user_equilibrium(two_ways(BENT, 3.0, 20.0))

    assert 6 - 1e-9 <= found.load[0] <= 8 + 1e-9
    assert found.days.tolist() == pytest.approx([3, 3])
    assert check_gap(found.problem, found).gap == pytest.approx(0, abs=1e-12)


def test_the_objective_is_the_area_under_the_curve() -> None:
    found = user_equilibrium(two_ways(BENT, 11.0, 20.0))

    # 2 × 1, 4 × 2, 2 × 3, 2 × 5, 2 × 9; and 8 × 11 on the other.
    assert found.objective == pytest.approx(2 + 8 + 6 + 10 + 18 + 88)


def test_one_point_is_a_number_of_days() -> None:
    found = user_equilibrium(two_ways([(5, 2)], 3.0, 20.0))

    assert found.load.tolist() == [20, 0]
    assert found.objective == pytest.approx(40)


def test_fine_points_of_a_power_give_its_answer() -> None:
    power = congested(2, [(0, 1, 1.0, 1.0, 10.0, 4.0), plain(0, 1, 3.0)], [(0, 1, 0, 30.0)])
    load = np.linspace(0, 30, 3001)
    points = Points(np.array([0, 3001, 3001]), load, 1 + (load / 10) ** 4)
    fine = replace(power, alpha=np.zeros(2), points=points)

    wanted, found = user_equilibrium(power), user_equilibrium(fine)

    # Chords lie above by no more than t'' h² / 8, so that the load is off by that over t'.
    off = 12 * wanted.load[0] ** 2 / 1e4 * 0.01**2 / 8 / (4 * wanted.load[0] ** 3 / 1e4)
    assert abs(found.load[0] - wanted.load[0]) <= 1.01 * off
    assert found.objective == pytest.approx(wanted.objective, rel=1e-6)


def test_goods_queue_where_a_capacity_is_full_beside_a_curve() -> None:
    problem = two_ways(BENT, 2.0, 20.0)
    capacity = np.array([1.0, 5.0])

    found = user_equilibrium(replace(problem, capacity=capacity, hard=True))

    # 15 must go by the curve, whose own capacity is not looked at: 7 + 2 × 5 days.
    assert found.load.tolist() == pytest.approx([15, 5])
    assert found.wait.tolist() == pytest.approx([0, 15])
    assert check_gap(found.problem, found).overload <= 1e-9


def test_an_answer_begins_from_an_earlier_one() -> None:
    problem = scattered(130, pointwise=True)
    first = user_equilibrium(problem)

    again = user_equilibrium(replace(problem, quantity=1.01 * problem.quantity), start=first)

    assert abs(check_gap(again.problem, again).gap) <= 1e-11


@pytest.mark.parametrize("seed", [*range(40), 130])
def test_the_gap_of_any_network_is_small(seed: int) -> None:
    found = user_equilibrium(scattered(seed, pointwise=True))
    proof = check_gap(found.problem, found)

    assert abs(proof.gap) <= 1e-10
    assert max(proof.imbalance, proof.negative, proof.unlike) <= 1e-12
    assert found.days == pytest.approx(days_under(found.problem, found.load), rel=1e-12)


@pytest.mark.parametrize("seed", [24, 119, 173, 188])
def test_exchanges_that_change_no_days_leave_quantities_as_they_are(seed: int) -> None:
    found = user_equilibrium(scattered(seed, pointwise=False))
    proof = check_gap(found.problem, found)

    assert abs(proof.gap) <= 1e-10
    assert proof.imbalance <= 1e-12


RISING: Curve = [(5, 1), (15, 3), (20, 8)]
"""Level at 1 to a load of 5, up by a fifth to one of 15, by 1 from there.

One more unit costs all 1 up to 5, from 2 to 6 up to 15, from 18 on beyond: nothing between.
"""


@pytest.mark.parametrize(
    ("other", "load", "charged"),
    [
        (0.5, 0.0, 0.0),
        (1.2, 5.0, 0.04),  # at the point: 1 + 5 × 0.04
        (1.5, 5.0, 0.1),
        (2.0, 5.0, 0.2),  # at the end of the jump
        (2.5, 6.25, 0.2),  # 1 + (x - 5) / 5 + x / 5
        (5.0, 12.5, 0.2),
        (9.0, 15.0, 0.4),  # 3 + 15 × 0.4
        (14.0, 15.0, 11 / 15),
        (19.0, 15.5, 1.0),  # 3 + 0.5 + 15.5
    ],
)
def test_an_optimum_may_lie_where_days_bend(other: float, load: float, charged: float) -> None:
    found = system_optimum(two_ways(RISING, other, 30.0))

    assert found.load.tolist() == pytest.approx([load, 30 - load], rel=1e-8, abs=1e-8)
    if load > 0:
        assert found.charged[0] == pytest.approx(charged, rel=1e-7)
    days = float(np.interp(load, [at for at, _ in RISING], [told for _, told in RISING]))
    assert found.objective == pytest.approx(load * days + (30 - load) * other, rel=1e-8)
    assert found.gap <= 1e-12
    assert abs(check_gap(found.problem, found).gap) <= 1e-12


def test_the_check_takes_no_slope_that_the_curve_has_not() -> None:
    found = system_optimum(two_ways(RISING, 1.5, 30.0))

    wrong = replace(found, charged=np.array([0.3, 0.0]))
    moved = replace(found, flow=np.array([[6.0], [24.0]]), path_flow=np.array([6.0, 24.0]))

    assert check_gap(found.problem, found).gap == pytest.approx(0, abs=1e-12)
    # At most a fifth is a slope there: 2 instead of 1.5, for 5 units.
    assert check_gap(found.problem, wrong).gap == pytest.approx(2.5 / 45)
    # Beyond the point 1.2 + 6 / 5, for 6 units, although 0.1 was charged for.
    assert check_gap(found.problem, moved).gap == pytest.approx(6 * 0.9 / 45)


def test_what_would_be_the_first_load_pays_for_all_that_put_none() -> None:
    points = Points(np.array([0, 2, 2]), np.array([0.0, 10.0]), np.array([1.0, 6.0]))
    arcs, pairs = [plain(0, 1, 1.0), plain(0, 1, 3.0)], [(0, 1, 0, 10.0), (0, 1, 1, 1.0)]

    found = system_optimum(congested(2, arcs, pairs, use=(0.0, 1.0), points=points))

    # A unit of the second class takes a day on the curve and costs the ten others half a day each.
    assert found.flow.tolist() == [[10.0, 0.0], [0.0, 1.0]]
    assert abs(check_gap(found.problem, found).gap) <= 1e-12


def convex(seed: int) -> Congested:
    """A drawn network along whose curves days grow ever faster."""
    problem = scattered(seed, pointwise=True)
    assert problem.points is not None
    first, load, days = problem.points.first, problem.points.load, problem.points.days.copy()
    for arc in np.flatnonzero(np.diff(first)):
        here = slice(first[arc], first[arc + 1])
        rise = np.sort(np.diff(days[here]) / np.diff(load[here])) * np.diff(load[here])
        days[here] = days[here][0] + np.concatenate([[0.0], np.cumsum(rise)])
    return replace(problem, points=Points(first, load, days))


@pytest.mark.parametrize("seed", [*range(40), 66, 83, 188, 636, 1982])
def test_the_optimum_of_any_network_with_convex_curves_is_proved(seed: int) -> None:
    found = system_optimum(convex(seed))
    proof = check_gap(found.problem, found)

    assert abs(proof.gap) <= 1e-12
    assert max(proof.imbalance, proof.negative, proof.unlike) <= 1e-12


def test_a_system_optimum_is_refused_where_days_grow_slower_again() -> None:
    with pytest.raises(RoutingError, match="ever faster") as caught:
        system_optimum(two_ways(BENT, 2.0, 9.0))

    told = "arc 0 (node 0 to node 1) grows by 0.5 days a unit up to a load of 6 and by 0 from there"
    assert told in str(caught.value)


def test_points_that_are_no_delay_are_named_together() -> None:
    arcs = [linear(0, 1, 1.0, 1.0), *(plain(0, 1, 1.0) for _ in range(4))]
    load = np.array([0.0, 1.0, 1.0, 0.0, 1.0, math.nan, 0.0])
    days = np.array([1.0, 1.0, 2.0, 1.0, 0.5, 1.0, 2.0])
    points = Points(np.array([0, 1, 3, 5, 6, 7]), load, days)

    with pytest.raises(RoutingError) as caught:
        user_equilibrium(congested(2, arcs, [(0, 1, 0, 1.0)], points=points))

    told = str(caught.value)
    assert "arc 0 (node 0 to node 1) has points and an alpha" in told
    assert told.count("points that are no delay") == 3
    assert "takes 1 days when empty and 2 at its first point" in told
