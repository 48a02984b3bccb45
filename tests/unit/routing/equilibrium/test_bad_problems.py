"""Problems without an equilibrium are refused with all their faults at once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from entrepot.errors import RoutingError
from entrepot.routing.equilibrium.solve import user_equilibrium
from tests.unit.routing.equilibrium.problems import BRAESS, congested, linear, plain


def test_all_faults_are_told_at_once() -> None:
    problem = congested(
        3,
        [(0, 1, 1.0, 0.15, 0.0, 4.0), plain(1, 2, 1), plain(0, 2, math.nan)],
        [(0, 2, 0, 1.0), (0, 1, 0, math.nan)],
        fixed=[[0, -2, 0]],
        arc_names=["canal", "ferry", "road"],
        node_names=["baku", "aktau", "turkmenbashi"],
        class_names=["grain"],
    )

    with pytest.raises(RoutingError) as raised:
        user_equilibrium(problem)

    assert raised.value.findings == (
        "leg 'road' has no number as its free days",
        "'grain' from 'baku' to 'aktau': the quantity nan is not a number of 0 or more",
        "leg 'ferry' costs 'grain' less than nothing when empty, -1 days: goods would go round in "
        "circles; raise its cost",
        "leg 'canal' has a delay and a capacity of 0: give it a capacity, or close it",
    )


def test_pairs_without_a_path_are_all_named() -> None:
    problem = congested(
        3,
        [linear(0, 1, 1, 1), linear(1, 2, 1, 1)],
        [(0, 2, 0, 1.0), (2, 0, 0, 1.0), (1, 0, 0, 1.0)],
        shut=[1],
        node_names=["baku", "aktau", "turkmenbashi"],
    )

    with pytest.raises(RoutingError) as raised:
        user_equilibrium(problem)

    assert raised.value.findings == (
        "class 0 cannot get from 'baku' to 'turkmenbashi': no path is open to it",
        "class 0 cannot get from 'aktau' to 'baku': no path is open to it",
        "class 0 cannot get from 'turkmenbashi' to 'baku': no path is open to it",
    )


def test_many_faults_are_counted() -> None:
    problem = replace(BRAESS, free=np.full(5, -1.0))
    many = congested(2, [plain(0, 1, -1.0)] * 30, [(0, 1, 0, 1.0)])

    with pytest.raises(RoutingError, match=r"arc 4 .* has a negative free days, -1"):
        user_equilibrium(problem)
    with pytest.raises(RoutingError, match="and 10 more of the same kind"):
        user_equilibrium(many)


def test_arrays_must_fit() -> None:
    with pytest.raises(RoutingError, match=r"capacity has shape \(3,\), not \(5,\)"):
        user_equilibrium(replace(BRAESS, capacity=np.ones(3)))


@pytest.mark.filterwarnings("error")
def test_a_delay_without_end_is_named() -> None:
    steep = congested(2, [(0, 1, 1.0, 0.15, 1.0, 80.0)], [(0, 1, 0, 1e5)], arc_names=["strait"])

    with pytest.raises(RoutingError) as raised:
        user_equilibrium(steep)

    assert raised.value.findings == (
        "delays of more than 1e+100 days: widen what is named, choose a lower power, or open "
        "another way",
        "leg 'strait' would carry 100000, 100000 times its capacity, to the power 80",
    )
