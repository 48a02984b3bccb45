"""Figures that others have published or computed, from data where they lie."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepot.errors import StatisticsError
from entrepot.statistics.advantage import advantage
from entrepot.statistics.complexity import complexity, product_complexity, structure
from entrepot.statistics.measures import MEASURES, Asked, measure
from entrepot.statistics.outlook import outlook, outlook_gain
from entrepot.statistics.proximity import density, proximity
from entrepot.statistics.turnover import turnover
from tests.unit.trade_statistics.trades import rows

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "trade"
BILLION = 1e9


def given(name: str) -> pl.DataFrame:
    file = FOLDER / name
    if not file.exists():
        pytest.skip(f"needs {name}, which is not part of the repository")
    return pl.read_parquet(file)


@pytest.fixture(scope="module")
def world() -> pl.DataFrame:
    """Exports of the world in 2017 by heading of HS 1992 (UN Comtrade)."""
    return given("world_exports_hs4_2017.parquet").select(
        pl.lit("2017").alias("period"),
        pl.col("exporter").alias("reporter"),
        pl.lit("world").alias("partner"),
        pl.lit("export").alias("flow"),
        pl.col("hs4").alias("hs"),
        pl.col("value_usd").alias("value"),
    )


def test_complexity_of_2017(world: pl.DataFrame) -> None:
    # Countries that export a billion dollars or more; computed by ecomplexity too.
    table = complexity(structure(world, least=BILLION)).table
    eci = dict(table.select("country", "eci").iter_rows())
    assert table.height == 153
    assert table["country"].head(5).to_list() == ["JPN", "CHE", "DEU", "KOR", "SGP"]
    said = {"BLR": 0.926, "RUS": 0.475, "TUR": 0.587, "KAZ": -0.256, "AZE": -0.720}
    assert {name: eci[name] for name in said} == pytest.approx(said, abs=6e-4)


@pytest.mark.parametrize(
    ("country", "heading", "said"),
    [("BLR", "3104", 107), ("BLR", "0405", 27), ("AZE", "2709", 18), ("AZE", "0702", 18)],
)
def test_advantages_of_2017(world: pl.DataFrame, country: str, heading: str, said: int) -> None:
    table = advantage(world).table
    assert round(table.filter(country=country, hs=heading)["rca"].item()) == said


def test_turnover_of_belarus_and_azerbaijan_both_ways() -> None:
    # 2009: Belarus reports exports of 69.5 million dollars, Azerbaijan imports of 79.3 million.
    found = given("wits_2009_reporter_partner_mirror.parquet").select(
        pl.lit("2009").alias("period"), "reporter", "partner",
        pl.col("flow").str.to_lowercase(), pl.lit("total").alias("hs"),
        (pl.col("value_kusd") * 1000).alias("value"),
    )  # fmt: skip
    ours = turnover(found, "BLR", "AZE").table.row(0, named=True)
    theirs = turnover(found, "AZE", "BLR").table.row(0, named=True)
    assert ours["exports"] == pytest.approx(69.5e6, abs=5e4)
    assert theirs["imports"] == pytest.approx(79.3e6, abs=5e4)
    assert (ours["basis_exports"], theirs["basis_imports"]) == ("reported", "reported")


BLOCKS = rows(
    *(("2022", a, "ZZ", "export", h, 1.0) for a, h in (("A", "01"), ("B", "02"), ("C", "03")))
)


def test_countries_that_share_nothing_have_no_order() -> None:
    with pytest.raises(StatisticsError, match="fall apart into blocks"):
        complexity(structure(BLOCKS))


def test_two_countries_have_no_complexity() -> None:
    with pytest.raises(StatisticsError, match="needs three countries"):
        complexity(structure(BLOCKS.head(2)))


CHAIN = rows(
    *(
        ("2022", country, "ZZ", "export", good, 1.0)
        for country, goods in {
            "A": "01 02 03 04 05", "B": "01 02 03", "C": "01 02", "D": "02 05", "E": "01",
        }.items()
        for good in goods.split()
    )
)  # fmt: skip


def test_gain_is_the_change_of_outlook() -> None:
    gains = outlook_gain(structure(CHAIN), "C")
    near = density(structure(CHAIN), "C").table
    assert gains.table.height == near.filter(~pl.col("has")).height
    assert gains.residual < 1e-12
    assert proximity(structure(CHAIN)).table["proximity"].is_between(0, 1).all()
    assert outlook(structure(CHAIN)).table.height == complexity(structure(CHAIN)).table.height
    assert product_complexity(structure(CHAIN)).table["pci"].mean() == pytest.approx(0, abs=1e-9)


@pytest.fixture(scope="module")
def bilateral() -> pl.DataFrame:
    """Exports between 23 countries in 1989 and 1990 by heading (UN Comtrade)."""
    return given("bilateral_hs4_23countries_1989_1990.parquet").select(
        pl.col("year").cast(pl.String).alias("period"),
        pl.col("exporter").alias("reporter"),
        pl.col("importer").alias("partner"),
        pl.lit("export").alias("flow"),
        pl.col("hs4").alias("hs"),
        (pl.col("value_kusd").cast(pl.Float64) * 1000).alias("value"),
        pl.col("qty").cast(pl.Float64).alias("quantity"),
        pl.lit("t").alias("unit"),
    )


@pytest.mark.parametrize("asked", MEASURES, ids=[each.name for each in MEASURES])
def test_every_measure_holds_on_real_trade(bilateral: pl.DataFrame, asked: Asked) -> None:
    words = {"reporter": "DEU", "base": "1989", "period": "1990", "least": 1e6}
    told = {word: words[word] for word in (*asked.needs, *asked.takes) if word in words}

    found = measure(asked.name, bilateral, **told)

    assert found.table.height > 0
    assert found.residual < 1e-12
