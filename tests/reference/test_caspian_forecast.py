"""The shipped study forecast: every draw clears, and intervals hold what is known of 2023."""

from __future__ import annotations

import pytest

from entrepot.forecasting.engines import Processes
from entrepot.forecasting.forecast import Forecast, forecast
from entrepot.study import find_study, read_study

DRAWS = 24


@pytest.fixture(scope="module")
def told() -> Forecast:
    study = read_study(find_study("caspian"))
    return forecast(study, ["baltic-scarce"], draws=DRAWS, goods=["potash"], engine=Processes(2))


@pytest.mark.slow
def test_every_draw_clears(told: Forecast) -> None:
    assert told.cleared == told.draws == DRAWS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("measure", "corridor", "quantity"),
    [
        ("corridor", "st-petersburg", 6_647_000),
        ("corridor", "china-rail", 1_623_000),
        ("corridor", "azov", 144_000),
        ("routed", "st-petersburg", 6_647_000),
        ("routed", "barents", 74_000),
        ("routed", "black-sea", 650_000),
    ],
)
def test_the_directions_of_2023_lie_in_the_intervals(
    told: Forecast, measure: str, corridor: str, quantity: float
) -> None:
    asked = {"scenario": "", "measure": measure, "name": corridor, "good": "potash"}
    row = told.table.filter(**asked).row(0, named=True)

    assert row["low"] <= quantity <= row["high"]


@pytest.mark.slow
def test_scarcity_in_the_baltic_brings_the_georgian_ports_into_use(told: Forecast) -> None:
    ports = told.table.filter(measure="corridor", name="georgian-ports", good="potash")
    share = dict(ports.select("scenario", "share").rows())
    rent = told.table.filter(scenario="baltic-scarce", measure="rent", name="port-st-petersburg")

    assert share.get("", 0.0) < share["baltic-scarce"]
    assert ports.filter(scenario="baltic-scarce")["change_low"][0] >= 0
    assert rent["change_low"][0] > 0


@pytest.mark.slow
def test_railways_that_cost_too_much_stay_unused_whatever_the_draw(told: Forecast) -> None:
    prices = {row["corridor"]: row for row in told.switch_prices.filter(scenario="").to_dicts()}

    for corridor in ("btk", "iskenderun"):
        assert prices[corridor]["used"] == 0
        assert prices[corridor]["low"] > 0
