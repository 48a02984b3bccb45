"""What cannot be routed is said once, all of it, by name."""

from __future__ import annotations

import math

import pytest

import entrepot
from entrepot.errors import QuestionError, StudyError
from tests.unit.routing.networks import goes, leg, network

LEGS = [leg("ab", "ab", 1), leg("cb", "cb", 2, opens="2030-01-01")]


def problems(study: entrepot.Study, **words: object) -> list[str]:
    with pytest.raises(StudyError) as caught:
        entrepot.route(study, **words)  # type: ignore[arg-type]
    return [str(problem) for problem in caught.value.problems]


def test_every_consignment_that_no_way_leads_to_is_named_with_what_would_help() -> None:
    places = {"a": {"country": "BY"}, "e": {"country": "LT"}}
    bans = [{"ban": "no-lt", "origin": "BY", "via": "ea"}]
    study = network(
        [*LEGS, leg("ae", "ae", 1), leg("ea", "ed", 1)],
        [goes("ba"), goes("cb"), goes("ad"), goes("ab")],
        places=places,
        bans=bans,
        settings={"period": "2024"},
    )

    said = problems(study)

    assert said == [
        "consignments.csv, ba: no way that salt may take leads from b to a; add the legs that are "
        "missing between them to legs.csv, or check transfers and through",
        "consignments.csv, cb: no way that salt may take leads from c to b; leg cb is closed "
        "then: see opens, closes and period in legs.csv",
        "consignments.csv, ad: no way that salt may take leads from a to d; bans, leg_goods or no "
        "capacity keep it off leg ea: allow one of them",
    ]


def test_a_consignment_that_may_not_be_bought_is_named_with_its_ban() -> None:
    study = network(
        LEGS,
        [goes("ab")],
        places={"b": {"country": "LT"}},
        bans=[{"ban": "sanction", "origin": "AA", "destination": "LT"}],
    )

    assert problems(study) == [
        "consignments.csv, ab = 'salt': may not be brought from AA to LT: ban sanction; take the "
        "consignment out, or lift the ban in a scenario"
    ]


def test_a_circle_that_pays_for_itself_is_named() -> None:
    study = network(
        [leg("ab", "ab", 1), leg("bc", "bc", -5), leg("ca", "ca", 2, days=0.5)], [goes("ab")]
    )

    assert problems(study) == [
        "legs.csv, cost = 'ab;bc;ca': salt would go round for ever: the circle costs -1 per unit; "
        "see that cost and value_of_time x days of the legs do not add up to less than nothing"
    ]


def test_a_study_without_consignments_is_told_so() -> None:
    offer = {"place": "a", "good": "salt", "price": 1.0, "quantity": 1.0}
    said = problems(network(LEGS, [], offers=[offer]))

    assert said == [
        "consignments.csv: has no rows; add what is to be moved: consignment, good, origin, "
        "destination, quantity"
    ]


@pytest.mark.parametrize("quantity", [math.nan, math.inf, -1.0])
def test_an_amount_that_is_none_does_not_come_in(quantity: float) -> None:
    with pytest.raises(StudyError, match="consignments"):
        network(LEGS, [goes("ab", quantity)])


def test_an_unknown_choice_names_the_nearest() -> None:
    with pytest.raises(QuestionError, match="did you mean 'cheapest'"):
        entrepot.route(network(LEGS, [goes("ab")]), "cheepest")


def test_an_unknown_measure_names_those_there_are() -> None:
    with pytest.raises(QuestionError, match="generalised, cost, time"):
        entrepot.route(network(LEGS, [goes("ab")]), by="colour")  # type: ignore[arg-type]


def test_settings_that_make_no_sense_are_named_together() -> None:
    routing = {"scale": -1, "rutes": 3, "routes": 2.5, "scales": {"slat": 3, "salt": "much"}}
    study = network(LEGS, [goes("ab")], settings={"routing": routing})

    said = problems(study)

    assert [line.split(": ")[0] for line in said] == [
        "study.toml, routing.scale = '-1'",
        "study.toml, routing.rutes = '3'",
        "study.toml, routing.routes = '2.5'",
        "study.toml, routing.scales.slat = '3'",
        "study.toml, routing.scales.salt = 'much'",
    ]
    assert "did you mean 'routes'" in said[1]
    assert "did you mean 'salt'" in said[3]


def test_legs_that_nobody_uses_and_legs_that_are_too_full_are_noted() -> None:
    study = network(
        [leg("ab", "ab", 1, capacity=2.0), leg("ba", "ba", 1), leg("far", "ab", 9)], [goes("ab", 5)]
    )

    assert entrepot.route(study).notes == (
        "legs ba, far carry nothing",
        "leg ab carries more than the capacity (ab: 2.5 times): it does not bind here",
    )


@pytest.mark.parametrize("gap", [0.0, -1e-6, math.nan, math.inf])
def test_a_gap_that_is_none(gap: float) -> None:
    with pytest.raises(QuestionError, match="give a number above 0, such as 1e-12"):
        entrepot.route(network(LEGS, [goes("ab")]), "equilibrium", gap=gap)


def test_only_cheapest_counts_time_or_money_alone() -> None:
    with pytest.raises(QuestionError, match="only cheapest counts time alone: equilibrium counts"):
        entrepot.route(network(LEGS, [goes("ab")]), "equilibrium", by="time")
