"""Perturbed utility: overlap, what is too dear, and the equations that an answer must meet."""

from __future__ import annotations

import math

import pytest

import entrepot
from entrepot.errors import StudyError
from tests.unit.routing.networks import Row, goes, leg, network

OVERLAPS = {
    "start": lambda f: [("ab", "ab", 10 - f), ("b-1", "bd", f), ("b-2", "bd", f)],
    "end": lambda f: [("b-1", "ab", f), ("b-2", "ab", f), ("bd", "bd", 10 - f)],
    "middle": lambda f: [
        ("ab", "ab", 5 - f / 2),
        ("b-1", "bc", f),
        ("b-2", "bc", f),
        ("cd", "cd", 5 - f / 2),
    ],
}
"""Two routes of cost 10 that differ in `f` of it, by where they share the rest."""


def lines(rows: list[tuple[str, str, float]]) -> list[Row]:
    return [leg(name, ends, cost) for name, ends, cost in rows]


def shares(routing: entrepot.Routing) -> dict[str, float]:
    return dict(routing.routes.select("legs", "share").iter_rows())


@pytest.mark.parametrize("where", OVERLAPS)
@pytest.mark.parametrize(("apart", "alone"), [(9.999, 1 / 3), (5.0, 0.42440), (0.001, 0.5)])
def test_overlap_counts_alike_wherever_it_lies(where: str, apart: float, alone: float) -> None:
    study = network([leg("x", "ad", 10), *lines(OVERLAPS[where](apart))], [goes("ad")])

    found = entrepot.route(study, "perturbed", scale=4)

    assert shares(found)["x"] == pytest.approx(alone, abs=5e-5)
    assert sum(shares(found).values()) == pytest.approx(1)


def test_used_routes_cost_the_same_with_what_they_carry() -> None:
    study = network([leg("one", "ab", 10), leg("two", "ab", 12)], [goes("ab", 50)])

    found = entrepot.route(study, "perturbed", scale=5)

    x = shares(found)
    paid = [c * (1 + 0.5 * math.log(1 + x[name])) for name, c in (("one", 10), ("two", 12))]
    assert paid[0] == pytest.approx(paid[1], rel=1e-12)
    least = sum(
        c * (q + 0.5 * ((1 + q) * math.log(1 + q) - q)) for q, c in ((x["one"], 10), (x["two"], 12))
    )
    assert found.objective == pytest.approx(50 * least)
    assert found.gap is not None
    assert found.gap < 1e-12


@pytest.mark.parametrize(("dearer", "used"), [(0.69, True), (0.70, False)])
def test_a_route_dearer_by_more_than_log_2_of_the_scale_carries_nothing(
    dearer: float, used: bool
) -> None:
    study = network([leg("one", "ab", 10), leg("two", "ab", 10 + dearer)], [goes("ab")])

    assert ("two" in shares(entrepot.route(study, "perturbed", scale=1))) is used


def test_no_scale_sends_goods_in_circles() -> None:
    ring = [leg(ends, ends, 1, two_way=True) for ends in ("ab", "bc", "ca")]
    study = network([*ring, leg("out", "bd", 1)], [goes("ad")])

    found = entrepot.route(study, "perturbed", scale=1000)

    assert set(shares(found)) == {"ab;out", "ca~;bc~;out"}


def test_choices_made_one_after_the_other_are_told_as_routes() -> None:
    rows = [leg(f"{a}-{n}", a, 10) for a in ("ab", "bc") for n in ("1", "2")]

    found = entrepot.route(network(rows, [goes("ac", 8)]), "perturbed", scale=3, routes=3)

    assert shares(found) == pytest.approx(
        {"ab-1;bc-1": 0.25, "ab-1;bc-2": 0.25, "ab-2;bc-1": 0.25, None: 0.25}
    )


@pytest.mark.parametrize("choice", ["perturbed", "path-size"])
def test_legs_that_cost_less_than_nothing_are_refused(choice: str) -> None:
    study = network([leg("ab", "ab", 3, days=1), leg("bc", "bc", -4, days=1)], [goes("ac")])

    with pytest.raises(StudyError) as caught:
        entrepot.route(study, choice, scale=1)

    assert str(caught.value.problems[0]) == (
        "legs.csv, cost: bc costs salt -2 per unit in all, and "
        f"{choice} needs costs of at least zero; raise the cost, or choose cheapest or logit"
    )
