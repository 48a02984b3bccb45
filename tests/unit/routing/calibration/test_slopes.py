"""Derivatives of flows against differences of flows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.network.market import read_market
from entrepot.routing.calibration.slopes import flow_slopes
from entrepot.routing.chain import converges, spread
from entrepot.routing.graph import Demand, Graph, build_graph
from entrepot.routing.pairs import pairs_of
from entrepot.routing.ways import ways_of
from tests.unit.routing.networks import goes, leg, network


def _grid(costs: list[float]) -> tuple[Graph, Demand]:
    """Six places in two rows, joined both ways, with a parallel leg; three consignments."""
    ends = [
        "ab",
        "ba",
        "bc",
        "cb",
        "de",
        "ed",
        "ef",
        "fe",
        "ad",
        "da",
        "be",
        "eb",
        "cf",
        "fc",
        "ab",
    ]
    legs = [
        leg(f"l{number}", each, cost)
        for number, (each, cost) in enumerate(zip(ends, costs, strict=True))
    ]
    study = network(legs, [goes("af", 3), goes("dc", 2), goes("bf", 1)])
    return build_graph(read_market(study), 0, study.table("consignments"))


@settings(max_examples=25)
@given(costs=st.lists(st.floats(3.0, 9.0), min_size=15, max_size=15), scale=st.floats(0.5, 2.5))
def test_slopes_are_those_of_the_flows(costs: list[float], scale: float) -> None:
    graph, demand = _grid(costs)
    wanted, cost = pairs_of(demand, 0), graph.cost(0)
    ways = ways_of(graph)
    assert converges(ways, cost, scale)
    added = np.random.default_rng(1).uniform(0.0, 1.0, (2, graph.arcs))
    change = np.vstack([-added / scale, cost / scale**2])
    flow, found = flow_slopes(ways, cost, wanted, scale, change)
    assert flow == pytest.approx(spread(ways, cost, wanted, scale)[0], abs=1e-12)
    step = 1e-5
    for number in range(3):
        move = added[number] * step if number < 2 else np.zeros(graph.arcs)
        grow = step if number == 2 else 0.0
        up = spread(ways, cost + move, wanted, scale + grow)[0]
        down = spread(ways, cost - move, wanted, scale - grow)[0]
        assert found[number] == pytest.approx((up - down) / (2 * step), abs=1e-7, rel=1e-6)
