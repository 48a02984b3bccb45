"""Forecasts of route choice: parameters fitted anew in each draw."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from entrepot.errors import QuestionError
from entrepot.forecasting.forecast import forecast
from entrepot.routing.calibration.forecast import read_choice, routed
from entrepot.study import Study
from tests.unit.forecasting.small_market import LEGS, PLACES, two_ports

EAST: list[dict[str, Any]] = [
    {"leg": "rail-east", "origin": "mine", "destination": "east", "mode": "rail", "cost": 11.0},
    {"leg": "sea-east", "origin": "east", "destination": "town", "mode": "sea", "cost": 10.0},
]
CORRIDORS = [{"corridor": name, "leg": f"rail-{name}"} for name in ("north", "south", "east")]
CONSIGNED = [{"consignment": "c", "good": "salt", "origin": "mine", "destination": "town",
              "quantity": 100.0}]  # fmt: skip


def consigned(**more: Any) -> Study:
    """Three ways to town; how much went over two of them was observed."""
    observed = [
        {"observation": name, "kind": "corridor", "target": name, "good": "salt",
         "quantity": quantity, "use": "calibrate"}
        for name, quantity in (("north", 60.0), ("south", 30.0))
    ]  # fmt: skip
    tables = {
        "places": [*PLACES, {"place": "east", "country": "AA"}],
        "legs": [*LEGS, *EAST],
        "corridors": CORRIDORS,
        "consignments": CONSIGNED,
        "observed": observed,
        **more,
    }
    study = two_ports(**tables)
    fit: dict[str, Any] = {"gateway.north": {}, "gateway.south": {}}
    settings = study.settings.model_copy(update={"routing": {"fit": fit, "scales": {"salt": 3.0}}})
    return Study(study.name, settings, study.tables, study.scenarios)


def test_without_chance_the_observed_figures_are_met() -> None:
    study = consigned()
    choice = read_choice(study)
    assert choice is not None

    found = routed(choice, {"": study}, {}, {})[""]

    assert list(choice.unknown) == ["east"]
    assert choice.scales == {"salt": 3.0}
    assert found["north", "salt"] == pytest.approx(60, rel=1e-3)
    assert found["south", "salt"] == pytest.approx(30, rel=1e-3)
    assert found["east", "salt"] == pytest.approx(10, rel=1e-2)


def test_what_was_observed_stays_within_its_error_and_the_rest_does_not() -> None:
    study = consigned(offers=[], bids=[])

    found = forecast(study, ["cheap"], draws=60)

    assert set(found.table["measure"]) == {"routed"}
    as_it_stands = {
        row["name"]: row for row in found.table.filter(scenario="").iter_rows(named=True)
    }
    assert as_it_stands["north"]["stated"] == pytest.approx(60, rel=1e-3)
    width = {name: (row["high"] - row["low"]) / row["stated"] for name, row in as_it_stands.items()}
    # Two standard errors of a twentieth, both ways.
    assert 0.1 < width["north"] < 0.3
    assert width["east"] > 2 * width["north"]
    south = found.table.filter(scenario="cheap", name="south").row(0, named=True)
    assert south["change_low"] > 0
    assert "observed" in set(found.matters["table"])


def test_scarcity_comes_from_the_clearing_of_the_same_draw() -> None:
    with_market = forecast(consigned(), ["cheap"], draws=30)
    without = forecast(consigned(offers=[], bids=[]), ["cheap"], draws=30)

    north = [
        each.table.filter(scenario="cheap", name="north", measure="routed")["median"][0]
        for each in (with_market, without)
    ]
    # The cheap railway frees the northern berth, whose room costs less then.
    assert with_market.table.filter(scenario="cheap", measure="rent")["change"][0] < 0
    assert north[0] > north[1]
    assert set(with_market.table["measure"]) > {"routed", "corridor", "price"}


def test_nothing_to_forecast_is_told() -> None:
    study = consigned(offers=[], bids=[], observed=[])

    with pytest.raises(QuestionError, match="there is nothing to forecast"):
        forecast(study)


def test_a_scale_that_the_network_does_not_bear_is_taken_smaller() -> None:
    study = consigned()
    choice = read_choice(study)
    assert choice is not None
    scale = next(each for each in choice.inputs if each.column == "scale")

    found = routed(choice, {"": study}, {}, {scale: 30.0})[""]

    assert pl.Series(list(found.values())).is_finite().all()


def test_a_constant_far_below_nothing_sends_nothing_round_in_circles() -> None:
    both_ways = [{**leg, "two_way": True} for leg in (*LEGS, *EAST)]
    study = consigned(legs=both_ways)
    choice = read_choice(study)
    assert choice is not None
    constant = next(each for each in choice.inputs if each.column == "constant")

    found = routed(choice, {"": study}, {}, {constant: -1000.0})[""]

    assert sum(found.values()) <= 100 * (1 + 1e-6)
