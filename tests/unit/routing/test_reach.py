"""From one place to everywhere, the next best routes, and who uses a leg."""

from __future__ import annotations

import pytest

import entrepot
from entrepot.errors import QuestionError
from tests.unit.routing.networks import goes, leg, network

LEGS = [
    leg("ab", "ab", 1, days=1, length_km=100),
    leg("bd", "bd", 2, length_km=50),
    leg("ac", "ac", 2, length_km=70),
    leg("cd", "cd", 3.5, length_km=90),
    leg("cd-2", "cd", 4),
    leg("ca", "ca", 1, length_km=70),
    leg("ed", "ed", 1),
]


def test_every_place_is_told_with_what_it_takes_to_get_there() -> None:
    found = entrepot.reach(network(LEGS, [goes("ad")]), "a")

    assert found.rows() == [
        ("a", "AA", 0, 0, 0, 0, ""),
        ("c", "AA", 2, 2, 0, 70, "ac"),
        ("b", "AA", 3, 1, 1, 100, "ab"),
        ("d", "AA", 5, 3, 1, 150, "ab;bd"),
        ("e", "AA", None, None, None, None, None),
    ]


def test_an_isochrone_is_what_can_be_reached_in_time() -> None:
    found = entrepot.reach(network(LEGS, [goes("ad")]), "a", by="time")

    in_no_time = found.filter(found["days"] == 0)

    # Without a day on the way d is reached over c.
    assert dict(in_no_time.select("place", "legs").iter_rows()) == {
        "a": "",
        "c": "ac",
        "d": "ac;cd",
    }


def test_the_next_best_routes_pass_no_place_twice() -> None:
    found = entrepot.alternatives(network(LEGS, [goes("ad")]), "a", "d", routes=9)

    assert found.rows() == [
        (1, "ab;bd", 5, 3, 1, 150),
        (2, "ac;cd", 5.5, 5.5, 0, 160),
        (3, "ac;cd-2", 6, 6, 0, None),
    ]
    assert entrepot.alternatives(network(LEGS, [goes("ad")]), "d", "a").is_empty()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("x",), "no place 'x'"),
        (("a", "salz"), "did you mean 'salt'"),
    ],
)
def test_unknown_names_are_told(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        entrepot.reach(network(LEGS, [goes("ad")]), *words)


def test_a_study_of_several_goods_asks_which() -> None:
    study = network(LEGS, [goes("ad")], goods=[{"good": "salt"}, {"good": "wine"}])

    with pytest.raises(QuestionError, match="name a good: one of salt, wine"):
        entrepot.reach(study, "a")


@pytest.mark.parametrize("choice", ["cheapest", "equilibrium", "perturbed"])
def test_users_of_a_leg_add_up_to_its_flow(choice: str) -> None:
    slow = {"capacity": 10.0, "delay_alpha": 1.0, "delay_power": 2.0}
    lines = [
        leg(row["leg"], row["origin"] + row["destination"], row["cost"], 1, **slow) for row in LEGS
    ]
    study = network(lines, [goes("ad", 30), goes("cd", 8), goes("ac", 5)])

    found = entrepot.route(study, choice, scale=3)

    for name, quantity in found.flows.select("leg", "quantity").iter_rows():
        users = entrepot.leg_users(found, name)
        assert users["quantity"].sum() == pytest.approx(quantity)
        assert (users["share"] <= 1 + 1e-9).all()


def test_users_are_not_told_where_routes_are_not_all_listed() -> None:
    found = entrepot.route(network(LEGS, [goes("ad")]), "logit", scale=1, routes=1)

    with pytest.raises(QuestionError, match="not listed"):
        entrepot.leg_users(found, "ab")


def test_an_equilibrium_begins_with_an_earlier_one() -> None:
    slow = {"capacity": 10.0, "delay_alpha": 1.0, "delay_power": 4.0}
    lines = [leg(f"{ends}-{n}", ends, n, n, **slow) for ends in ("ab", "bc", "ac") for n in (1, 2)]
    study = network([*lines, leg("new", "ac", 1, 1, closes="2000-01-01")], [goes("ac", 60)])
    shut = study.change("legs", where={"leg": "ac-1"}, set={"closes": "2000-01-01"})

    first = entrepot.route(study, "equilibrium")
    cold = entrepot.route(shut, "equilibrium")
    warm = entrepot.route(shut, "equilibrium", start=first)

    assert warm.objective == pytest.approx(cold.objective, rel=1e-11)
    assert warm.gap is not None
    assert warm.gap <= 1e-12
    flows = (each.flows.select("leg", "quantity").rows() for each in (warm, cold))
    one, other = (dict(rows) for rows in flows)
    assert one == pytest.approx(other, rel=1e-6)


def test_a_staircase_adds_up_legs_and_changes() -> None:
    gauge = [{"from_leg": "ab", "to_leg": "bd", "cost": 0.5, "days": 2.0}]
    study = network(LEGS, [goes("ad")], transfers=gauge)

    found = entrepot.staircase(study, "ab;bd")

    told = found.select("step", "leg", "cost", "days", "km_so_far", "cost_so_far", "days_so_far")
    assert told.rows() == [
        (1, "ab", 1, 1, 100, 1, 1),
        (2, None, 0.5, 2, 100, 1.5, 3),
        (3, "bd", 2, 0, 150, 3.5, 3),
    ]


@pytest.mark.parametrize(
    ("legs", "said"),
    [("ab;cd", "from leg 'ab' to leg 'cd'"), ("ab;db", "no leg 'db'; name legs of legs.csv")],
)
def test_legs_that_make_no_journey_are_told(legs: str, said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        entrepot.staircase(network(LEGS, [goes("ad")]), legs)
