"""What holds for every way of choosing routes, whatever the study."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from entrepot.errors import StudyError
from entrepot.routing.answers import Routing
from entrepot.routing.reach import alternatives
from entrepot.routing.route import CHOICES, route_consignments
from entrepot.study import Study, study_from_tables

PLACES = "abcdef"
COUNTRIES = ("AA", "BB", "CC")
GOODS = ("salt", "wine")


@st.composite
def studies(draw: st.DrawFn, *, forward: bool = False) -> Study:
    """A small study to be routed; with `forward`, legs lead only on in the alphabet."""
    pairs = [(a, b) for a in PLACES for b in PLACES if (a < b if forward else a != b)]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=4, max_size=14))
    legs: list[dict[str, Any]] = [
        {
            "leg": f"l{number}",
            "origin": a,
            "destination": b,
            "mode": "rail",
            "cost": float(draw(st.integers(1, 9))),
            "days": float(draw(st.integers(0, 2))),
            "two_way": False if forward else draw(st.booleans()),
        }
        for number, (a, b) in enumerate(chosen)
    ]
    ends = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=4))
    tables: dict[str, list[dict[str, Any]]] = {
        "countries": [{"country": country} for country in COUNTRIES],
        "places": [
            {
                "place": place,
                "country": draw(st.sampled_from(COUNTRIES)),
                "through": draw(st.booleans()) or draw(st.booleans()),
            }
            for place in PLACES
        ],
        "goods": [{"good": good, "value_of_time": float(n)} for n, good in enumerate(GOODS)],
        "legs": legs,
        "consignments": [
            {
                "consignment": f"k{number}",
                "good": draw(st.sampled_from(GOODS)),
                "origin": a,
                "destination": b,
                "quantity": float(draw(st.integers(1, 50))),
            }
            for number, (a, b) in enumerate(ends)
        ],
    }
    if draw(st.booleans()):
        ban = {"ban": "b", "good": draw(st.sampled_from(("*", *GOODS)))}
        via = draw(st.sampled_from((*COUNTRIES, *(row["leg"] for row in legs))))
        tables["bans"] = [ban | {"origin": draw(st.sampled_from(("*", *COUNTRIES))), "via": via}]
    meeting = [
        (one["leg"], other["leg"])
        for one in legs
        for other in legs
        if one["destination"] == other["origin"]
    ]
    if draw(st.booleans()) and meeting:
        one, other = draw(st.sampled_from(meeting))
        row = {"from_leg": one, "to_leg": other, "cost": 2.0}
        tables["transfers"] = [row | {"allowed": draw(st.booleans())}]
    return study_from_tables("drawn", tables)


def routed(study: Study, choice: str, **words: Any) -> Routing:
    """The routes, where there are any: studies that cannot be routed are not drawn."""
    try:
        return route_consignments(study, None, choice, **words)
    except StudyError:
        assume(False)
        raise


def legs_of(study: Study) -> dict[str, tuple[str, str]]:
    """Ends of each leg, ways back included."""
    rows = study.table("legs").select("leg", "origin", "destination", "two_way").rows()
    ends = {leg: (a, b) for leg, a, b, _ in rows}
    return ends | {leg + "~": (b, a) for leg, a, b, two_way in rows if two_way}


@pytest.mark.parametrize("choice", CHOICES)
@settings(max_examples=15)
@given(study=studies())
def test_shares_add_up_and_what_sets_out_arrives(choice: str, study: Study) -> None:
    found = routed(study, choice, routes=4, scale=0.4)

    told = found.routes.group_by("consignment").agg(pl.col("share", "quantity").sum())
    wanted = dict(study.table("consignments").select("consignment", "quantity").iter_rows())
    assert dict(told.select("consignment", "quantity").iter_rows()) == pytest.approx(wanted)
    assert told["share"].to_list() == pytest.approx([1.0] * len(wanted))
    ends = legs_of(study)
    net = dict.fromkeys(PLACES, 0.0)
    for leg, quantity in found.flows.select("leg", "quantity").iter_rows():
        net[ends[leg][0]] -= quantity
        net[ends[leg][1]] += quantity
    parcels = study.table("consignments").select("origin", "destination", "quantity")
    for a, b, quantity in parcels.iter_rows():
        net[a] += quantity
        net[b] -= quantity
    assert max(map(abs, net.values())) < 1e-9 * sum(wanted.values())


@pytest.mark.parametrize("choice", CHOICES)
@settings(max_examples=15)
@given(study=studies())
def test_routes_join_from_end_to_end_and_obey_bans(choice: str, study: Study) -> None:
    found = routed(study, choice, routes=4, scale=0.4)

    ends, where = legs_of(study), dict(study.table("places").select("place", "country").iter_rows())
    rows = {row["consignment"]: row for row in study.table("consignments").iter_rows(named=True)}
    shut = set(study.table("places").filter(~pl.col("through"))["place"])
    bans = study.table("bans").rows(named=True)
    for name, text in found.routes.select("consignment", "legs").iter_rows():
        if text is None:
            continue
        row, legs = rows[name], text.split(";")
        stops = [ends[legs[0]][0], *(ends[leg][1] for leg in legs)]
        assert [ends[leg][0] for leg in legs[1:]] == stops[1:-1]
        assert (stops[0], stops[-1]) == (row["origin"], row["destination"])
        assert not shut & set(stops[1:-1])
        for ban in bans:
            home, bound = where[row["origin"]], where[row["destination"]]
            if ban["good"] not in ("*", row["good"]) or ban["origin"] not in ("*", home):
                continue
            if ban["via"] not in (*COUNTRIES, home, bound):
                assert ban["via"] not in {leg.removesuffix("~") for leg in legs}
            elif ban["via"] not in (home, bound):
                left = [a for a, b in map(ends.get, legs) if where[a] == ban["via"] != where[b]]  # type: ignore[misc]
                assert not left


@pytest.mark.parametrize("choice", ["logit", "path-size", "perturbed"])
@settings(max_examples=15)
@given(study=studies())
def test_a_small_scale_leaves_the_cheapest_routes(choice: str, study: Study) -> None:
    cheapest = routed(study, "cheapest")

    found = routed(study, choice, scale=1e-3)

    total = float((cheapest.routes["cost"] * cheapest.routes["quantity"]).fill_null(0).sum())
    days = float((cheapest.routes["days"] * cheapest.routes["quantity"]).fill_null(0).sum())
    assert np.isfinite(total + days)
    # Entropy moves the objective by the scale times the log of the number of routes at most.
    slack = 0.05 * float(study.table("consignments")["quantity"].sum())
    assert found.objective == pytest.approx(cheapest.objective, abs=slack)
    least = dict(cheapest.routes.select("consignment", "legs").iter_rows())
    for name, legs, share in found.routes.select("consignment", "legs", "share").iter_rows():
        alone = cheapest.routes.filter(consignment=name).height == 1
        if alone and share > 1e-6:
            assert legs == least[name]


@settings(max_examples=15)
@given(study=studies(forward=True))
def test_without_circles_the_logit_is_that_of_routes_listed_one_by_one(study: Study) -> None:
    whole = routed(study, "logit", scale=3.0, routes=200)

    assert "rest" not in set(whole.routes["route"])
    time = dict(zip(GOODS, (0.0, 1.0), strict=True))
    good = dict(study.table("consignments").select("consignment", "good").iter_rows())
    for name in whole.routes["consignment"].unique():
        rows = whole.routes.filter(consignment=name)
        paid = rows["cost"] + time[good[name]] * rows["days"]
        weight = (-(paid - paid.min()) / 3.0).exp()
        assert rows["share"].to_list() == pytest.approx((weight / weight.sum()).to_list())


@pytest.mark.parametrize("choice", CHOICES)
@settings(max_examples=15)
@given(study=studies(), seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_is_nothing(choice: str, study: Study, seed: Any) -> None:
    found = routed(study, choice, scale=0.4, routes=3)
    tables = {}
    for name, frame in study.tables.items():
        rows = frame.rows(named=True)
        seed.shuffle(rows)
        tables[name] = pl.DataFrame(rows, schema=frame.schema)

    other = route_consignments(
        study_from_tables("drawn", tables), None, choice, scale=0.4, routes=3
    )

    keys = ["leg", "good"]
    one, two = (each.flows.sort(keys) for each in (found, other))
    assert one.select(keys).equals(two.select(keys))
    assert one["quantity"].to_list() == pytest.approx(two["quantity"].to_list(), rel=1e-9)
    same = ["consignment", "route", "legs"]
    if choice in ("cheapest", "path-size", "perturbed"):
        assert found.routes.select(same).equals(other.routes.select(same))


def met(study: Study) -> list[tuple[str, str]]:
    """Pairs of legs that may follow each other."""
    ends = legs_of(study)
    return [(one, other) for one in ends for other in ends if ends[one][1] == ends[other][0]]


@pytest.mark.parametrize("choice", CHOICES)
@settings(max_examples=15)
@given(study=studies(), data=st.data())
def test_a_transfer_that_costs_nothing_changes_nothing(
    choice: str, study: Study, data: st.DataObject
) -> None:
    tables = {name: frame for name, frame in study.tables.items() if name != "transfers"}
    study = study_from_tables("drawn", tables)
    found = routed(study, choice, scale=0.4, routes=3)
    pairs = met(study)
    assume(pairs)
    named = data.draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=4, unique=True))

    rows = [{"from_leg": one, "to_leg": other, "cost": 0.0} for one, other in named]
    other = route_consignments(
        study.change("transfers", add=rows), None, choice, scale=0.4, routes=3
    )

    assert found.objective == pytest.approx(other.objective, rel=1e-9)
    if choice in ("cheapest", "logit", "path-size", "perturbed"):
        keys = ["leg", "good"]
        one, two = (each.flows.sort(keys) for each in (found, other))
        assert one.select(keys).equals(two.select(keys))
        assert one["quantity"].to_list() == pytest.approx(two["quantity"].to_list(), rel=1e-7)


@settings(max_examples=30)
@given(study=studies())
def test_routes_one_after_another_are_all_that_pass_no_place_twice(study: Study) -> None:
    routed(study, "cheapest")
    ends = legs_of(study)
    banned = {
        (row["from_leg"], row["to_leg"])
        for row in study.table("transfers").rows(named=True)
        if not row["allowed"]
    }
    shut = set(study.table("places").filter(~pl.col("through"))["place"])
    assume(not study.table("bans").height)

    def routes(seen: str, legs: tuple[str, ...], end: str) -> list[str]:
        if seen[-1] == end:
            return [";".join(legs)]
        if len(seen) > 1 and seen[-1] in shut:
            return []
        return [
            route
            for leg, (a, b) in ends.items()
            if a == seen[-1] and b not in seen and (*legs[-1:], leg) not in banned
            for route in routes(seen + b, (*legs, leg), end)
        ]

    rows = study.table("consignments").select("good", "origin", "destination")
    for good, origin, destination in rows.iter_rows():
        listed = alternatives(study, origin, destination, good, routes=10_000)
        simple = routes(origin, (), destination)
        assert set(simple) <= set(listed["legs"])
        costs = listed["generalised"].to_list()
        assert costs == sorted(costs)
        if not banned and not study.table("transfers").height:
            assert len(listed) == len(simple)
