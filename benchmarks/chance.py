"""How long chance takes on drawn networks: logit and perturbed utility, and a calibration."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from entrepot.network.market import read_market
from entrepot.routing.calibration.calibrate import calibrate_consignments
from entrepot.routing.choice import Options
from entrepot.routing.graph import build_graph
from entrepot.routing.logit import logit
from entrepot.routing.pairs import pairs_of, shortest_lengths
from entrepot.routing.perturbed import perturbed
from entrepot.routing.route import route_consignments
from entrepot.routing.settings import RoutingSettings
from entrepot.study import Study, study_from_tables

MODES = ("road", "rail")


RUNS = 5
"""Of each, in one process, the first of which may compile; the quickest counts."""

SLOW = 10.0
"""Processor seconds: what takes longer is not run again."""

SCALES = (2.0, 6.0, 20.0)
"""Money per unit for `perturbed`, whose work grows with the scale; the first is that of `logit`."""


@dataclass(frozen=True)
class Shared:
    """Size of what was routed, and processor seconds by scale for `perturbed`."""

    nodes: int
    arcs: int
    pairs: int
    mean: float
    logit: float
    perturbed: dict[float, float]


@dataclass(frozen=True)
class Calibrated:
    """How many figures were fitted to, pairs routed, and processor seconds."""

    facts: int
    routed: int
    fit: float


def drawn(places: int, ends: int, pairs: int, observed: int = 0, seed: int = 1) -> Study:
    """Places joined with their nearest by road or rail, and consignments between some of them.

    Parameters
    ----------
    ends : places that send and receive
    pairs : consignments
    observed : legs with an observed flow, still without a figure
    """
    random = np.random.default_rng(seed)
    at = random.uniform(0.0, 3000.0, (places, 2))
    near = cKDTree(at).query(at, k=4)[1][:, 1:]
    joined = np.unique(
        np.sort(np.stack([np.repeat(np.arange(places), 3), near.ravel()], axis=1), axis=1), axis=0
    )
    # A ring through all places in the order of an angle keeps everything together.
    ring = np.argsort(np.arctan2(at[:, 1] - 1500, at[:, 0] - 1500))
    round_ = np.sort(np.stack([ring, np.roll(ring, 1)], axis=1), axis=1)
    joined = np.unique(np.concatenate([joined, round_]), axis=0)
    length = np.hypot(*(at[joined[:, 0]] - at[joined[:, 1]]).T)
    mode = random.integers(0, 2, len(joined))
    names = pl.Series([f"p{n}" for n in range(places)])
    legs = pl.DataFrame(
        {
            "leg": [f"l{n}" for n in range(len(joined))],
            "origin": names.gather(joined[:, 0]),
            "destination": names.gather(joined[:, 1]),
            "mode": pl.Series(MODES).gather(mode),
            "length_km": length,
            "cost": 2.0 + length * np.array([0.06, 0.03])[mode],
            "days": 0.2 + length / 500.0,
            "two_way": True,
        }
    )
    some = random.choice(places, ends, replace=False)
    chosen = random.choice(ends * (ends - 1), pairs, replace=False)
    start, end = np.divmod(chosen, ends - 1)
    end += end >= start
    consignments = pl.DataFrame(
        {
            "consignment": [f"c{n}" for n in range(pairs)],
            "good": "salt",
            "origin": names.gather(some[start]),
            "destination": names.gather(some[end]),
            "quantity": random.lognormal(2.0, 1.0, pairs),
        }
    )
    measured = np.sort(random.choice(len(joined), observed, replace=False))
    tables = {
        "countries": pl.DataFrame({"country": ["XA"]}),
        "places": pl.DataFrame({"place": names, "country": "XA"}),
        "goods": pl.DataFrame({"good": ["salt"], "value_of_time": [3.0]}),
        "legs": legs,
        "consignments": consignments,
    }
    if observed:
        tables["observed"] = pl.DataFrame(
            {
                "observation": [f"o{n}" for n in measured],
                "kind": "leg",
                "target": [f"l{n}" for n in measured],
                "good": "salt",
                "quantity": 1.0,
                "use": "calibrate",
            }
        )
    return study_from_tables("drawn", tables)


def quickest(run: Callable[[], object]) -> float:
    """Processor seconds of the quickest of several runs."""
    taken = [_timed(run)]
    while len(taken) < RUNS and taken[-1] < SLOW:
        taken.append(_timed(run))
    return min(taken)


def _timed(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def measure_shared(places: int = 1400, ends: int = 434, pairs: int = 187_922) -> Shared:
    """Route all pairs of a network of the size of flownet's Africa, from arrays to flows."""
    study = drawn(places, ends, pairs)
    graph, demand = build_graph(read_market(study), 0, study.table("consignments"))
    everything = pairs_of(demand, 0)
    length = shortest_lengths(graph, graph.cost(0), everything)
    return Shared(
        nodes=places,
        arcs=graph.arcs,
        pairs=pairs,
        mean=float(np.average(length, weights=everything.quantity)),
        logit=quickest(partial(logit, graph, demand, _options(SCALES[0]))),
        perturbed={
            scale: quickest(partial(perturbed, graph, demand, _options(scale))) for scale in SCALES
        },
    )


def _options(scale: float) -> Options:
    return Options(RoutingSettings(scale=scale, routes=0), "generalised", 1e-12, lambda _: None)


def measure_calibration(observed: int = 600, pairs: int = 20_000) -> Calibrated:
    """Find a scale and a value of time again from the flows that they make, with 5 % noise."""
    study = drawn(1400, 200, pairs, observed)
    flows = route_consignments(study, choice="logit", scale=2.0, routes=0).flows
    random = np.random.default_rng(5)
    table = study.table("observed").join(
        flows.select(target="leg", said="quantity"), on="target", how="left", maintain_order="left"
    )
    noisy = table["said"].fill_null(0.0).to_numpy() * random.normal(1.0, 0.05, observed)
    rows = study.table("observed").with_columns(quantity=np.maximum(noisy, 1.0))
    noisy_study = Study(
        study.name, study.settings, dict(study.tables) | {"observed": rows}, study.scenarios
    )
    consignments = study.table("consignments")
    start = {"scale": {"start": 1.0}, "value-of-time.salt": {"start": 1.0}}
    found = calibrate_consignments(noisy_study, consignments, start)
    took = quickest(lambda: calibrate_consignments(noisy_study, consignments, start))
    return Calibrated(found.facts, pairs, took)
