"""What of two answers is worth telling."""

from __future__ import annotations

import polars as pl
import pytest

from entrepot.telling.changes import largest_changes, modal_split

FRAME = pl.DataFrame(
    {
        "what": ["large", "small", "new", "rounding", "same"],
        "base": [1000.0, 1.0, None, 5000.0, 7.0],
        "other": [1100.0, 1.5, 20.0, 5000.1, 7.0],
        "change": [100.0, 0.5, None, 0.1, 0.0],
    }
)


@pytest.mark.parametrize(
    ("digits", "mixed", "told"),
    [
        (None, False, ["large", "new", "small"]),
        (0, False, ["large", "new", "small"]),
        (None, True, ["new", "small", "large"]),
    ],
)
def test_rounding_is_no_change_and_the_largest_lead(
    digits: int | None, mixed: bool, told: list[str]
) -> None:
    shown, changed = largest_changes(FRAME, 2, digits, mixed)

    assert shown["what"].to_list() == told[:2]
    assert changed == len(told)


def test_a_mode_that_carries_nothing_has_no_share() -> None:
    modes = pl.DataFrame(
        {
            "period": ["a"] * 3,
            "mode": ["rail", "sea", "rail"],
            "measure": ["tonne_km", "tonne_km", "quantity"],
            "unit": ["t km", "t km", "t"],
            "base_share": [1.0, None, 1.0],
            "other_share": [0.75, 0.25, 1.0],
        }
    )

    split = modal_split(modes)

    assert split.select("mode", "change").rows() == [("rail", -25.0), ("sea", 25.0)]
