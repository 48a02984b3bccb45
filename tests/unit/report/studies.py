"""A study that tries to break a report: marks of HTML in names, letters of many alphabets."""

from __future__ import annotations

from typing import Any

from entrepot.study import Study, study_from_tables

EVIL = "<script>alert('x')</script>"

TABLES: dict[str, list[dict[str, Any]]] = {
    "countries": [
        {"country": "BY", "name": "Беларусь"},
        {"country": "AZ", "name": "Azərbaycan"},
        {"country": "IR", "name": "ایران"},
    ],
    "places": [
        {"place": "mine", "name": f"Mine {EVIL}", "country": "BY", "kind": "mine",
         "longitude": 27.5, "latitude": 52.8},
        {"place": "border", "name": "Samur & Yalama", "country": "AZ", "kind": "border",
         "longitude": 48.5, "latitude": 41.8},
        {"place": "border.past", "name": "past it", "country": "AZ", "kind": "border",
         "longitude": 48.5, "latitude": 41.8},
        {"place": "baku", "name": "Bakı şəhəri", "country": "AZ", "kind": "city",
         "longitude": 49.8, "latitude": 40.4},
        {"place": "port", "name": "\"Port\" 'quoted'", "country": "IR", "kind": "port",
         "longitude": 56.2, "latitude": 27.2},
    ],
    "goods": [
        {"good": "potash", "name": f"Potash {EVIL}", "unit": "t", "value_of_time": 0.1},
        {"good": "gas", "name": "Газ", "unit": "1000m3"},
    ],
    "legs": [
        {"leg": "north", "origin": "mine", "destination": "border", "mode": "rail",
         "length_km": 1800, "cost": 20, "days": 5, "cost_low": 15, "cost_high": 30,
         "cost_basis": "estimate", "source": f"our estimate {EVIL}; https://example.org/a?b=1&c=2"},
        {"leg": "check", "origin": "border", "destination": "border.past", "mode": "transfer",
         "cost": 3, "days": 1, "capacity": 700},
        {"leg": "south", "origin": "border.past", "destination": "baku", "mode": "rail",
         "length_km": 200, "cost": 4, "days": 1},
        {"leg": "coast", "origin": "baku", "destination": "port", "mode": "road",
         "length_km": 1900, "cost": 60, "days": 6},
        {"leg": "pipe", "origin": "baku", "destination": "port", "mode": "pipeline",
         "length_km": 1700, "cost": 40},
        {"leg": "new", "origin": "border.past", "destination": "port", "mode": "rail",
         "length_km": 1800, "cost": 9, "opens": "2030-01-01"},
    ],
    "leg_goods": [{"leg": "pipe", "good": "potash", "allowed": False}],
    "corridors": [{"corridor": "overland", "leg": "coast", "title": f"Overland {EVIL}"}],
    "offers": [
        {"place": "mine", "good": "potash", "agent": EVIL, "quantity": 1000, "price": 50,
         "price_low": 40, "price_high": 70, "price_basis": "published", "source": "a page"},
        {"place": "baku", "good": "gas", "quantity": 100, "price": 100},
    ],
    "bids": [
        {"place": "baku", "good": "potash", "quantity": 800, "price": 200},
        {"place": "port", "good": "potash", "quantity": 300, "price": 90},
        {"place": "port", "good": "gas", "quantity": 60, "price": 300},
    ],
    "bans": [{"ban": "no-gas", "good": "gas", "origin": "BY", "destination": "IR",
              "since": "2022-01-01", "source": EVIL}],
    "relations": [
        {"relation": "pact", "a": "BY", "b": "AZ", "domain": "trade", "date": "2004-01-01",
         "weight": 0.5, "title": f"Pact {EVIL}", "source": EVIL},
        {"relation": "quarrel", "a": "IR", "b": "BY", "domain": "political", "date": "2020-01-01",
         "until": "2022-12-31", "weight": -0.4},
    ],
    "claims": [{"claim": "mined", "text": f"Sold {EVIL}", "value": 1, "unit": "kt",
                "quantity": "sales.BY.potash", "use": "reproduce"}],
}  # fmt: skip


def broken_in() -> Study:
    """The study of this module."""
    return study_from_tables("broken-in", TABLES, title=f"Title {EVIL}", period="2023")
