"""Sea lanes between ports, for users who bring only places.

The lanes are those of the network that comes with the package `searoute` (Apache-2.0), in km. A
port joins the network at its nearest point, which may not be far: a place inland is refused, not
put to sea.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from entrepot.errors import OutputError, QuestionError, StudyError
from entrepot.sources.globe import Floats, isolated, nearest_node
from entrepot.tables.nearest import did_you_mean

ARCTIC = ("northwest",)
"""Passages that no ordinary ship uses."""

KM_A_NAUTICAL_MILE = 1.852


@dataclass(frozen=True)
class Sailing:
    """What sailing costs.

    Attributes
    ----------
    cost_per_km : money per unit and km
    loading : money per unit, for both ends together
    knots : speed
    days_in_port : days, for both ends together
    """

    cost_per_km: float
    loading: float = 0.0
    knots: float = 14.0
    days_in_port: float = 0.0


def sea_lanes(
    ports: pl.DataFrame,
    sailing: Sailing,
    *,
    within_km: float = 100.0,
    closed: Sequence[str] = (),
) -> pl.DataFrame:
    """A two-way sea leg between every two ports that ships can sail between.

    Parameters
    ----------
    ports : (place, latitude, longitude)
    within_km : the farthest that a port may lie from the network
    closed : passages that may not be used, such as ``suez``

    Returns
    -------
    Rows of table ``legs``: leg, origin, destination, mode, length_km, cost, days, two_way, source.

    Raises
    ------
    StudyError : ports without coordinates or too far from the sea; all of them
    QuestionError : a passage that the network does not know
    OutputError : the package `searoute` is not installed
    """
    network = _network((*ARCTIC, *closed))
    at, off = nearest_node(network.node, ports)
    problems = isolated(ports, off, within_km, "sea lane")
    if problems:
        raise StudyError("ports", problems)
    length = dijkstra(network.graph, directed=False, indices=at)[:, at] + off[:, None] + off
    names = ports["place"].to_list()
    one, other = np.triu_indices(len(names), k=1)
    joined = np.isfinite(length[one, other])
    one, other = one[joined], other[joined]
    km = length[one, other]
    return pl.DataFrame(
        {
            "leg": [f"sea-{names[i]}-{names[j]}" for i, j in zip(one, other, strict=True)],
            "origin": [names[i] for i in one],
            "destination": [names[j] for j in other],
            "mode": "sea",
            "length_km": np.round(km),
            "cost": np.round(sailing.loading + sailing.cost_per_km * km, 2),
            "days": np.round(
                sailing.days_in_port + km / (sailing.knots * KM_A_NAUTICAL_MILE * 24), 2
            ),
            "two_way": True,
            "source": "length: sea network of the package searoute",
        },
        schema_overrides={"leg": pl.String, "origin": pl.String, "destination": pl.String},
    )


@dataclass(frozen=True)
class _Lanes:
    """The sea network: longitude and latitude of N nodes, shape (N, 2), and lengths in km."""

    node: Floats
    graph: sparse.csr_array


def _network(closed: Sequence[str]) -> _Lanes:
    try:
        import searoute
    except ImportError:
        raise OutputError(
            "the sea network is not installed: install entrepot with its extra 'sea'"
        ) from None
    lanes = searoute.setup_M()
    number = {node: i for i, node in enumerate(lanes.nodes)}
    edges = list(lanes.edges(data=True))
    known = sorted({each["passage"] for _, _, each in edges if each.get("passage")})
    for name in closed:
        if name not in known:
            cure = did_you_mean(name, known, f"known are {', '.join(known)}")
            raise QuestionError(f"{name!r} is no passage of the sea network; {cure}")
    open_ = [
        (number[a], number[b], e["weight"]) for a, b, e in edges if e.get("passage") not in closed
    ]
    tail, head, weight = (np.array(each) for each in zip(*open_, strict=True))
    # A length of nothing would be read as no lane: a metre is as good.
    length = np.maximum(weight.astype(float), 1e-3)
    graph = sparse.csr_array((length, (tail, head)), shape=(len(number), len(number)))
    return _Lanes(np.array(list(lanes.nodes), dtype=float), graph)
