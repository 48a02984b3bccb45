"""Published estimates of gravity, from the data they were computed from.

Yotov, Y., Piermartini, R., Monteiro, J. and Larch, M. (2016), "An advanced guide to trade policy
analysis: the structural gravity model", chapter 1, tables 1 to 3, errors clustered by pair.
More digits of the same estimates, and RESET, are those of the guide's edition in R (Vargas
Sepulveda, M., "tradepolicy"), which computes them from the same data.
Santos Silva, J. and Tenreyro, S. (2006), "The log of gravity", tables 3 and 5, robust errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
import pytest

from entrepot.statistics.gravity import Estimate, ols, ppml
from entrepot.statistics.gravity.reset import reset
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


def chance(
    estimator: Callable[..., Estimate], frame: pl.DataFrame, *words: Sequence[str],
    cluster: str | None = None,
) -> float:  # fmt: skip
    """The p-value of RESET."""
    covariates, *effects = words

    def estimate(rows: pl.DataFrame, names: Sequence[str]) -> Estimate:
        return estimator(rows, names, *effects, cluster=cluster)

    found = reset(estimate(frame, covariates), frame, estimate)
    assert found.residual < 1e-8
    return float(found.table["p"].item())


def test_traditional_gravity(abroad: pl.DataFrame) -> None:
    found = ols(abroad, (*LINKS, *SIZES), cluster="pair_id")
    errors = (0.027, 0.185, 0.082, 0.144, 0.009, 0.010)
    says(found, (-1.002, 0.574, 0.802, 0.735, 1.190, 0.908), errors, 25_689)
    assert found.dropped.row(0) == ("no trade, so no logarithm", None, 2_463)
    assert found.r_squared == pytest.approx(0.7585, abs=5e-5)
    assert chance(ols, abroad, (*LINKS, *SIZES), cluster="pair_id") < 5e-5


def test_traditional_gravity_with_remoteness(abroad: pl.DataFrame) -> None:
    remote = ("log(remote_exporter)", "log(remote_importer)")
    errors = (0.031, 0.177, 0.078, 0.150, 0.009, 0.010, 0.068, 0.060)
    found = ols(abroad, (*LINKS, *SIZES, *remote), cluster="pair_id")
    says(found, (-1.185, 0.247, 0.739, 0.842, 1.164, 0.903, 0.972, 0.274), errors)
    p = chance(ols, abroad, (*LINKS, *SIZES, *remote), cluster="pair_id")
    assert p == pytest.approx(2e-4, abs=5e-5)


def test_gravity_with_fixed_effects(abroad: pl.DataFrame) -> None:
    by_squares = ols(abroad, LINKS, OVER_TIME, cluster="pair_id")
    says(by_squares, (-1.216, 0.223, 0.661, 0.670), (0.038,), 25_689)
    assert by_squares.r_squared == pytest.approx(0.8432, abs=5e-5)
    found = ppml(abroad, LINKS, OVER_TIME, cluster="pair_id")
    says(found, (-0.841, 0.437, 0.247, -0.222), (0.032, 0.083, 0.077, 0.116), 28_152)
    assert chance(ols, abroad, LINKS, OVER_TIME, cluster="pair_id") < 5e-5
    p = chance(ppml, abroad, LINKS, OVER_TIME, cluster="pair_id")
    assert p == pytest.approx(0.6416, abs=5e-5)


def by_year(world: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    distance = pl.col("ldist") * pl.col("border")
    names = [f"distance_{year}" for year in YEARS]
    frame = world.with_columns(
        *(((pl.col("year") == year) * distance).alias(f"distance_{year}") for year in YEARS),
        ((1 - pl.col("border")) * pl.col("ldist")).alias("distance_home"),
        (1 - pl.col("border")).alias("same"),
    )
    return frame, names


def test_distances_of_years_in_words(world: pl.DataFrame) -> None:
    words = [f"log(dist)*border*year={year}" for year in YEARS]
    found = ppml(world, [*words, "cntg", "lang", "clny"], (*OVER_TIME, "home"), cluster="pair_id")
    assert found.table["estimate"].head(6).to_list() == pytest.approx(
        DISTANCES["own"][0], abs=5.1e-5
    )


AS_STATA = (25_688 / (25_689 - (9 + 2 * 414 - 6))) ** 0.5
"""Stata's factor, with the guide's own program: K of distances, links and effects."""

# The five columns of table 2: estimates of 1986 to 2006, their errors, and the change in percent.
DISTANCES = {
    "ols": ((-1.1685, -1.1551, -1.2106, -1.2481, -1.2413, -1.2613),
            (0.0429, 0.0416, 0.0449, 0.0421, 0.0434, 0.0430), 7.9502, 3.6976),
    "ppml": ((-0.8593, -0.8341, -0.8348, -0.8469, -0.8484, -0.8356),
             (0.0370, 0.0377, 0.0351, 0.0354, 0.0316, 0.0312), -2.7503, 3.0038),
    "inner": ((-0.9797, -0.9399, -0.9150, -0.8868, -0.8839, -0.8722),
              (0.0720, 0.0731, 0.0720, 0.0710, 0.0706, 0.0713), -10.9648, 1.0580),
    "home": ((-0.8570, -0.8189, -0.7958, -0.7699, -0.7666, -0.7544),
             (0.0627, 0.0633, 0.0635, 0.0630, 0.0626, 0.0622), -11.9693, 1.1730),
    "own": ((-0.9100, -0.8790, -0.8598, -0.8329, -0.8292, -0.8105),
            (0.0323, 0.0321, 0.0318, 0.0317, 0.0320, 0.0320), -10.9310, 0.7688),
}  # fmt: skip


@pytest.mark.parametrize("column", DISTANCES)
def test_distance_matters_less_once_trade_at_home_is_counted(
    world: pl.DataFrame, column: str
) -> None:
    frame, names = by_year(world)
    links = [*names, "cntg", "lang", "clny"]
    away = frame.filter(pl.col("border") == 1)
    inner, home = [*links, "distance_home"], [*links, "distance_home", "same"]
    found = {
        "ols": lambda: ols(away, links, OVER_TIME, cluster="pair_id"),
        "ppml": lambda: ppml(away, links, OVER_TIME, cluster="pair_id"),
        "inner": lambda: ppml(frame, inner, OVER_TIME, cluster="pair_id"),
        "home": lambda: ppml(frame, home, OVER_TIME, cluster="pair_id"),
        "own": lambda: ppml(frame, links, (*OVER_TIME, "home"), cluster="pair_id"),
    }[column]()
    slopes, errors, change, error = DISTANCES[column]
    table = found.table.head(6)
    # The edition in R does not count the effects in the factor of least squares.
    scale = AS_STATA if column == "ols" else 1.0
    assert table["estimate"].to_list() == pytest.approx(slopes, abs=5.1e-5)
    told = (table["standard_error"] / scale).to_list()
    assert told == pytest.approx(errors, abs=1.1e-4)
    first, last = table["estimate"][0], table["estimate"][5]
    assert 100 * (last / first - 1) == pytest.approx(change, abs=1e-4)
    # By the delta method.
    slope = 100 * np.array([-last / first**2, 1 / first])
    part = found.covariance[np.ix_([0, 5], [0, 5])]
    assert float(slope @ part @ slope) ** 0.5 / scale == pytest.approx(error, rel=2e-3)


def test_agreements(world: pl.DataFrame, abroad: pl.DataFrame) -> None:
    links = ("rta", *LINKS)
    by_squares = (-0.004, -1.216, 0.223, 0.661, 0.670)
    found = ols(abroad, links, OVER_TIME, cluster="pair_id")
    says(found, by_squares, rows=25_689)
    errors = (0.0531, 0.0384, 0.1996, 0.0808, 0.1470)
    told = (found.table["standard_error"] / AS_STATA).to_list()
    assert told == pytest.approx(errors, abs=1.1e-4)
    says(ppml(abroad, links, OVER_TIME, cluster="pair_id"),
         (0.191, -0.822, 0.416, 0.250, -0.205), (0.066, 0.031, 0.083, 0.077, 0.114))  # fmt: skip
    says(ppml(world, links, (*OVER_TIME, "home"), cluster="pair_id"),
         (0.409, -0.800, 0.393, 0.244, -0.182), (0.069, 0.030, 0.079, 0.077, 0.113))  # fmt: skip


@pytest.mark.parametrize("pair", ["pair", "pair_id"])
def test_agreements_within_pairs(world: pl.DataFrame, pair: str) -> None:
    # One effect of all trade at home, or one of each country: the same model, told twice.
    found = ppml(world, ["rta"], (*OVER_TIME, pair), cluster="pair_id")
    says(found, (0.557,), (0.102,), 28_482)
    assert found.dropped.rows() == [("no trade at this level", pair, 84)]


def whole(found: Estimate, first: int) -> tuple[float, float]:
    """The sum of the first slopes, and its error."""
    part = found.covariance[:first, :first]
    return float(found.table["estimate"].head(first).sum()), float(part.sum()) ** 0.5


def test_agreements_before_and_after(world: pl.DataFrame) -> None:
    effects = (*OVER_TIME, "pair_id")
    lead = ppml(world, ["rta", "rta_lead4"], effects, cluster="pair_id")
    says(lead, (0.520, 0.077), (0.086, 0.092))
    names = ["rta", "rta_lag4", "rta_lag8", "rta_lag12"]
    lags = ppml(world, names, effects, cluster="pair_id")
    says(lags, (0.291, 0.414, 0.169, 0.119), (0.089, 0.067, 0.043, 0.030), 28_482)
    # The guide prints 0.992 (0.094): 0.9926 with its end cut off, as the edition in R has it.
    assert whole(lags, 4) == pytest.approx((0.9926, 0.0943), abs=5.1e-5)
    borders = [f"border_{year}" for year in YEARS[:-1]]
    frame = world.with_columns(
        ((pl.col("year") == year) * pl.col("border")).alias(name)
        for year, name in zip(YEARS, borders, strict=False)
    )
    open_world = ppml(frame, [*names, *borders], effects, cluster="pair_id")
    slopes = (0.116, 0.288, 0.069, 0.002, -0.706, -0.480, -0.367, -0.158, -0.141)
    says(open_world, slopes, (0.087, 0.062, 0.048, 0.029, 0.048, 0.043, 0.033, 0.023, 0.017))
    assert whole(open_world, 4) == pytest.approx((0.4750, 0.1095), abs=5.1e-5)


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


@pytest.mark.parametrize(
    ("covariates", "effects", "zeros", "printed"),
    [
        (WHOLE, (), False, 0.941),
        (WHOLE, (), True, 0.331),
        (BARE, ("s1_im", "s2_ex"), False, 0.564),
        (BARE, ("s1_im", "s2_ex"), True, 0.112),
    ],
)
def test_the_form_of_the_log_of_gravity(
    covariates: Sequence[str], effects: Sequence[str], zeros: bool, printed: float
) -> None:
    # Computed then with another program, whose p-values agree to two digits and nearly to three.
    frame = given("log_of_gravity_1990.parquet").filter((pl.col("trade") > 0) | zeros)
    assert chance(ppml, frame, covariates, effects) == pytest.approx(printed, abs=3e-3)
    if not zeros:
        assert chance(ols, frame, covariates, effects) < 5e-4
