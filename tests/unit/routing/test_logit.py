"""Logit over all routes: the same as over routes listed one by one, and said where it has none."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

import entrepot
from entrepot.errors import StudyError
from entrepot.routing.chain import converges, spread
from entrepot.routing.pairs import Pairs
from entrepot.routing.ways import ways_between
from tests.unit.routing.networks import Row, goes, leg, network


def shares(routing: entrepot.Routing) -> dict[str, float]:
    return dict(routing.routes.select("legs", "share").iter_rows())


def overlapping(apart: float) -> list[Row]:
    """Three routes of cost 10, two of which share all but `apart` of it."""
    return [
        leg("x", "ad", 10),
        leg("ab", "ab", 10 - apart),
        leg("b-1", "bd", apart),
        leg("b-2", "bd", apart),
    ]


def test_shares_fall_by_e_where_costs_rise_by_the_scale() -> None:
    study = network([leg("one", "ab", 10), leg("two", "ab", 13)], [goes("ab", 100)])

    found = entrepot.route(study, "logit", scale=3)

    first = 1 / (1 + math.exp(-1))
    assert shares(found) == pytest.approx({"one": first, "two": 1 - first})
    assert found.objective == pytest.approx(
        100 * -3 * math.log(math.exp(-10 / 3) + math.exp(-13 / 3))
    )
    assert found.settings["scale"] == {"salt": 3.0}


def test_routes_that_overlap_count_as_if_they_did_not() -> None:
    found = entrepot.route(network(overlapping(0.1), [goes("ad")]), "logit", scale=1)

    assert shares(found) == pytest.approx({"x": 1 / 3, "ab;b-1": 1 / 3, "ab;b-2": 1 / 3})


@pytest.mark.parametrize(("apart", "alone"), [(10.0, 1 / 3), (5.0, 0.4), (0.001, 0.49997500125)])
def test_path_size_tells_overlapping_routes_apart(apart: float, alone: float) -> None:
    # Path sizes 1, p, p with p = apart/10 + (1 - apart/10)/2; all routes cost 10.
    lines = overlapping(apart)
    lines = [row for row in lines if row["leg"] != "ab" or row["cost"] > 0]
    if apart == 10.0:
        lines = [leg("x", "ad", 10), leg("b-1", "ad", 10), leg("b-2", "ad", 10)]

    found = entrepot.route(network(lines, [goes("ad")]), "path-size", scale=1)

    assert shares(found)["x"] == pytest.approx(alone)


def test_path_size_and_logit_agree_where_nothing_is_shared() -> None:
    lines = [leg("one", "ab", 10), leg("two", "ab", 13), leg("three", "ab", 11)]
    study = network(lines, [goes("ab", 7)])

    logit, sized = (entrepot.route(study, choice, scale=2) for choice in ("logit", "path-size"))

    assert shares(logit) == pytest.approx(shares(sized))
    assert logit.objective == pytest.approx(sized.objective)


def test_all_ways_that_do_not_go_straight_back_are_counted() -> None:
    # A triangle of two-way legs: from a to d the ways go once or more round it, either way about.
    ring = [("p", "ab"), ("q", "bc"), ("r", "ca")]
    lines = [leg(name, ends, 1, two_way=True) for name, ends in ring] + [leg("out", "bd", 1)]
    w = math.exp(-1 / 0.9)

    found = entrepot.route(network(lines, [goes("ad")]), "logit", scale=0.9, routes=2)

    # w: one leg; the ways to b are w (w³)^n and w² (w³)^n, then out.
    total = (w + w**2) / (1 - w**3) * w
    assert found.objective == pytest.approx(-0.9 * math.log(total))
    assert shares(found)["p;out"] == pytest.approx(w * w / total)
    assert shares(found)["r~;q~;out"] == pytest.approx(w**3 / total)
    assert shares(found)[None] == pytest.approx(1 - (w**2 + w**3) / total)  # type: ignore[index]


def test_a_journey_ends_when_it_arrives() -> None:
    lines = [leg("ab", "ab", 1), leg("bc", "bc", 1), leg("cd", "cd", 1), leg("db", "db", 1)]

    found = entrepot.route(network(lines, [goes("ab")]), "logit", scale=5)

    assert shares(found) == {"ab": 1}
    assert found.flows["leg"].to_list() == ["ab"]


def test_a_scale_without_an_answer_is_refused_with_the_largest_that_has_one() -> None:
    # Two circles through every node, each leg of cost 1: w³ + w³ = 1 at the largest scale.
    lines = [leg(f"{n}{a}", a, 1) for a in ("ab", "bc", "ca") for n in ("x", "y")]
    study = network([*lines, leg("out", "cd", 1)], [goes("ad")])
    most = 1 / math.log(2)  # each pair of legs weighs 2 exp(-1 / scale), and 8 of these make 1

    with pytest.raises(StudyError) as caught:
        entrepot.route(study, "logit", scale=20)

    (problem,) = caught.value.problems
    assert (problem.column, problem.value) == ("routing.scale", "20")
    assert f"the largest scale that has one is {most:.3f}"[:-1] in problem.remedy
    assert entrepot.route(study, "logit", scale=most * 0.999).conservation < 1e-9


def test_a_circle_that_costs_nothing_has_no_scale() -> None:
    lines = [leg("ab", "ab", 0), leg("bc", "bc", 0), leg("ca", "ca", 0), leg("out", "cd", 1)]

    with pytest.raises(StudyError, match=r"ab;bc;ca.*circle that costs nothing"):
        entrepot.route(network(lines, [goes("ad")]), "logit", scale=1)


def test_a_scale_that_nobody_gave_is_said() -> None:
    study = network([leg("one", "ab", 40), leg("two", "ab", 41)], [goes("ab")])

    found = entrepot.route(study, "logit")

    assert found.settings["scale"] == {"salt": 2.0}
    assert found.settings["scale_given"] is False
    assert found.notes[0].startswith("no scale is given, so a twentieth of the mean cost")


def test_goods_may_have_scales_of_their_own() -> None:
    goods = [{"good": "salt"}, {"good": "wine"}]
    study = network(
        [leg("one", "ab", 10), leg("two", "ab", 13)],
        [goes("ab"), goes("ab", good="wine", name="w")],
        goods=goods,
        settings={"routing": {"scale": 3, "scales": {"wine": 1}}},
    )

    found = entrepot.route(study, "logit").routes.filter(legs="one")

    assert found["share"].to_list() == pytest.approx(
        [1 / (1 + math.exp(-1)), 1 / (1 + math.exp(-3))]
    )


def test_a_long_way_beside_the_scale_loses_nothing() -> None:
    names = [chr(ord("a") + i) for i in range(26)]
    lines = []
    for start, end in pairwise(names):
        lines += [leg(f"{start}-1", start + end, 1000), leg(f"{start}-2", start + end, 1001)]

    found = entrepot.route(network(lines, [goes("az")]), "logit", scale=1, routes=1)

    first = 1 / (1 + math.exp(-1))
    flows = dict(found.flows.select("leg", "quantity").iter_rows())
    assert flows["m-1"] == pytest.approx(first)
    assert found.routes["share"][0] == pytest.approx(first**25)
    assert found.objective == pytest.approx(25_000 + 25 * math.log(first))


Ways = dict[int, tuple[float, npt.NDArray[np.float64]]]
"""Last arc -> weight of all ways that end with it, and of those that pass each arc."""


def enumerated(
    tail: list[int], head: list[int], cost: list[float], scale: float
) -> dict[int, float]:
    """Flow of each arc, one unit from node 0 to node 1, from all ways of up to 200 arcs."""
    flow = np.zeros(len(tail))
    total = 0.0
    ways: Ways = {}
    for arc in range(len(tail)):
        if tail[arc] == 0:
            weight = math.exp(-cost[arc] / scale)
            passed = np.zeros(len(tail))
            passed[arc] = weight
            ways[arc] = (weight, passed)
    for _ in range(200):
        following: Ways = {}
        for arc, (weight, passed) in ways.items():
            if head[arc] == 1:
                total += weight
                flow += passed
                continue
            for other in range(len(tail)):
                if tail[other] == head[arc] and head[other] != tail[arc]:
                    step = math.exp(-cost[other] / scale)
                    before = following.get(other, (0.0, np.zeros(len(tail))))
                    also = passed * step
                    also[other] += weight * step
                    following[other] = (before[0] + weight * step, before[1] + also)
        ways = following
    return dict(enumerate(flow / total))


@pytest.mark.parametrize("seed", range(12))
def test_flows_are_those_of_all_ways_one_by_one(seed: int) -> None:
    draw = np.random.default_rng(seed)
    ends = [(i, j) for i in range(5) for j in range(5) if i != j and draw.random() < 0.6]
    ends += [(0, 2), (2, 1), (0, 2)]
    tail, head = (np.array(side, dtype=np.int64) for side in zip(*ends, strict=True))
    cost = draw.integers(2, 7, len(tail)).astype(float)
    pairs = Pairs(
        np.zeros(1, np.int64),
        np.ones(1),
        np.ones(1, np.int64),
        np.array([0, 1]),
        np.zeros(1, np.int64),
    )
    ways = ways_between(tail, head, 5)

    assert converges(ways, cost, 1.5)
    flow, _ = spread(ways, cost, pairs, 1.5)

    expected = enumerated(tail.tolist(), head.tolist(), cost.tolist(), 1.5)
    assert dict(enumerate(flow)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("choice", ["logit", "stochastic-equilibrium"])
def test_every_good_whose_scale_is_too_large_is_told(choice: str) -> None:
    every = [leg(a + b, a + b, 1) for a in "abcd" for b in "abcd" if a != b]
    goods = [{"good": good} for good in ("salt", "wine", "wood")]
    wanted = [goes("ad", good=row["good"], name=row["good"]) for row in goods]

    with pytest.raises(StudyError) as caught:
        entrepot.route(network(every, wanted, goods=goods), choice, scale=50.0)

    assert [problem.value for problem in caught.value.problems] == ["50"] * 3
    assert "no answer for wine" in str(caught.value)
