"""A transfer that is full: its rent in prices, in welfare, and in what a route must save."""

from __future__ import annotations

from pathlib import Path

import pytest

import entrepot
from entrepot.results.explain import explain
from entrepot.results.welfare import welfare_parts
from entrepot.results.why_not import why_not

QUAY = Path(__file__).parent.parent.parent / "golden" / "full-transfer"


@pytest.fixture(scope="module")
def cleared() -> entrepot.Clearing:
    return entrepot.clear(entrepot.read_study(QUAY))


def test_the_price_of_coal_holds_the_rent_of_the_quay(cleared: entrepot.Clearing) -> None:
    told = explain(cleared, "sea", "coal")
    parts = {(row["part"], row["name"]): row["amount"] for row in told.rows.iter_rows(named=True)}
    assert parts["queue", "rail;ship"] == pytest.approx(8)
    assert sum(parts.values()) == pytest.approx(24)
    assert "rent of the full way from rail to ship" in told.text()


def test_what_the_quay_earns_is_a_part_of_welfare(cleared: entrepot.Clearing) -> None:
    parts = welfare_parts(cleared)
    (quay,) = parts.filter(part="transfers").to_dicts()
    assert (quay["country"], quay["name"], quay["value"]) == ("AA", "port", pytest.approx(40))
    assert parts["value"].sum() == pytest.approx(cleared.welfare)


def test_a_route_over_the_quay_tells_what_room_is_worth(cleared: entrepot.Clearing) -> None:
    told = why_not(cleared, "rail;ship").rows
    rents = {row["good"]: row["rent"] for row in told.iter_rows(named=True)}
    assert rents == {"ore": pytest.approx(4), "coal": pytest.approx(8)}


def test_a_good_without_room_must_save_the_rent(cleared: entrepot.Clearing) -> None:
    """Coal worth 20 at sea: by rail 16, and the room of two tonnes of ore is worth 8."""
    cheap = cleared.study.change("bids", where={"good": "coal"}, set={"price": 20})
    (row,) = why_not(entrepot.clear(cheap), "rail;ship").rows.filter(good="coal").to_dicts()
    assert row["status"] == "unused"
    assert row["switch"] == pytest.approx(4)
    assert row["break_even"] == pytest.approx(2)
