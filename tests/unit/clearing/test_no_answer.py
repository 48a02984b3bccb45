"""Markets without a clearing are explained in the words of their tables."""

from __future__ import annotations

from typing import Any

import pytest

from entrepot.clearing.clear import clear
from entrepot.errors import InfeasibleError, UnboundedError
from entrepot.study import Study, study_from_tables

PROMISE = {
    "commitment": "pledge",
    "title": "deliver",
    "party": "AA",
    "good": "ore",
    "origin": "AA",
    "destination": "BB",
    "quantity": 40,
}


def market(leg: dict[str, Any] | None = None, **tables: list[dict[str, Any]]) -> Study:
    road = {"leg": "road", "origin": "a", "destination": "b", "mode": "road", "cost": 5}
    given = {
        "places": [{"place": "a", "country": "AA"}, {"place": "b", "country": "BB"}],
        "goods": [{"good": "ore"}],
        "legs": [road | (leg or {})],
        "offers": [{"place": "a", "good": "ore", "price": 10, "quantity": 100}],
        "bids": [{"place": "b", "good": "ore", "price": 30, "quantity": 50}],
    }
    return study_from_tables("failing", given | tables, title="Failing")


def test_a_promise_that_a_leg_cannot_carry() -> None:
    with pytest.raises(InfeasibleError) as caught:
        clear(market({"capacity": 20}, commitments=[PROMISE]))

    text = str(caught.value)
    assert "commitments 'pledge' promises 40" in text
    assert "is short by 20" in text
    assert "raise legs 'road' (limit 20)" in text


def test_a_promise_and_a_quota_contradict_each_other() -> None:
    quota = {
        "quota": "cap",
        "good": "ore",
        "origin": "AA",
        "destination": "BB",
        "quantity": 10,
    }
    with pytest.raises(InfeasibleError) as caught:
        clear(market(commitments=[PROMISE], quotas=[quota]))

    conflict = str(caught.value).split("contradict each other")[1]
    assert "commitments 'pledge'" in conflict
    assert "quotas 'cap'" in conflict


def test_a_stock_with_nowhere_to_go() -> None:
    store = {"place": "b", "good": "ore", "initial": 500, "capacity": 10}
    with pytest.raises(InfeasibleError, match="initial stock of ore at b has nowhere to go: 440"):
        clear(market(warehouses=[store]))


def test_gains_without_limit_name_the_rows() -> None:
    with pytest.raises(UnboundedError) as caught:
        clear(market({"cost": -5, "two_way": True}))

    assert "leg road carrying ore at -5" in str(caught.value)
    assert "leg road~ carrying ore at -5" in str(caught.value)
