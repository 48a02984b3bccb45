"""A route is used just below its switch price and not just above it: cleared again to see."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import entrepot
from entrepot.results.why_not import WhyNot, why_not

GOLDEN = Path(__file__).parents[2] / "golden"
OWN_FIGURES = ("cost", "days", "capacity", "use", "allowed")


@dataclass(frozen=True)
class Asked:
    """A question about a leg of a golden case.

    `dearer` is added to the leg's cost first, so that a leg that is used is not; `opened` is what
    must be set, in a table, to open a leg that is closed, and `shut` what is set to close it.
    """

    case: str
    leg: str
    good: str
    period: str = "all"
    scenarios: tuple[str, ...] = ()
    dearer: float = 0.0
    shut: dict[str, Any] = field(default_factory=dict)
    opened: tuple[str, dict[str, Any], dict[str, Any]] | None = None

    def __str__(self) -> str:
        return "-".join((self.case, *self.scenarios, self.period, self.leg, self.good))


UNUSED = [
    Asked("c01-dantzig", "seattle_topeka", "cases"),
    Asked("c01-dantzig", "san-diego_chicago", "cases"),
    Asked("c01-dantzig", "seattle_chicago", "cases", dearer=1.0),
    # Its rivals are full, or one leg of the journey is shared with other goods.
    Asked("c12-four-goods-ten-arcs", "a13", "k1"),
    Asked("c12-four-goods-ten-arcs", "a34", "k3"),
    Asked("c12-four-goods-ten-arcs", "a25", "k2"),
    Asked("shared-room", "rail", "coal", dearer=30.0),
    Asked("c10-three-countries", "one_three", "good"),
    # Time, transfers, other periods, and quotas and duties on the way.
    Asked("value-of-time", "fast", "flowers"),
    Asked("gauge-change", "a_m", "post"),
    Asked("gauge-change", "n_b", "ore"),
    Asked("dates", "detour", "ore", period="y2025"),
    Asked("rules-for-others", "road", "ore", scenarios=("quota",)),
    Asked("c18-tariffs", "a_b", "good", dearer=100.0),
    Asked("c18-tariffs", "a_b", "good", scenarios=("specific-10",), dearer=100.0),
    Asked("c18-tariffs", "a_b", "good", scenarios=("ad-valorem-20",), dearer=100.0),
    Asked("duty-mixed", "t_b", "ore", dearer=60.0),
    Asked("duty-mixed", "a_t", "ore", dearer=80.0),
    # Without trade at all, past a place that lets nothing through, where a ban was lifted.
    Asked("no-trade", "a_b", "ore"),
    Asked("no-through-traffic", "a_b", "ore", scenarios=("open",)),
    Asked("ban-transit", "s_b", "ore", scenarios=("lifted",)),
    # A two-way leg, there and back.
    Asked("two-way-leg", "line~", "coal", dearer=20.0),
    Asked("two-way-leg", "line", "grain", dearer=40.0),
    Asked("c15-three-zones", "mozambique_swaziland~", "power", dearer=90.0),
]

ALLOWED = {"allowed": True}
CLOSED = [
    Asked(
        "dates",
        "bridge",
        "ore",
        period="y2024",
        opened=("legs", {"leg": "bridge"}, {"opens": None, "closes": None}),
    ),
    Asked(
        "dates",
        "bridge",
        "ore",
        period="y2026",
        opened=("legs", {"leg": "bridge"}, {"opens": None, "closes": None}),
    ),
    # Full of other goods: room on it must be paid for when it is opened.
    Asked(
        "shared-room",
        "rail",
        "oil",
        opened=("leg_goods", {"leg": "rail", "good": "oil"}, ALLOWED),
    ),
    Asked(
        "shared-room",
        "pipe",
        "cars",
        opened=("leg_goods", {"leg": "pipe", "good": "cars"}, ALLOWED),
    ),
    Asked(
        "c01-dantzig",
        "seattle_topeka",
        "cases",
        shut={"capacity": 0},
        opened=("legs", {"leg": "seattle_topeka"}, {"capacity": None}),
    ),
    Asked(
        "c01-dantzig",
        "seattle_chicago",
        "cases",
        shut={"capacity": 0},
        opened=("legs", {"leg": "seattle_chicago"}, {"capacity": None}),
    ),
]


@functools.cache
def golden(case: str) -> entrepot.Study:
    return entrepot.read_study(GOLDEN / case)


def study_for(asked: Asked) -> entrepot.Study:
    study = golden(asked.case).scenario(*asked.scenarios)
    if asked.shut:
        study = study.change("legs", where={"leg": asked.leg}, set=asked.shut)
    return cheaper(study, asked.leg, asked.good, -asked.dearer) if asked.dearer else study


def cheaper(study: entrepot.Study, leg: str, good: str, amount: float) -> entrepot.Study:
    """The study with one good's cost on one leg, in one direction, lower by an amount."""
    there = leg.removesuffix("~")
    two_way = study.table("legs").filter(leg=there)["two_way"][0]
    names = (there, f"{there}~") if two_way else (there,)
    rows = {name: figures_of(study, name, good) for name in names}
    rows[leg]["cost"] -= amount
    for name, figures in rows.items():
        if study.table("leg_goods").filter(leg=name, good=good).height:
            study = study.change("leg_goods", where={"leg": name, "good": good}, remove=True)
        study = study.change("leg_goods", add=[figures | {"leg": name, "good": good}])
    return study


