"""Welfare of several sectors: published formulas, its parts, worlds without deficits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.statistics.equilibrium.caliendo_parro import caliendo_parro, without_deficits
from entrepot.statistics.equilibrium.gains import gains, gains_of_sectors
from entrepot.statistics.equilibrium.sectors import Sectors, accounts
from tests.unit.trade_statistics.equilibrium.test_sectors import economy
from tests.unit.trade_statistics.equilibrium.worlds import small

seeds = st.integers(0, 10_000)
PARTS = ("terms_of_trade_full", "volume_of_trade_full", "trade_costs_full", "rest_full")


def cheaper(world: Sectors, seed: int, size: float) -> tuple[np.ndarray, np.ndarray]:
    """Tariffs and factors after a change of some size."""
    draw = np.random.default_rng(seed)
    tariffs = world.tariffs * (1.0 - size * draw.uniform(0, 1, world.tariffs.shape))
    factors = np.exp(size * draw.normal(0, 0.3, world.trade.shape))
    home = np.arange(len(world.countries))
    factors[:, home, home] = 1.0
    return tariffs, factors


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_real_wages_follow_from_shares_at_home(seed: int) -> None:
    """Caliendo and Parro (2015), equation 15.

    ln w/P = - sum_j a_j/theta_j ln home_j - sum_j a_j (1 - v_j) / (v_j theta_j) ln home_j
             - sum_j a_j / v_j sum_k g_kj ln (P_k / P_j)
    """
    world = economy(seed)
    tariffs, factors = cheaper(world, seed + 1, 1.0)
    found = caliendo_parro(world, tariffs=tariffs, factors=factors)
    base = accounts(world)
    n, s = base.final.shape
    shares = base.final / base.income[:, None]
    columns = ("home_share_full", "price_full")
    home, price = (
        np.log1p(found.by_sector[name].to_numpy().reshape(n, s) / 100.0) for name in columns
    )
    added = world.value_added
    relative = price[:, :, None] - price[:, None, :]
    inputs = (world.inputs * relative).sum(axis=1)
    expected = -(shares * (home / world.theta / added + inputs / added)).sum(axis=1)
    wages = np.log1p(found.table["real_wage_full"].to_numpy() / 100.0)
    assert wages == pytest.approx(expected, abs=1e-8)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_parts_of_welfare_add_up_and_leave_a_rest_of_third_order(seed: int) -> None:
    world = economy(seed)
    rests = []
    for size in (0.2, 0.1):
        tariffs, factors = cheaper(world, seed + 1, size)
        table = caliendo_parro(world, tariffs=tariffs, factors=factors).table
        parts = table.select(PARTS).to_numpy()
        welfare = table["real_income_full"].to_numpy()
        assert parts.sum(axis=1) == pytest.approx(welfare, abs=1e-9)
        rests.append(float(np.abs(parts[:, 3]).max()))
        assert rests[-1] < 0.02 * float(np.abs(parts).max())
    # Halving the change leaves an eighth.
    assert rests[1] < rests[0] / 5.0 + 1e-7


def test_parts_of_sectors_are_those_of_the_country() -> None:
    world = economy(7)
    tariffs, factors = cheaper(world, 8, 0.5)
    found = caliendo_parro(world, tariffs=tariffs, factors=factors)
    of_sectors = found.by_sector.drop("sector").group_by("country", maintain_order=True).sum()
    for name in PARTS[:2]:
        whole = found.table[name].to_numpy()
        assert of_sectors[name].to_numpy() == pytest.approx(whole, abs=1e-12)


def test_costs_alone_have_no_part_in_the_volume_of_trade_without_tariffs() -> None:
    world = replace(economy(9), tariffs=np.zeros((3, 4, 4)))
    _, factors = cheaper(world, 1, 0.5)
    table = caliendo_parro(world, factors=factors).table
    assert table["volume_of_trade_full"].abs().to_numpy().max() == 0
    assert table["trade_costs_full"].abs().to_numpy().min() > 0


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_a_world_without_deficits(seed: int) -> None:
    world = economy(seed)
    level = without_deficits(world)
    base = accounts(level)
    assert base.deficit == pytest.approx(0.0 * base.income, abs=1e-7 * float(base.income.max()))
    again = caliendo_parro(level)
    assert again.table["real_income_full"].abs().to_numpy().max() < 1e-6


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_autarky_costs_what_the_formula_says(seed: int) -> None:
    """Costinot and Rodriguez-Clare (2014), section 3.3, perfect competition.

    Real income left = product over sectors s and k of home_k^(b_s A_sk / theta_k), with b shares of
    final demand and A the inverse of one less input shares.
    """
    world = replace(economy(seed), tariffs=np.zeros((3, 4, 4)))
    level = without_deficits(world)
    expected = gains_of_sectors(level)
    assert not expected.notes
    at = np.arange(4)
    closed = np.full_like(level.trade, 1e-14)
    closed[:, at, at] = 1.0
    found = caliendo_parro(level, factors=closed)
    lost = -found.table["real_income_full"].to_numpy()
    assert lost == pytest.approx(expected.table["gains"].to_numpy(), rel=1e-4)


def test_autarky_of_one_sector_without_inputs_is_the_plain_formula() -> None:
    plain = small(3)
    one = Sectors(
        plain.countries, ("all",), plain.flows[None], np.zeros((5, 1, 1)), np.zeros((1, 5, 5)),
        np.array([4.0]),
    )  # fmt: skip
    ours, theirs = gains_of_sectors(one), gains(plain, 4.0)
    assert ours.table["gains"].to_numpy() == pytest.approx(theirs.table["gains"].to_numpy())
    assert "without deficits" in ours.notes[0]


def test_a_good_that_nobody_makes_at_home() -> None:
    world = economy(4)
    trade = world.trade.copy()
    trade[0, 1, 1] = 0.0
    told = gains_of_sectors(replace(world, trade=trade)).table["gains"]
    assert told[1] == 100.0
    assert told[0] < 100.0
