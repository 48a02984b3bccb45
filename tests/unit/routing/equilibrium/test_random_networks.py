"""Whatever the network, an independent check confirms the answer."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.routing.equilibrium.check import check_gap
from entrepot.routing.equilibrium.problem import Congested
from entrepot.routing.equilibrium.solve import system_optimum, user_equilibrium
from tests.unit.routing.equilibrium.problems import Arc, Pair, congested, scattered

POWERS = (0.0, 0.5, 1.0, 2.0, 4.0, 6.3)


@st.composite
def problems(draw: st.DrawFn) -> Congested:
    """A few nodes, arcs between any of them, and a dear arc for each pair so that all arrive."""
    nodes = draw(st.integers(2, 6))
    node = st.integers(0, nodes - 1)
    days = st.sampled_from([0.0, 0.5, 1.0, 1.7, 3.0])
    alpha = st.sampled_from([0.0, 0.15, 1.0, 4.0])
    capacity = st.sampled_from([0.3, 1.0, 5.0, math.inf])
    arc = st.tuples(node, node, days, alpha, capacity, st.sampled_from(POWERS))
    classes = draw(st.integers(1, 2))
    pair = st.tuples(node, node, st.integers(0, classes - 1), st.sampled_from([0.0, 0.1, 1.0, 7.0]))
    pairs: list[Pair] = draw(st.lists(pair, min_size=1, max_size=6))
    arcs: list[Arc] = draw(st.lists(arc, min_size=0, max_size=14))
    arcs = [each for each in arcs if each[0] != each[1]]
    arcs += [(start, end, 20.0, 0.0, math.inf, 0.0) for start, end, _, _ in pairs]
    fixed = [
        [draw(st.sampled_from([0.0, 0.0, 0.4, 2.0, math.inf])) for _ in arcs[: -len(pairs)]]
        + [0.0] * len(pairs)
        for _ in range(classes)
    ]
    use = [draw(st.sampled_from([0.0, 1.0, 2.5])) for _ in range(classes)]
    shut = draw(st.lists(node, max_size=2, unique=True))
    return congested(nodes, arcs, pairs, fixed=fixed, use=use, shut=shut)


@given(problems())
@settings(max_examples=300)
def test_no_unit_of_an_equilibrium_finds_a_cheaper_path(problem: Congested) -> None:
    answer = user_equilibrium(problem)
    found = check_gap(problem, answer)

    assert abs(found.gap) <= 1e-10
    assert found.imbalance <= 1e-9
    assert found.passing <= 1e-9
    assert found.negative == 0
    assert found.unlike <= 1e-12


@given(problems())
@settings(max_examples=200)
def test_no_unit_of_an_optimum_can_move_for_the_good_of_all(problem: Congested) -> None:
    answer = system_optimum(problem)
    found = check_gap(problem, answer)

    assert abs(found.gap) <= 1e-10
    assert found.imbalance <= 1e-9
    assert found.negative == 0
    # With one class, or classes alike, the total is the least there is.
    if len(set(problem.use.tolist())) == 1:
        equilibrium = user_equilibrium(problem)
        total = (
            equilibrium.flow * np.where(problem.fixed < math.inf, equilibrium.costs(), 0)
        ).sum()
        assert answer.objective <= total * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize("seed", [*range(20), 1438, 1840, 1949])
def test_optima_are_found_where_totals_are_not_convex_and_slopes_not_finite(seed: int) -> None:
    """Classes whose worth is not in proportion to their use; square roots of loads near zero."""
    problem = scattered(seed, pointwise=False)

    answer = system_optimum(problem)

    assert answer.gap <= 1e-12
    assert abs(check_gap(problem, answer).gap) <= 1e-12


def test_a_way_with_an_infinite_slope_takes_the_little_that_pays() -> None:
    arcs: list[Arc] = [(0, 1, 1.0, 1.0, 1.0, 0.5), (0, 1, 1.0 + 1e-7, 0.0, math.inf, 0.0)]

    answer = user_equilibrium(congested(2, arcs, [(0, 1, 0, 5.0)]))

    # The square root of the load is 1e-7.
    assert answer.flow[:, 0] == pytest.approx([1e-14, 5.0], rel=1e-6)
    assert answer.gap <= 1e-15


def test_a_load_that_differs_by_arc_is_sought_all_the_same() -> None:
    arcs: list[Arc] = [(0, 1, 1.0, 1.0, 1.0, 1.0), (0, 1, 2.0, 1.0, 2.0, 1.0)]
    problem = congested(2, arcs, [(0, 1, 0, 3.0), (0, 1, 1, 3.0)], use=[1, 1])
    problem = replace(problem, use=np.array([[1.0, 2.0], [2.0, 1.0]]))

    answer = user_equilibrium(problem)

    assert math.isnan(answer.objective)
    assert check_gap(problem, answer).gap == pytest.approx(0, abs=1e-12)
