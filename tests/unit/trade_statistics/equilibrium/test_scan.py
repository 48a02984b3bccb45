"""Every pair in turn, and intervals from draws."""

from __future__ import annotations

import polars as pl
import pytest

from entrepot.errors import StatisticsError
from entrepot.statistics.equilibrium.answer import Counterfactual
from entrepot.statistics.equilibrium.conditional import conditional
from entrepot.statistics.equilibrium.full import full
from entrepot.statistics.equilibrium.scan import every_pair
from entrepot.statistics.equilibrium.shocks import agreement
from entrepot.statistics.equilibrium.uncertainty import with_intervals
from tests.unit.trade_statistics.equilibrium.worlds import guide, small


def test_every_pair_is_the_counterfactual_of_that_pair() -> None:
    world = small(11)
    found = every_pair(world, 0.4, 5.0, had=[frozenset(("C0", "C1"))])
    assert found.table.height == 9
    gains = found.table["real_expenditure_full_a"] + found.table["real_expenditure_full_b"]
    assert gains.is_sorted(descending=True)
    row = found.table.row(0, named=True)
    alone = full(world, agreement(world, [row["a"], row["b"]], 0.4), 5.0).table
    for side in ("a", "b"):
        expected = alone.filter(country=row[side])["real_expenditure_full"].item()
        assert row[f"real_expenditure_full_{side}"] == pytest.approx(expected, abs=1e-9)
    assert found.residual < 1e-8
    assert every_pair(world, 0.4, 5.0, among=["C2"]).table.height == 4


def test_the_pairs_of_the_guide() -> None:
    world, _ = guide()
    told: list[str] = []
    found = every_pair(world, 0.557, 6.0, among=["BGR"], progress=told.append)
    assert found.table.height == 68
    assert told[0] == "0 of 68 pairs"


def test_an_agreement_everyone_has() -> None:
    world = small(11, 2)
    with pytest.raises(StatisticsError, match="every pair has an agreement already"):
        every_pair(world, 0.4, 5.0, had=[frozenset(("C0", "C1"))])


def test_intervals_hold_the_estimate_and_follow_its_error() -> None:
    world = small(12)

    def compute(effect: float) -> Counterfactual:
        return full(world, agreement(world, ["C0", "C1"], effect), 5.0)

    wide, narrow = (
        with_intervals(compute, 0.4, error, draws=200, seed=1).table for error in (0.2, 0.02)
    )
    for table in (wide, narrow):
        within = table.select(
            pl.col("real_output_full").is_between("real_output_full_low", "real_output_full_high")
        )
        assert within.to_series().head(2).all()
    spans = [
        (table["real_output_full_high"] - table["real_output_full_low"])[0]
        for table in (wide, narrow)
    ]
    assert spans[0] == pytest.approx(10 * spans[1], rel=0.2)
    again = with_intervals(compute, 0.4, 0.2, draws=200, seed=1).table
    assert again.equals(wide)


def test_conditional_figures_have_intervals_too() -> None:
    world = small(12)
    found = with_intervals(
        lambda effect: conditional(world, agreement(world, ["C0", "C1"], effect)),
        0.4, 0.1, draws=20, seed=1,
    )  # fmt: skip
    assert "exports_conditional_low" in found.table.columns
    assert not [name for name in found.table.columns if "full" in name]


@pytest.mark.parametrize(
    ("error", "draws", "said"), [(0.0, 100, "error above 0"), (0.1, 5, "tell no interval")]
)
def test_intervals_that_cannot_be(error: float, draws: int, said: str) -> None:
    world = small(12)
    with pytest.raises(StatisticsError, match=said):
        with_intervals(
            lambda effect: conditional(world, agreement(world, ["C0", "C1"], effect)),
            0.4, error, draws=draws, seed=1,
        )  # fmt: skip
