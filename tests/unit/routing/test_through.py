"""The cheapest journey over something, against the cheapest of all ways listed by hand."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.network.market import read_market
from entrepot.routing.through import cheapest_journey
from tests.unit.routing.networks import goes, leg, network

ENDS = ("ab", "ac", "bc", "cb", "bd", "cd", "ad", "cd")


@settings(max_examples=40)
@given(
    costs=st.lists(st.integers(0, 5), min_size=8, max_size=8),
    via=st.sampled_from([None, *range(8)]),
)
def test_it_is_the_cheapest_that_uses_the_leg(costs: list[int], via: int | None) -> None:
    legs = [
        leg(f"l{n}", ends, cost) for n, (ends, cost) in enumerate(zip(ENDS, costs, strict=True))
    ]
    market = read_market(network(legs, [goes("ad")]))
    found = cheapest_journey(market, "salt", "a", "d", [] if via is None else [f"l{via}"])
    lengths = [
        sum(costs[n] for n in way)
        for size in (1, 2, 3)
        for way in itertools.permutations(range(8), size)
        if _joined(way) and (via is None or via in way)
    ]
    assert found is not None
    assert found.cost == min(lengths)
    assert via is None or f"l{via}" in found.legs
    assert _joined(tuple(int(name[1:]) for name in found.legs))


def _joined(way: tuple[int, ...]) -> bool:
    ends = [ENDS[n] for n in way]
    meets = all(one[1] == other[0] for one, other in itertools.pairwise(ends))
    return ends[0][0] == "a" and ends[-1][1] == "d" and meets


def test_there_may_be_none() -> None:
    market = read_market(network([leg("x", "ab", 1), leg("y", "cd", 1)], [goes("ab")]))
    assert cheapest_journey(market, "salt", "a", "d") is None
    assert cheapest_journey(market, "salt", "a", "b", ["y"]) is None


def test_the_way_back_counts_as_the_leg() -> None:
    market = read_market(
        network([leg("x", "ba", 1, two_way=True, days=2, length_km=30)], [goes("ab")])
    )
    found = cheapest_journey(market, "salt", "a", "b", ["x"])
    assert found is not None
    assert (found.legs, found.days, found.length_km) == (["x~"], 2.0, 30.0)
    assert found.cost == pytest.approx(1.0)
