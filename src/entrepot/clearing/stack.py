"""The market as a stack of activities: the study's tables turned into one program.

`survey` numbers what does not change while a study is cleared: market, layers, balances, orders.
`stack_up` draws the activities up from it, with the curves cut and the duties as they stand in
the current round, and sets the limits of the rules over them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from entrepot.clearing.activities import KINDS
from entrepot.clearing.activities.activity import NOWHERE, Activities
from entrepot.clearing.activities.buying import balance_used, uses_of_bids
from entrepot.clearing.activities.processing import amounts
from entrepot.clearing.activities.selling import balances_of_offers
from entrepot.clearing.activities.storing import initial_stock
from entrepot.clearing.curves import Orders, Segments, points_around, read_orders, segments
from entrepot.clearing.layers import Balances, Layers, build_layers
from entrepot.clearing.program import Program
from entrepot.clearing.rules import RULES
from entrepot.clearing.rules.origins import ANY
from entrepot.clearing.rules.rule import Limits, join_limits
from entrepot.network.columns import Floats, Ints
from entrepot.network.market import Market, read_market
from entrepot.study import Study

# Where nothing is known yet, an elastic curve is pinned this far (relatively) around its point.
FIRST_SPREAD = 0.3


@dataclass(frozen=True)
class Groups:
    """Order segments as activities: flat ones of one price at one balance stand together.

    Equal orders are one activity, so no solver can favour one of them; they share what it gets
    in proportion to their quantities (decision on ties in docs/decisions).

    Attributes
    ----------
    balance, period, price, slope, width : of each group
    pieces : the segments
    group : group of each segment
    """

    balance: Ints
    period: Ints
    price: Floats
    slope: Floats
    width: Floats
    pieces: Segments
    group: Ints

    def share(self, level: Floats, orders: int) -> Floats:
        """What each order gets of its groups' levels, shape (orders,)."""
        width = self.pieces.width
        unlimited = np.isinf(width)
        any_unlimited = np.bincount(self.group, unlimited, minlength=len(self.balance)) > 0
        weight = np.where(any_unlimited[self.group], unlimited.astype(float), width)
        total = np.bincount(self.group, weight, minlength=len(self.balance))
        part = np.divide(weight, total[self.group], out=np.zeros_like(weight), where=weight > 0)
        shares = np.bincount(self.pieces.order, part * level[self.group], minlength=orders)
        return shares.astype(np.float64)


def group(orders: Orders, pieces: Segments) -> Groups:
    """Put flat segments of equal price at one balance together; sloped ones stand alone."""
    flat = pieces.slope == 0
    alone = np.where(flat, -1, np.arange(len(flat)))
    balance = orders.balance[pieces.order]
    keys = (alone, pieces.price, balance)
    order = np.lexsort(keys)
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for key in keys:
        new[1:] |= np.diff(key[order]) != 0
    first, inverse = order[new], np.empty(len(order), dtype=np.int64)
    inverse[order] = np.cumsum(new) - 1
    return Groups(
        balance=balance[first],
        period=orders.period[pieces.order[first]],
        price=pieces.price[first],
        slope=pieces.slope[first],
        width=np.bincount(inverse, pieces.width, minlength=len(first)).astype(np.float64),
        pieces=pieces,
        group=inverse,
    )


@dataclass(frozen=True)
class Survey:
    """What stays while a study is cleared."""

    market: Market
    layers: Layers
    balances: Balances
    offers: Orders
    bids: Orders


def survey(study: Study) -> Survey:
    """Number the market, its layers, balances and orders."""
    market = read_market(study)
    layers = build_layers(market, RULES)
    uses = uses_of_bids(market)
    balances = Balances(
        periods=len(market.periods),
        layers=len(layers.good),
        nodes=len(market.network.node_place),
        pools=_pools(market, layers, set(uses.values())),
    )
    at = {use: balance_used(market, layers, balances, use) for use in set(uses.values())}
    return Survey(
        market=market,
        layers=layers,
        balances=balances,
        offers=read_orders(market, "offers", balances_of_offers(market, layers, balances)),
        bids=read_orders(market, "bids", {key: at[use] for key, use in uses.items()}),
    )


def _pools(
    market: Market, layers: Layers, uses: set[tuple[int, int, int, tuple[str, ...]]]
) -> dict[tuple[int, int, int, tuple[str, ...]], int]:
    recipes = amounts(market)
    for place, recipe in market.study.table("plants").select("place", "recipe").iter_rows():
        for good, amount in recipes[recipe]:
            if amount < 0:
                here = market.network.place_index[place]
                uses |= {(t, here, good, ANY) for t in range(len(market.periods))}
    wanted = sorted(use for use in uses if layers.ruled[use[2]])
    first = len(market.periods) * len(layers.good) * len(market.network.node_place)
    return {use: first + i for i, use in enumerate(wanted)}


@dataclass(frozen=True)
class Draft:
    """What the kinds of activity draw up from: the survey and the state of the current round.

    Attributes
    ----------
    offers, bids : the orders; offered, bid : their segments as groups
    cif : CIF prices of the last round by balance; empty before the first
    """

    market: Market
    layers: Layers
    balances: Balances
    offers: Orders
    bids: Orders
    offered: Groups
    bid: Groups
    cif: Floats

    def cif_price(self, balance: int) -> float:
        """Price of a layer where it arrives, before duty, in the last round; 0 before the first."""
        if not len(self.cif) or not np.isfinite(self.cif[balance]):
            return 0.0
        return max(float(self.cif[balance]), 0.0)

    def moving_layers(self, good: int) -> list[int]:
        """Layers in which a good travels."""
        mine = (self.layers.good == good) & self.layers.moves
        return [int(layer) for layer in np.flatnonzero(mine)]


