"""Several sectors: identities, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.errors import StatisticsError
from entrepot.statistics.equilibrium.caliendo_parro import caliendo_parro
from entrepot.statistics.equilibrium.full import full
from entrepot.statistics.equilibrium.sector_tables import sectors_of
from entrepot.statistics.equilibrium.sectors import Sectors, accounts
from tests.unit.trade_statistics.equilibrium.worlds import small, some_factors

seeds = st.integers(0, 10_000)


def economy(seed: int, countries: int = 4, sectors: int = 3) -> Sectors:
    draw = np.random.default_rng(seed)
    trade = draw.lognormal(0, 1, (sectors, countries, countries))
    trade[:, np.arange(countries), np.arange(countries)] *= 5 * countries
    inputs = draw.dirichlet(np.ones(sectors + 4), (countries, sectors))[:, :, :sectors]
    tariffs = draw.uniform(0, 0.3, trade.shape)
    tariffs[:, np.arange(countries), np.arange(countries)] = 0.0
    links = 0.3 * np.swapaxes(inputs, 1, 2)
    # Nowhere is more used up than half of what is bought.
    used = np.einsum("nsu,nu->ns", links, trade.sum(axis=2).T)
    links *= min(1.0, 0.5 * float((trade.sum(axis=1).T / used).min()))
    return Sectors(
        tuple(f"C{n}" for n in range(countries)),
        tuple(f"S{s}" for s in range(sectors)),
        trade,
        links,
        tariffs,
        draw.uniform(3.0, 8.0, sectors),
    )


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_one_sector_without_inputs_is_the_one_sector_model(seed: int) -> None:
    plain = small(seed)
    factors = some_factors(plain, seed + 1) ** 0.3
    one = Sectors(
        plain.countries, ("all",), plain.flows[None], np.zeros((5, 1, 1)),
        np.zeros((1, 5, 5)), np.array([5.0]),
    )  # fmt: skip
    several = caliendo_parro(one, factors=factors[None])
    single = full(plain, factors, 5.0, closure="additive")
    for ours, theirs in (
        ("wage_full", "price_full"),
        ("price_index_full", "price_index_full"),
        ("real_income_full", "real_expenditure_full"),
        ("exports_full", "exports_full"),
    ):
        expected = single.table[theirs].to_numpy()
        assert several.table[ours].to_numpy() == pytest.approx(expected, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_equal_sectors_without_inputs_are_the_one_sector_model(seed: int) -> None:
    plain = small(seed)
    factors = some_factors(plain, seed + 1) ** 0.3
    split = np.stack([plain.flows * share for share in (0.2, 0.3, 0.5)])
    several = Sectors(
        plain.countries, ("a", "b", "c"), split, np.zeros((5, 3, 3)), np.zeros((3, 5, 5)),
        np.full(3, 5.0),
    )  # fmt: skip
    found = caliendo_parro(several, factors=np.stack([factors] * 3))
    single = full(plain, factors, 5.0, closure="additive")
    expected = single.table["real_expenditure_full"].to_numpy()
    assert found.table["real_income_full"].to_numpy() == pytest.approx(expected, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_nothing_changes_where_nothing_is_changed(seed: int) -> None:
    world = economy(seed)
    found = caliendo_parro(world)
    changes = found.table.drop("country", "tariff_revenue_full").to_numpy()
    assert np.abs(changes).max() < 1e-7
    assert found.trade == pytest.approx(world.trade, rel=1e-8)
    revenue = found.table["tariff_revenue_full"].to_numpy()
    assert revenue == pytest.approx(accounts(world).revenue, rel=1e-8)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_what_all_countries_earn_they_spend(seed: int) -> None:
    world = economy(seed)
    found = caliendo_parro(world, tariffs=world.tariffs * 0.0)
    assert found.residual < 1e-8
    assert found.table["tariff_revenue_full"].abs().to_numpy().max() == 0
    # Exports less imports of the world are nothing; deficits keep their amounts.
    base = accounts(world)
    after = found.trade.sum(axis=(0, 1)) - found.trade.sum(axis=(0, 2))
    assert after == pytest.approx(base.deficit, rel=1e-6, abs=1e-6 * base.income.max())


def test_links_between_sectors_make_gains_larger() -> None:
    plain = economy(1)
    bare = replace(plain, inputs=plain.inputs * 0.0, tariffs=plain.tariffs * 0.0)
    linked = replace(bare, inputs=np.full_like(plain.inputs, 0.15))
    cheaper = np.full_like(plain.trade, 1.5)
    cheaper[:, np.arange(4), np.arange(4)] = 1.0
    without, with_links = (
        caliendo_parro(each, factors=cheaper).table["real_income_full"].to_numpy()
        for each in (bare, linked)
    )
    assert (with_links > without).all()


def test_a_small_tariff_can_be_worth_it_to_who_levies_it() -> None:
    world = replace(economy(2), tariffs=np.zeros((3, 4, 4)))
    levied = world.tariffs.copy()
    levied[:, 1:, 0] = 0.02
    found = caliendo_parro(world, tariffs=levied)
    assert found.table["real_income_full"][0] > 0
    assert found.table["tariff_revenue_full"][0] > 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trade": -np.ones((3, 4, 4))}, "trade is negative"),
        ({"theta": np.zeros(3)}, "elasticity is not above 0"),
        ({"inputs": np.full((4, 3, 3), 0.4)}, "value added must be left"),
        ({"inputs": np.zeros((4, 3, 2))}, "inputs has shape"),
        ({"tariffs": np.full((3, 4, 4), -2.0)}, "takes more than the price"),
    ],
)
def test_what_is_refused(changed: dict[str, Any], said: str) -> None:
    world = replace(economy(3), **changed)
    with pytest.raises(StatisticsError, match=said):
        caliendo_parro(world)


def test_more_used_up_than_is_bought() -> None:
    world = economy(3)
    hungry = world.inputs * 0.0
    hungry[:, 0, :] = 0.9
    small_first = world.trade.copy()
    small_first[0] *= 0.01
    with pytest.raises(StatisticsError, match="more is used up than is bought, such as C0's of S0"):
        caliendo_parro(replace(world, inputs=hungry, trade=small_first))


FLOWS = pl.DataFrame(
    [
        (sector, a, b, 10.0 if a == b else 1.0)
        for sector in ("food", "steel")
        for a in ("A", "B")
        for b in ("A", "B")
    ],
    schema=["sector", "exporter", "importer", "trade"],
    orient="row",
)
LINKS = pl.DataFrame(
    {"country": ["A", "B"], "sector": ["food", "food"], "used": ["steel"] * 2, "share": [0.3, 0.2]}
)
TARIFFS = pl.DataFrame({"sector": ["food"], "exporter": ["A"], "importer": ["B"], "tariff": [0.1]})


def test_a_world_from_tables() -> None:
    world = sectors_of(FLOWS, {"food": 4.0, "steel": 6.0}, inputs=LINKS, tariffs=TARIFFS)
    assert world.countries == ("A", "B")
    assert world.inputs[0].tolist() == [[0.0, 0.0], [0.3, 0.0]]
    assert world.value_added[1].tolist() == pytest.approx([0.8, 1.0])
    assert accounts(world).revenue.tolist() == pytest.approx([0.0, 0.1])
    free = caliendo_parro(world, tariffs=world.tariffs * 0.0)
    assert free.table["exports_full"].to_numpy().min() > 0


ADDED = pl.DataFrame(
    [("A", "food", 0.7), ("A", "steel", 1.0), ("B", "food", 0.8), ("B", "steel", 1.0)],
    schema=["country", "sector", "share"],
    orient="row",
)


def test_value_added_beside_shares_of_output_or_of_all_inputs() -> None:
    plain = sectors_of(FLOWS, 5.0, inputs=LINKS)
    beside = sectors_of(FLOWS, 5.0, inputs=LINKS, value_added=ADDED)
    of_inputs = sectors_of(FLOWS, 5.0, inputs=LINKS.with_columns(share=1.0), value_added=ADDED)
    assert beside.inputs.tolist() == plain.inputs.tolist()
    assert of_inputs.inputs == pytest.approx(plain.inputs)
    assert of_inputs.value_added == pytest.approx(plain.value_added)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"value_added": ADDED}, "in food of A, food of B inputs and value added do not add up"),
        ({"inputs": LINKS, "value_added": ADDED.head(3)}, "value added lacks steel of B"),
        (
            {"inputs": LINKS.with_columns(share=0.5), "value_added": ADDED},
            r"in food of A, food of B .* \(in the first, 0.5 and 0.7\), nor do the inputs alone",
        ),
        ({"flows": FLOWS.drop("trade")}, "flows lack the columns trade"),
        ({"flows": pl.concat([FLOWS, FLOWS])}, "food A A more than once"),
        ({"flows": FLOWS.with_columns(trade=pl.lit(float("nan")))}, "blank or no number"),
        ({"theta": {"food": 4.0}}, "no trade elasticity for steel"),
        ({"tariffs": TARIFFS.with_columns(sector=pl.lit("foods"))}, "'foods', which no flow does"),
        (
            {
                "inputs": LINKS.with_columns(share=pl.lit(0.9)),
                "flows": FLOWS.with_columns(
                    pl.when(pl.col("sector") == "food").then(99.0).otherwise("trade").alias("trade")
                ),
            },
            "more is used up than is bought",
        ),
    ],
)
def test_tables_that_make_no_world(words: dict[str, Any], said: str) -> None:
    given_words = {"flows": FLOWS, "theta": 5.0, **words}
    with pytest.raises(StatisticsError, match=said):
        sectors_of(**given_words)
