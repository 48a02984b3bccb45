"""What a ban, a duty or a closed leg changes, worked by hand."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from entrepot.clearing.clear import clear
from entrepot.errors import QuestionError
from entrepot.results.lifted import Lifted, lifted, lifted_study
from entrepot.study import Study, study_from_tables

# 100 t that cost 10 at the mine: over the pass the way costs 5, around it 15. Whoever stands at the
# town gives 40 for each.
TABLES: dict[str, Any] = {
    "countries": [{"country": "AZ"}, {"country": "GE"}],
    "places": [{"place": "mine", "country": "AZ"}, {"place": "town", "country": "GE"}],
    "goods": [{"good": "salt"}],
    "legs": [
        {"leg": "pass", "origin": "mine", "destination": "town", "mode": "road", "cost": 5},
        {"leg": "around", "origin": "mine", "destination": "town", "mode": "road", "cost": 15},
    ],
    "offers": [{"place": "mine", "good": "salt", "price": 10}],
    "bids": [{"place": "town", "good": "salt", "price": 40, "quantity": 100}],
}
BAN = {"ban": "no-pass", "good": "salt", "origin": "AZ", "via": "pass", "since": "2022-02-01"}
DUTY = {"duty": "tax", "good": "salt", "origin": "*", "destination": "GE", "specific": 2}


def a_study(**more: Any) -> Study:
    return study_from_tables("salt", {**TABLES, **more})


def lifted_from(study: Study, table: str, name: str) -> Lifted:
    held = clear(study)
    return lifted(held, clear(lifted_study(held, table, name)), table, name)


def changes(frame: pl.DataFrame, name: str) -> dict[Any, float]:
    return dict(frame.select(name, "change").iter_rows())


def test_a_ban_that_makes_goods_go_around_costs_the_way_around() -> None:
    found = lifted_from(a_study(bans=[BAN]), "bans", "no-pass")

    assert changes(found.totals, "measure") == {"welfare": 1000.0, "duty_revenue": 0.0}
    assert changes(found.prices, "place") == {"town": -10.0}
    assert changes(found.flows, "leg") == {"around": -100.0, "pass": 100.0}
    assert found.matters


def test_the_words_take_no_side() -> None:
    found = lifted_from(a_study(bans=[BAN]), "bans", "no-pass")

    assert found.text() == "\n".join(
        [
            "ban no-pass: salt AZ -> * by pass since 2022-02-01",
            "Without it, everything else as it is (cleared again):",
            "            +1,000  welfare, then 2,500 USD",
            "                +0  duty revenue, then 0 USD",
            "welfare by country:",
            "            +1,000  GE: 1,500 -> 2,500",
            "prices at markets, USD per unit:",
            "            -10.00  salt at town: 25.00 -> 15.00",
            "flows, units per period:",
            "              -100  salt by around: 100 -> 0",
            "              +100  salt by pass: 0 -> 100",
            "Welfare adds up what buyers, sellers and carriers gain and what duties bring in;",
            "what the rule is for is not part of it.",
        ]
    )


def test_a_duty_that_keeps_nothing_away_is_a_transfer() -> None:
    found = lifted_from(a_study(duties=[DUTY]), "duties", "tax")

    assert changes(found.totals, "measure") == {"welfare": 0.0, "duty_revenue": -200.0}
    assert changes(found.prices, "place") == {"town": -2.0}
    assert found.flows.is_empty()
    assert "no change of flows" in found.text()


def test_a_duty_that_keeps_trade_away_costs_it() -> None:
    dear = {**DUTY, "specific": 30}
    found = lifted_from(a_study(duties=[dear]), "duties", "tax")

    # Nothing was bought; then 100 t are, each worth 40 and costing 15.
    assert changes(found.totals, "measure") == {"welfare": 2500.0, "duty_revenue": 0.0}
    assert changes(found.flows, "leg") == {"pass": 100.0}


@pytest.mark.parametrize("closed", [{"opens": "2099-01-01"}, {"capacity": 0}])
def test_a_closed_leg_is_opened_as_if_nothing_closed_it(closed: dict[str, Any]) -> None:
    legs = [{**TABLES["legs"][0], **closed}, TABLES["legs"][1]]
    periods = [{"period": "2024", "starts": "2024-01-01"}]
    found = lifted_from(a_study(legs=legs, periods=periods), "legs", "pass")

    assert changes(found.totals, "measure")["welfare"] == 1000.0
    assert changes(found.flows, "leg") == {"around": -100.0, "pass": 100.0}
    assert found.text().startswith("closed leg pass: mine -> town")


def test_a_rule_that_holds_nothing_back_alone_is_told() -> None:
    also = {**BAN, "ban": "no-pass-too"}
    found = lifted_from(a_study(bans=[BAN, also]), "bans", "no-pass")

    assert not found.matters
    assert "nothing would change" in found.text()
    assert "another rule may hold back the same trade" in found.text()


def test_a_rule_out_of_force_is_told() -> None:
    late = {**BAN, "since": "2099-01-01"}
    periods = [{"period": "2024", "starts": "2024-01-01"}]
    found = lifted_from(a_study(bans=[late], periods=periods), "bans", "no-pass")

    assert "(not in force in any period)" in found.text()
    assert not found.matters


def test_all_rows_of_a_name_are_lifted_together() -> None:
    both = [BAN, {**BAN, "via": "around"}]
    found = lifted_from(a_study(bans=both), "bans", "no-pass")

    assert changes(found.totals, "measure")["welfare"] == 2500.0
    assert found.rows.height == 2


def test_the_scenario_does_not_take_the_name_of_another() -> None:
    study = lifted_study(clear(a_study(bans=[BAN])), "bans", "no-pass")
    again = lifted_study(clear(Study(study.name, study.settings, a_study(bans=[BAN]).tables,
                                     study.scenarios)), "bans", "no-pass")  # fmt: skip

    assert study.applied == ("without-no-pass",)
    assert again.applied == ("without-no-pass-too",)


@pytest.mark.parametrize(
    ("table", "name", "why"),
    [
        ("bans", "no-pas", "did you mean 'no-pass'"),
        ("duties", "x", "there is none"),
        ("legs", "pass", "no closed leg 'pass'; there is none"),
        ("quotas", "x", "cannot be lifted"),
    ],
)
def test_what_is_no_rule_is_refused(table: str, name: str, why: str) -> None:
    with pytest.raises(QuestionError, match=why):
        lifted_study(clear(a_study(bans=[BAN])), table, name)
