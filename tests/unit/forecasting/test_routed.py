"""Forecasts of route choice: parameters fitted anew in each draw."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest

from entrepot.errors import QuestionError
from entrepot.forecasting.forecast import forecast
from entrepot.routing.calibration.forecast import read_choice, routed
from entrepot.study import Study
from entrepot.study.scenario import scenario_from
from tests.unit.forecasting.small_market import LEGS, PLACES, two_ports

EAST: list[dict[str, Any]] = [
    {"leg": "rail-east", "origin": "mine", "destination": "east", "mode": "rail", "cost": 11.0},
    {"leg": "sea-east", "origin": "east", "destination": "town", "mode": "sea", "cost": 10.0},
]
CORRIDORS = [{"corridor": name, "leg": f"rail-{name}"} for name in ("north", "south", "east")]
NOW = "all"
"""Name of the only period of a study without periods."""
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
    assert found["north", "salt", NOW] == pytest.approx(60, rel=1e-3)
    assert found["south", "salt", NOW] == pytest.approx(30, rel=1e-3)
    assert found["east", "salt", NOW] == pytest.approx(10, rel=1e-2)


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


def _later(**more: Any) -> Study:
    """Two periods: in the second the southern railway is cheap."""
    legs = [
        {**leg, "period": period, "cost": cost}
        for leg in (*LEGS, *EAST)
        for period, cost in (("now", leg["cost"]), ("later", leg["cost"]))
    ]
    for leg in legs:
        for end in ("low", "high"):
            leg.pop(f"cost_{end}", None)
        if (leg["leg"], leg["period"]) == ("rail-south", "later"):
            leg["cost"] = 8.0
    observed = [
        {"observation": name, "kind": "corridor", "target": name, "good": "salt", "period": "now",
         "quantity": quantity, "use": "calibrate"}
        for name, quantity in (("north", 60.0), ("south", 30.0))
    ]  # fmt: skip
    tables = {"legs": legs, "observed": observed}
    periods = [{"period": "now"}, {"period": "later"}]
    return consigned(periods=periods, **(tables | more))


def test_every_period_is_forecast() -> None:
    study = _later(offers=[], bids=[])

    found = forecast(study, draws=20)

    told = {(row["name"], row["period"]): row for row in found.table.iter_rows(named=True)}
    assert told["north", "now"]["stated"] == pytest.approx(60, rel=1e-3)
    assert told["south", "now"]["stated"] == pytest.approx(30, rel=1e-3)
    later = [told[name, "later"]["stated"] for name in ("north", "south", "east")]
    assert sum(later) == pytest.approx(100, rel=1e-6)
    # A railway 6 cheaper at a scale of 3: the odds are e squared times what they were.
    assert later[1] / later[0] == pytest.approx(math.exp(2) / 2, rel=1e-3)


def test_scarcity_is_that_of_each_period() -> None:
    legs = [{**leg, "period": "now"} for leg in LEGS]
    # In the second period the northern berth has room enough, as long as it is open.
    legs += [{**leg, "period": "later", "capacity": None} for leg in LEGS]
    for leg in legs:
        leg.pop("capacity_low", None)
        leg.pop("capacity_high", None)
    study = consigned(legs=[*legs, *EAST], periods=[{"period": "now"}, {"period": "later"}])

    found = forecast(study, ["closed"], draws=20)

    # In the first period the berth is full as it stands, and costs what going east costs more.
    asked = {"scenario": "closed", "measure": "routed", "name": "north"}
    change = dict(found.table.filter(**asked).select("period", "change").rows())
    assert change["now"] == pytest.approx(0, abs=0.1)
    assert change["later"] < -5


def test_a_scenario_may_change_what_is_consigned() -> None:
    study = consigned(offers=[], bids=[])
    change = {"table": "consignments", "where": {"good": "salt"}, "scale": {"quantity": 2.0}}
    more, _ = scenario_from("more", {"title": "More", "change": [change]}, "more.toml")
    assert more is not None
    twice = Study(study.name, study.settings, study.tables, {"more": more})

    found = forecast(twice, ["more"], draws=20)

    asked = {"measure": "routed", "name": "north"}
    before, after = (
        found.table.filter(scenario=name, **asked)["stated"][0] for name in ("", "more")
    )
    assert after == pytest.approx(2 * before, rel=1e-6)


def test_a_scenario_under_which_nothing_gets_through_is_named() -> None:
    study = consigned(offers=[], bids=[])
    to_town = {"leg": ["sea-north", "sea-south", "sea-east"]}
    change = {"table": "legs", "where": to_town, "set": {"capacity": 0.0}}
    shut, _ = scenario_from("shut", {"title": "Shut", "change": [change]}, "shut.toml")
    assert shut is not None
    asked = Study(study.name, study.settings, study.tables, {"shut": shut})

    with pytest.raises(QuestionError, match=r"scenario shut: (?s:.*)no way that salt may take"):
        forecast(asked, ["shut"], draws=20)
