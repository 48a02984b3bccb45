"""Which unknowns equations leave open, against the null space of a dense decomposition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from entrepot.clearing.determined import undetermined


def _open(rows: list[list[float]]) -> list[bool]:
    return [bool(each) for each in undetermined(sparse.csr_array(np.array(rows, dtype=float)))]


def test_a_chain_with_a_fixed_end_is_held() -> None:
    assert _open([[1, 0, 0], [-1, 1, 0], [0, -1, 1]]) == [False, False, False]


def test_a_chain_without_one_moves_together() -> None:
    assert _open([[-1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 2]]) == [True, True, False, False]


def test_an_unknown_that_no_equation_names_is_open() -> None:
    assert _open([[1, 0], [3, 0]]) == [False, True]


def test_no_equations_hold_nothing() -> None:
    assert undetermined(sparse.csr_array((0, 2))).tolist() == [True, True]


def test_a_long_chain_is_held_as_a_short_one() -> None:
    chain = sparse.csr_array(sparse.eye_array(500) - sparse.eye_array(500, k=-1))
    assert not undetermined(chain).any()
    assert undetermined(sparse.csr_array(chain[1:])).all()


@given(
    st.integers(1, 6).flatmap(
        lambda columns: st.lists(
            st.lists(
                st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0]), min_size=columns, max_size=columns
            ),
            min_size=1,
            max_size=7,
        )
    )
)
def test_as_the_null_space_says(rows: list[list[float]]) -> None:
    matrix = np.array(rows)
    _, sizes, right = np.linalg.svd(matrix)
    rank = int((sizes > 1e-9).sum())
    moves = np.abs(right[rank:]).max(axis=0, initial=0.0) > 1e-9
    assert undetermined(sparse.csr_array(matrix)).tolist() == moves.tolist()
