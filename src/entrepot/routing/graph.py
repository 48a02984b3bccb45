"""A study as arrays for route choice: nodes, arcs, and what an arc costs each class of goods.

Arcs are the legs that are open in one period and the turns between the nodes of one place; legs
between the same two places stay apart. Goods that cost the same and may use the same arcs are one
*class*: a good is one class unless bans tell its origins or destinations apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.network.bans import legs_banned
from entrepot.network.columns import column
from entrepot.network.freight import leg_capacity, legs_open
from entrepot.network.market import Market
from entrepot.network.network import Network

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

By = Literal["generalised", "cost", "time"]
MEASURES: tuple[By, ...] = ("generalised", "cost", "time")

TURN = -1


@dataclass(frozen=True)
class Graph:
    """N nodes, A arcs and C classes of goods, in one period.

    Attributes
    ----------
    market : the study, numbered
    period : number of the period
    nodes : N
    tail, head : nodes, shape (A,)
    leg : number of the leg in the network, -1 for a turn, shape (A,)
    turn : number of the turn in the network, -1 for a leg, shape (A,)
    order : rank of each arc by the name of its leg, shape (A,); ties are settled by it
    good : of each class, shape (C,)
    money : money per unit; days; use : share of the capacity that one unit takes, a transfer's as
        that of the leg it leads to, shape (C, A)
    allowed : whether the class may use the arc, shape (C, A)
    """

    market: Market = field(repr=False)
    period: int
    nodes: int
    tail: Ints
    head: Ints
    leg: Ints
    turn: Ints
    order: Ints
    good: Ints
    money: Floats
    days: Floats
    use: Floats
    allowed: Flags

    @property
    def arcs(self) -> int:
        """A, the number of arcs."""
        return len(self.tail)

    def cost(self, klass: int, by: By = "generalised") -> Floats:
        """What one unit of a class counts on each arc, inf where it may not go, shape (A,).

        ``generalised`` is money plus the good's value of time for each day, ``cost`` money alone,
        ``time`` days alone.
        """
        value = self.market.value_of_time[self.good[klass]]
        counted = {
            "generalised": self.money[klass] + value * self.days[klass],
            "cost": self.money[klass],
            "time": self.days[klass],
        }[by]
        return np.where(self.allowed[klass], counted, np.inf)

    @property
    def transfer(self) -> Ints:
        """Row of table ``transfers`` behind each arc, -1 where there is none, shape (A,)."""
        return np.append(self.market.network.turn_row, -1)[self.turn]

    def named(self, arcs: Ints | list[int]) -> list[str]:
        """Names of the legs and transfers among some arcs, in their order."""
        network, transfer = self.market.network, self.transfer
        told = [arc for arc in arcs if self.leg[arc] != TURN or transfer[arc] >= 0]
        return [
            transfer_name(network, int(self.turn[arc]))
            if self.leg[arc] == TURN
            else network.legs[self.leg[arc]]
            for arc in told
        ]

    def legs_of(self, arcs: npt.NDArray[np.integer] | list[int]) -> list[str]:
        """Names of the legs among some arcs, in their order."""
        names = self.market.network.legs
        return [names[leg] for leg in self.leg[arcs].tolist() if leg != TURN]


def tables_behind(graph: Graph) -> tuple[tuple[str, Ints, Ints], ...]:
    """Tables that tell of capacities and delays, arcs that each tells of, and their rows there."""
    legs, turns = np.flatnonzero(graph.leg != TURN), np.flatnonzero(graph.transfer >= 0)
    row = graph.market.network.leg_row[graph.leg[legs]]
    return ("legs", legs, row), ("transfers", turns, graph.transfer[turns])


def transfer_name(network: Network, turn: int) -> str:
    """A turn that table ``transfers`` names, in words."""
    coming, going = network.turn_from[turn], network.turn_to[turn]
    return transfer_between(network.legs[coming], network.legs[going])


def transfer_between(coming: str, going: str) -> str:
    """Going on from one leg to another, in words."""
    return f"the transfer from {coming} to {going}"


@dataclass(frozen=True)
class Demand:
    """K consignments.

    Attributes
    ----------
    name : of each, length K
    good, origin, destination : goods and places, shape (K,)
    start, end : nodes, shape (K,)
    klass : class of goods in the graph, shape (K,)
    quantity : units per period, shape (K,)
    """

    name: list[str]
    good: Ints
    origin: Ints
    destination: Ints
    start: Ints
    end: Ints
    klass: Ints
    quantity: Floats

    @property
    def stays(self) -> Flags:
        """Which consignments are wanted where they are and use no arc, shape (K,)."""
        return np.asarray(self.origin == self.destination)


def build_graph(market: Market, period: int, consignments: pl.DataFrame) -> tuple[Graph, Demand]:
    """The graph of one period with the classes that some consignments need, and these as arrays.

    A leg without any capacity is closed, whatever the choice makes of capacities otherwise.

    Parameters
    ----------
    consignments : (consignment, good, origin, destination, quantity) of the study; `country`, the
        country of origin, where it is not that of the place
    """
    network = market.network
    legs = legs_open(market)[period]
    turns = _turns_between(network, legs)
    good = _numbers(consignments["good"], market.good_index)
    origin = _numbers(consignments["origin"], network.place_index)
    destination = _numbers(consignments["destination"], network.place_index)
    headed = _headed(market, consignments, good, origin, destination)
    classes, klass = _classes(market, period, legs, headed)
    money, days, use, allowed = _carriage(market, legs, turns, classes)
    graph = Graph(
        market=market,
        period=period,
        nodes=len(network.node_place),
        tail=np.concatenate([network.tail[legs], network.turn_tail[turns]]),
        head=np.concatenate([network.head[legs], network.turn_head[turns]]),
        leg=np.concatenate([legs, np.full(len(turns), TURN)]).astype(np.int64),
        turn=np.concatenate([np.full(len(legs), -1), turns]).astype(np.int64),
        order=_by_name(market, legs, turns),
        good=np.array([number for number, _ in classes], dtype=np.int64),
        money=money,
        days=days,
        use=use,
        allowed=allowed,
    )
    demand = Demand(
        name=consignments["consignment"].to_list(),
        good=good,
        origin=origin,
        destination=destination,
        start=network.source[origin],
        end=network.market[destination],
        klass=klass,
        quantity=consignments["quantity"].to_numpy().astype(float),
    )
    return graph, demand


def _carriage(
    market: Market, legs: Ints, turns: Ints, classes: list[tuple[int, Flags]]
) -> tuple[Floats, Floats, Floats, Flags]:
    """Money, days, use and leave of each class on the legs, then on the turns, shape (C, A) each.

    A transfer takes of a capacity what the leg it leads to takes.
    """
    network = market.network
    shape = len(classes), len(legs) + len(turns)
    money, days, use = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    allowed = np.ones(shape, dtype=bool)
    room = leg_capacity(market)[legs] > 0
    onto = network.turn_to[turns]
    shut = _turn_capacity(market)[turns] <= 0
    for number, (of_good, banned) in enumerate(classes):
        carried = market.freight[of_good]
        money[number] = np.concatenate([carried.cost[legs], network.turn_cost[turns]])
        days[number] = np.concatenate([carried.days[legs], network.turn_days[turns]])
        use[number] = np.append(carried.use, 0.0)[np.concatenate([legs, onto])]
        allowed[number, : len(legs)] = carried.allowed[legs] & ~banned & room
        allowed[number, : len(legs)] &= carried.capacity[legs] > 0
        allowed[number, len(legs) :] = ~shut
    return money, days, use, allowed


def _turns_between(network: Network, legs: Ints) -> Ints:
    """The turns that neither come from nor lead to a leg which is not open."""
    open_ = np.zeros(len(network.legs) + 1, dtype=bool)
    open_[legs] = True
    open_[-1] = True
    return np.flatnonzero(open_[network.turn_from] & open_[network.turn_to])


def _turn_capacity(market: Market) -> Floats:
    """Capacity that all goods share at each turn, units per period, shape (T,)."""
    row = market.network.turn_row
    capacity = column(market.study.table("transfers"), "capacity", np.inf)
    return np.append(capacity, np.inf)[row]


def _by_name(market: Market, legs: Ints, turns: Ints) -> Ints:
    """Rank of each arc by the name of its leg; a turn has the first name that it leads to."""
    network = market.network
    first: dict[int, str] = {}
    for leg in legs.tolist():
        node, name = int(network.tail[leg]), network.legs[leg]
        first[node] = min(first.get(node, name), name)
    names = [network.legs[leg] for leg in legs.tolist()]
    names += [first.get(node, "") for node in network.turn_head[turns].tolist()]
    order = np.empty(len(names), dtype=np.int64)
    order[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return order


def _numbers(names: pl.Series, index: dict[str, int]) -> Ints:
    """The number of each name, shape (K,)."""
    number = np.fromiter(index.values(), dtype=np.int64, count=len(index))
    place: Ints = names.cast(pl.Enum(list(index))).to_physical().to_numpy()
    return number[place]


def country_of(market: Market, place: str, given: str | None = None) -> str:
    """The country of a place, or the one given."""
    return given or market.network.countries[market.network.place_index[place]]


def _classes(
    market: Market, period: int, legs: Ints, headed: pl.DataFrame
) -> tuple[list[tuple[int, Flags]], Ints]:
    """The classes as (good, legs banned to it), and the class of each consignment."""
    found: dict[tuple[int, bytes], int] = {}
    classes: list[tuple[int, Flags]] = []
    kinds = headed.unique(maintain_order=True)
    number = []
    for good, home, bound in kinds.iter_rows():
        banned = legs_banned(market, good, home, bound, period)[legs]
        alike = (good, banned.tobytes())
        if alike not in found:
            found[alike] = len(classes)
            classes.append((good, banned))
        number.append(found[alike])
    numbered = kinds.with_columns(klass=pl.Series(number, dtype=pl.Int64))
    klass = headed.join(numbered, on=headed.columns, how="left", maintain_order="left")["klass"]
    return classes, klass.to_numpy()


def _headed(
    market: Market, consignments: pl.DataFrame, good: Ints, origin: Ints, destination: Ints
) -> pl.DataFrame:
    """(good, home, bound): good, country of origin and of destination of each consignment."""
    country = pl.Series(market.network.countries, dtype=pl.String)
    frame = pl.DataFrame({"good": good, "home": country[origin], "bound": country[destination]})
    if "country" not in consignments.columns:
        return frame
    told = consignments["country"].replace("", None)
    return frame.with_columns(home=pl.coalesce(told, "home"))
