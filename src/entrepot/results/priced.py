"""Ways with the prices at their ends: what a unit pays on each, and what is left over.

At the prices of an answer a way that is used pays for itself exactly: the price where it ends is
the price where it begins, plus freight, time, duty and the rents of the limits that it uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.clearing.answers import NEGLIGIBLE, State
from entrepot.clearing.held_back import FULL
from entrepot.network.columns import Floats, Ints
from entrepot.results.journeys import node_names
from entrepot.results.ways import Locations, Ways, locate, read_ways

# Of the highest price: prices nearer than this are one price. The proof asks for as much.
SAME = 2e-6


@dataclass(frozen=True)
class Toll:
    """What a unit pays for one limit on one way.

    Attributes
    ----------
    table, name : of the limit
    amount : money per unit; negative where an obligation pays for the unit to pass
    """

    table: str
    name: str
    amount: float


@dataclass(frozen=True)
class Priced:
    """An answer's ways, with prices in money per unit.

    Attributes
    ----------
    flow : units per period on each way, shape (n,)
    used : whether that is more than rounding, shape (n,)
    cost : freight, time and duty of each way, shape (n,)
    shared : rents of the limits that each way shares with others, shape (n,)
    tolls : those and the rent of a full bound of its own, shape (n,)
    price : of each balance where anything is, nan elsewhere, shape (m,)
    delivered : price of each balance; the cheapest delivery where nothing is, inf if none, (m,)
    outlet : price of each balance; the best use from there where nothing is, -inf if none, (m,)
    least : units per period; less is nothing
    same : money per unit; prices nearer than this are one price
    node : a name for each node of the network
    """

    state: State
    ways: Ways
    where: Locations
    flow: Floats
    used: npt.NDArray[np.bool_]
    cost: Floats
    shared: Floats
    tolls: Floats
    price: Floats
    delivered: Floats
    outlet: Floats
    least: float
    same: float
    node: list[str]

    def label(self, way: int) -> tuple[object, ...]:
        """What a way is called, to sort by: its leg, the nodes at its ends, its layer."""
        layer = int(self.where.layer[self.ways.tail[way]])
        layers = self.state.stack.layers
        ends = [int(self.where.node[end[way]]) for end in (self.ways.tail, self.ways.head)]
        tail, head = (self.node[end] if end >= 0 else "" for end in ends)
        return (self.leg(way), tail, head, layers.countries[layer], int(layers.heading[layer]))

    def leg(self, way: int) -> str:
        """Name of the leg of a way, "" where it is no leg."""
        leg = int(self.ways.leg[way])
        return str(self.state.stack.market.network.legs[leg]) if leg >= 0 else ""

    def place(self, balance: int) -> str:
        """Name of the place of a balance."""
        return str(self.state.stack.market.network.places[self.where.place[balance]])

    def of_good(self, period: int, good: int) -> Ints:
        """Ways of one good in one period that may be used at all."""
        tail = self.ways.tail
        mine = (self.where.period[tail] == period) & (self.where.good[tail] == good)
        return np.flatnonzero(mine & (self.state.program.upper[self.ways.column] > 0))

    def tolls_on(self, way: int) -> Iterator[Toll]:
        """The limits that a unit pays for on a way, one by one."""
        state, column = self.state, int(self.ways.column[way])
        weight = self.weight(int(self.ways.tail[way]))
        matrix = state.program.limit
        for at in range(matrix.indptr[column], matrix.indptr[column + 1]):
            k = int(matrix.indices[at])
            amount = float(matrix.data[at] * state.prices.rent[k]) / weight
            if abs(amount) > 0:
                yield Toll(state.stack.limits.table[k], state.stack.limits.name[k], amount)
        own = float(self.tolls[way] - self.shared[way])
        single = state.stack.single
        bounds = {
            float(single.upper[k]) / use: k
            for k, c, use in zip(single.row.tolist(), single.column, single.use, strict=True)
            if c == column
        }
        if bounds and own > 0:
            k = bounds[min(bounds)]
            yield Toll(single.table[k], single.name[k], own)

    def weight(self, balance: int) -> float:
        """Weight of a balance's period in the welfare."""
        return float(self.state.stack.market.weights[self.where.period[balance]])


def price_ways(state: State) -> Priced:
    """The ways of an answer with the prices at their ends."""
    ways, where = read_ways(state.stack), locate(state.stack)
    weight = state.stack.market.weights[where.period]
    found = state.prices
    price = np.where(found.touched, found.price, np.nan) / weight
    delivered = np.where(found.touched, price, found.high / weight)
    outlet = np.where(found.touched, price, found.low / weight)
    known = np.concatenate([each[np.isfinite(each)] for each in (delivered, outlet)])
    flow = state.level[ways.column]
    good = where.good[ways.tail]
    shared, own = _tolls(state, ways)
    least = NEGLIGIBLE * 1e-3 * state.program.quantity_scale(state.level)
    most = np.zeros(len(state.stack.market.goods))
    np.maximum.at(most, good, flow)
    return Priced(
        state=state,
        ways=ways,
        where=where,
        flow=flow,
        used=flow > np.maximum(NEGLIGIBLE * most[good], least),
        least=least,
        cost=ways.freight + ways.time + ways.duty,
        shared=shared / weight[ways.tail],
        tolls=(shared + own) / weight[ways.tail],
        price=price,
        delivered=delivered,
        outlet=outlet,
        same=SAME * float(np.abs(known).max(initial=1e-300)),
        node=node_names(state),
    )


def _tolls(state: State, ways: Ways) -> tuple[Floats, Floats]:
    """Rents on each way in the program's units: of shared limits, and of a full bound alone."""
    program = state.program
    gain = program.gain(np.nan_to_num(state.prices.price), state.prices.rent, state.level)
    shared = np.asarray(program.limit.T @ state.prices.rent)
    bound: npt.NDArray[np.bool_] = np.zeros(len(gain), dtype=bool)
    bound[state.stack.single.column] = True
    full = program.upper - state.level <= FULL * state.level
    own = np.where(bound & full & (state.level > 0), np.maximum(gain, 0.0), 0.0)
    return shared[ways.column], own[ways.column]
