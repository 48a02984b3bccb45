"""The rows that are shown do not depend on the last digits of a machine."""

from __future__ import annotations

import polars as pl
import pytest

from entrepot.telling.largest import largest


@pytest.mark.parametrize("noise", [0.0, 3e-10, -3e-10])
def test_equal_sizes_stay_in_the_order_of_the_frame(noise: float) -> None:
    frame = pl.DataFrame(
        {"name": ["a", "b", "c", "d"], "size": [1.5, 2e6, 2e6 * (1 + noise), 2e6 * (1 - noise)]}
    )

    assert largest(frame, pl.col("size"), 3)["name"].to_list() == ["b", "c", "d"]


def test_what_is_larger_comes_first() -> None:
    frame = pl.DataFrame({"name": ["a", "b"], "size": [2.0, 2.0001]})

    assert largest(frame, pl.col("size"), 9)["name"].to_list() == ["b", "a"]
