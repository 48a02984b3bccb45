"""Published estimates of gravity, from the data they were computed from.

Yotov, Y., Piermartini, R., Monteiro, J. and Larch, M. (2016), "An advanced guide to trade policy
analysis: the structural gravity model", chapter 1, tables 1 to 3, errors clustered by pair.
Santos Silva, J. and Tenreyro, S. (2006), "The log of gravity", tables 3 and 5, robust errors.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from entrepot.statistics.gravity import Estimate, ols, ppml
from tests.unit.trade_statistics.gravity.data import given, panel

LINKS = ("log(dist)", "cntg", "lang", "clny")
SIZES = ("log(output)", "log(expenditure)")
OVER_TIME = ("exporter^year", "importer^year")
YEARS = range(1986, 2007, 4)


@pytest.fixture(scope="module")
def world() -> pl.DataFrame:
    return panel()


@pytest.fixture(scope="module")
def abroad(world: pl.DataFrame) -> pl.DataFrame:
    return world.filter(pl.col("border") == 1)


def says(
    found: Estimate, slopes: Sequence[float], errors: Sequence[float] = (), rows: int | None = None
) -> None:
    """The first estimates, and their errors, are those that are printed with three digits."""
    half = 0.00051
    assert found.residual < 1e-8
    assert found.table["estimate"].head(len(slopes)).to_list() == pytest.approx(slopes, abs=half)
    told = found.table["standard_error"].head(len(errors)).to_list()
    assert told == pytest.approx(errors, abs=half)
    assert rows is None or found.rows == rows


def test_traditional_gravity(abroad: pl.DataFrame) -> None:
    found = ols(abroad, (*LINKS, *SIZES), cluster="pair_id")
    errors = (0.027, 0.185, 0.082, 0.144, 0.009, 0.010)
    says(found, (-1.002, 0.574, 0.802, 0.735, 1.190, 0.908), errors, 25_689)
    assert found.dropped.row(0) == ("no trade, so no logarithm", None, 2_463)


def test_traditional_gravity_with_remoteness(abroad: pl.DataFrame) -> None:
    remote = ("log(remote_exporter)", "log(remote_importer)")
    says(
        ols(abroad, (*LINKS, *SIZES, *remote), cluster="pair_id"),
        (-1.185, 0.247, 0.739, 0.842, 1.164, 0.903, 0.972, 0.274),
    )


def test_gravity_with_fixed_effects(abroad: pl.DataFrame) -> None:
    by_squares = ols(abroad, LINKS, OVER_TIME, cluster="pair_id")
    says(by_squares, (-1.216, 0.223, 0.661, 0.670), (0.038,), 25_689)
    found = ppml(abroad, LINKS, OVER_TIME, cluster="pair_id")
    says(found, (-0.841, 0.437, 0.247, -0.222), (0.032, 0.083, 0.077, 0.116), 28_152)


def by_year(world: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    distance = pl.col("ldist") * pl.col("border")
    names = [f"distance_{year}" for year in YEARS]
    frame = world.with_columns(
        *(((pl.col("year") == year) * distance).alias(f"distance_{year}") for year in YEARS),
        ((1 - pl.col("border")) * pl.col("ldist")).alias("distance_home"),
        (1 - pl.col("border")).alias("same"),
    )
    return frame, names


def test_distance_matters_less_once_trade_at_home_is_counted(world: pl.DataFrame) -> None:
    frame, names = by_year(world)
    rest = ["cntg", "lang", "clny", "distance_home", "same"]
    found = ppml(frame, [*names, *rest], OVER_TIME, cluster="pair_id")
    first, last = found.slope(names[0]), found.slope(names[-1])
    assert (first, last) == pytest.approx((-0.857, -0.754), abs=5.1e-4)
    assert 100 * (last / first - 1) == pytest.approx(-11.97, abs=5.1e-3)
    own = ppml(frame, [*names, *rest[:3]], (*OVER_TIME, "home"), cluster="pair_id")
    ends = (own.slope(names[0]), own.slope(names[-1]))
    assert ends == pytest.approx((-0.910, -0.811), abs=5.1e-4)


def test_agreements(world: pl.DataFrame, abroad: pl.DataFrame) -> None:
    links = ("rta", *LINKS)
    says(ols(abroad, links, OVER_TIME, cluster="pair_id"), (-0.004,))
    says(ppml(abroad, links, OVER_TIME, cluster="pair_id"), (0.191,), (0.066,))
    says(ppml(world, links, (*OVER_TIME, "home"), cluster="pair_id"), (0.409, -0.800), (0.069,))


@pytest.mark.parametrize("pair", ["pair", "pair_id"])
def test_agreements_within_pairs(world: pl.DataFrame, pair: str) -> None:
    # One effect of all trade at home, or one of each country: the same model, told twice.
    found = ppml(world, ["rta"], (*OVER_TIME, pair), cluster="pair_id")
    says(found, (0.557,), (0.102,), 28_482)
    assert found.dropped.rows() == [("no trade at this level", pair, 84)]


def test_agreements_before_and_after(world: pl.DataFrame) -> None:
    effects = (*OVER_TIME, "pair_id")
    lead = ppml(world, ["rta", "rta_lead4"], effects, cluster="pair_id")
    says(lead, (0.520, 0.077))
    names = ["rta", "rta_lag4", "rta_lag8", "rta_lag12"]
    lags = ppml(world, names, effects, cluster="pair_id")
    says(lags, (0.291, 0.414, 0.169, 0.119))
    # Printed as 0.992, which is not the sum of what is printed, 0.993.
    assert float(lags.table["estimate"].to_numpy().sum()) == pytest.approx(0.992, abs=1e-3)
    assert float(lags.covariance.sum()) ** 0.5 == pytest.approx(0.094, abs=5.1e-4)
    borders = [f"border_{year}" for year in YEARS[:-1]]
    frame = world.with_columns(
        ((pl.col("year") == year) * pl.col("border")).alias(name)
        for year, name in zip(YEARS, borders, strict=False)
    )
    open_world = ppml(frame, [*names, *borders], effects, cluster="pair_id")
    says(open_world, (0.116, 0.288, 0.069, 0.002, -0.706, -0.480, -0.367, -0.158, -0.141))


WHOLE = ("lypex", "lypim", "lyex", "lyim", "ldist", "border", "comlang", "colony", "landl_ex",
         "landl_im", "lremot_ex", "lremot_im", "comfrt_wto", "open_wto")  # fmt: skip
BARE = ("ldist", "border", "comlang", "colony", "comfrt_wto")


def test_the_log_of_gravity() -> None:
    frame = given("log_of_gravity_1990.parquet")
    slopes = (0.732, 0.741, 0.157, 0.135, -0.784, 0.193, 0.746, 0.025, -0.863, -0.696, 0.660,
              0.562, 0.181, -0.107)  # fmt: skip
    errors = (0.027, 0.027, 0.053, 0.045, 0.055, 0.104, 0.135, 0.150)
    says(ppml(frame, WHOLE), slopes, errors, 18_360)
    says(ols(frame, WHOLE), (0.938, 0.798, 0.207, 0.106, -1.166, 0.314, 0.678, 0.397), rows=9_613)


def test_the_log_of_gravity_with_fixed_effects() -> None:
    frame = given("log_of_gravity_1990.parquet")
    effects = ("s1_im", "s2_ex")
    errors = (0.041, 0.091, 0.093, 0.134, 0.077)
    says(ppml(frame, BARE, effects), (-0.750, 0.370, 0.383, 0.079, 0.376), errors)
    says(ols(frame, BARE, effects), (-1.347, 0.174, 0.406, 0.666, 0.310))
