"""Claims are evaluated, converted to their own units, or said to be beyond the study."""

from __future__ import annotations

from typing import Any

import pytest

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.results.claims import claims
from entrepot.study import study_from_tables


def answer(*quantities: tuple[str, str], **replaced: list[dict[str, Any]]) -> Clearing:
    tables: dict[str, list[dict[str, Any]]] = {
        "places": [{"place": "mine", "country": "AA"}, {"place": "town", "country": "BB"}],
        "goods": [{"good": "salt"}],
        "legs": [
            {"leg": "road", "origin": "mine", "destination": "town", "mode": "road", "cost": 5},
            {
                "leg": "boat.slow",
                "origin": "mine",
                "destination": "town",
                "mode": "sea",
                "cost": 20,
            },
            {"leg": "boat", "origin": "mine", "destination": "town", "mode": "river", "cost": 9}
            | {"days": 4, "length_km": 70},
        ],
        "corridors": [{"corridor": "way", "leg": "road"}],
        "offers": [{"place": "mine", "good": "salt", "quantity": 3000, "price": 10}],
        "bids": [{"place": "town", "good": "salt", "quantity": 2000, "price": 40}],
        "claims": [
            {
                "claim": f"c{i}",
                "text": "said",
                "value": 1,
                "unit": unit,
                "quantity": name,
                "use": "compare",
            }
            for i, (name, unit) in enumerate(quantities)
        ],
    }
    return clear(study_from_tables("claims", tables | replaced, title="Claims"))


@pytest.mark.parametrize(
    ("name", "unit", "model"),
    [
        ("flow.road.salt", "kt", 2.0),
        ("corridor.way.salt", "t", 2000.0),
        ("purchases.BB.salt", "kt", 2.0),
        ("arrivals.BB.salt.road", "kt", 2.0),
        ("arrivals.BB.salt.river", "t", 0.0),
        ("arrivals.AA.salt.road", "t", 0.0),
        ("sales.AA.salt", "kt", 2.0),
        ("price.town.salt", "USD/t", 15.0),
        ("turnover.AA.BB", "million USD", 0.02),
        ("welfare", "thousand USD", 50.0),
        ("route.salt.mine.town.any.cost", "USD/t", 5.0),
        ("route.salt.mine.town.way.cost", "USD/t", 5.0),
        ("route.salt.mine.town.boat.cost", "USD/t", 9.0),
        ("route.salt.mine.town.boat.days", "day", 4.0),
        ("route.salt.mine.town.boat.km", "km", 70.0),
        ("route.salt.mine.town.boat.slow.cost", "USD/t", 20.0),
        ("flow.boat.slow.salt", "t", 0.0),
    ],
)
def test_a_figure_of_the_answer_in_the_claims_own_unit(name: str, unit: str, model: float) -> None:
    row = claims(answer((name, unit))).row(0, named=True)

    assert row["model"] == pytest.approx(model)
    assert row["difference"] == pytest.approx(model - 1)
    assert row["status"] == "tested"


@pytest.mark.parametrize(
    ("name", "unit", "why"),
    [
        ("exchange.turnover.AA", "USD", "holds no figure"),
        ("flow.canal.salt", "t", "no leg 'canal'"),
        ("arrivals.BB.salt.air", "t", "no mode 'air'"),
        ("arrivals.CC.salt.road", "t", "no place in 'CC'"),
        ("flow.road.sugar", "t", "no good 'sugar'"),
        ("capacity.road", "t", "no capacity of its own"),
        ("flow.road.salt", "day", "cannot be told"),
    ],
)
def test_what_cannot_be_tested_says_why(name: str, unit: str, why: str) -> None:
    row = claims(answer((name, unit))).row(0, named=True)

    assert row["model"] is None
    assert row["status"] == "cannot be tested"
    assert why in row["why"]


ROAD = {"leg": "road", "origin": "mine", "destination": "town", "mode": "road", "cost": 5}
PIPE = {"leg": "pipe", "origin": "mine", "destination": "town", "mode": "pipeline", "cost": 1}
GOODS = [
    {"good": "salt", "unit": "t"},
    {"good": "toys", "unit": "teu"},
    {"good": "gas", "unit": "1000m3"},
]
LEGS = [ROAD | {"capacity": 2500}, PIPE | {"capacity": 900}]


