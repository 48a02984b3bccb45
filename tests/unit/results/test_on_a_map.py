"""Answers by spot, journeys step by step, restrictions and sources: what a report is made from."""

from __future__ import annotations

import polars as pl
import pytest

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.errors import QuestionError
from entrepot.results.on_a_map import on_a_map, on_the_spots_of
from entrepot.results.restrictions import restrictions
from entrepot.results.sourced import source_numbers, sourced_figures
from entrepot.results.staircase import staircase
from entrepot.results.worth_asking import worth_asking
from tests.unit.report.studies import broken_in


@pytest.fixture(scope="module")
def answer() -> Clearing:
    return clear(broken_in())


def test_places_that_lie_together_are_one_spot(answer: Clearing) -> None:
    spots = on_a_map(answer).spots

    assert spots["place"].to_list() == ["mine", "border", "baku", "port"]
    assert spots["spot"].to_list() == [0, 1, 2, 3]


def test_a_spot_has_what_is_sold_and_bought_there_in_money(answer: Clearing) -> None:
    found = on_a_map(answer)
    sold = (answer.sales["quantity"] * answer.sales["price"]).sum()

    assert found.spots["sold"].sum() == pytest.approx(sold)
    assert found.spots.filter(pl.col("place") == "mine")["bought"].to_list() == [0.0]


def test_legs_are_used_unused_or_closed(answer: Clearing) -> None:
    state = dict(on_a_map(answer).legs.select("leg", "state").iter_rows())

    assert state == {
        "north": "used", "check": "used", "south": "used", "coast": "unused", "pipe": "used",
        "new": "closed",
    }  # fmt: skip


def test_what_is_full_in_a_place_begins_and_ends_at_its_spot(answer: Clearing) -> None:
    (row,) = on_a_map(answer).full.iter_rows(named=True)

    assert (row["name"], row["start"], row["end"]) == ("check", 1, 1)
    assert row["rent"] > 0


def test_flows_are_from_spot_to_spot(answer: Clearing) -> None:
    flows = on_a_map(answer).flows

    assert flows.rows() == [(0, 1, "potash", 700.0), (1, 2, "potash", 700.0), (2, 3, "gas", 60.0)]


def test_places_without_coordinates_are_nowhere() -> None:
    study = broken_in().change(
        "places", where={"place": "baku"}, set={"longitude": None, "latitude": None}
    )
    found = on_a_map(clear(study))

    assert found.nowhere == ("baku",)
    assert found.flows.select("start", "end").rows() == [(0, 1)]


def test_spots_of_another_study_take_the_numbers_of_the_base(answer: Clearing) -> None:
    base = on_a_map(answer)
    new = {"place": "a-first", "country": "BY", "longitude": 20.0, "latitude": 50.0}
    other = on_a_map(clear(broken_in().change("places", add=[new])))
    found = on_the_spots_of(base, other)

    assert found.flows.equals(base.flows)
    assert on_the_spots_of(base, base) is base


def test_a_staircase_adds_up_to_the_journey(answer: Clearing) -> None:
    steps = staircase(answer, "potash", "north;check;south")

    assert steps["leg"].to_list() == ["north", "check", "south"]
    assert steps["mode"].to_list() == ["rail", "transfer", "rail"]
    assert (steps["km"].sum(), steps["cost"].sum(), steps["days"].sum()) == (2000, 27, 7)
    assert steps["rent"].to_list()[1] > 0


def test_a_staircase_has_the_changes_between_legs() -> None:
    fare = {"from_leg": "north", "to_leg": "check", "cost": 2.5, "days": 0.5}
    steps = staircase(clear(broken_in().change("transfers", add=[fare])), "potash", "north;check")

    assert steps["leg"].to_list() == ["north", None, "check"]
    assert steps.row(1)[1:] == (None, "transfer", "border", "border", 0.0, 2.5, 0.5, 0.0)


def test_a_staircase_of_unknown_things_is_refused(answer: Clearing) -> None:
    with pytest.raises(QuestionError, match="no good 'salt'"):
        staircase(answer, "salt", "north")
    with pytest.raises(QuestionError, match="no leg 'west'"):
        staircase(answer, "potash", "north;west")


def test_restrictions_are_told_with_their_dates_and_sources(answer: Clearing) -> None:
    found = restrictions(answer)
    ban = found.row(0, named=True)
    closed = found.filter(pl.col("kind") == "closed leg")

    assert (ban["kind"], ban["name"], ban["since"], ban["in_force"]) == (
        "ban", "no-gas", "2022-01-01", True,
    )  # fmt: skip
    assert closed.select("name", "until").rows() == [("new", "2030-01-01")]


def test_rates_and_amounts_are_told_as_they_are() -> None:
    study = broken_in()
    study = study.change(
        "duties",
        add=[
            {"duty": "both", "good": "potash", "destination": "AZ", "ad_valorem": 0.05,
             "specific": 2},
            {"duty": "free", "good": "gas", "destination": "AZ", "ad_valorem": 0},
            {"duty": "old", "good": "gas", "destination": "BY", "specific": 1,
             "until": "2001-01-01"},
        ],
    )  # fmt: skip
    study = study.change("quotas", add=[{"quota": "most", "good": "potash", "quantity": 5000}])
    found = restrictions(clear(study))
    told = {row["name"]: (row["what"], row["in_force"]) for row in found.iter_rows(named=True)}

    assert told["both"] == ("5 % + 2 USD", True)
    assert told["free"] == ("0 %", True)
    assert told["old"] == ("1 USD", False)
    assert told["most"] == ("5,000", True)


def test_every_figure_has_its_range_basis_and_source() -> None:
    figures = sourced_figures(broken_in())
    cost = figures.filter(
        (pl.col("table") == "legs") & (pl.col("key") == "north") & (pl.col("column") == "cost")
    ).row(0, named=True)

    assert (cost["value"], cost["low"], cost["high"], cost["basis"]) == (20, 15, 30, "estimate")
    assert "our estimate" in cost["source"]
    assert figures.filter(pl.col("table") == "bans")["column"].to_list() == [None]


def test_sources_are_numbered_in_the_order_in_which_they_come_up() -> None:
    numbers = source_numbers(broken_in())

    assert list(numbers.values()) == [1, 2, 3]
    assert [text for text in numbers if text == "a page"] == ["a page"]


def test_routes_worth_asking_about_are_those_that_lack_least(answer: Clearing) -> None:
    found = worth_asking(answer, 5)
    row = found.row(1, named=True)

    # By road gas costs 60, by pipe 40.
    assert found.row(0, named=True)["switch"] == pytest.approx(20)
    assert (row["corridor"], row["route"], row["good"], row["status"]) == (
        "overland", "coast", "potash", "unused",
    )  # fmt: skip
    # Baku pays 200 for what the port pays 90 for, and the road costs 60 and 0.6 of time.
    assert row["switch"] == pytest.approx(200 + 60.6 - 90)
    assert worth_asking(answer, 0).is_empty()
