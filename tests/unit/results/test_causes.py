"""Why answers differ: what was changed, and what is computed to have moved by it."""

from __future__ import annotations

import pytest

from entrepot.clearing.clear import clear
from entrepot.results.causes import Cause, Causes
from entrepot.results.compare import compare
from entrepot.results.inputs import input_changes
from entrepot.study import Study, study_from_tables


@pytest.fixture(scope="module")
def study() -> Study:
    legs = [("north", 10, 50), ("south", 14, None)]
    return study_from_tables(
        "two-ways",
        {
            "places": [{"place": "mine", "country": "AA"}, {"place": "town", "country": "BB"}],
            "goods": [{"good": "ore"}],
            "legs": [
                {"leg": leg, "origin": "mine", "destination": "town", "mode": "rail", "cost": cost,
                 "capacity": capacity}
                for leg, cost, capacity in legs
            ],
            "corridors": [{"corridor": "northern", "leg": "north"}],
            "offers": [{"place": "mine", "good": "ore", "agent": "m", "quantity": 90, "price": 20}],
            "bids": [
                {"place": "town", "good": "ore", "agent": "t", "quantity": 80, "price": 99},
                {"place": "town", "good": "ore", "agent": "t", "quantity": 80, "price": 35},
            ],
        },
    )  # fmt: skip


def causes(base: Study, other: Study) -> Causes:
    one, two = clear(base), clear(other)
    return Causes(one, two, compare(one, two))


def of_row(found: Causes, table: str, **where: object) -> list[Cause]:
    rows = found.comparison.tables()[table].to_dicts()
    told = found.of(table)
    assert len(told) == len(rows)
    (at,) = (i for i, row in enumerate(rows) if where.items() <= row.items())
    return told[at]


def test_what_was_changed_is_told_cell_by_cell(study: Study) -> None:
    other = study.change("legs", where={"leg": "north"}, set={"capacity": 70, "note": "wider"})
    other = other.change("bids", where={"price": 35}, set={"price": 36.5})
    other = other.change("quotas", add=[{"quota": "q", "good": "ore", "quantity": 85}])
    other = other.change("legs", where={"leg": "south"}, remove=True)
    found = input_changes(study, other)

    assert found.select("table", "name", "column", "before", "after").rows() == [
        ("legs", "north", "capacity", "50", "70"),
        ("legs", "south", "removed", None, None),
        ("bids", "town", "price", "35", "36.5"),
        ("quotas", "q", "added", None, None),
    ]
    assert input_changes(study, study).is_empty()


def test_a_wider_leg_carries_more_because_of_its_capacity(study: Study) -> None:
    found = causes(study, study.change("legs", where={"leg": "north"}, set={"capacity": 70}))

    wide = Cause("input", "legs", "north", "capacity", "50", "70")
    journey = Cause("journey", "", "mine;town", "", 50.0, 70.0)
    assert of_row(found, "flows", leg="north") == [wide, journey]
    assert of_row(found, "corridors", corridor="northern") == [wide, journey]
    # The other way was not touched: its goods went over to the first.
    assert of_row(found, "flows", leg="south") == [
        Cause("journey", "", "mine;town", "", 40.0, 20.0)
    ]
    # Of the gain of 80, all is the leg's: its rent is what it spares, 20 units of 4 each.
    (gain,) = (each for each in of_row(found, "countries", country=None) if each.kind == "gain")
    assert gain.table == "legs"
    assert gain.change == pytest.approx(80)


def test_a_price_moves_by_the_part_that_moved_most(study: Study) -> None:
    plenty = study.change("offers", scale={"quantity": 10})
    found = causes(plenty, plenty.change("legs", where={"leg": "south"}, set={"cost": 12}))

    freight = Cause("part", "freight", "south", "", 14.0, 12.0)
    assert of_row(found, "prices", place="town") == [freight]


def test_what_did_not_change_has_no_cause(study: Study) -> None:
    found = causes(study, study)

    for table in found.comparison.tables():
        assert not any(found.of(table)), table
