"""What can be asked of an answer, its check, and beginning from an earlier one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from entrepot.errors import QuestionError
from entrepot.routing.equilibrium.check import check_gap
from entrepot.routing.equilibrium.solve import user_equilibrium
from tests.unit.routing.equilibrium.problems import BRAESS, congested, linear, plain


def test_who_uses_an_arc_adds_up_to_its_flow() -> None:
    problem = congested(
        4,
        [linear(0, 2, 1, 1), linear(1, 2, 1, 1), linear(2, 3, 1, 1), plain(0, 3, 9)],
        [(0, 3, 0, 7.0), (1, 3, 0, 2.0), (0, 2, 0, 1.0)],
    )

    answer = user_equilibrium(problem)
    pairs, units = answer.using(2)

    assert units.sum() == pytest.approx(answer.flow[2, 0], rel=1e-14)
    assert [(answer.start[k], answer.end[k]) for k in pairs] == [(0, 3), (1, 3)]
    assert units[1] == pytest.approx(2)
    # 1 + (x + 1) + 1 + (x + 2) = 9
    assert units[0] == pytest.approx(2, rel=1e-12)


def test_nobody_uses_an_empty_arc() -> None:
    answer = user_equilibrium(congested(2, [plain(0, 1, 1), plain(0, 1, 2)], [(0, 1, 0, 1.0)]))

    pairs, units = answer.using(1)

    assert pairs.tolist() == []
    assert units.tolist() == []


def test_the_check_sees_flow_that_is_lost() -> None:
    answer = user_equilibrium(BRAESS)
    flow = answer.flow.copy()
    flow[2] -= 0.6

    found = check_gap(BRAESS, replace(answer, flow=flow))

    assert found.imbalance == pytest.approx(0.1)
    assert found.unlike == pytest.approx(0.1)


def test_the_check_sees_paths_with_a_gap() -> None:
    answer = user_equilibrium(BRAESS)

    found = check_gap(BRAESS, replace(answer, arcs=answer.arcs[::-1].copy()))

    assert found.unlike == math.inf


def test_the_check_sees_dearer_paths() -> None:
    answer = user_equilibrium(BRAESS)
    flow = np.array([[3.0], [3.0], [0.0], [3.0], [3.0]])

    found = check_gap(BRAESS, replace(answer, flow=flow))

    # All pay 84 where 72 would do.
    assert found.gap == pytest.approx(12 / 72)
    assert found.imbalance == 0


def test_the_check_sees_negative_flow() -> None:
    answer = user_equilibrium(BRAESS)
    flow = answer.flow.copy()
    flow[0] = -0.6

    assert check_gap(BRAESS, replace(answer, flow=flow)).negative == pytest.approx(0.1)


def test_the_check_sees_a_zone_that_is_passed() -> None:
    arcs = [plain(0, 1, 1), plain(1, 2, 1), plain(0, 2, 5)]
    open_ = user_equilibrium(congested(3, arcs, [(0, 2, 0, 1.0)]))
    shut = congested(3, arcs, [(0, 2, 0, 1.0)], shut=[1])

    assert check_gap(shut, open_).passing == 1


def test_a_closed_arc_is_left_from_the_last_answer() -> None:
    answer = user_equilibrium(BRAESS)
    closed = np.zeros((5, 1))
    closed[2] = math.inf
    problem = replace(BRAESS, fixed=closed, quantity=np.array([8.0]))

    warm = user_equilibrium(problem, start=answer)
    cold = user_equilibrium(problem)

    assert warm.flow == pytest.approx(cold.flow, rel=1e-11)
    assert warm.path_flow.sum() == pytest.approx(8)


def test_a_reopened_arc_is_found_from_the_last_answer() -> None:
    closed = np.zeros((5, 1))
    closed[2] = math.inf
    before = user_equilibrium(replace(BRAESS, fixed=closed))

    warm = user_equilibrium(BRAESS, start=before)

    assert warm.flow == pytest.approx(user_equilibrium(BRAESS).flow, rel=1e-11)


def test_names_match_an_answer_to_a_network_that_has_lost_an_arc() -> None:
    names = ["a", "b", "c", "d", "e"]
    whole = replace(BRAESS, arc_names=names, node_names=list("stuv"), class_names=["tea"])
    kept = [0, 1, 3, 4]
    less = replace(
        whole,
        arc_names=[names[arc] for arc in kept],
        **{
            what: getattr(whole, what)[kept]
            for what in ("tail", "head", "fixed", "free", "alpha", "power", "capacity")
        },
    )

    warm = user_equilibrium(less, start=user_equilibrium(whole))

    assert warm.flow[:, 0] == pytest.approx([3, 3, 3, 3], rel=1e-12)


def test_without_names_the_networks_must_be_of_one_size() -> None:
    answer = user_equilibrium(BRAESS)

    with pytest.raises(QuestionError, match="has 5 arcs, the problem 1: give both names"):
        user_equilibrium(congested(4, [plain(0, 3, 1)], [(0, 3, 0, 1.0)]), start=answer)


def test_progress_is_told_of_every_pass() -> None:
    told: list[tuple[int, float]] = []

    answer = user_equilibrium(BRAESS, progress=lambda number, gap: told.append((number, gap)))

    assert len(told) == answer.iterations
    assert told[-1][1] == answer.gap


def test_the_same_problem_gives_the_same_bits() -> None:
    first, second = user_equilibrium(BRAESS), user_equilibrium(BRAESS)

    assert first.flow.tobytes() == second.flow.tobytes()
    assert first.path_flow.tobytes() == second.path_flow.tobytes()
