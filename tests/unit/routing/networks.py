"""Small networks for the tests of route choice."""

from __future__ import annotations

from typing import Any

from entrepot.study import Study, study_from_tables

Row = dict[str, Any]


def leg(name: str, ends: str, cost: float, days: float = 0.0, **more: Any) -> Row:
    """A leg between two places of one letter each: ``leg("x", "ab", 3)``."""
    row = {"leg": name, "origin": ends[0], "destination": ends[1], "mode": "rail"}
    return row | {"cost": float(cost), "days": float(days)} | more


def goes(ends: str, quantity: float = 1.0, good: str = "salt", name: str | None = None) -> Row:
    """A consignment between two places of one letter each."""
    row = {"consignment": name or ends, "good": good, "origin": ends[0], "destination": ends[1]}
    return row | {"quantity": float(quantity)}


def network(
    legs: list[Row],
    consignments: list[Row],
    *,
    places: dict[str, Row] | None = None,
    goods: list[Row] | None = None,
    settings: Row | None = None,
    **tables: list[Row],
) -> Study:
    """A study of places of one letter each, all in country AA unless `places` says otherwise."""
    ends = {row[end] for row in (*legs, *consignments) for end in ("origin", "destination")}
    rows = [
        {"place": place, "country": "AA"} | (places or {}).get(place, {}) for place in sorted(ends)
    ]
    countries = sorted({row["country"] for row in rows} | {"ZZ"})
    given = {
        "countries": [{"country": country} for country in countries],
        "places": rows,
        "goods": goods or [{"good": "salt", "value_of_time": 2.0}],
        "legs": legs,
        "consignments": consignments,
    }
    return study_from_tables("routes", given | tables, **(settings or {}))
