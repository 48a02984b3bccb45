"""A network of 100,000 legs: planted mistakes are found among all that is sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.study import check_study

PLACES, LEGS = 20_000, 100_000


def write_large(folder: Path) -> None:
    """A ring with chords, on which everything can be reached, and three planted mistakes."""
    places = [f"p{i},AZ" for i in range(PLACES)]
    legs = [
        f"l{i},p{i % PLACES},p{(i + 1 + i // PLACES) % PLACES},rail,{i % 77}.25,{i}"
        for i in range(LEGS)
    ]
    legs[70_000] = "l70000,p70,p12o,rail,1,5"
    legs[80_000] = "l79999,p80,p99,rail,1,5"
    legs[90_000] = "l90000,p80,p99,rail,1,-5"
    orders = [f"p{i * 37 % PLACES},g,{i},{i}" for i in range(1, 2_000)]
    tables = {
        "places": ["place,country", *places],
        "goods": ["good", "g"],
        "legs": ["leg,origin,destination,mode,cost,capacity", *legs],
        "offers": ["place,good,quantity,price", *orders],
        "bids": ["place,good,quantity,price", *orders],
    }
    (folder / "study.toml").write_text('title = "Large"\n', encoding="utf-8")
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.slow
def test_mistakes_are_found_among_a_hundred_thousand_legs(tmp_path: Path) -> None:
    write_large(tmp_path)

    found = check_study(tmp_path)

    assert [(p.file, p.row, p.column, p.value) for p in found] == [
        ("legs.csv", 70_002, "destination", "p12o"),
        ("legs.csv", 80_002, "leg", "l79999"),
        ("legs.csv", 80_002, "origin", "p80"),
        ("legs.csv", 80_002, "destination", "p99"),
        ("legs.csv", 90_002, "capacity", "-5"),
    ]
    assert "did you mean 'p1" in found[0].remedy
    assert "already stands in row 80001" in found[1].message
