"""Goods solved one by one, then joined: the same answer, and a way out where that leads nowhere."""

from __future__ import annotations

import numpy as np
import pytest
from polars.testing import assert_frame_equal
from scipy import sparse

from benchmarks.markets import draw
from benchmarks.studies import study_of
from entrepot.clearing.clear import clear
from entrepot.clearing.program import Program
from entrepot.clearing.solvers.blocks import blocks
from entrepot.clearing.solvers.highs import Highs, join_blocks
from entrepot.clearing.stack import stack_up, survey
from entrepot.study import Study


def program_of(study: Study) -> Program:
    return stack_up(survey(study)).program()


@pytest.fixture(scope="module")
def drawn() -> Study:
    """200 places, 5 goods, capacities that goods share, plants: 6,800 activities."""
    return study_of(draw("s"))


def test_every_balance_is_in_one_block_and_recipes_in_none(drawn: Study) -> None:
    program = program_of(drawn)
    parts = blocks(program)
    assert len(parts) > 1
    rows = np.concatenate([part.rows for part in parts])
    assert np.array_equal(np.sort(rows), np.arange(len(program.given)))
    columns = np.concatenate([part.columns for part in parts])
    left = np.setdiff1d(np.arange(len(program.worth)), columns)
    _, numbers = stack_up(survey(drawn)).part("processing")
    assert np.array_equal(left, numbers)
    for part in parts:
        inside = part.program(program).balance.sum()
        assert inside == pytest.approx(program.balance[:, part.columns].sum())


def test_goods_one_by_one_give_the_same_answer(drawn: Study) -> None:
    found = clear(drawn, linear=Highs("blocks"))
    other = clear(drawn, linear=Highs("simplex"))
    assert found.welfare == pytest.approx(other.welfare, rel=1e-12)
    assert_frame_equal(found.prices, other.prices, rel_tol=1e-9)
    assert_frame_equal(found.flows, other.flows, abs_tol=1e-6)


def test_the_joined_basis_leaves_little_to_do(drawn: Study) -> None:
    """What the blocks leave is a fraction of the simplex's steps from nothing."""
    steps = {}
    for method in ("simplex", "blocks"):
        _, model = Highs(method).solve_with_model(program_of(drawn))
        steps[method] = model.getInfo().simplex_iteration_count
    assert 0 < steps["blocks"] < steps["simplex"] / 4


def test_a_block_without_an_end_is_left_to_the_plain_search() -> None:
    """Bought at 10, sold at 20, without end but for a limit on two ways of moving it."""
    program = Program(
        worth=np.array([-10.0, 20.0, -1.0, -2.0]),
        slope=np.zeros(4),
        lower=np.zeros(4),
        upper=np.full(4, np.inf),
        balance=sparse.csc_array([[1.0, 0.0, -1.0, -1.0], [0.0, -1.0, 1.0, 1.0]]),
        given=np.zeros(2),
        limit=sparse.csc_array([[0.0, 0.0, 1.0, 1.0]]),
        limit_lower=np.array([-np.inf]),
        limit_upper=np.array([5.0]),
    )
    assert join_blocks(program) is None
    found = Highs("blocks").solve(program)
    assert found.level == pytest.approx([5, 5, 5, 0])
    assert found.rent == pytest.approx([9])
