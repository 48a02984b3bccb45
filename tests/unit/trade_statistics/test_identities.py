"""What must hold of every measure, for any trade: each identity computed a second time."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from polars.testing import assert_frame_equal

from entrepot.errors import StatisticsError
from entrepot.statistics.advantage import advantage
from entrepot.statistics.balance import balance
from entrepot.statistics.complementarity import complementarity
from entrepot.statistics.complexity import indices, near
from entrepot.statistics.concentration import concentration, theil
from entrepot.statistics.constant_share import constant_share
from entrepot.statistics.growth import growth
from entrepot.statistics.grubel_lloyd import bruelhart, grubel_lloyd
from entrepot.statistics.intensity import intensity
from entrepot.statistics.lafay import lafay
from entrepot.statistics.margins import margins
from entrepot.statistics.measures import MEASURES, measure, measures
from entrepot.statistics.normalised_advantage import normalised_advantage
from entrepot.statistics.price_quantity import PARTS, price_quantity
from entrepot.statistics.proximity import around
from entrepot.statistics.similarity import similarity
from entrepot.statistics.turnover import turnover
from entrepot.statistics.vollrath import vollrath
from tests.unit.trade_statistics.trades import COUNTRIES, rows, trades

YEARS = ("2022", "2023")
FEW = settings(max_examples=25, deadline=None)


def of(trade: pl.DataFrame, **where: str) -> float:
    return float(trade.filter(**where)["value"].sum())


@FEW
@given(trades(YEARS))
def test_turnover_is_every_row_once(trade: pl.DataFrame) -> None:
    table = turnover(trade, "BY").table
    for row in table.iter_rows(named=True):
        sold = of(trade, reporter="BY", period=row["period"])
        bought = of(trade, partner="BY", period=row["period"])
        assert row["exports"] == pytest.approx(sold)
        assert row["imports"] == pytest.approx(bought)
        assert row["turnover"] == pytest.approx(sold + bought)
        assert row["balance"] == pytest.approx(sold - bought, abs=1e-6)


@FEW
@given(trades())
def test_balances_are_opposite(trade: pl.DataFrame) -> None:
    table = balance(trade).table
    found = {(r["reporter"], r["partner"]): r["balance"] for r in table.to_dicts()}
    assert all(found[b, a] == -value for (a, b), value in found.items())


@FEW
@given(trades(YEARS))
def test_contributions_are_growth(trade: pl.DataFrame) -> None:
    found = growth(trade, "BY", *YEARS, of="exports")
    before, after = (of(trade, reporter="BY", period=year) for year in YEARS)
    assert found.table["contribution"].sum() == pytest.approx(after / before - 1, abs=1e-9)


@FEW
@given(trades(YEARS))
def test_price_and_quantity_are_the_change(trade: pl.DataFrame) -> None:
    table = price_quantity(trade, "BY", *YEARS, of="exports").table
    before, after = (of(trade, reporter="BY", period=year) for year in YEARS)
    parts = sum(float(table[name].sum()) for name in PARTS)
    assert parts == pytest.approx(after - before, abs=1e-6 * (after + before))


@FEW
@given(trades(YEARS))
def test_constant_share_is_the_change(trade: pl.DataFrame) -> None:
    table = constant_share(trade, "BY", *YEARS).table
    before, after = (of(trade, reporter="BY", period=year) for year in YEARS)
    parts = table.select(pl.sum_horizontal("world", "products", "markets", "competitiveness"))
    size = float(
        table.select(pl.col("world", "products", "markets").abs().sum()).sum_horizontal()[0]
    )
    assert parts.to_series().sum() == pytest.approx(after - before, abs=1e-9 * (size + after))


@FEW
@given(trades())
def test_margins_multiply_to_the_share(trade: pl.DataFrame) -> None:
    for row in margins(trade).table.iter_rows(named=True):
        share = of(trade, reporter=row["country"]) / float(trade["value"].sum())
        assert row["extensive"] * row["intensive"] == pytest.approx(share)
        assert 0 < row["extensive"] <= 1 + 1e-12


@FEW
@given(trades())
def test_advantages_balance(trade: pl.DataFrame) -> None:
    rca = advantage(trade).table
    world = trade.group_by("hs").agg(w=pl.col("value").sum() / trade["value"].sum())
    sums = rca.join(world, on="hs").group_by("country").agg((pl.col("rca") * pl.col("w")).sum())
    assert np.allclose(sums["rca"].to_numpy(), 1)
    assert rca["rsca"].is_between(-1, 1).all()
    assert np.allclose(((1 + rca["rsca"]) / (1 - rca["rsca"])).to_numpy(), rca["rca"].to_numpy())


@FEW
@given(trades())
def test_normalised_advantage_has_the_sign_of_rca(trade: pl.DataFrame) -> None:
    both = normalised_advantage(trade).table.join(advantage(trade).table, on=["country", "hs"])
    clear = both.filter((pl.col("rca") - 1).abs() > 1e-9)
    assert ((clear["nrca"] > 0) == (clear["rca"] > 1)).all()


@FEW
@given(trades())
def test_vollrath_is_an_odds_ratio(trade: pl.DataFrame) -> None:
    table = vollrath(trade, "BY").table.filter(pl.col("rxa").is_not_null())
    for row in table.iter_rows(named=True):
        ours, theirs = trade.filter(reporter="BY"), trade.filter(pl.col("reporter") != "BY")
        mine = of(ours, hs=row["hs"]) / (float(ours["value"].sum()) - of(ours, hs=row["hs"]))
        rest = of(theirs, hs=row["hs"]) / (float(theirs["value"].sum()) - of(theirs, hs=row["hs"]))
        assert row["rxa"] == pytest.approx(mine / rest, rel=1e-6)


@FEW
@given(trades())
def test_lafay_adds_up_to_nothing(trade: pl.DataFrame) -> None:
    assert lafay(trade, "BY").table["lafay"].sum() == pytest.approx(0, abs=1e-9)


@FEW
@given(trades())
def test_concentration_is_between_even_and_one(trade: pl.DataFrame) -> None:
    table = concentration(trade).table
    for row in table.iter_rows(named=True):
        shares = trade.filter(reporter=row["country"]).group_by("hs").agg(pl.col("value").sum())
        part = (shares["value"] / shares["value"].sum()).to_numpy()
        assert row["hhi"] == pytest.approx(float((part**2).sum()))
        assert -1e-12 <= row["normalised"] <= 1 + 1e-12


@FEW
@given(trades())
def test_theil_adds_up_and_is_no_more_than_ln_n(trade: pl.DataFrame) -> None:
    table = theil(trade).table
    n = trade["hs"].n_unique()
    assert np.allclose((table["between"] + table["within"]).to_numpy(), table["theil"].to_numpy())
    assert table["theil"].is_between(-1e-12, np.log(n) + 1e-12).all()


@FEW
@given(trades(YEARS))
def test_intra_industry_trade_is_what_overlaps(trade: pl.DataFrame) -> None:
    table = grubel_lloyd(trade, "BY", period="2022").table
    overlap = 2 * table.select(pl.min_horizontal("exports", "imports").sum()).item()
    both = table.select((pl.col("exports") + pl.col("imports")).sum()).item()
    assert (table["grubel_lloyd"] * table["weight"]).sum() == pytest.approx(overlap / both)
    doubled = trade.with_columns(value=pl.col("value") + (pl.col("period") == "2023") * 2e6)
    margin = bruelhart(doubled, "BY", *YEARS).table
    assert margin["bruelhart"].is_between(-1e-12, 1 + 1e-12).all()


@FEW
@given(trades())
def test_complementarity_is_what_shares_have_in_common(trade: pl.DataFrame) -> None:
    table = complementarity(trade, "BY", "AZ").table
    sold = trade.filter(reporter="BY").group_by("hs").agg(x=pl.col("value").sum())
    bought = trade.filter(partner="AZ").group_by("hs").agg(m=pl.col("value").sum())
    both = sold.join(bought, on="hs", how="full", coalesce=True).fill_null(0)
    least = both.select(
        pl.min_horizontal(pl.col("x") / pl.col("x").sum(), pl.col("m") / pl.col("m").sum()).sum()
    )
    assert table["complementarity"].to_list() == pytest.approx([100 * least.item()])


@FEW
@given(trades())
def test_similarity_is_symmetric(trade: pl.DataFrame) -> None:
    pairs = similarity(trade).table
    assert pairs.height == len(COUNTRIES) * (len(COUNTRIES) - 1) // 2
    turned = {
        (row["b"], row["a"]): row["similarity"]
        for name in COUNTRIES
        for row in similarity(trade, name).table.to_dicts()
    }
    assert all(
        turned[row["a"], row["b"]] == pytest.approx(row["similarity"]) for row in pairs.to_dicts()
    )


@FEW
@given(trades())
def test_intensity_is_relative_to_the_market(trade: pl.DataFrame) -> None:
    world = float(trade["value"].sum())
    for row in intensity(trade).table.iter_rows(named=True):
        ours = of(trade, reporter=row["exporter"], partner=row["importer"])
        share = ours / of(trade, reporter=row["exporter"])
        assert row["intensity"] == pytest.approx(
            share / (of(trade, partner=row["importer"]) / world)
        )
        assert row["symmetric"] is None or -1 - 1e-9 <= row["symmetric"] <= 1 + 1e-9


@FEW
@given(trades())
def test_the_order_of_rows_is_nothing(trade: pl.DataFrame) -> None:
    for each in (advantage, margins, concentration):
        one, other = each(trade).table, each(trade.reverse()).table
        keys = one.columns[:2]
        one, other = one.sort(keys), other.sort(keys)
        assert one["country"].equals(other["country"])
        assert np.allclose(one[one.columns[-1]].to_numpy(), other[other.columns[-1]].to_numpy())


@FEW
@given(arrays(np.float64, (6, 8), elements=st.sampled_from([0.0, 1.0])))
def test_complexity_is_the_second_eigenvector(has: npt.NDArray[np.float64]) -> None:
    has = np.maximum(has, np.eye(6, 8))
    has[0] = 1.0
    try:
        eci, pci, _ = indices(has)
    except StatisticsError:
        return
    diversity, ubiquity = has.sum(axis=1), has.sum(axis=0)
    values, vectors = np.linalg.eig((has / diversity[:, None]) @ (has / ubiquity).T)
    second = vectors[:, np.argsort(values.real)[-2]].real
    assert abs(np.corrcoef(second, eci)[0, 1]) == pytest.approx(1, abs=1e-6)
    assert np.corrcoef((has / ubiquity).T @ eci, pci)[0, 1] == pytest.approx(1, abs=1e-6)
    assert (eci - eci.mean()) @ (diversity - diversity.mean()) >= -1e-6


@FEW
@given(arrays(np.float64, (4, 6), elements=st.sampled_from([0.0, 1.0])))
def test_proximity_is_the_smaller_chance(has: npt.NDArray[np.float64]) -> None:
    has = np.maximum(has, np.eye(4, 6))
    has[0] = 1.0
    phi = near(has)
    for k in range(6):
        for other in range(6):
            both = has[:, k] @ has[:, other]
            chance = min(both / has[:, k].sum(), both / has[:, other].sum())
            assert phi[k, other] == pytest.approx(chance)
    assert np.allclose(around(has, phi) + around(1 - has, phi), 1)


@FEW
@given(trades(YEARS))
def test_measures_asked_together_are_those_asked_alone(trade: pl.DataFrame) -> None:
    names = ("advantage", "concentration", "theil", "similarity", "lafay", "margins", "intensity")
    words = {"reporter": "BY", "period": "2023"}
    for name, found in zip(names, measures(names, trade, **words), strict=True):
        takes = next((*each.needs, *each.takes) for each in MEASURES if each.name == name)
        alone = measure(name, trade, **{w: value for w, value in words.items() if w in takes})
        assert_frame_equal(found.table, alone.table)


def test_a_country_that_buys_nothing_is_measured_too() -> None:
    trade = rows(("2022", "BY", "AZ", "export", "3104", 5.0))
    assert lafay(trade, "BY").table.row(0) == ("3104", 5.0, 0.0, 0.0)


def test_measures_load_without_solvers_and_compilers() -> None:
    code = "import sys, entrepot.statistics; print(sorted({'numba', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
