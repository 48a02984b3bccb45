"""Names for people: short where that is clear, with the country where it is not."""

from __future__ import annotations

import pytest

from entrepot import study_from_tables
from entrepot.telling.names import Names


@pytest.fixture(scope="module")
def names() -> Names:
    def leg(name: str, start: str, end: str, mode: str, two_way: bool = False) -> dict[str, object]:
        return {
            "leg": name, "origin": start, "destination": end, "mode": mode, "cost": 1,
            "two_way": two_way,
        }  # fmt: skip

    study = study_from_tables(
        "names",
        {
            "places": [
                {"place": "mine", "name": "Mine - shafts 1 to 4", "country": "BY"},
                {"place": "port", "name": "Bronka", "country": "RU"},
                {"place": "port.quay", "name": "Bronka, quayside", "country": "RU"},
                {"place": "astara", "name": "Astara (AZ)", "country": "AZ"},
                {"place": "astara-ir", "name": "Astara (IR)", "country": "IR"},
                {"place": "plain", "country": "IR"},
            ],
            "goods": [{"good": "potash", "name": "Potassium chloride (potash)", "unit": "t"}],
            "offers": [{"place": "mine", "good": "potash", "quantity": 1, "price": 1}],
            "bids": [{"place": "plain", "good": "potash", "quantity": 1, "price": 9}],
            "legs": [
                leg("a", "mine", "port", "rail", two_way=True),
                leg("b", "port", "port.quay", "transfer"),
                leg("c", "port.quay", "astara", "sea"),
                leg("d", "astara", "astara-ir", "sea"),
                leg("e", "astara-ir", "plain", "road"),
            ],
        },
    )
    return Names(study)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("mine", "Mine"),
        ("port.quay", "Bronka"),
        ("astara", "Astara AZ"),
        ("astara-ir", "Astara IR"),
        ("plain", "plain"),
        ("no-such-place", "no-such-place"),
    ],
)
def test_places(names: Names, place: str, name: str) -> None:
    assert names.place(place) == name


@pytest.mark.parametrize(
    ("legs", "route", "through"),
    [
        ("a;b;c;d;e", "rail to Bronka, sea to Astara IR, road", "RU AZ"),
        ("a;b;c", "rail to Bronka, sea", "RU"),
        ("a", "rail", None),
        ("a~", "rail", None),
        ("", "on the spot", None),
        ("b", "on the spot", None),
    ],
)
def test_routes(names: Names, legs: str, route: str, through: str | None) -> None:
    assert (names.route(legs), names.through(legs)) == (route, through)


@pytest.mark.parametrize(
    ("leg", "name"),
    [("a", "rail Mine - Bronka"), ("a~", "rail Bronka - Mine"), ("b", "b (Bronka)")],
)
def test_legs(names: Names, leg: str, name: str) -> None:
    assert names.leg(leg) == name


def test_goods(names: Names) -> None:
    assert names.good("potash") == "Potassium chloride (potash)"
    assert names.short_good("potash") == "Potassium chloride"
    assert names.unit("potash") == "t"
