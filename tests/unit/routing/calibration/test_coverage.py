"""Standard errors over many drawn data sets, for parameters of every kind."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.network.market import read_market
from entrepot.results.calibrate import calibrate
from entrepot.routing.calibration.model import Model
from entrepot.routing.calibration.observations import IN_RANGE, read_observations
from entrepot.routing.calibration.parameters import read_parameters
from entrepot.routing.graph import build_graph
from entrepot.study import Study
from tests.unit.routing.networks import Row, goes, leg, network

TRUE = {
    "scale": 4.0,
    "value-of-time.salt": 3.0,
    "value-of-time.tea": 8.0,
    "mode.road": 0.02,
    "transfer": 1.5,
    "gateway.north": -2.5,
    "gateway.east": 1.2,
}
GATES = {"north": ("n", "1"), "south": ("s", "2"), "east": ("m", "3")}
ORIGINS, ENDS, GOODS = "abcde", "uvwxyz", ("salt", "tea")
SETS = 200


def _legs(random: np.random.Generator) -> list[Row]:
    """By rail or road to one of three gateways and on by sea, or all the way by road."""
    legs = []
    for gate, (ashore, quay) in GATES.items():
        legs.append(leg(f"port-{gate}", ashore + quay, 3.0, days=1.0, mode="transfer"))
        for mode in ("rail", "road"):
            for origin in ORIGINS:
                far = {"mode": mode, "length_km": random.uniform(100, 600)}
                days = random.uniform(0.5, 4)
                name = f"{mode}-{origin}{ashore}"
                legs.append(leg(name, origin + ashore, random.uniform(8, 20), days=days, **far))
        for end in ENDS:
            days = random.uniform(1, 5)
            name = f"sea-{quay}{end}"
            legs.append(leg(name, quay + end, random.uniform(5, 25), days=days, mode="sea"))
    for pair in (origin + end for origin in ORIGINS for end in ENDS):
        far = {"mode": "road", "length_km": random.uniform(500, 1500)}
        days = random.uniform(1, 4)
        legs.append(leg(f"direct-{pair}", pair, random.uniform(20, 35), days=days, **far))
    return legs


def _study(legs: list[Row], observed: list[Row]) -> Study:
    wanted = [
        goes(origin + end, 50.0 + 40.0 * (n % 5), good, f"{good}-{origin}{end}")
        for n, (good, origin, end) in enumerate(
            (good, origin, end) for good in GOODS for origin in ORIGINS for end in ENDS
        )
    ]
    return network(
        legs,
        wanted,
        goods=[{"good": good, "value_of_time": 1.0} for good in GOODS],
        corridors=[{"corridor": gate, "leg": f"port-{gate}"} for gate in GATES],
        observed=observed,
    )


def _rows(legs: list[Row]) -> list[Row]:
    """Corridors, turnovers of places, and every third leg, of either good."""
    targets = [("corridor", gate) for gate in GATES] + [("place", "1"), ("place", "u")]
    targets += [("leg", row["leg"]) for row in legs[::3]]
    return [
        {"observation": f"{kind}-{target}-{good}", "kind": kind, "target": target, "good": good,
         "quantity": 1.0, "use": "calibrate"}
        for kind, target in targets
        for good in GOODS
    ]  # fmt: skip


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    legs = _legs(np.random.default_rng(7))
    rows = _rows(legs)
    study = _study(legs, rows)
    graph, demand = build_graph(read_market(study), 0, study.table("consignments"))
    parameters = read_parameters(study, {name: {} for name in TRUE})
    model = Model(graph, demand, parameters, read_observations(graph, demand), np.full(2, 4.0))
    true = np.array(list(TRUE.values()))
    flows = model.quantities(true)
    # A twentieth, and a tenth of every third figure; of little ones not less than of 20 units.
    error = np.where(np.arange(len(flows)) % 3 == 0, 0.1, 0.05) * np.maximum(flows, 20.0)
    random, off = np.random.default_rng(11), []
    for _ in range(SETS):
        drawn = np.maximum(flows + error * random.standard_normal(len(flows)), 0.0)
        ranges = zip(drawn - IN_RANGE * error, drawn + IN_RANGE * error, strict=True)
        seen = [
            row | {"quantity": quantity, "quantity_low": low, "quantity_high": high}
            for row, quantity, (low, high) in zip(rows, drawn.tolist(), ranges, strict=True)
        ]
        found = calibrate(_study(legs, seen), {name: {} for name in TRUE}, scale=2.0)
        off.append((found.fit.values - true) / found.fit.standard_error)
    inside = np.abs(off) <= IN_RANGE

    assert 0.92 <= inside.mean() <= 0.98
    # Of 200 intervals of 95 % fewer than 178 hold the truth in one case of a thousand.
    assert (inside.sum(axis=0) >= 178).all(), dict(zip(TRUE, inside.mean(axis=0), strict=True))
    assert np.abs(np.mean(off, axis=0)).max() < 0.3
