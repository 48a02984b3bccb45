"""Who gives and takes a good at a balance, and whether the price there is theirs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from entrepot.clearing.activities.activity import NOWHERE
from entrepot.clearing.answers import NEGLIGIBLE
from entrepot.clearing.stack import Groups
from entrepot.network.columns import Floats, Ints
from entrepot.results.priced import Priced

Kind = Literal["offer", "bid", "plant", "store"]

# Of a quantity: nearer to its limit than this is full.
FULL = 1e-7


@dataclass(frozen=True)
class Trader:
    """Somebody who gives or takes a good at a balance.

    Attributes
    ----------
    kind : offer and bid; a plant or a store on the side that is asked about
    balance : where
    name : the agent (or "" if none is named), the plant, or the period before (stores: after)
    price : what the next unit must fetch, or is worth, in money per unit; nan where it cannot be
        told (recipes with goods that have no price)
    runs : whether anything is given or taken
    full : whether nothing more can be
    """

    kind: Kind
    balance: int
    name: str
    price: float
    runs: bool
    full: bool


def sellers(priced: Priced, period: int, good: int) -> dict[int, list[Trader]]:
    """Everybody who gives a good in a period, by balance, by price and then by name."""
    return _by_balance(
        [
            *_orders(priced, "offers", period, good),
            *_plants(priced, period, good, 1.0),
            *_stores(priced, period, good, giving=True),
        ]
    )


def buyers(priced: Priced, period: int, good: int) -> dict[int, list[Trader]]:
    """Everybody who takes a good in a period, by balance, by price and then by name."""
    return _by_balance(
        [
            *_orders(priced, "bids", period, good),
            *_plants(priced, period, good, -1.0),
            *_stores(priced, period, good, giving=False),
        ]
    )


def _by_balance(found: list[Trader]) -> dict[int, list[Trader]]:
    ordered: dict[int, list[Trader]] = {}
    for trader in sorted(found, key=_rank):
        ordered.setdefault(trader.balance, []).append(trader)
    return ordered


def _rank(trader: Trader) -> tuple[str, bool, float, str]:
    unknown = math.isnan(trader.price)
    return trader.kind, unknown, 0.0 if unknown else trader.price, trader.name


def _orders(priced: Priced, table: str, period: int, good: int) -> Iterator[Trader]:
    """Groups of equal steps, and curves: each is one trader at the point that it has reached."""
    stack, offers = priced.state.stack, table == "offers"
    groups: Groups = stack.draft.offered if offers else stack.draft.bid
    level = priced.state.levels("selling" if offers else "buying")
    least = max(NEGLIGIBLE * float(level.max(initial=0.0)), priced.least)
    mine = priced.where.good[groups.balance] == good
    mine &= (groups.period == period) & (groups.width > 0)
    numbers = np.flatnonzero(mine)
    agents = _agents(priced, table, groups, numbers)
    for pieces in _as_orders(groups, numbers):
        run, width = level[pieces], groups.width[pieces]
        reached = pieces[run > least]
        number = int(reached[-1] if len(reached) else pieces[0])
        sign = 1.0 if offers else -1.0
        yield Trader(
            kind="offer" if offers else "bid",
            balance=int(groups.balance[number]),
            name=agents[number],
            price=float(groups.price[number] + sign * groups.slope[number] * level[number]),
            runs=len(reached) > 0,
            full=bool((run >= width * (1 - FULL)).all()),
        )


def _as_orders(groups: Groups, numbers: Ints) -> Iterator[Ints]:
    """Flat groups one by one; the sloped pieces of each order together, from its first unit on."""
    sloped = groups.slope[numbers] > 0
    for number in numbers[~sloped].tolist():
        yield np.array([number], dtype=np.int64)
    curved = numbers[sloped]
    # A sloped group is one piece of one order.
    piece_of = np.full(len(groups.slope), -1, dtype=np.int64)
    piece_of[groups.group] = np.arange(len(groups.group))
    order = groups.pieces.order[piece_of[curved]]
    for each in np.unique(order).tolist():
        pieces = curved[order == each]
        yield pieces[np.argsort(piece_of[pieces])]


def _agents(priced: Priced, table: str, groups: Groups, numbers: Ints) -> dict[int, str]:
    """Agents behind each group, by name."""
    stack = priced.state.stack
    orders = stack.draft.offers if table == "offers" else stack.draft.bids
    names = stack.market.study.table(table)["agent"].to_list()
    found: dict[int, set[str]] = {number: set() for number in numbers.tolist()}
    for piece in np.flatnonzero(np.isin(groups.group, numbers)).tolist():
        agent = names[orders.row[groups.pieces.order[piece]]]
        found[int(groups.group[piece])].add(agent or "")
    return {number: ", ".join(sorted(agents - {""})) for number, agents in found.items()}


def _plants(priced: Priced, period: int, good: int, side: float) -> Iterator[Trader]:
    """Plants that make (side 1) or use (side -1) the good: its price that pays for a run."""
    stack = priced.state.stack
    part, _ = stack.part("processing")
    plants = stack.market.study.table("plants")["plant"].to_list()
    level = priced.state.levels("processing")
    least = max(NEGLIGIBLE * float(level.max(initial=0.0)), priced.least)
    amount, balance = part.more_amount, part.more_balance
    value = np.where(amount > 0, priced.outlet[balance], priced.delivered[balance]) * amount
    mine = (priced.where.good[balance] == good) & (side * amount > 0)
    mine &= part.upper[part.more_column] > 0
    for entry in np.flatnonzero(mine & (part.period[part.more_column] == period)).tolist():
        run = int(part.more_column[entry])
        others = (part.more_column == run) & (np.arange(len(amount)) != entry)
        price = -(float(part.worth[run]) + float(_finite_sum(value[others]))) / amount[entry]
        yield Trader(
            kind="plant",
            balance=int(balance[entry]),
            name=plants[part.row[run]],
            price=float(price),
            runs=bool(level[run] > least),
            full=bool(level[run] >= part.upper[run] * (1 - FULL)),
        )


def _finite_sum(values: Floats) -> float:
    return float(values.sum()) if np.isfinite(values).all() else float("nan")


def _stores(priced: Priced, period: int, good: int, giving: bool) -> Iterator[Trader]:
    """Warehouses: what they give came from the period before, or lay there from the beginning."""
    stack = priced.state.stack
    part, columns = stack.part("storing")
    level, upper = priced.state.levels("storing"), priced.state.program.upper[columns]
    least = max(NEGLIGIBLE * float(level.max(initial=0.0)), priced.least)
    periods, where = stack.market.periods, priced.where
    ends = part.gives if giving else part.takes
    for i in np.flatnonzero((ends != NOWHERE) & (upper > 0)).tolist():
        end, other = int(ends[i]), int(part.takes[i] if giving else part.gives[i])
        if where.period[end] != period or where.good[end] != good:
            continue
        worth = float(part.worth[i]) * float(stack.market.weights[part.period[i]])
        price = _stored(priced, giving, worth, float(part.yields[i]), other)
        yield Trader(
            kind="store",
            balance=end,
            name=periods[where.period[other]] if other != NOWHERE else "",
            price=price / priced.weight(end),
            runs=bool(level[i] > least),
            full=bool(level[i] >= upper[i] * (1 - FULL)),
        )
    if giving:
        for balance in np.flatnonzero(priced.state.program.given > 0).tolist():
            if where.period[balance] == period and where.good[balance] == good:
                yield Trader("store", balance, "", float("nan"), True, True)


def _stored(priced: Priced, giving: bool, worth: float, yields: float, other: int) -> float:
    """Weighted price at one end of a store that lets it break even with the other end's."""
    if other == NOWHERE:
        return worth
    if giving:
        before = float(priced.delivered[other]) * priced.weight(other)
        return (before - worth) / yields if yields > 0 else float("inf")
    return float(priced.outlet[other]) * priced.weight(other) * yields + worth
