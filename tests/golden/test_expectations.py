"""The comparison behind the golden cases notices what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.expectations import Answer, Case, differences, read_cases

PRICES = (
    {"period": "all", "place": "a", "good": "ore", "price": 10.0, "low": None, "high": 11.0},
    {"period": "all", "place": "b", "good": "ore", "price": 15.0, "low": 15.0, "high": 15.0},
)
FLOWS = (
    {"period": "all", "leg": "north", "good": "ore", "quantity": 4.0},
    {"period": "all", "leg": "south", "good": "ore", "quantity": 6.0},
)
BOUGHT = ({"period": "all", "place": "b", "good": "ore", "agent": None, "quantity": 10.0},)
ANSWER = Answer(
    totals={"welfare": 50.0},
    tables={"prices": PRICES, "flows": FLOWS, "purchases": BOUGHT, "rents": ()},
    bids=({"place": "b", "good": "ore", "agent": None, "price": 20.0},),
)


def case_with(folder: Path, answer: str, head: str = "tolerance = 1e-6\nuses = []") -> Case:
    (folder / "one").mkdir()
    (folder / "one" / "expected.toml").write_text(f"{head}\n[[answer]]\n{answer}\n")
    (case,) = read_cases(folder)
    return case


@pytest.mark.parametrize(
    "right",
    [
        "welfare = 50",
        "total_cost = 150",
        'price = [{ place = "a", price = 10, low = -inf }]',
        "flow = [{ quantity = 10 }]",
        'flow = [{ leg = "north", quantity = [3, 5] }]',
        'flow = [{ leg = "east", quantity = 0 }]',
        'rent = [{ leg = "north", rent = 0, income = 0 }]',
    ],
)
def test_what_holds_passes(right: str, tmp_path: Path) -> None:
    case = case_with(tmp_path, right, "tolerance = 1e-6\nuses = []\nfixed_price = 20")

    assert list(differences(case, case.answers[0], ANSWER)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "welfare = 50.001",
        "total_cost = 151",
        'price = [{ place = "a", price = 10.001 }]',
        'price = [{ place = "a", high = inf }]',
        'price = [{ place = "c", price = 10 }]',
        "price = [{ price = 10 }]",
        'flow = [{ leg = "north", quantity = 10 }]',
        'flow = [{ leg = "north", quantity = [5, 7] }]',
        'rent = [{ leg = "north", rent = 1 }]',
    ],
)
def test_what_does_not_hold_is_told(wrong: str, tmp_path: Path) -> None:
    case = case_with(tmp_path, wrong, "tolerance = 1e-6\nuses = []\nfixed_price = 20")

    assert list(differences(case, case.answers[0], ANSWER)) != []


@pytest.mark.parametrize(
    "unknown",
    [
        "wellfare = 50",
        'price = [{ place = "a", prise = 10 }]',
        'flow = [{ place = "a", quantity = 10 }]',
        'price = [{ place = "a" }]',
    ],
)
def test_keys_that_mean_nothing_are_refused(unknown: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"unknown|expects nothing"):
        case_with(tmp_path, unknown)


def test_fixed_demand_must_stand_apart(tmp_path: Path) -> None:
    case = case_with(tmp_path, "total_cost = 150", "tolerance = 1e-6\nuses = []\nfixed_price = 21")

    with pytest.raises(ValueError, match="fixed demand"):
        list(differences(case, case.answers[0], ANSWER))
