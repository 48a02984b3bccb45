"""The first and the last day of dated rows: in force, a member, open, or no longer."""

from __future__ import annotations

from typing import Any

import pytest

import entrepot

FIRST, LAST = "2024-03-01", "2024-08-31"

BEFORE, FIRST_DAY, LAST_DAY, AFTER = "2024-02-29", "2024-03-01", "2024-08-31", "2024-09-01"


def price_in_town(day: str | None, **tables: list[dict[str, Any]]) -> float | None:
    """What salt costs in town in a period that begins on a day; None where none is bought."""
    study = entrepot.study_from_tables(
        "dates",
        {
            "places": [{"place": "mine", "country": "AA"}, {"place": "town", "country": "BB"}],
            "countries": [{"country": "AA"}, {"country": "BB"}],
            "goods": [{"good": "salt"}],
            "periods": [{"period": "p", "starts": day}],
            "legs": [
                {"leg": "road", "origin": "mine", "destination": "town", "mode": "road", "cost": 5}
            ],
            "offers": [{"place": "mine", "good": "salt", "quantity": 9, "price": 10}],
            "bids": [{"place": "town", "good": "salt", "quantity": 3, "price": 90}],
        }
        | tables,
    )
    cleared = entrepot.clear(study)
    bought = cleared.purchases.height
    prices = cleared.prices.filter(cleared.prices["place"] == "town")["price"]
    return prices[0] if bought else None


DAYS = [(BEFORE, False), (FIRST_DAY, True), (LAST_DAY, True), (AFTER, False), (None, True)]


@pytest.mark.parametrize(("day", "in_force"), DAYS)
def test_a_ban_is_in_force_on_its_first_and_its_last_day(day: str | None, in_force: bool) -> None:
    ban = {"ban": "b", "destination": "BB", "good": "salt", "since": FIRST, "until": LAST}

    assert price_in_town(day, bans=[ban]) == (None if in_force else 15)


@pytest.mark.parametrize(("day", "in_force"), DAYS)
def test_a_duty_is_due_on_its_first_and_its_last_day(day: str | None, in_force: bool) -> None:
    duty = {"duty": "d", "destination": "BB", "specific": 7, "since": FIRST, "until": LAST}

    assert price_in_town(day, duties=[duty]) == (22 if in_force else 15)


@pytest.mark.parametrize(("day", "member"), DAYS)
def test_a_country_is_a_member_on_its_first_and_its_last_day(day: str | None, member: bool) -> None:
    bloc = {"bloc": "union", "country": "AA", "since": FIRST, "until": LAST}
    duty = {"duty": "d", "origin": "union", "destination": "BB", "specific": 7}

    assert price_in_town(day, blocs=[bloc], duties=[duty]) == (22 if member else 15)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [(BEFORE, False), (FIRST_DAY, True), ("2024-08-30", True), (LAST_DAY, False), (None, True)],
)
def test_a_leg_is_open_on_the_day_it_opens_and_not_on_the_day_it_closes(
    day: str | None, is_open: bool
) -> None:
    way = {"leg": "road", "origin": "mine", "destination": "town", "mode": "road", "cost": 5}

    price = price_in_town(day, legs=[way | {"opens": FIRST, "closes": LAST}])

    assert price == (15 if is_open else None)


@pytest.mark.parametrize(("label", "price"), [("2024", 22), ("2024-02-29", 22), ("2024-03", 15)])
def test_the_label_of_an_only_period_gives_its_first_day(label: str, price: float) -> None:
    tables: dict[str, Any] = {
        "places": [{"place": "mine", "country": "AA"}, {"place": "town", "country": "BB"}],
        "countries": [{"country": "AA"}, {"country": "BB"}],
        "goods": [{"good": "salt"}],
        "legs": [
            {"leg": "road", "origin": "mine", "destination": "town", "mode": "road", "cost": 5}
        ],
        "offers": [{"place": "mine", "good": "salt", "quantity": 9, "price": 10}],
        "bids": [{"place": "town", "good": "salt", "quantity": 3, "price": 90}],
        "duties": [{"duty": "d", "destination": "BB", "specific": 7, "until": "2024-02-29"}],
    }
    cleared = entrepot.clear(entrepot.study_from_tables("dates", tables, period=label))

    town = cleared.prices.filter(cleared.prices["place"] == "town")
    assert town["price"].to_list() == [price]