def figures_of(study: entrepot.Study, leg: str, good: str) -> dict[str, Any]:
    """What a good pays and may do on a leg: its own row, or that of the leg there, or the leg's."""
    there = leg.removesuffix("~")
    figures: dict[str, Any] = {"cost": study.table("legs").filter(leg=there)["cost"][0]}
    rows = study.table("leg_goods").filter(good=good)
    own = rows.filter(leg=leg) if rows.filter(leg=leg).height else rows.filter(leg=there)
    for row in own.to_dicts():
        figures |= {key: row[key] for key in OWN_FIGURES if row[key] is not None}
    return figures


def is_used(study: entrepot.Study, asked: Asked) -> bool:
    flows = entrepot.clear(study).flows
    return flows.filter(leg=asked.leg, good=asked.good, period=asked.period).height > 0


def answer(study: entrepot.Study, asked: Asked) -> dict[str, Any]:
    rows = told(study, asked).rows.filter(route=asked.leg, period=asked.period)
    return rows.row(0, named=True)


def told(study: entrepot.Study, asked: Asked) -> WhyNot:
    return why_not(entrepot.clear(study), asked.leg, asked.good)


@pytest.mark.parametrize("asked", UNUSED, ids=str)
def test_a_leg_is_used_below_its_switch_price_and_not_above(asked: Asked) -> None:
    study = study_for(asked)

    row = answer(study, asked)

    assert row["status"] == "unused"
    assert row["switch"] > 0
    assert row["too_dear"] == pytest.approx(row["switch"])
    assert is_used(cheaper(study, asked.leg, asked.good, 1.01 * row["switch"]), asked)
    assert not is_used(cheaper(study, asked.leg, asked.good, 0.99 * row["switch"]), asked)


@pytest.mark.parametrize("asked", CLOSED, ids=str)
def test_a_closed_leg_says_what_it_would_save_or_lack_if_it_were_open(asked: Asked) -> None:
    study = study_for(asked)

    row = answer(study, asked)

    assert row["status"] == "closed"
    assert asked.opened is not None
    table, where, values = asked.opened
    opened = study.change(table, where=where, set=values)
    margin = 0.01 * abs(row["switch"])
    assert is_used(opened, asked) is (row["switch"] < 0)
    assert is_used(cheaper(opened, asked.leg, asked.good, row["switch"] + margin), asked)
    assert not is_used(cheaper(opened, asked.leg, asked.good, row["switch"] - margin), asked)


TRIANGLE: dict[str, list[dict[str, Any]]] = {
    "places": [{"place": name, "country": "AA"} for name in ("mine", "pass", "town")],
    "goods": [{"good": "salt"}],
    "offers": [{"place": "mine", "good": "salt", "quantity": 50, "price": 10}],
    "bids": [{"place": "town", "good": "salt", "quantity": 20, "price": 90}],
}
ROAD = {"leg": "road", "origin": "mine", "destination": "town", "mode": "road", "cost": 5}
TRACK = {"leg": "track", "origin": "mine", "destination": "pass", "mode": "road", "cost": 2}
SLOPE = {"leg": "slope", "origin": "pass", "destination": "town", "mode": "road", "cost": 40}


