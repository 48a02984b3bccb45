"""Claims are evaluated, converted to their own units, or said to be beyond the study."""

from __future__ import annotations

import pytest

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.results.claims import claims
from entrepot.study import study_from_tables


def answer(*quantities: tuple[str, str]) -> Clearing:
    tables = {
        "places": [{"place": "mine", "country": "AA"}, {"place": "town", "country": "BB"}],
        "goods": [{"good": "salt"}],
        "legs": [
            {"leg": "road", "origin": "mine", "destination": "town", "mode": "road", "cost": 5}
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
    return clear(study_from_tables("claims", tables, title="Claims"))


@pytest.mark.parametrize(
    ("name", "unit", "model"),
    [
        ("flow.road.salt", "kt", 2.0),
        ("corridor.way.salt", "t", 2000.0),
        ("purchases.BB.salt", "kt", 2.0),
        ("sales.AA.salt", "kt", 2.0),
        ("price.town.salt", "USD/t", 15.0),
        ("turnover.AA.BB", "million USD", 0.02),
        ("welfare", "thousand USD", 50.0),
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
