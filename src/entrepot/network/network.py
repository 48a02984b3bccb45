"""Places and legs as arrays: where goods may be, and where they may go from there.

A place is one node unless its tables make a difference between goods that arrive and goods that
set out. It is split where journeys may not pass through it (`places.through` is false) and where
`transfers` price or ban going from one leg to the next; `_Turns` says how.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.study import Study

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

WAY_BACK = "~"


@dataclass(frozen=True)
class Network:
    """P places, N nodes, L directed legs, T turns between nodes of one place.

    A two-way leg of the table is two legs here, the second named with a trailing ``~``.

    Attributes
    ----------
    places, countries : name of each place and of its country, length P
    node_place : place of each node, shape (N,)
    market : node where goods are bought and used, shape (P,)
    source : node where goods are sold, made and taken out of store, shape (P,)
    legs : name of each leg, length L; rows of one leg in several periods are several legs here
    leg_row : row of table ``legs`` that each leg comes from, shape (L,)
    origin, destination : places, shape (L,)
    tail, head : nodes, shape (L,)
    turn_tail, turn_head : nodes, shape (T,)
    turn_cost : money per unit, shape (T,)
    turn_days : days, shape (T,)
    turn_row : row of table ``transfers`` that each turn comes from, -1 for none, shape (T,)
    turn_from, turn_to : the one leg that leads to the turn and the one that goes on from it, -1
        where there may be several, shape (T,)
    """

    places: list[str]
    countries: list[str]
    node_place: Ints
    market: Ints
    source: Ints
    legs: list[str]
    leg_row: Ints
    origin: Ints
    destination: Ints
    tail: Ints
    head: Ints
    turn_tail: Ints
    turn_head: Ints
    turn_cost: Floats
    turn_days: Floats
    turn_row: Ints
    turn_from: Ints
    turn_to: Ints
    place_index: dict[str, int] = field(repr=False)

    def is_back(self) -> npt.NDArray[np.bool_]:
        """Which legs are the way back of a two-way leg, shape (L,)."""
        return np.array([name.endswith(WAY_BACK) for name in self.legs], dtype=bool)


def build_network(study: Study) -> Network:
    """The study's places, legs and transfers as arrays."""
    places = study.table("places")
    names = places["place"].to_list()
    index = {name: i for i, name in enumerate(names)}
    legs = study.table("legs")
    forward = np.arange(legs.height)
    back = forward[legs["two_way"].to_numpy()] if legs.height else forward
    leg_row = np.concatenate([forward, back]).astype(np.int64)
    leg_names = legs["leg"].to_list()
    leg_names += [leg_names[i] + WAY_BACK for i in back]
    start = np.array([index[p] for p in legs["origin"]], dtype=np.int64)
    end = np.array([index[p] for p in legs["destination"]], dtype=np.int64)
    origin = np.concatenate([start, end[back]])
    destination = np.concatenate([end, start[back]])
    turns = _Turns(places, study.table("transfers"), leg_names, origin, destination)
    return Network(
        places=names,
        countries=places["country"].to_list(),
        node_place=np.array(turns.node_place, dtype=np.int64),
        market=np.array(turns.market, dtype=np.int64),
        source=np.array(turns.source, dtype=np.int64),
        legs=leg_names,
        leg_row=leg_row,
        origin=origin,
        destination=destination,
        tail=turns.tail,
        head=turns.head,
        turn_tail=np.array(turns.turn_tail, dtype=np.int64),
        turn_head=np.array(turns.turn_head, dtype=np.int64),
        turn_cost=np.array(turns.turn_cost, dtype=np.float64),
        turn_days=np.array(turns.turn_days, dtype=np.float64),
        turn_row=np.array(turns.turn_row, dtype=np.int64),
        turn_from=np.array(turns.turn_from, dtype=np.int64),
        turn_to=np.array(turns.turn_to, dtype=np.int64),
        place_index=index,
    )