@pytest.mark.parametrize(
    ("claimed", "rows", "model"),
    [
        # Gas cannot be brought to the road, toys take two tonnes of it: it is measured in tonnes.
        (("capacity.road", "kt"), [("road", "toys", {"use": 2})], 2.5),
        (("capacity.road", "teu"), [("road", "salt", {"allowed": False})], 2500),
        (("capacity.road", "t"), [("road", "toys", {"allowed": False})], 2500),
        (("capacity.pipe", "bcm"), [], "no good takes"),
        (("capacity.road", "teu"), [("road", "toys", {"use": 2})], "'t' cannot be told in 'teu'"),
        (("capacity.road", "t"), [], "different units (salt in t and toys in teu)"),
        (("capacity.road", "t"), [("road", g, {"use": 2}) for g in ("salt", "toys", "gas")], None),
    ],
)
def test_a_capacity_has_the_unit_of_the_goods_that_the_leg_can_carry(
    claimed: tuple[str, str], rows: list[tuple[str, str, dict[str, Any]]], model: float | str | None
) -> None:
    offers = [
        {"place": "mine", "good": good, "quantity": 30, "price": 10} for good in ("salt", "toys")
    ]
    closed = [{"leg": "pipe", "good": good, "allowed": False} for good in ("salt", "toys", "gas")]
    own = [{"leg": leg, "good": good} | figures for leg, good, figures in rows]
    found = answer(claimed, goods=GOODS, legs=LEGS, offers=offers, leg_goods=[*closed, *own])

    row = claims(found).row(0, named=True)

    if isinstance(model, float | int):
        assert row["model"] == pytest.approx(model)
    else:
        assert row["status"] == "cannot be tested"
        assert (model or "has no unit") in row["why"]


def test_a_leg_that_nothing_reaches_is_measured_by_what_it_may_carry() -> None:
    legs = [ROAD, {**ROAD, "leg": "back", "origin": "town", "destination": "mine", "capacity": 7}]
    nowhere = [{"place": name, "country": "AA"} for name in ("mine", "town", "moon")]
    legs[1] |= {"origin": "moon"}
    found = answer(("capacity.back", "t"), places=nowhere, legs=legs)

    assert claims(found)["model"].to_list() == [7]


def test_a_capacity_that_differs_by_period_is_not_one_figure() -> None:
    periods = [{"period": "one"}, {"period": "two"}]
    legs = [
        ROAD | {"capacity": 7, "period": "one"},
        ROAD | {"capacity": 8, "period": "two"},
    ]
    found = answer(("capacity.road", "t"), periods=periods, legs=legs)

    assert "2 capacities" in claims(found)["why"][0]


def test_a_bloc_is_its_members_of_each_period() -> None:
    periods = [{"period": str(year), "starts": f"{year}-01-01"} for year in (2023, 2024, 2025)]
    blocs = [{"bloc": "union", "country": "BB", "until": "2024-01-01"}]
    found = answer(("purchases.union.salt", "t"), periods=periods, blocs=blocs)

    assert claims(found)["model"].to_list() == [4000]


@pytest.mark.parametrize(
    ("low", "high", "agrees"),
    [
        (1.0, 3.0, True),
        (2.5, None, False),
        (None, 1.5, False),
        (None, 2.0, True),
        (None, None, None),
    ],
)
def test_a_range_is_held_against_the_model(
    low: float | None, high: float | None, agrees: bool | None
) -> None:
    row = {"claim": "c", "text": "said", "unit": "kt", "low": low, "high": high}
    row["value"] = low or high or 2
    row |= {"quantity": "flow.road.salt", "use": "compare"}
    assert claims(answer(claims=[row])).row(0, named=True)["agrees"] is agrees


def test_what_the_study_says_cannot_be_tested_is_told_with_its_reason() -> None:
    row = {"claim": "c", "text": "said", "value": 2, "quantity": "untestable", "use": "reproduce"}
    found = claims(answer(claims=[row | {"note": "another year"}])).row(0, named=True)
    assert (found["status"], found["why"]) == ("cannot be tested", "another year")
