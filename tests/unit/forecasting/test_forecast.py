"""Forecasts: what the draws of a small market say."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from entrepot.errors import EntrepotError, InfeasibleError, QuestionError, ScenarioError
from entrepot.forecasting.forecast import Forecast, forecast
from entrepot.study.ranges import within
from tests.unit.forecasting.small_market import BID, LEGS, two_ports


@pytest.fixture(scope="module")
def told() -> Forecast:
    return forecast(two_ports(), ["closed", "cheap"], draws=60, seed=4)


def row(found: Forecast, scenario: str, measure: str, name: str) -> dict[str, float]:
    keys = {"scenario": scenario, "measure": measure, "name": name}
    return found.table.row(
        by_predicate=pl.all_horizontal(pl.col(key) == value for key, value in keys.items()),
        named=True,
    )


def test_a_price_that_one_offer_sets_is_distributed_as_the_offer() -> None:
    plain = [{**leg, "cost": 1.0, "cost_low": None, "cost_high": None} for leg in LEGS]
    offer = {"place": "mine", "good": "salt", "price": 20.0, "price_low": 10.0, "price_high": 80.0}
    bid = {"place": "town", "good": "salt", "price": 500.0, "quantity": 30.0}
    study = two_ports(legs=plain, offers=[offer], bids=[bid])

    found = forecast(study, draws=160)

    price = row(found, "", "price", "mine")
    low, middle, high = (np.full(3, end) for end in (10.0, 20.0, 80.0))
    known = within(middle, low, high, np.array([0.025, 0.5, 0.975]))
    told = [price[key] for key in ("low", "median", "high")]
    assert told == pytest.approx(known.tolist(), rel=0.2)
    at_town = row(found, "", "price", "town")
    assert [at_town[key] - 2 for key in ("low", "median", "high")] == pytest.approx(told, rel=1e-4)


def test_intervals_hold_what_is_stated_and_changes_are_narrower(told: Forecast) -> None:
    for name in ("north", "south"):
        as_it_stands = row(told, "", "corridor", name)
        assert as_it_stands["low"] <= as_it_stands["stated"] <= as_it_stands["high"]
    welfare, before = row(told, "closed", "welfare", ""), row(told, "", "welfare", "")
    change = welfare["change_high"] - welfare["change_low"]
    assert change < 0.5 * (before["high"] - before["low"])
    assert welfare["change_high"] <= 0


def test_a_scenario_is_drawn_with_the_same_chance(told: Forecast) -> None:
    price, before = row(told, "closed", "price", "mine"), row(told, "", "price", "mine")

    assert [price[key] for key in ("low", "high")] == [before[key] for key in ("low", "high")]
    assert price["change_low"] == price["change_high"] == 0


def test_draws_do_not_depend_on_what_else_is_asked(told: Forecast) -> None:
    alone = forecast(two_ports(), ["cheap"], draws=60, seed=4)

    wanted = pl.col("scenario") == "cheap"
    assert alone.table.filter(wanted).equals(told.table.filter(wanted))
    assert alone.matters.filter(wanted).equals(told.matters.filter(wanted))


def test_scenarios_are_joined_with_a_plus() -> None:
    both = forecast(two_ports(), ["closed+cheap"], draws=20)

    assert row(both, "closed+cheap", "corridor", "north")["high"] <= 1


def test_switch_prices_tell_how_often_a_corridor_is_used(told: Forecast) -> None:
    north = told.switch_prices.filter(scenario="cheap", corridor="north").row(0, named=True)

    # rail-south at 7 instead of 14: 10 + 9 against 7 + 9.
    assert north["stated"] == pytest.approx(3, rel=1e-4)
    assert 0 < north["used"] < 0.5
    assert north["low"] == 0 < north["median"] < north["high"]


def test_the_scarcity_under_which_a_corridor_is_used_is_told() -> None:
    # Nothing goes south while the northern berth has room.
    longer = {"cost": 15.0, "cost_low": 10.0, "cost_high": 21.0}
    legs = [{**leg, **longer} if leg["leg"] == "sea-south" else leg for leg in LEGS]
    bid = {**BID, "quantity": 50.0, "quantity_low": 40.0, "quantity_high": 70.0, "price": 50.0}
    study = two_ports(legs=legs, bids=[{**bid, "price_low": None, "price_high": None}])
    south = forecast(study, draws=80).scarcity.filter(corridor="south")

    assert south["leg"].to_list() == ["sea-north"]
    assert south["used_median"][0] > south["unused_median"][0]
    assert 0 < south["used"][0] < 1


def test_what_matters_is_told_with_its_share(told: Forecast) -> None:
    mine = told.matters.filter(scenario="", measure="price", name="mine")

    assert mine.select("table", "column", "row").rows() == [("offers", "price", "mine salt")]
    assert mine["share"][0] == pytest.approx(1)
    assert (told.matters["correlation"] ** 2 > told.matters["floor"]).all()


def test_draws_that_do_not_clear_are_counted() -> None:
    bid = {**BID, "elasticity": None, "quantity": 80.0, "quantity_low": 40.0, "quantity_high": 90.0}
    promise = {
        "commitment": "k", "title": "Ship", "good": "salt", "quantity": 55.0, "destination": "BB",
    }  # fmt: skip
    study = two_ports(bids=[bid], commitments=[promise])

    found = forecast(study, draws=40)

    assert 0 < found.failures["draws"].sum() == 40 - found.cleared
    assert "'k' promises 55" in found.failures["why"][0]
    assert found.table["draws"].max() == found.cleared


def test_too_few_draws_that_clear_are_told() -> None:
    bid = {**BID, "elasticity": None, "quantity": 80.0, "quantity_low": 10.0, "quantity_high": 81.0}
    promise = {
        "commitment": "k", "title": "Ship", "good": "salt", "quantity": 79.0, "destination": "BB",
    }  # fmt: skip
    study = two_ports(bids=[bid], commitments=[promise])

    with pytest.raises(InfeasibleError, match=r"only \d+ of 24 draws clear.*'k' promises 79"):
        forecast(study, draws=24)


BARE = [
    {key: cell for key, cell in leg.items() if not key.endswith(("_low", "_high"))} for leg in LEGS
]


@pytest.mark.parametrize(
    ("asked", "kind", "message"),
    [
        ({"draws": 19}, QuestionError, "19 draws .* ask for 20 or more"),
        ({"scenarios": ["close"]}, ScenarioError, "close.* is not a scenario"),
        ({"goods": ["sugar"]}, QuestionError, "no good 'sugar'"),
        ({"common": 1.5}, QuestionError, "1.5, not 0..1"),
        ({"seed": -1}, QuestionError, "seed"),
    ],
)
def test_a_question_that_means_nothing_is_refused(
    asked: dict[str, object], kind: type[EntrepotError], message: str
) -> None:
    with pytest.raises(kind, match=message):
        forecast(two_ports(), **asked)  # type: ignore[arg-type]


def test_a_study_without_ranges_is_refused() -> None:
    order = {"good": "salt", "price": 20.0, "quantity": 10.0}
    study = two_ports(
        legs=BARE, offers=[{"place": "mine", **order}], bids=[{"place": "town", **order}]
    )

    with pytest.raises(QuestionError, match="no ranges: every interval would have no width"):
        forecast(study)
