"""Journeys: how the flows over legs decompose into consignments from seller to buyer.

Flows say how much passes each leg, not which unit goes where. Any set of journeys that adds up to
the flows is as good an answer as another, so a rule picks one: sources in the order of their
places' names send what they have; at each place goods are used there first and then go on by the
cheapest way that still has flow, by name where two cost the same. Each journey exhausts a source,
a flow or a use, so there are never more journeys than these together.

Goods are told apart by origin as far as the rules of the study ask, as in the clearing itself.
Goods put in store end their journey there and start another when they are taken out; so do goods
that a plant uses and makes. What goes round in a circle (a leg that pays to be used can make it
worth while) is a journey from a place back to itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.clearing.activities.activity import NOWHERE
from entrepot.clearing.answers import NEGLIGIBLE, Clearing, State, tidy
from entrepot.network.columns import Floats, Ints
from entrepot.results.ways import Locations, Ways, locate, read_ways

COLUMNS = {
    "period": pl.String,
    "good": pl.String,
    "origin": pl.String,
    "destination": pl.String,
    "quantity": pl.Float64,
    "legs": pl.String,
    "cost": pl.Float64,
    "days": pl.Float64,
    "duty": pl.Float64,
}

# Of a good's total: what is left of a flow below it is rounding.
ROUNDING = NEGLIGIBLE / 10


@dataclass(frozen=True)
class Journey:
    """One way from a source to a use.

    Attributes
    ----------
    start, end : balances
    ways : numbers of the ways taken (rows of `Ways`), in order
    quantity : units per period
    """

    start: int
    end: int
    ways: tuple[int, ...]
    quantity: float


def consignments(clearing: Clearing) -> pl.DataFrame:
    """Who ships what to whom by which route: journeys that add up to the flows.

    Returns
    -------
    Frame (period, good, origin, destination, quantity, legs, cost, days, duty): places; units per
    period; legs in order, ";"-separated, "" where a good is used where it is sold; freight and
    transfers in money per unit, without the value of time; days; duty in money per unit.
    """
    state = clearing.state
    ways, where = read_ways(state.stack), locate(state.stack)
    frame = _table(state, ways, where, list(journeys(state, ways, where)))
    keys = [name for name in COLUMNS if name != "quantity"]
    summed = frame.group_by(keys).agg(pl.col("quantity").sum())
    return tidy(summed.select(*keys, "quantity"), state).select(*COLUMNS)


def journeys(state: State, ways: Ways, where: Locations) -> Iterator[Journey]:
    """The journeys of an answer, in the order in which the rule finds them."""
    supply, use = ends(state)
    total = np.bincount(where.good, supply, minlength=len(state.stack.market.goods))
    dust = NEGLIGIBLE * 1e-3 * state.program.quantity_scale(state.level)
    least = np.maximum(ROUNDING * total[where.good], dust)
    flow = state.level[ways.column]
    used = np.flatnonzero(flow > least[ways.tail])
    node = node_names(state)
    out: dict[int, list[int]] = {}
    for way in _by_cost(state, ways, where, used, node):
        out.setdefault(int(ways.tail[way]), []).append(way)
    order = _in_order(state, where, np.flatnonzero(_busy(ways, used, supply)), node)
    yield from _Flows(ways, flow, supply, use, least, out).journeys(order)


def ends(state: State) -> tuple[Floats, Floats]:
    """What starts and what ends its journey at each balance, units per period, shape (m,) each."""
    stack = state.stack
    supply, use = state.program.given.copy(), np.zeros(stack.balances.count)
    for kind in ("selling", "buying", "storing"):
        part, _ = stack.part(kind)
        level = state.levels(kind)
        given, taken = part.gives != NOWHERE, part.takes != NOWHERE
        np.add.at(supply, part.gives[given], (part.yields * level)[given])
        np.add.at(use, part.takes[taken], level[taken])
    plants, _ = stack.part("processing")
    amount = plants.more_amount * state.levels("processing")[plants.more_column]
    np.add.at(supply, plants.more_balance, np.maximum(amount, 0.0))
    np.add.at(use, plants.more_balance, np.maximum(-amount, 0.0))
    return supply, use


def _busy(ways: Ways, used: Ints, supply: Floats) -> npt.NDArray[np.bool_]:
    """Balances from which something may set out."""
    busy = supply > 0
    busy[ways.tail[used]] = True
    return busy


def _in_order(state: State, where: Locations, busy: Ints, node: list[str]) -> list[int]:
    """Balances by period, good, place and origin: by names, never by rows of tables."""
    market, layers = state.stack.market, state.stack.layers
    places, goods = market.network.places, market.goods

    def key(b: int) -> tuple[object, ...]:
        layer = int(where.layer[b])
        behind = layer < 0
        return (
            int(where.period[b]),
            goods[where.good[b]],
            places[where.place[b]],
            () if behind else layers.countries[layer],
            -1 if behind else int(layers.heading[layer]),
            "" if behind else node[where.node[b]],
        )

    return sorted(busy.tolist(), key=key)


def node_names(state: State) -> list[str]:
    """A name for each node of the network, from its place and the legs that meet there."""
    network = state.stack.market.network
    arriving: list[set[str]] = [set() for _ in network.node_place]
    leaving: list[set[str]] = [set() for _ in network.node_place]
    for leg, name in enumerate(network.legs):
        leaving[network.tail[leg]].add(name)
        arriving[network.head[leg]].add(name)
    return [
        f"{network.places[place]} {';'.join(sorted(leaving[n]))} {';'.join(sorted(arriving[n]))}"
        for n, place in enumerate(network.node_place.tolist())
    ]


class _Flows:
    """What is left of flows, sources and uses while journeys are taken off them."""

    def __init__(
        self,
        ways: Ways,
        flow: Floats,
        supply: Floats,
        use: Floats,
        least: Floats,
        out: dict[int, list[int]],
    ) -> None:
        self.head: list[int] = ways.head.tolist()
        self.flow: list[float] = flow.tolist()
        self.supply: list[float] = supply.tolist()
        self.use: list[float] = use.tolist()
        self.least: list[float] = least.tolist()
        self.out = out

    def journeys(self, order: list[int]) -> Iterator[Journey]:
        """Journeys from every source, then whatever flow no source feeds."""
        for start in order:
            while self.supply[start] > self.least[start]:
                yield from self._walk(start, self.supply[start])
        for start in order:
            while self._next(start) is not None:
                yield from self._walk(start, float("inf"))

    def _next(self, at: int) -> int | None:
        """The next way on that still has flow."""
        choices = self.out.get(at, [])
        while choices and self.flow[choices[-1]] <= self.least[at]:
            choices.pop()
        return choices[-1] if choices else None

    def _walk(self, start: int, amount: float) -> Iterator[Journey]:
        """Walk on until the good is used; circles on the way are journeys of their own."""
        path: list[int] = []
        seen = {start: 0}
        at = start
        while self.use[at] <= self.least[at]:
            way = self._next(at)
            if way is None:
                break
            path.append(way)
            at = self.head[way]
            if at in seen:
                circle = path[seen[at] :]
                del path[seen[at] :]
                seen = {start: 0} | {self.head[w]: i + 1 for i, w in enumerate(path)}
                yield self._take(at, at, circle, float("inf"))
            else:
                seen[at] = len(path)
        if self.use[at] > self.least[at]:
            amount = min(amount, self.use[at])
        if path or self.supply[start] > self.least[start]:
            journey = self._take(start, at, path, amount)
            self.supply[start] -= journey.quantity
            self.use[at] -= journey.quantity
            yield journey

    def _take(self, start: int, end: int, path: list[int], amount: float) -> Journey:
        quantity = min([amount, *(self.flow[way] for way in path)])
        for way in path:
            self.flow[way] -= quantity
        return Journey(start, end, tuple(path), quantity)


def _by_cost(state: State, ways: Ways, where: Locations, used: Ints, node: list[str]) -> list[int]:
    """Ways from the dearest to the cheapest, so that the cheapest is last; by name where equal."""
    legs, layers = state.stack.market.network.legs, state.stack.layers
    cost = (ways.freight + ways.time + ways.duty).tolist()
    pools = list(state.stack.balances.pools)
    first = state.stack.balances.count - len(pools)

    def key(way: int) -> tuple[object, ...]:
        head, leg = int(ways.head[way]), int(ways.leg[way])
        layer = int(where.layer[head])
        return (
            float(f"{cost[way]:.12g}"),
            legs[leg] if leg >= 0 else "",
            node[where.node[head]] if layer >= 0 else "",
            int(layers.heading[layer]) if layer >= 0 else -1,
            pools[head - first][3] if head >= first else (),
        )

    return sorted(used.tolist(), key=key, reverse=True)


def _table(state: State, ways: Ways, where: Locations, found: list[Journey]) -> pl.DataFrame:
    market = state.stack.market
    places, legs = market.network.places, market.network.legs
    leg = ways.leg.tolist()
    facts = [values.tolist() for values in (ways.freight, ways.days, ways.duty)]
    rows = [
        (
            market.periods[where.period[each.start]],
            market.goods[where.good[each.start]],
            places[where.place[each.start]],
            places[where.place[each.end]],
            each.quantity,
            ";".join(legs[leg[way]] for way in each.ways if leg[way] >= 0),
            *(float(f"{sum(values[way] for way in each.ways):.12g}") for values in facts),
        )
        for each in found
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")
