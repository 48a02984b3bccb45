"""Prices where nothing is and recipes tie goods: one answer, whatever the order and the solver."""

from __future__ import annotations

from random import Random
from typing import Any

from polars.testing import assert_frame_equal

from entrepot.clearing.clear import clear
from entrepot.clearing.solvers.highs import Highs
from entrepot.study import study_from_tables

Tables = dict[str, list[dict[str, Any]]]

BAKERY: Tables = {
    "places": [{"place": "a", "country": "AA"}, {"place": "b", "country": "AA"}],
    "goods": [{"good": "salt"}, {"good": "flour"}, {"good": "bread"}],
    "offers": [{"place": "a", "good": "salt", "price": 0, "quantity": 5}],
    "recipes": [
        {"recipe": "bake", "good": "bread", "amount": 1},
        {"recipe": "bake", "good": "flour", "amount": -0.5},
        {"recipe": "bake", "good": "salt", "amount": -0.5},
    ],
}


def tables(**more: list[dict[str, Any]]) -> Tables:
    return {**BAKERY, **more}


def test_flour_that_nobody_sells_is_worth_what_bread_leaves_it() -> None:
    """Two loaves of 10 of one flour and one salt of 10: flour is worth 10, in any order of rows."""
    market = tables(
        bids=[{"place": "a", "good": "salt", "price": 10, "quantity": 5} for _ in range(5)]
        + [{"place": "a", "good": "bread", "price": 10, "quantity": 5}],
        plants=[{"plant": "bakery", "place": "b", "recipe": "bake"}],
        legs=[{"leg": "l", "origin": "a", "destination": "b", "mode": "rail", "cost": 0,
               "two_way": True}],
        bans=[{"ban": "n", "good": "*", "via": "AA"}],
    )  # fmt: skip
    first = clear(study_from_tables("bakery", market, title="Bread")).prices
    flour = first.filter(place="b", good="flour")
    assert flour.select("price", "low", "high").rows() == [(10.0, 10.0, None)]
    chance = Random(1)
    for _ in range(8):
        other = {name: chance.sample(rows, len(rows)) for name, rows in market.items()}
        again = clear(study_from_tables("bakery", other, title="Bread")).prices
        assert_frame_equal(first, again, abs_tol=1e-9)


def test_a_market_whose_solver_finds_only_prices_of_nothing() -> None:
    """A quota of nothing: salt is worth anything from what is asked to what is bid."""
    market = tables(
        bids=[{"place": "a", "good": "salt", "price": 10, "quantity": 5}],
        plants=[{"plant": "bakery", "place": "a", "recipe": "bake"}],
        legs=[{"leg": "l", "origin": "a", "destination": "b", "mode": "rail", "cost": 0}],
        quotas=[{"quota": "q", "good": "salt", "quantity": 0}],
    )
    study = study_from_tables("bakery", market, title="Bread")
    found = clear(study).prices
    salt = found.filter(place="a", good="salt")
    assert salt.select("price", "low", "high").rows() == [(5.0, 0.0, 10.0)]
    assert_frame_equal(found, clear(study, linear=Highs("ipx")).prices, abs_tol=1e-9)