class _Fact(NamedTuple):
    """What a row of ``transfers`` says of going on from one leg to another."""

    row: int
    cost: float
    days: float
    allowed: bool


_FREE = _Fact(-1, 0.0, 0.0, allowed=True)


class _Turns:
    """Splits the places where it matters how goods came.

    At a place that journeys may not pass through, goods arrive at the market and set out from the
    source, and only a turn from the source to the market joins them. At a place with transfers,

    - a leg named in ``from_leg`` arrives at a node of its own,
    - a leg named in ``to_leg`` sets out from a node of its own,
    - every other leg sets out from the node `free` and arrives at the source,

    and the turns between these nodes carry the costs and leave out what is not allowed.
    """

    def __init__(
        self,
        places: pl.DataFrame,
        transfers: pl.DataFrame,
        legs: list[str],
        origin: Ints,
        destination: Ints,
    ) -> None:
        count = places.height
        self.node_place = list(range(count))
        self.market = list(range(count))
        self.source = list(range(count))
        self.tail = origin.copy()
        self.head = destination.copy()
        self.turn_tail: list[int] = []
        self.turn_head: list[int] = []
        self.turn_cost: list[float] = []
        self.turn_days: list[float] = []
        self.turn_row: list[int] = []
        self.turn_from: list[int] = []
        self.turn_to: list[int] = []
        through = places["through"].to_list()
        for place in range(count):
            if not through[place]:
                self._close(place)
        legs_named: dict[str, list[int]] = {}
        for leg, name in enumerate(legs):
            legs_named.setdefault(name, []).append(leg)
        by_place: dict[int, dict[tuple[int, int], _Fact]] = {}
        for number, row in enumerate(transfers.iter_rows(named=True)):
            fact = _Fact(number, row["cost"] or 0.0, row["days"] or 0.0, row["allowed"])
            for a in legs_named.get(row["from_leg"], []):
                for b in legs_named.get(row["to_leg"], []):
                    if destination[a] == origin[b]:
                        by_place.setdefault(int(destination[a]), {})[a, b] = fact
        for place, listed in sorted(by_place.items()):
            self._price(place, listed, through[place])

    def _node(self, place: int) -> int:
        self.node_place.append(place)
        return len(self.node_place) - 1

    def _turn(
        self, tail: int, head: int, fact: _Fact = _FREE, coming: int = -1, going: int = -1
    ) -> None:
        self.turn_tail.append(tail)
        self.turn_head.append(head)
        self.turn_cost.append(fact.cost)
        self.turn_days.append(fact.days)
        self.turn_row.append(fact.row)
        self.turn_from.append(coming)
        self.turn_to.append(going)

    def _close(self, place: int) -> None:
        self.source[place] = self._node(place)
        self.tail[self.tail == place] = self.source[place]
        self._turn(self.source[place], self.market[place])

    def _price(self, place: int, listed: dict[tuple[int, int], _Fact], through: bool) -> None:
        arriving = sorted({a for a, _ in listed})
        leaving = sorted({b for _, b in listed})
        if through:
            self.source[place] = self._node(place)
            self._turn(self.source[place], self.market[place])
            self.head[self.head == place] = self.source[place]
            self.tail[self.tail == place] = self.source[place]
        source, market = self.source[place], self.market[place]
        free = self._node(place)
        self._turn(source, free)
        self.tail[self.tail == source] = free
        departure = {b: self._node(place) for b in leaving}
        for b, node in departure.items():
            self.tail[b] = node
            self._turn(source, node, going=b)
        for a in arriving:
            arrival = self._node(place)
            self.head[a] = arrival
            self._turn(arrival, market, coming=a)
            if not through:
                continue
            self._turn(arrival, free, coming=a)
            for b, node in departure.items():
                fact = listed.get((a, b), _FREE)
                if fact.allowed:
                    self._turn(arrival, node, fact, a, b)
