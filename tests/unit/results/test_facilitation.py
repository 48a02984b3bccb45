"""The four indicators of a journey, worked by hand."""

from __future__ import annotations

from entrepot.clearing.clear import clear
from entrepot.results.facilitation import facilitation
from entrepot.study import study_from_tables


def test_the_indicators_of_a_journey_are_those_worked_by_hand() -> None:
    places = [
        {"place": "mine", "country": "AA"},
        {"place": "gate", "country": "AA", "kind": "border"},
        {"place": "past", "country": "BB", "kind": "border"},
        {"place": "port", "country": "BB", "kind": "port"},
        {"place": "quay", "country": "BB", "kind": "port"},
    ]
    legs = [
        ("rail", "mine", "gate", "rail", 600, 12.0, 1.0),
        ("papers", "gate", "past", "transfer", None, 3.0, 0.5),
        ("gauge", "past", "port", "rail", 400, 10.0, 1.5),
        ("crane", "port", "quay", "transfer", None, 5.0, 1.0),
    ]
    names = ("leg", "origin", "destination", "mode", "length_km", "cost", "days")
    study = study_from_tables(
        "journey",
        {
            "places": places,
            "goods": [{"good": "ore"}],
            "legs": [dict(zip(names, leg, strict=True)) for leg in legs],
            "offers": [{"place": "mine", "good": "ore", "quantity": 1, "price": 1}],
            "bids": [{"place": "quay", "good": "ore", "quantity": 1, "price": 90}],
        },
    )
    found = facilitation(clear(study), "ore", "rail;papers;gauge;crane")

    told = {name: (value, unit) for name, value, unit in found.iter_rows()}
    assert told == {
        "crossings": (1.0, ""),
        "tfi1": (12.0, "h"),
        "tfi2": (3.0, "USD/t"),
        "tfi3": (15.0, "USD/t"),  # 30 for 1000 km
        "tfi4": (16.6666666667, "km/h"),  # 2.5 days on the move
        "tfi4_delayed": (10.4166666667, "km/h"),  # 4 days in all
    }
    part = {row[0]: row[1] for row in facilitation(clear(study), "ore", "crane").iter_rows()}
    assert part == dict.fromkeys(("tfi1", "tfi2", "tfi3", "tfi4", "tfi4_delayed")) | {
        "crossings": 0.0
    }
