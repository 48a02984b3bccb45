"""Export potential: its identity, the definition cell by cell, corrections, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.one_trade import drawn, rows_of, unrealised_of
from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics import potential
from entrepot.statistics.potential.corrections import Corrections, preferences, projected
from entrepot.statistics.potential.export import By, assess, table_of
from entrepot.statistics.potential.study_duties import duties_as_tariffs
from entrepot.statistics.potential.tariffs import tariffs_on
from entrepot.statistics.potential.thresholds import Thresholds, above
from entrepot.statistics.potential.world import Floats, World, world_of
from entrepot.study import study_from_tables
from tests.unit.trade_statistics.trades import COUNTRIES, GOODS, rows, trades

FEW = settings(max_examples=25, deadline=None)
INCOME = 0.8
ALL = Thresholds(0.0, 0.0)
OUTLOOK = pl.DataFrame(
    {
        "country": COUNTRIES,
        "gdp": [1.2, 1.1, 1.3, 1.05],
        "population": [1.02, 0.99, 1.05, 1.01],
    }
)
TARIFFS = pl.DataFrame(
    [("AZ", "*", "*", 0.15), ("AZ", "BY", "*", 0.0), ("TR", "*", "04", 0.3), ("TR", "*", "*", 0.1)],
    schema=["importer", "exporter", "hs", "tariff"],
    orient="row",
)
CORRECTED = Corrections(
    outlook=OUTLOOK, income=INCOME, reexports=True, tariffs=TARIFFS, substitution=4.0
)
EVERY = replace(CORRECTED, global_advantage=True)


def dense(world: World, amount: Floats) -> Floats:
    """Amounts of flows as an array of all cells."""
    n, k = len(world.countries), len(world.goods)
    cells = np.zeros((n, n, k))
    cells[world.exporter, world.importer, world.good] = amount
    return cells


def by_definition(world: World, given: Corrections) -> Floats:
    """Potential of all cells from the formulas, one by one."""
    v = dense(world, world.value)
    n, k = v.shape[1:]
    x, m = v.sum(axis=1), v.sum(axis=0)
    plain = np.einsum("ik,jk->ij", x / x.sum(axis=0), m)
    ease = np.divide(v.sum(axis=2), plain, out=np.zeros((n, n)), where=plain > 0)
    gdp, head = np.ones(n), np.ones(n)
    if given.outlook is not None:
        by = {c: (g, p) for c, g, p in given.outlook.iter_rows()}
        gdp = np.array([by[c][0] for c in world.countries])
        head = np.array([by[c][1] for c in world.countries])
    supply = x * gdp[:, None]
    if given.reexports:
        supply = supply * np.where(m > 0, np.minimum(1.0, x / np.where(m > 0, m, 1.0)), 1.0)
    supply = supply / np.where(supply.sum(axis=0) > 0, supply.sum(axis=0), 1.0)
    demand = m * (head * (gdp / head) ** INCOME)[:, None]
    cells = supply[:, None, :] * ease[:, :, None] * demand[None, :, :]
    if given.tariffs is not None:
        t = np.zeros((n, n, k))
        for i, one in enumerate(world.countries):
            for j, other in enumerate(world.countries):
                for at, good in enumerate(world.goods):
                    t[i, j, at] = 0.15 if other == "AZ" and one != "BY" else 0.0
                    if other == "TR":
                        t[i, j, at] = 0.3 if good.startswith("04") else 0.1
        general = np.array([[0.15 if c == "AZ" else 0.0 for _ in world.goods] for c in
                            world.countries])  # fmt: skip
        turkey = world.countries.index("TR") if "TR" in world.countries else None
        if turkey is not None:
            general[turkey] = [0.3 if g.startswith("04") else 0.1 for g in world.goods]
        mean = np.where(m > 0, (v * t).sum(axis=0) / np.where(m > 0, m, 1.0), general)
        favour = ((1.0 + mean[None]) / (1.0 + t)) ** 4.0
        cells = cells * favour
        if given.global_advantage:
            abroad = 1.0 - np.eye(n)[:, :, None]
            weight = (abroad * m[None]).sum(axis=1)
            weighed = (abroad * favour * m[None]).sum(axis=1)
            cells = (
                cells
                / np.where(weight > 0, weighed / np.where(weight > 0, weight, 1.0), 1.0)[:, None, :]
            )
    found: Floats = cells
    return found


@FEW
@given(trades())
def test_without_projections_potentials_are_trade(trade: pl.DataFrame) -> None:
    table = potential(trade, by="markets", thresholds=ALL).table
    actual = trade.group_by("reporter", "partner").agg(pl.col("value").sum())
    told = table.join(
        actual, left_on=["exporter", "importer"], right_on=["reporter", "partner"], how="full"
    )
    assert told.height == actual.height
    assert told["potential"].to_list() == pytest.approx(told["value"].to_list(), rel=1e-9)


@FEW
@given(trades(), st.sampled_from([Corrections(), CORRECTED, EVERY]))
def test_every_cell_is_as_defined(trade: pl.DataFrame, corrections: Corrections) -> None:
    world = world_of(trade)
    expected = by_definition(world, corrections)
    found = assess(world, corrections, ALL)
    everyone = list(range(len(world.countries)))
    p, v = found.cells_of(everyone, everyone)
    assert p == pytest.approx(expected, rel=1e-9)
    assert v == pytest.approx(dense(world, world.value))
    realised = np.minimum(expected, dense(world, world.value))
    by: Literal["products", "markets"]
    for by, axis in (("products", 1), ("markets", 2)):
        total, actual, of_it = found.sums(by)
        assert total == pytest.approx(expected.sum(axis=axis), rel=1e-9)
        assert actual == pytest.approx(dense(world, world.value).sum(axis=axis))
        assert of_it == pytest.approx(realised.sum(axis=axis), rel=1e-9)


@FEW
@given(trades())
def test_tables_of_a_country_are_parts_of_the_worlds(trade: pl.DataFrame) -> None:
    by: By
    for by in ("products", "markets"):
        world = potential(trade, by=by, thresholds=ALL).table.filter(exporter="BY")
        mine = potential(trade, "BY", by=by, thresholds=ALL).table
        keys = [name for name in ("importer", "hs") if name in mine.columns]
        expected = world.sort(keys)["unrealised"].to_list()
        assert mine.sort(keys)["unrealised"].to_list() == pytest.approx(expected, abs=1e-6)
    both = potential(trade, "BY", "AZ", thresholds=ALL).table
    assert set(both.select("exporter", "importer").unique().rows()) <= {("BY", "AZ"), ("AZ", "BY")}
    bought = potential(trade, partner="AZ", by="products", thresholds=ALL).table
    assert bought.columns[:2] == ["importer", "hs"]


def test_the_benchmarks_peer_finds_the_same() -> None:
    world = drawn(seed=3, n=12, k=40, flows=2_000)
    found = table_of(assess(world), "products", None, None).table
    assert found["unrealised"].sum() == pytest.approx(unrealised_of(world), rel=1e-9)
    assert world_of(rows_of(world)).value == pytest.approx(world.value)


def test_the_mean_of_periods_and_of_both_reports() -> None:
    trade = rows(
        ("2022", "BY", "AZ", "export", "3104", 100.0),
        ("2022", "AZ", "BY", "import", "3104", 120.0),
        ("2023", "BY", "AZ", "export", "3104", 300.0), ("2023", "TR", "AZ", "export", "3104", 50.0),
    )  # fmt: skip
    assert world_of(trade, ["2022", "2023"]).value.tolist() == [200.0, 25.0]
    assert world_of(trade, ["2022"], mirror=True).value.tolist() == [110.0]
    with pytest.raises(StatisticsError, match="say which period"):
        world_of(trade)
    with pytest.raises(StatisticsError, match="no trade in period '2020'"):
        world_of(trade, ["2020"])


def test_what_is_small_or_inland_is_left_out_and_said() -> None:
    trade = rows(
        ("2022", "BY", "AZ", "export", "3104", 300_000.0),
        ("2022", "BY", "AZ", "export", "0402", 5.0),
        ("2022", "BY", "BY", "export", "3104", 9.0), ("2022", "BY", "TR", "export", "3104", 9.0),
    )  # fmt: skip
    found = potential(trade, "BY")
    assert found.table.select("importer", "hs").rows() == [("AZ", "3104")]
    assert any("below the thresholds" in note for note in found.notes)
    assert any("of a country with itself" in note for note in found.notes)
    with pytest.raises(StatisticsError, match="no export potential of AZ above"):
        potential(trade, "AZ")
    with pytest.raises(StatisticsError, match="lower the thresholds"):
        potential(trade, "BY", thresholds=Thresholds(1e9, 0.0))


def test_the_largest_that_make_up_a_share_are_kept() -> None:
    trade = rows(
        ("2022", "BY", "AZ", "export", "3104", 60.0), ("2022", "BY", "TR", "export", "3104", 30.0),
        ("2022", "BY", "KZ", "export", "3104", 10.0), ("2022", "KZ", "AZ", "export", "2709", 60.0),
        ("2022", "KZ", "TR", "export", "0402", 40.0),
    )  # fmt: skip

    def kept(share: float) -> list[tuple[str, str]]:
        world = above(world_of(trade), Thresholds(0.0, 0.0, share))
        return [
            (world.goods[k], world.countries[j])
            for k, j in zip(world.good, world.importer, strict=True)
        ]

    # Of 200 in all potash is 100, oil 60, milk 40; of potash Azerbaijan buys 60 and Türkiye 30.
    assert kept(0.5) == [("3104", "AZ")]
    assert kept(0.8) == [("2709", "AZ"), ("3104", "AZ"), ("3104", "TR")]
    assert kept(0.81) == [("0402", "TR"), ("2709", "AZ"), ("3104", "AZ"), ("3104", "TR")]
    assert len(kept(1.0)) == 5


@FEW
@given(trades(), st.floats(0.1, 1.0))
def test_what_is_kept_is_the_share_at_least(trade: pl.DataFrame, share: float) -> None:
    world = world_of(trade)
    found = above(world, Thresholds(0.0, 0.0, share))
    assert found.value.sum() >= share**2 * world.value.sum() * (1 - 1e-9)
    of_markets = above(world, Thresholds(0.0, 0.0, share)).imports()
    told = of_markets.sum(axis=0) > 0
    left = of_markets.sum(axis=0)[told] / world.imports().sum(axis=0)[told]
    assert (left >= share * (1 - 1e-9)).all()


@FEW
@given(trades())
def test_a_global_advantage_takes_away_what_tariffs_add_in_all_markets(trade: pl.DataFrame) -> None:
    world = world_of(trade)
    given = Corrections(tariffs=TARIFFS, substitution=4.0)
    favour, bought = preferences(world, given), world.imports()
    share, _ = projected(world, Corrections())
    n, k = bought.shape
    cells = (np.arange(k)[None, None] * n + np.arange(n)[:, None, None]) * n + np.arange(n)[:, None]
    of_all = favour.general[None] * favour.single.of(cells, np.ones(cells.shape))
    abroad = (1.0 - np.eye(n))[:, :, None] * bought[None]
    corrected = share / favour.everywhere(bought)
    told = (corrected[:, None, :] * of_all * abroad).sum(axis=1)
    assert told == pytest.approx((share[:, None, :] * abroad).sum(axis=1), rel=1e-9)


def test_a_global_advantage_by_hand() -> None:
    # Azerbaijan takes 15 % of all but Belarus; 80 of its 100 pay it: 12 % in the mean. It buys a
    # third of what is bought abroad, Türkiye without any tariff two thirds.
    trade = rows(
        ("2022", "BY", "AZ", "export", "3104", 20.0), ("2022", "KZ", "AZ", "export", "3104", 80.0),
        ("2022", "BY", "TR", "export", "3104", 50.0), ("2022", "KZ", "TR", "export", "3104", 150.0),
    )  # fmt: skip
    tariffs = TARIFFS.filter(pl.col("importer") == "AZ")
    given = Corrections(tariffs=tariffs, substitution=2.0, global_advantage=True)
    found = assess(world_of(trade), given, ALL)
    share = dict(zip(found.world.countries, found.supply[:, 0], strict=True))
    assert share["BY"] == pytest.approx(70 / 300 / (1.12**2 / 3 + 2 / 3))
    assert share["KZ"] == pytest.approx(230 / 300 / ((1.12 / 1.15) ** 2 / 3 + 2 / 3))


def test_the_most_specific_tariff_wins() -> None:
    told = pl.DataFrame(
        [
            ("AZ", "*", "*", 0.15), ("AZ", "BY", "*", 0.0), ("AZ", "*", "3104", 0.05),
            ("AZ", "BY", "31", 0.01), ("AZ", "TR", "0402", 0.2), ("XX", "*", "*", 0.5),
        ],
        schema=["importer", "exporter", "hs", "tariff"], orient="row",
    )  # fmt: skip
    goods = ["0402", "3102", "3104"]
    found = tariffs_on(COUNTRIES, goods, told)
    n = len(COUNTRIES)
    rate = {
        (COUNTRIES[cell // n % n], goods[cell // n**2]): amount
        for cell, amount in zip(found.single.cell, found.single.amount, strict=True)
    }
    assert found.general[0].tolist() == [0.15, 0.15, 0.05]
    assert rate == {("BY", "0402"): 0.0, ("BY", "3102"): 0.01, ("TR", "0402"): 0.2}


def test_duties_of_a_study_become_tariffs() -> None:
    study = study_from_tables(
        "duties",
        {
            "countries": [{"country": each} for each in COUNTRIES],
            "goods": [{"good": "potash", "hs": "310420"}],
            "trade": [
                {
                    "period": "2022",
                    "reporter": "BY",
                    "partner": "AZ",
                    "flow": "export",
                    "hs": "31",
                    "value": 1.0,
                }
            ],
            "blocs": [{"bloc": "cis", "country": "BY"}, {"bloc": "cis", "country": "KZ"}],
            "duties": [
                {"duty": "all", "destination": "AZ", "ad_valorem": 0.15},
                {"duty": "free", "origin": "cis", "destination": "AZ", "ad_valorem": 0.0},
                {"duty": "kz", "origin": "KZ", "destination": "AZ", "ad_valorem": 0.02},
                {"duty": "salt", "good": "potash", "destination": "AZ", "ad_valorem": 0.1},
                {
                    "duty": "gone",
                    "good": "0402",
                    "destination": "AZ",
                    "ad_valorem": 0.9,
                    "until": "2020-12-31",
                },
                {"duty": "weight", "good": "31", "destination": "BY", "specific": 5.0},
            ],
        },
    )
    told, notes = duties_as_tariffs(study, date(2023, 1, 1))
    assert sorted(told.rows()) == [
        ("AZ", "*", "*", 0.15), ("AZ", "*", "310420", 0.1), ("AZ", "BY", "*", 0.0),
        ("AZ", "KZ", "*", 0.02), ("BY", "*", "31", 0.0),
    ]  # fmt: skip
    assert notes == ("1 duties by amount are left out",)


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        ({"by": "cells"}, QuestionError, "too many to tell: name a reporter"),
        ({"reporter": "DE"}, QuestionError, "'DE' trades nothing above the thresholds"),
        ({"corrections": Corrections(global_advantage=True)}, StatisticsError, "needs tariffs"),
        ({"thresholds": Thresholds(cumulative=1.5)}, QuestionError, "share of 1.5 is none"),
        ({"corrections": Corrections(tariffs=TARIFFS)}, StatisticsError, "elasticity of substitut"),
        ({"corrections": Corrections(tariffs=TARIFFS.drop("hs"), substitution=1.0)},
         StatisticsError, "tariffs: there is no column hs"),
        ({"corrections": Corrections(outlook=OUTLOOK.head(2))}, StatisticsError, "no row for KZ"),
        ({"corrections": Corrections(outlook=OUTLOOK.with_columns(gdp=pl.lit("x")))},
         StatisticsError, "outlook: 4 rows have no gdp"),
        ({"corrections": Corrections(outlook=OUTLOOK.with_columns(gdp=-1.0))},
         StatisticsError, "every gdp must be above 0"),
        ({"corrections": Corrections(outlook=OUTLOOK, income={})},
         StatisticsError, "no elasticity"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused(
    words: dict[str, object], error: type[Exception], told: str
) -> None:
    cells = [
        ("2022", a, b, "export", good, 10.0)
        for a in COUNTRIES for b in COUNTRIES if a != b for good in GOODS
    ]  # fmt: skip
    with pytest.raises(error, match=told):
        potential(rows(*cells), **{"thresholds": ALL, **words})  # type: ignore[arg-type]


def test_potential_needs_more_than_one_market() -> None:
    trade = rows(
        ("2022", "BY", "world", "export", "3104", 9.0), ("2022", "AZ", "world", "export", "0402", 9)
    )  # fmt: skip
    with pytest.raises(StatisticsError, match="goes to the world: potential needs rows by partner"):
        potential(trade, "BY", thresholds=ALL)
