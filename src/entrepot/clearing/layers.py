"""Layers: a good, told apart by origin and destination only as far as the rules ask.

Most goods are one layer. Where a duty, a ban, a quota or a buyer treats origins differently, the
countries of origin fall into classes of equal treatment, and each class is a layer of its own.
Where a rule on journeys names a destination, each class is split once more by heading: goods
enter at the class's entry layer and choose their heading before they set out.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from entrepot.network.columns import Ints
from entrepot.network.market import Market

if TYPE_CHECKING:
    from entrepot.clearing.rules.rule import Rule, Treatment

NO_HEADING = -1


@dataclass(frozen=True)
class Layers:
    """S layers of G goods.

    Attributes
    ----------
    good : good of each layer, shape (S,)
    heading : number of the heading class, or -1 where the layer has none, shape (S,)
    countries : countries of origin in each layer, length S
    moves : whether goods travel in this layer (an entry layer with headings does not), shape (S,)
    ruled : whether purchases of a good pass a border that asks for origin, shape (G,)
    entry : (good, country of origin) -> layer in which goods start
    headings : (good, country of destination) -> number of its heading class
    """

    good: Ints
    heading: Ints
    countries: list[tuple[str, ...]]
    moves: np.ndarray[tuple[int], np.dtype[np.bool_]]
    ruled: np.ndarray[tuple[int], np.dtype[np.bool_]]
    entry: dict[tuple[int, str], int]
    headings: dict[tuple[int, str], int]
    heading_country: dict[tuple[int, int], str] = field(repr=False)

    def travelling(self, good: int, entry: int) -> list[int]:
        """Layers in which goods that started in `entry` travel."""
        if self.moves[entry]:
            return [entry]
        return [
            int(s)
            for s in np.flatnonzero((self.good == good) & self.moves)
            if self.countries[s] == self.countries[entry]
        ]


def build_layers(market: Market, rules: tuple[Rule, ...]) -> Layers:
    """Split each good by the treatment that the rules give to origins and destinations."""
    origins, countries = _origins(market), sorted(set(market.network.countries))
    listing = _Listing()
    ruled = np.zeros(len(market.goods), dtype=bool)
    for good in range(len(market.goods)):
        by_origin = (rule.by_origin(market, good) for rule in rules if rule.by_origin)
        classes, ruled[good] = _alike(sorted(origins[good]), by_origin)
        by_heading = (rule.by_heading(market, good) for rule in rules if rule.by_heading)
        destinations, asked = _alike(countries, by_heading)
        listing.add_good(good, classes, destinations, asked)
    return listing.done(ruled)


class _Listing:
    """The layers of one good after the other."""

    def __init__(self) -> None:
        self.good: list[int] = []
        self.heading: list[int] = []
        self.countries: list[tuple[str, ...]] = []
        self.moves: list[bool] = []
        self.entry: dict[tuple[int, str], int] = {}
        self.headings: dict[tuple[int, str], int] = {}
        self.heading_country: dict[tuple[int, int], str] = {}

    def add_good(
        self,
        good: int,
        classes: list[tuple[str, ...]],
        destinations: list[tuple[str, ...]],
        asked: bool,
    ) -> None:
        """A layer for each class of origins and, where rules tell them apart, each heading."""
        for number, members in enumerate(destinations):
            self.heading_country[good, number] = members[0]
            for country in members:
                self.headings[good, country] = number
        split = len(destinations) > 1
        for members in classes:
            for country in members:
                self.entry[good, country] = len(self.good)
            self._add(good, 0 if asked and not split else NO_HEADING, members, not split)
            if split:
                for number in range(len(destinations)):
                    self._add(good, number, members, True)

    def _add(self, good: int, heading: int, members: tuple[str, ...], moves: bool) -> None:
        self.good.append(good)
        self.heading.append(heading)
        self.countries.append(members)
        self.moves.append(moves)

    def done(self, ruled: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Layers:
        """All layers as arrays."""
        return Layers(
            good=np.array(self.good, dtype=np.int64),
            heading=np.array(self.heading, dtype=np.int64),
            countries=self.countries,
            moves=np.array(self.moves, dtype=bool),
            ruled=ruled,
            entry=self.entry,
            headings=self.headings,
            heading_country=self.heading_country,
        )


def _origins(market: Market) -> list[set[str]]:
    """Countries where each good can come from: offered, made or in store there."""
    study, network = market.study, market.network
    found: list[set[str]] = [set() for _ in market.goods]
    offers = study.table("offers")
    for place, good, origin in offers.select("place", "good", "origin").iter_rows():
        country = origin or network.countries[network.place_index[place]]
        found[market.good_index[good]].add(country)
    made: dict[str, list[int]] = {}
    for recipe, good, amount in (
        study.table("recipes").select("recipe", "good", "amount").iter_rows()
    ):
        if amount > 0:
            made.setdefault(recipe, []).append(market.good_index[good])
    for place, recipe in study.table("plants").select("place", "recipe").iter_rows():
        for product in made.get(recipe, []):
            found[product].add(network.countries[network.place_index[place]])
    stores = study.table("warehouses")
    for place, good, initial in stores.select("place", "good", "initial").iter_rows():
        if initial:
            found[market.good_index[good]].add(network.countries[network.place_index[place]])
    return found


def _alike(
    countries: list[str], asked: Iterable[Treatment | None]
) -> tuple[list[tuple[str, ...]], bool]:
    """Countries in classes that all rules treat alike, and whether any rule asks."""
    treatments = [treatment for treatment in asked if treatment is not None]
    if not treatments or not countries:
        return [tuple(countries)], bool(treatments)
    classes: dict[Hashable, list[str]] = {}
    for country in countries:
        key = tuple(treatment(country) for treatment in treatments)
        classes.setdefault(key, []).append(country)
    return [tuple(members) for members in classes.values()], True


@dataclass(frozen=True)
class Balances:
    """Where amounts must add up: a layer at a node in a period, and pools of goods for buyers.

    The first ``T x S x N`` balances stand in the order period, layer, node. A pool follows for
    each (period, place, good, accepted origins) of a ruled good that somebody buys or uses: what
    has passed the border there.

    Attributes
    ----------
    pools : (period, place, good, accepted origins) of each pool, in order
    """

    periods: int
    layers: int
    nodes: int
    pools: dict[tuple[int, int, int, tuple[str, ...]], int]

    @property
    def count(self) -> int:
        """Number of balances."""
        return self.periods * self.layers * self.nodes + len(self.pools)

    def at(self, period: Ints | int, layer: Ints | int, node: Ints | int) -> Ints | int:
        """Balances of layers at nodes in periods."""
        return (period * self.layers + layer) * self.nodes + node
