"""A mine that sells salt over two ports, with ranges."""

from __future__ import annotations

from typing import Any

from entrepot.study import Study, study_from_tables
from entrepot.study.scenario import scenario_from

PLACES = [
    {"place": "mine", "country": "AA"},
    {"place": "north", "country": "AA"},
    {"place": "south", "country": "AA"},
    {"place": "town", "country": "BB"},
]
LEGS: list[dict[str, Any]] = [
    {"leg": "rail-north", "origin": "mine", "destination": "north", "mode": "rail",
     "cost": 10.0, "cost_low": 8.0, "cost_high": 13.0, "source": "the tariff"},
    {"leg": "rail-south", "origin": "mine", "destination": "south", "mode": "rail",
     "cost": 14.0, "cost_low": 11.0, "cost_high": 18.0, "source": "the tariff"},
    {"leg": "sea-north", "origin": "north", "destination": "town", "mode": "sea",
     "cost": 9.0, "cost_low": 6.0, "cost_high": 14.0,
     "capacity": 60.0, "capacity_low": 40.0, "capacity_high": 90.0},
    {"leg": "sea-south", "origin": "south", "destination": "town", "mode": "sea",
     "cost": 9.0, "cost_low": 7.0, "cost_high": 12.0},
]  # fmt: skip
OFFER = {"place": "mine", "good": "salt", "price": 20.0, "price_low": 15.0, "price_high": 26.0,
         "quantity": 200.0}  # fmt: skip
BID = {"place": "town", "good": "salt", "price": 55.0, "price_low": 45.0, "price_high": 70.0,
       "quantity": 80.0, "elasticity": -1.5}  # fmt: skip


def two_ports(**tables: list[dict[str, Any]]) -> Study:
    """The study, some of its tables replaced, with the scenarios `closed` and `cheap`."""
    found = study_from_tables(
        "two-ports",
        {
            "places": PLACES,
            "goods": [{"good": "salt"}],
            "legs": LEGS,
            "corridors": [
                {"corridor": "north", "leg": "rail-north"},
                {"corridor": "south", "leg": "rail-south"},
            ],
            "offers": [OFFER],
            "bids": [BID],
            **tables,
        },
        title="Salt over two ports",
    )
    scenarios = {}
    for name, change in (
        ("closed", {"where": {"leg": "sea-north"}, "set": {"capacity": 1.0}}),
        ("cheap", {"where": {"leg": "rail-south"}, "scale": {"cost": 0.5}}),
    ):
        values = {"title": name, "change": [{"table": "legs", **change}]}
        scenario, problems = scenario_from(name, values, f"scenarios/{name}.toml")
        assert scenario is not None, problems
        scenarios[name] = scenario
    return Study(found.name, found.settings, found.tables, scenarios)
