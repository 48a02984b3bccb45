"""The exponential of many numbers against the library's."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.statistics.gravity.exponential import LEAST, exponentials


@pytest.mark.parametrize("size", [1, 3, 100, 10_001])
def test_the_same_as_one_by_one(size: int) -> None:
    given = -np.abs(np.random.default_rng(size).normal(0.0, 80.0, size))
    given[0] = 0.0
    found = given.copy()
    exponentials(found, np.empty(size))
    assert found == pytest.approx(np.exp(np.maximum(given, LEAST)), rel=5e-16, abs=0.0)
    assert found[0] == 1.0


def test_what_is_too_small_stays_above_nothing() -> None:
    values = np.array([-1e6, -745.0, -np.inf, LEAST])
    exponentials(values, np.empty(4))
    assert values == pytest.approx(np.exp(LEAST), rel=1e-15)
