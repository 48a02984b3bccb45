"""The drawn markets of the benchmarks: what they promise, and the same optimum as HiGHS alone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import entrepot
from benchmarks.markets import SIZES, Market, draw
from benchmarks.program import highs, loads, program_of, solve
from benchmarks.studies import study_of


@pytest.fixture(scope="module")
def market() -> Market:
    return draw("s")


def test_a_seed_is_a_market(market: Market) -> None:
    again, other = draw("s"), draw("s", seed=2)
    for field in dataclasses.fields(market):
        if isinstance(getattr(market, field.name), np.ndarray):
            assert np.array_equal(getattr(market, field.name), getattr(again, field.name))
    assert not np.array_equal(market.cost, other.cost)


def test_sizes_are_as_named(market: Market) -> None:
    places, goods, legs = SIZES["s"]
    assert (market.places, market.goods) == (places, goods)
    assert abs(len(market.tail) - legs) <= 0.02 * legs


@pytest.mark.parametrize("book", [False, True])
def test_entrepot_finds_what_highs_finds(book: bool) -> None:
    market = draw("s", book=book)
    cost, level = solve(highs(program_of(market), "ipx"))
    assert entrepot.clear(study_of(market)).welfare == pytest.approx(-cost, rel=1e-9)
    load = loads(market, level)
    used = load > 1e-6 * load.max()
    full = used & (load >= market.capacity * (1 - 1e-9))
    assert 0.05 <= full.sum() / used.sum() <= 0.2
