"""Loads that a stochastic choice gives back at their own delays."""

from __future__ import annotations

import math

import numpy as np
import pytest

from entrepot.errors import RoutingError
from entrepot.routing.equilibrium.problem import Congested, Floats
from entrepot.routing.equilibrium.stochastic import Choice, settled
from tests.unit.routing.equilibrium.problems import Arc, congested, linear


def logit(problem: Congested, scale: float) -> Choice:
    """All of a problem's arcs lead from 0 to 1; each class shares its units among them."""
    quantity = np.bincount(problem.klass, problem.quantity, minlength=problem.classes)

    def choice(days: Floats) -> Floats:
        cost = problem.fixed + days[:, None]
        weight = np.exp((cost.min(axis=0) - cost) / scale)
        shared: Floats = quantity * weight / weight.sum(axis=0)
        return shared

    return choice


@pytest.mark.parametrize("scale", [0.01, 0.3, 1.0, 10.0])
def test_two_roads_are_shared_by_their_days_under_load(scale: float) -> None:
    problem = congested(2, [linear(0, 1, 1, 1), linear(0, 1, 3, 0.5)], [(0, 1, 0, 6.0)])

    answer = settled(problem, logit(problem, scale), 1e-13)

    first, second = answer.load
    assert answer.residual <= 1e-13
    assert first + second == pytest.approx(6, rel=1e-14)
    assert first / second == pytest.approx(
        math.exp((3 + 0.5 * second - 1 - first) / scale), rel=1e-10
    )


@pytest.mark.parametrize("demand", [0.5, 5.0, 30.0])
def test_steep_delays_settle(demand: float) -> None:
    roads: list[Arc] = [(0, 1, 1.0 + 0.1 * k, 0.15, 1.0 + k, 4.0) for k in range(6)]
    problem = congested(
        2, roads, [(0, 1, 0, demand), (0, 1, 1, demand)], fixed=[[0] * 6, [0.3, 0, 0] * 2],
        use=[1, 2.5],
    )  # fmt: skip

    told: list[float] = []
    answer = settled(problem, logit(problem, 0.05), 1e-12, lambda _, left: told.append(left))

    assert answer.residual <= 1e-12
    assert len(told) == answer.iterations
    assert answer.flow.sum(axis=0) == pytest.approx([demand, demand])
    assert answer.flow == pytest.approx(logit(problem, 0.05)(answer.days))


def test_a_faulty_problem_is_refused() -> None:
    problem = congested(2, [(0, 1, 1.0, 0.15, 0.0, 4.0)], [(0, 1, 0, 1.0)])

    with pytest.raises(RoutingError, match="a delay and a capacity of 0"):
        settled(problem, logit(problem, 1.0))


def test_what_does_not_settle_says_so() -> None:
    roads: list[Arc] = [(0, 1, 1.0, 0.15, 1.0 + k, 4.0) for k in range(3)]
    problem = congested(2, roads, [(0, 1, 0, 500.0)])

    answer = settled(problem, logit(problem, 1e-9), 1e-12)

    assert answer.residual > 1e-12
    assert answer.load.sum() == pytest.approx(500)
