"""Numbers as people say them."""

from __future__ import annotations

import pytest

from entrepot.telling.figures import amount, money


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (9_452_132.0, "t", "9,452 thousand t"),
        (15_623_594_422.0, "USD", "15,624 million USD"),
        (24_234_986.0, "1000m3", "24,235 million m3"),
        (-2_500.0, "1000 m3", "-2,500 thousand m3"),
        (434.986, "1000m3", "435.0 1000m3"),
    ],
)
def test_an_amount_needs_no_more_than_six_digits(value: float, unit: str, told: str) -> None:
    assert amount(value, unit) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (15_623_594_422.0, "+15,624 million USD"),
        (12_143_000.0, "+12.1 million USD"),
        (-136_901_000.0, "-136.9 million USD"),
        (-802_616.0, "-802,616 USD"),
        (-0.0, "0.00 USD"),
    ],
)
def test_a_sum_is_told_in_millions(value: float, told: str) -> None:
    assert money(value, "USD", signed=True) == told
