"""One engine on one standard network in a process of its own; prints what it took as JSON.

``python -m benchmarks.one_network FOLDER NETWORK DEMAND GAP ENGINE``, which
`benchmarks/routing.py` calls.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from entrepot.routing.equilibrium.check import gap_of_flows
from entrepot.routing.equilibrium.problem import Congested
from entrepot.routing.equilibrium.solve import user_equilibrium
from entrepot.sources.tntp import read_tntp

NETWORKS = {
    "SiouxFalls": ("SiouxFalls_trips.tntp", 0.0, 0.0),
    "Anaheim": ("Anaheim_trips.tntp", 0.0, 0.0),
    "ChicagoSketch": ("ChicagoSketch_trips.tntp.gz", 0.04, 0.02),
}
"""Trips, distance factor, toll factor."""


@dataclass(frozen=True)
class Taken:
    """What one run took.

    Attributes
    ----------
    compile : seconds of processor time before the first answer on a tiny network
    solve : seconds of processor time for the network, all threads
    gap : relative gap of the link flows by entrepot's checker, after the clock stopped
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


def entrepot(problem: Congested, gap: float) -> Any:
    found = user_equilibrium(problem, gap)
    return found.flow.sum(axis=1)


def pytraf(problem: Congested, gap: float) -> Any:
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
    return found.links.volume


def aequilibrae(problem: Congested, gap: float) -> Any:
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
    return work.results().loc[links["link_id"], "PCE_tot"].to_numpy()


def taplite(problem: Congested, gap: float) -> Any:
    """Conjugate Frank and Wolfe, which comes nearest of its three methods.

    Files are its only way in and out: it reads a folder of CSV and writes the links it found there,
    with four decimals. Money is worth 60 an hour, so that a toll counts as so many minutes.
    """
    import pytaplite

    with tempfile.TemporaryDirectory() as folder:
        _put_gmns(Path(folder), problem, gap)
        links = pytaplite.assign(folder).links
    load = np.zeros(problem.arcs)
    load[[int(row["link_id"]) - 1 for row in links]] = [float(row["volume"]) for row in links]
    return load


def _put_gmns(folder: Path, problem: Congested, gap: float) -> None:
    """A network and its trips as the files that TAPLite reads; links by the node they leave."""
    number = np.arange(1, problem.nodes + 1)
    zones = int(max(problem.start.max(), problem.end.max())) + 1
    links = pl.DataFrame(
        {
            "link_id": np.arange(1, problem.arcs + 1),
            "from_node_id": problem.tail + 1,
            "to_node_id": problem.head + 1,
            "lanes": np.ones(problem.arcs, dtype=np.int64),
            "capacity": np.where(np.isfinite(problem.capacity), problem.capacity, 1e12),
            "vdf_fftt": problem.free,
            "vdf_alpha": problem.alpha,
            "vdf_beta": problem.power,
            "toll_car": problem.fixed[:, 0],
        }
    ).with_columns(
        link_type=1, length=1000, free_speed=60, vdf_plf=1, vdf_type=0, vdf_length_mi=1,
        allowed_use=pl.lit("car"),
    )  # fmt: skip
    settings = {
        "number_of_iterations": 100_000,
        "number_of_processors": 1,
        "demand_period_starting_hours": 0,
        "demand_period_ending_hours": 1,
        "first_through_node_id": int(number[problem.through].min()),
        "assignment_method": 1,
        "convergence_gap_pct": 100 * gap,
    }
    users = {"mode_type_id": 1, "mode_type": "car", "name": "car", "vot": 60, "pce": 1, "occ": 1}
    tables: dict[str, Any] = {
        "node": {"node_id": number, "zone_id": np.where(number <= zones, number, 0)},
        "link": links.sort("from_node_id"),
        "demand": {
            "o_zone_id": problem.start + 1,
            "d_zone_id": problem.end + 1,
            "volume": problem.quantity,
        },
        "mode_type": users | {"demand_file": "demand.csv"},
        "settings": settings,
    }
    for name, columns in tables.items():
        pl.DataFrame(columns).write_csv(folder / f"{name}.csv")


ENGINES: dict[str, Callable[[Congested, float], Any]] = {
    "entrepot": entrepot,
    "pytraf": pytraf,
    "AequilibraE bfw": aequilibrae,
    "TAPLite4MPO cfw": taplite,
}

ONCE = {"TAPLite4MPO cfw"}
"""Engines that end with a fault of memory when they are called a second time in one process; they
compile nothing."""


def main(folder: str, name: str, demand: str, gap: str, engine: str) -> None:
    run = ENGINES[engine]
    # What engines print is none of the answer.
    answer = os.dup(1)
    os.dup2(2, 1)
    began = time.process_time()
    tiny = network(Path(folder), "SiouxFalls", 1.0)
    if engine not in ONCE:
        run(replace(tiny), 1e-3)
    compiled = time.process_time() - began
    problem = network(Path(folder), name, float(demand))
    began = time.process_time()
    load = run(problem, float(gap))
    solve = time.process_time() - began
    reached = gap_of_flows(problem, load[:, None])
    taken = Taken(compiled, solve, reached, objective(problem, load))
    os.write(answer, json.dumps(asdict(taken)).encode() + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
