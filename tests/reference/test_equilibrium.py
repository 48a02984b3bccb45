"""Equilibria of the standard test networks, against their published objectives.

Networks of the collection `bstabler/TransportationNetworks`; objectives are those published beside
them or, for Anaheim and the doubled demand, worked out anew from published flows. The files are for
research only and are not part of this package: the tests read them from a folder beside it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks.one_network import network as standard_network
from entrepot.routing.equilibrium.check import check_gap
from entrepot.routing.equilibrium.problem import Congested
from entrepot.routing.equilibrium.solve import system_optimum, user_equilibrium

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "cases" / "routing"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the test networks are not in {FOLDER}"
)


@cache
def network(name: str) -> Congested:
    return standard_network(FOLDER, name, 1.0)


@pytest.mark.parametrize(
    ("name", "demand", "objective"),
    [
        ("SiouxFalls", 1.0, 4231335.28710744),
        ("Anaheim", 1.0, 1286032.171096),
        ("ChicagoSketch", 1.0, 17313018.7387477),
        ("ChicagoSketch", 2.0, 42113311.51855),
    ],
)
def test_the_published_objective_is_reached(name: str, demand: float, objective: float) -> None:
    problem = network(name)
    problem = replace(problem, quantity=demand * problem.quantity)

    answer = user_equilibrium(problem, gap=1e-12)
    found = check_gap(problem, answer)

    assert answer.objective == pytest.approx(objective, rel=1e-12)
    assert answer.gap <= 1e-12
    assert abs(found.gap) <= 1e-12
    assert found.imbalance * problem.quantity.sum() <= 1e-9
    assert found.passing <= 1e-15
    assert found.negative == 0
    assert found.unlike <= 1e-15


@pytest.mark.parametrize("name", ["SiouxFalls", "Anaheim", "ChicagoSketch"])
def test_flows_are_the_published_ones(name: str) -> None:
    problem = network(name)
    rows = (FOLDER / f"{name}_flow.tntp").read_text().split("\n")[1:]
    published = {
        (int(cells[0]), int(cells[1])): float(cells[2])
        for cells in map(str.split, rows)
        if len(cells) >= 3
    }

    load = user_equilibrium(problem, gap=1e-12).load
    wanted = np.array(
        [published[a + 1, b + 1] for a, b in zip(problem.tail, problem.head, strict=True)]
    )

    # Arcs without delay may share their flow in several ways; the sketch network has some.
    delayed = (problem.alpha > 0) & (problem.free > 0) & (problem.power > 0)
    assert load[delayed] == pytest.approx(wanted[delayed], rel=2e-4, abs=0.2)


def test_an_optimum_of_sioux_falls() -> None:
    """The total is convex here, so that a gap of 0 in marginal costs proves the least."""
    problem = network("SiouxFalls")

    answer = system_optimum(problem, gap=1e-12)

    assert answer.objective == pytest.approx(7194256.05, abs=0.01)
    assert abs(check_gap(problem, answer).gap) <= 1e-12


@pytest.mark.parametrize("demand", [1.0, 10.0])
def test_a_power_as_steep_as_the_collection_has_is_no_harder(demand: float) -> None:
    problem = network("SiouxFalls")
    steep = np.full(problem.arcs, 16.83)

    answer = user_equilibrium(replace(problem, power=steep, quantity=demand * problem.quantity))

    assert abs(check_gap(answer.problem, answer).gap) <= 1e-12
    assert answer.iterations <= 60


def test_closing_a_link_from_the_last_answer_is_the_same_as_from_nothing() -> None:
    problem = network("ChicagoSketch")
    before = user_equilibrium(problem)
    inner = np.minimum(problem.tail, problem.head) >= 387
    busiest = int(np.argmax(np.where(inner, before.load, 0.0)))
    fixed = problem.fixed.copy()
    fixed[busiest] = np.inf
    closed = replace(problem, fixed=fixed)

    warm = user_equilibrium(closed, start=before)
    cold = user_equilibrium(closed)

    assert warm.objective == pytest.approx(cold.objective, rel=1e-13)
    assert warm.load == pytest.approx(cold.load, rel=1e-6, abs=1e-3)
