"""One engine on one standard network in a process of its own; prints what it took as JSON.

``python -m benchmarks.one_network FOLDER NETWORK DEMAND GAP ENGINE``, which
`benchmarks/routing.py` calls.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from entrepot.routing.equilibrium.check import check_gap
from entrepot.routing.equilibrium.problem import Congested
from entrepot.routing.equilibrium.solve import user_equilibrium
from entrepot.sources.tntp import read_tntp

NETWORKS = {
    "SiouxFalls": ("SiouxFalls_trips.tntp", 0.0, 0.0),
    "Anaheim": ("Anaheim_trips.tntp", 0.0, 0.0),
    "ChicagoSketch": ("ChicagoSketch_trips.tntp.gz", 0.04, 0.02),
}
"""Trips, distance factor, toll factor."""

Measured = Callable[[], float]
"""The gap of flows, told when asked for."""


@dataclass(frozen=True)
class Taken:
    """What one run took.

    Attributes
    ----------
    compile : seconds of processor time before the first answer on a tiny network
    solve : seconds of processor time for the network, all threads
    gap : relative gap: of entrepot's flows by its checker, after the clock stopped; of a peer's as
        it tells
    objective : Beckmann's, of the engine's link flows
    """

    compile: float
    solve: float
    gap: float
    objective: float


def network(folder: Path, name: str, demand: float) -> Congested:
    """A standard network with its trips."""
    trips, distance, toll = NETWORKS[name]
    tables = read_tntp(
        folder / f"{name}_net.tntp", folder / trips, distance_factor=distance, toll_factor=toll
    ).tables
    legs, places, rows = tables["legs"], tables["places"], tables["consignments"]
    filled = legs.with_columns(
        pl.col("capacity").fill_null(np.inf), pl.col("delay_alpha", "delay_power").fill_null(0.0)
    )

    def node(frame: pl.DataFrame, column: str) -> Any:
        return frame[column].cast(pl.Int64).to_numpy() - 1

    return Congested(
        nodes=places.height,
        tail=node(legs, "origin"),
        head=node(legs, "destination"),
        fixed=legs["cost"].to_numpy()[:, None],
        free=legs["days"].to_numpy(),
        alpha=filled["delay_alpha"].to_numpy(),
        power=filled["delay_power"].to_numpy(),
        capacity=filled["capacity"].to_numpy(),
        use=np.ones(1),
        start=node(rows, "origin"),
        end=node(rows, "destination"),
        klass=np.zeros(rows.height, dtype=np.int64),
        quantity=rows["quantity"].to_numpy() * demand,
        through=places["through"].to_numpy(),
    )


def objective(problem: Congested, load: Any) -> float:
    """Beckmann's objective of link flows, by the integral of the delay."""
    full = np.where(problem.alpha > 0, problem.capacity, 1.0)
    late = problem.alpha * (load / full) ** problem.power / (problem.power + 1)
    return float((load * (problem.free * (1 + late) + problem.fixed[:, 0])).sum())


def entrepot(problem: Congested, gap: float) -> tuple[Any, Measured]:
    found = user_equilibrium(problem, gap)
    return found.flow.sum(axis=1), lambda: check_gap(problem, found).gap


def pytraf(problem: Congested, gap: float) -> tuple[Any, Measured]:
    import pytraf as peer

    net = peer.Network(
        problem.nodes,
        problem.tail.astype(np.int64),
        problem.head.astype(np.int64),
        problem.free,
        np.where(np.isfinite(problem.capacity), problem.capacity, 1e12),
        problem.alpha,
        # It takes no power of 0, which links without a delay have.
        np.where(problem.alpha > 0, problem.power, 1.0),
        is_centroid=~problem.through,
    )
    trips = peer.Demand(
        problem.nodes,
        problem.start.astype(np.int64),
        problem.end.astype(np.int64),
        problem.quantity,
    )
    users = peer.TrafficClass(trips, extra_link_cost=problem.fixed[:, 0].copy())
    found = peer.assign(net, users, gap=gap, max_iter=100_000, threads=1)
    return found.links.volume, lambda: found.relative_gap


def aequilibrae(problem: Congested, gap: float) -> tuple[Any, Measured]:
    import pandas as pd
    from aequilibrae.matrix import AequilibraeMatrix
    from aequilibrae.paths import Graph, TrafficAssignment, TrafficClass

    zones = int(max(problem.start.max(), problem.end.max())) + 1
    links = pd.DataFrame(
        {
            "link_id": np.arange(1, len(problem.tail) + 1),
            "a_node": problem.tail + 1,
            "b_node": problem.head + 1,
            "direction": 1,
            "capacity": np.where(np.isfinite(problem.capacity), problem.capacity, 1e12),
            "free_flow_time": np.maximum(problem.free, 1e-9),
            "b": problem.alpha,
            "power": np.maximum(problem.power, 1.0),
            "fixed": problem.fixed[:, 0],
        }
    )
    graph = Graph()
    graph.network = links
    graph.mode = "c"
    graph.prepare_graph(np.arange(1, zones + 1))
    graph.set_graph("free_flow_time")
    graph.set_blocked_centroid_flows(bool((~problem.through).any()))
    trips = AequilibraeMatrix()
    trips.create_empty(zones=zones, matrix_names=["trips"], memory_only=True)
    trips.index = np.arange(1, zones + 1)
    trips.matrix["trips"][:, :] = 0.0
    trips.matrix["trips"][problem.start, problem.end] = problem.quantity
    trips.computational_view(["trips"])
    users = TrafficClass("users", graph, trips)
    if problem.fixed.any():
        users.set_fixed_cost("fixed")
        users.set_vot(1.0)
    work = TrafficAssignment()
    work.set_classes([users])
    work.set_vdf("BPR")
    work.set_vdf_parameters({"alpha": "b", "beta": "power"})
    work.set_capacity_field("capacity")
    work.set_time_field("free_flow_time")
    work.set_algorithm("bfw")
    work.max_iter = 100_000
    work.rgap_target = gap
    work.set_cores(1)
    work.execute()
    found = work.results().loc[links["link_id"], "PCE_tot"].to_numpy()
    return found, lambda: float(work.assignment.rgap)


ENGINES: dict[str, Callable[[Congested, float], tuple[Any, Measured]]] = {
    "entrepot": entrepot,
    "pytraf": pytraf,
    "AequilibraE bfw": aequilibrae,
}


def main(folder: str, name: str, demand: str, gap: str, engine: str) -> None:
    run = ENGINES[engine]
    began = time.process_time()
    tiny = network(Path(folder), "SiouxFalls", 1.0)
    run(replace(tiny), 1e-3)
    compiled = time.process_time() - began
    problem = network(Path(folder), name, float(demand))
    began = time.process_time()
    load, reached = run(problem, float(gap))
    solve = time.process_time() - began
    print(json.dumps(asdict(Taken(compiled, solve, reached(), objective(problem, load)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