def triangle(two_way: bool, **figures: Any) -> entrepot.Study:
    legs = [ROAD, TRACK | figures | {"two_way": two_way}, SLOPE]
    return entrepot.study_from_tables("triangle", TRIANGLE | {"legs": legs})


def test_the_journey_told_does_not_come_back() -> None:
    asked = Asked("triangle", "track", "salt")
    found = told(triangle(two_way=True), asked)

    row = found.rows.filter(route="track").row(0, named=True)

    # Out and back again pays from -2 on; the way over the pass is 2 + 40 where the road is 5.
    assert row["switch"] == pytest.approx(4)
    assert row["too_dear"] == pytest.approx(37)
    assert (row["origin"], row["destination"], row["journey"]) == ("mine", "town", "track;slope")
    assert "even at no cost it would not be used" in found.text()
    assert "37.00 too dear" in found.text()
    assert not is_used(triangle(two_way=True, cost=0), asked)
    one_way = answer(triangle(two_way=False), asked)
    assert one_way["switch"] == one_way["too_dear"] == pytest.approx(37)


def test_scarcity_brings_the_journey_that_is_told_into_use() -> None:
    study = triangle(two_way=True).change("legs", where={"leg": "road"}, set={"capacity": 30})
    asked = Asked("triangle", "track", "salt")

    (rival,) = told(study, asked).rivals.filter(route="track").iter_rows(named=True)

    assert (rival["leg"], rival["needed"]) == ("road", pytest.approx(37))
    assert is_used(study.change("legs", where={"leg": "road"}, set={"capacity": 10}), asked)
    assert is_used(study.change("legs", where={"leg": "road"}, set={"cost": 5 + 38}), asked)
    assert not is_used(study.change("legs", where={"leg": "road"}, set={"cost": 5 + 36}), asked)


def test_a_leg_that_only_leads_back_says_so() -> None:
    study = golden("two-way-leg")
    asked = Asked("two-way-leg", "line~", "grain")
    found = told(study, asked)

    row = found.rows.row(0, named=True)

    assert (row["status"], row["journey"], row["too_dear"]) == ("unused", None, None)
    assert "at no cost would it be of use" in found.text()
    assert "only go back where they came from" in found.text()
    assert not is_used(cheaper(study, "line~", "grain", row["cost"]), asked)


def test_the_other_direction_is_left_out_where_it_only_leads_back() -> None:
    both = why_not(entrepot.clear(golden("two-way-leg")), "line", "grain")

    assert both.rows["route"].to_list() == ["line"]


def test_answers_do_not_depend_on_the_order_of_rows() -> None:
    study = golden("c12-four-goods-ten-arcs")
    tables = {name: frame.reverse() for name, frame in study.tables.items() if frame.height}
    turned = entrepot.study_from_tables(study.name, tables, **study.settings.model_dump())

    for leg in ("a13", "a25", "a34"):
        one, other = (why_not(entrepot.clear(each), leg) for each in (study, turned))
        assert one.text() == other.text()
        assert one.rows.select(pl.exclude("switch", "too_dear", "break_even")).equals(
            other.rows.select(pl.exclude("switch", "too_dear", "break_even"))
        )


def test_a_closed_leg_is_named_once_and_a_closed_leg_of_a_route_by_its_name() -> None:
    answered = entrepot.clear(golden("dates"))

    alone = why_not(answered, "bridge", "ore", "y2024").text()

    assert alone.startswith("ore, y2024: bridge is closed: it opens on 2024-06-01.")
    study = triangle(two_way=False, capacity=0)
    both = why_not(entrepot.clear(study), "track;slope", "salt").text()
    assert both.startswith("salt, all: track;slope is closed: track: it has no capacity.")


def test_a_leg_out_of_reach_says_what_shuts_the_legs_beyond() -> None:
    study = triangle(two_way=False).change("legs", where={"leg": "slope"}, set={"capacity": 0})
    answered = entrepot.clear(study)

    assert why_not(answered, "track", "salt").text() == (
        "salt, all: track is not used at any price: nothing that comes to pass finds a use "
        "(of every other leg there: it has no capacity)."
    )