@dataclass(frozen=True)
class Stack:
    """A market as activities in one order, with the limits over them.

    Attributes
    ----------
    draft : what it was drawn up from
    parts : the activities of each kind
    first : number of the first activity of each kind
    limits : the limits that tie several activities
    single : limits that bear on one activity only: they are bounds of the program, not rows
    """

    draft: Draft
    parts: dict[str, Activities]
    first: dict[str, int]
    limits: Limits = field(default_factory=Limits)
    single: Limits = field(default_factory=Limits)

    @property
    def market(self) -> Market:
        """The market."""
        return self.draft.market

    @property
    def layers(self) -> Layers:
        """Its layers."""
        return self.draft.layers

    @property
    def balances(self) -> Balances:
        """Its balances."""
        return self.draft.balances

    def part(self, kind: str) -> tuple[Activities, Ints]:
        """Activities of a kind, and their numbers in the stack."""
        part = self.parts[kind]
        return part, np.arange(part.count) + self.first[kind]

    def levels(self, kind: str, level: Floats) -> Floats:
        """The levels of one kind's activities."""
        return level[self.first[kind] : self.first[kind] + self.parts[kind].count]

    @property
    def count(self) -> int:
        """Number of activities."""
        return sum(part.count for part in self.parts.values())

    def period(self) -> Ints:
        """Period of each activity, shape (n,)."""
        return np.concatenate([part.period for part in self.parts.values()])

    def program(self) -> Program:
        """The program to solve: worths weighted by their periods."""
        parts = list(self.parts.values())
        weight = self.market.weights[self.period()]
        upper = np.concatenate([part.upper for part in parts])
        room = self.single.upper[self.single.row] / self.single.use
        np.minimum.at(upper, self.single.column, room)
        shape = (len(self.limits.name), self.count)
        return Program(
            worth=np.concatenate([part.worth for part in parts]) * weight,
            slope=np.concatenate([part.slope for part in parts]) * weight,
            lower=np.zeros(self.count),
            upper=upper,
            balance=self._balance_matrix(),
            given=initial_stock(self.draft),
            limit=sparse.csc_array(
                (self.limits.use, (self.limits.row, self.limits.column)), shape=shape
            ),
            limit_lower=self.limits.lower,
            limit_upper=self.limits.upper,
        )

    def _balance_matrix(self) -> sparse.csc_array:
        rows, columns, amounts_ = [], [], []
        for kind, part in self.parts.items():
            number = np.arange(part.count) + self.first[kind]
            takes, gives = part.takes != NOWHERE, part.gives != NOWHERE
            rows += [part.takes[takes], part.gives[gives], part.more_balance]
            columns += [number[takes], number[gives], part.more_column + self.first[kind]]
            amounts_ += [-np.ones(takes.sum()), part.yields[gives], part.more_amount]
        return sparse.csc_array(
            (np.concatenate(amounts_), (np.concatenate(rows), np.concatenate(columns))),
            shape=(self.balances.count, self.count),
        )


def stack_up(
    found: Survey, around: Mapping[str, dict[int, Floats]] | None = None, cif: Floats | None = None
) -> Stack:
    """Draw the activities up and set the limits.

    Parameters
    ----------
    around : points of the elastic curves of "offers" and "bids" by order; at first, around the
        point that each curve is named by
    cif : CIF prices of the last round by balance, for duties on the value
    """
    cut = around if around is not None else first_points(found)
    draft = Draft(
        market=found.market,
        layers=found.layers,
        balances=found.balances,
        offers=found.offers,
        bids=found.bids,
        offered=group(found.offers, segments(found.offers, cut["offers"])),
        bid=group(found.bids, segments(found.bids, cut["bids"])),
        cif=cif if cif is not None else np.empty(0),
    )
    parts = {kind.name: kind.draw_up(draft) for kind in KINDS}
    first, total = {}, 0
    for name, part in parts.items():
        first[name] = total
        total += part.count
    bare = Stack(draft, parts, first)
    limits = join_limits([rule.limits(bare) for rule in RULES if rule.limits is not None])
    tied, single = _apart(limits)
    return Stack(draft, parts, first, tied, single)


def first_points(found: Survey) -> dict[str, dict[int, Floats]]:
    """Elastic curves pinned around the points that they are named by."""
    return {
        name: {
            r: points_around(orders, r, float(orders.quantity[r]), FIRST_SPREAD)
            for r in orders.elastic().tolist()
        }
        for name, orders in (("offers", found.offers), ("bids", found.bids))
    }


def _apart(limits: Limits) -> tuple[Limits, Limits]:
    """Limits that tie several activities, and those that are bounds of one."""
    entries = np.bincount(limits.row, minlength=len(limits.name))
    alone = (entries == 1) & np.isneginf(limits.lower)
    alone[limits.row[limits.use <= 0]] = False
    return _pick(limits, ~alone), _pick(limits, alone)


def _pick(limits: Limits, wanted: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Limits:
    number = np.cumsum(wanted) - 1
    entries = wanted[limits.row] if len(limits.row) else np.empty(0, dtype=bool)
    rows = np.flatnonzero(wanted)
    return Limits(
        table=[limits.table[i] for i in rows],
        name=[limits.name[i] for i in rows],
        period=limits.period[rows],
        lower=limits.lower[rows],
        upper=limits.upper[rows],
        row=number[limits.row[entries]],
        column=limits.column[entries],
        use=limits.use[entries],
    )
