"""Names for people: places, goods and routes as the tables of a study call them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from entrepot.study import Study

WAY_BACK = "~"

# What follows a name to tell it more exactly: "Alat - Port of Baku", "Samur (RU rail border)".
QUALIFIED = re.compile(r" \(| - | / |, ")


def scenarios(study: Study) -> str:
    """The scenarios that made a study, by their titles; empty where it stands as it was read."""
    return " + ".join(study.scenarios[name].title for name in study.applied)


def titled(study: Study) -> str:
    """The title of a study, with its scenarios."""
    applied = scenarios(study)
    return study.settings.title + (f": {applied}" if applied else "")


class Names:
    """What the places, goods and legs of one study, or of some of its scenarios, are called.

    Names of places are cut before what qualifies them; where places of several countries would
    then have one name, the country's code follows.

    Attributes
    ----------
    currency : of all money
    """

    def __init__(self, *studies: Study) -> None:
        self.currency = studies[-1].settings.currency
        places = _rows(studies, "places", "place", "name", "country")
        self._countries: dict[str, str] = {place: country for place, _, country in places}
        self._places = _short({place: name or place for place, name, _ in places}, self._countries)
        goods = _rows(studies, "goods", "good", "name", "unit")
        self._goods: dict[str, str] = {good: name for good, name, _ in goods if name is not None}
        self._units: dict[str, str] = {good: unit for good, _, unit in goods}
        self._ends: dict[str, tuple[str, str, str]] = {
            leg: (mode, start, end)
            for leg, mode, start, end in _rows(
                studies, "legs", "leg", "mode", "origin", "destination"
            )
        }
        self._titles: dict[tuple[str, str], str] = {
            (table, name): title
            for table, key, told in (
                ("countries", "country", "name"),
                ("corridors", "corridor", "title"),
            )
            for name, title in _rows(studies, table, key, told)
            if title is not None
        }

    def place(self, place: str) -> str:
        """A place by its short name for people."""
        return self._places.get(place, place)

    def good(self, good: str) -> str:
        """A good by its name for people."""
        return self._goods.get(good, good)

    def short_good(self, good: str) -> str:
        """A good's name without what qualifies it."""
        return QUALIFIED.split(self.good(good))[0]

    def unit(self, good: str) -> str:
        """The unit of a good's amounts."""
        return self._units.get(good, "t")

    def country(self, country: str) -> str:
        """A country by its name for people."""
        return self._titles.get(("countries", country), country)

    def country_of(self, place: str) -> str:
        """The code of the country that a place is in."""
        return self._countries[place]

    def corridor(self, corridor: str) -> str:
        """A corridor by its title."""
        return self._titles.get(("corridors", corridor), corridor)

    def mode(self, leg: str) -> str:
        """The mode of a leg."""
        return self._end(leg)[0]

    def leg(self, leg: str) -> str:
        """A leg by its mode and its ends; a transfer inside a place by where that is."""
        mode, start, end = self._end(leg)
        if mode == "transfer":
            return f"{leg} ({self.place(end)})"
        return f"{mode} {self.place(start)} - {self.place(end)}"

    def anything(self, name: str) -> str:
        """A leg or a place, whichever has that name."""
        return self.leg(name) if name.removesuffix(WAY_BACK) in self._ends else self.place(name)

    def limit(self, table: str, name: str) -> str:
        """A limit by the leg that it bounds, or by its table and its name there."""
        if table in ("legs", "leg_goods"):
            return self.leg(name)
        if table == "transfers":
            before, after = name.split(";")
            return f"from {self.leg(before)} to {self.leg(after)}"
        return f"{table.removesuffix('s')} {name}"

    def route(self, legs: str) -> str:
        """The legs of a journey (`;`-separated) as `rail to Bronka, sea`.

        Legs of one mode that follow each other are told once, by where the last of them ends;
        transfers inside a place, and where the journey ends, are left out.
        """
        told: list[tuple[str, str]] = []
        for mode, _, end in map(self._end, filter(None, legs.split(";"))):
            if mode == "transfer":
                continue
            if told and told[-1][0] == mode:
                told.pop()
            told.append((mode, self.place(end)))
        if not told:
            return "on the spot"
        return ", ".join([f"{mode} to {place}" for mode, place in told[:-1]] + [told[-1][0]])

    def through(self, legs: str) -> str | None:
        """Codes of the countries that a journey passes between its first and last place."""
        ends = [self._end(leg) for leg in legs.split(";") if leg]
        if not ends:
            return None
        first, last = self._countries[ends[0][1]], self._countries[ends[-1][2]]
        passed = dict.fromkeys(self._countries[end] for _, _, end in ends)
        return " ".join(code for code in passed if code not in (first, last)) or None

    def _end(self, leg: str) -> tuple[str, str, str]:
        mode, start, end = self._ends[leg.removesuffix(WAY_BACK)]
        return (mode, end, start) if leg.endswith(WAY_BACK) else (mode, start, end)


def _rows(studies: Sequence[Study], table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [row for study in studies for row in study.table(table).select(columns).iter_rows()]


def _short(names: dict[str, str], countries: dict[str, str]) -> dict[str, str]:
    short = {place: QUALIFIED.split(name)[0] for place, name in names.items()}
    used: dict[str, set[str]] = {}
    for place, name in short.items():
        used.setdefault(name, set()).add(countries[place])
    return {
        place: name if len(used[name]) == 1 else f"{name} {countries[place]}"
        for place, name in short.items()
    }
