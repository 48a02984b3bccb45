"""Linear programs: limits of what cannot be used, and limits that cannot bind."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.statistics.linear import least


def test_a_limit_on_nothing_is_no_limit() -> None:
    rows = [(np.array([0]), np.ones(1)), (np.array([1, 2]), np.ones(2))]
    found = least(np.full(3, -1.0), rows, np.array([5e9, 3.0]), np.array([0.0, 2.0, 2.0]))

    assert found.level[0] == 0.0
    assert found.level[1:].sum() == pytest.approx(3.0)
    assert found.price[0] == 0.0
    assert found.cost == pytest.approx(-3.0)


def test_a_limit_far_beyond_its_bounds_does_not_bind() -> None:
    rows = [(np.array([0, 1]), np.ones(2))]
    found = least(np.full(2, -1.0), rows, np.array([1e12]), np.array([1e-300, 2.0]))

    assert found.level[1] == pytest.approx(2.0)
    assert found.price.tolist() == [0.0]
