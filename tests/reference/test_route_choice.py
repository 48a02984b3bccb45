"""Routes of small random networks beside those that networkx lists."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest

import entrepot
from tests.unit.routing.networks import goes, leg, network

PLACES = "abcdefgh"


def drawn(seed: int) -> tuple[entrepot.Study, Any]:
    """A study with legs side by side and legs that cost nothing, and the same as a graph."""
    draw = np.random.default_rng(seed)
    ends = [tuple(draw.choice(8, 2, replace=False)) for _ in range(22)]
    costs = draw.integers(0, 9, len(ends))
    legs = [
        leg(f"l{number:02}", PLACES[a] + PLACES[b], float(cost))
        for number, ((a, b), cost) in enumerate(zip(ends, costs, strict=True))
    ]
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(PLACES)
    for row in legs:
        graph.add_edge(row["origin"], row["destination"], key=row["leg"], cost=row["cost"])
    return network(legs, [goes("ab")]), graph


@pytest.mark.parametrize("seed", range(25))
def test_next_best_routes_are_those_of_networkx(seed: int) -> None:
    study, graph = drawn(seed)
    places = study.table("places")["place"].to_list()

    for end in [place for place in places if place != "a"]:
        paths = nx.all_simple_edge_paths(graph, "a", end)
        told = sorted(
            (sum(graph.edges[edge]["cost"] for edge in path), ";".join(key for _, _, key in path))
            for path in paths
        )
        found = entrepot.alternatives(study, "a", end, routes=12)

        assert found.select("cost").to_series().to_list() == [cost for cost, _ in told[:12]]
        assert set(found["legs"]) <= {legs for _, legs in told}
        assert found["legs"].n_unique() == found.height


@pytest.mark.parametrize("seed", range(25))
def test_what_is_reached_is_as_far_as_in_networkx(seed: int) -> None:
    study, graph = drawn(seed)

    found = entrepot.reach(study, "a", by="cost")

    far = nx.single_source_dijkstra_path_length(graph, "a", weight="cost")
    known = set(study.table("places")["place"])
    assert {
        place: cost for place, cost in found.select("place", "cost").iter_rows() if cost is not None
    } == {place: cost for place, cost in far.items() if place in known}
