"""Orders and their curves: what offers ask and bids pay for the next unit.

Every order is a list of segments along which its price is constant or changes in proportion to
the quantity. Steps, linear curves and points are segments exactly. A constant-elasticity curve is
straight segments between points on it; the points crowd around the quantity last cleared, so that
the error of the price there falls with the square of their distance (`points_around`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.network.columns import Floats, Ints, column
from entrepot.network.market import Market

OFFER, BID = 1, -1

# One round follows an elastic curve until price or quantity has changed by this factor.
REACH = 1e3

# An elastic curve is not followed below this share of its quantity or above this multiple of its
# price: from there down the price is level.
NARROWEST, DEAREST = 1e-9, 1e3


@dataclass(frozen=True)
class Orders:
    """R offers or bids, one for each period in which a row of the table holds.

    Attributes
    ----------
    side : OFFER (1): the price rises with the quantity; BID (-1): it falls
    row : row of the table, shape (R,)
    period : shape (R,)
    balance : where the good is taken or given, shape (R,)
    price : money per unit (of the first unit for linear curves), shape (R,)
    quantity : units per period, inf where unlimited, shape (R,)
    slope : money per unit per unit, shape (R,)
    elasticity : 0 where the order has none, shape (R,)
    curve : number of the curve of points, or -1, shape (R,)
    points : the curves: quantities and prices
    """

    side: int
    row: Ints
    period: Ints
    balance: Ints
    price: Floats
    quantity: Floats
    slope: Floats
    elasticity: Floats
    curve: Ints
    points: list[tuple[Floats, Floats]]

    def elastic(self) -> Ints:
        """Orders with constant elasticity."""
        return np.flatnonzero(self.elasticity)

    def least(self, order: int) -> float:
        """Quantity below which an elastic curve is not followed, units per period."""
        share = float(DEAREST ** -abs(float(self.elasticity[order])))
        return float(self.quantity[order]) * max(NARROWEST, share)

    def price_at(self, order: int, quantity: float) -> float:
        """Price of the next unit of an order, money per unit."""
        if self.elasticity[order]:
            share = max(quantity, self.least(order)) / self.quantity[order]
            return float(self.price[order] * share ** (1 / self.elasticity[order]))
        if self.curve[order] >= 0:
            at, price = self.points[self.curve[order]]
            return float(np.interp(quantity, at, price))
        return float(self.price[order] + self.side * self.slope[order] * quantity)

    def worth(self, order: int, quantity: float) -> float:
        """What buyers would pay, or offerers ask, for the whole quantity, in money.

        Of a constant-elasticity curve it is the antiderivative without a constant: the area from
        nothing up to the quantity where that is finite, else minus the area beyond it (decision
        on the welfare of elastic curves in docs/decisions).
        """
        if self.elasticity[order]:
            power = 1 + 1 / self.elasticity[order]
            base = self.price[order] * self.quantity[order]
            share = max(quantity, self.least(order)) / self.quantity[order]
            return float(base * (np.log(share) if power == 0 else share**power / power))
        if self.curve[order] >= 0:
            at, price = self.points[self.curve[order]]
            inside = at <= quantity
            at = np.concatenate([[0.0], at[inside], [quantity]])
            price = np.concatenate([price[:1], price[inside], [self.price_at(order, quantity)]])
            return float(np.sum(np.diff(at) * (price[1:] + price[:-1]) / 2))
        return float(self.price[order] * quantity + self.side * self.slope[order] * quantity**2 / 2)


def read_orders(market: Market, table: str, balances: dict[tuple[int, int], int]) -> Orders:
    """The rows of ``offers`` or ``bids``, one order a period; `balances` gives (row, period)."""
    frame = market.study.table(table)
    rows, periods = [], []
    for t, held in market.rows_by_period(table):
        rows.append(held)
        periods.append(np.full(len(held), t, dtype=np.int64))
    row, period = np.concatenate(rows), np.concatenate(periods)
    names, points = _curves(market.study.table("curves"))
    curve = [names.get(name, -1) if name is not None else -1 for name in frame["curve"]]
    return Orders(
        side=OFFER if table == "offers" else BID,
        row=row,
        period=period,
        balance=np.array(
            [balances[r, t] for r, t in zip(row.tolist(), period.tolist(), strict=True)],
            dtype=np.int64,
        ),
        price=column(frame, "price", 0.0)[row],
        quantity=column(frame, "quantity", np.inf)[row],
        slope=column(frame, "slope", 0.0)[row],
        elasticity=column(frame, "elasticity", 0.0)[row],
        curve=np.array(curve, dtype=np.int64)[row],
        points=points,
    )


def _curves(frame: pl.DataFrame) -> tuple[dict[str, int], list[tuple[Floats, Floats]]]:
    names: dict[str, int] = {}
    points: list[tuple[Floats, Floats]] = []
    for key, part in frame.group_by("curve", maintain_order=True):
        names[str(key[0])] = len(points)
        points.append((part["quantity"].to_numpy(), part["price"].to_numpy()))
    return names, points


@dataclass(frozen=True)
class Segments:
    """M pieces of orders.

    Attributes
    ----------
    order : the order that each piece belongs to, shape (M,)
    width : units per period, shape (M,)
    price : of the piece's first unit, money per unit, shape (M,)
    slope : change of the price per unit, never negative (offers rise, bids fall), shape (M,)
    """

    order: Ints
    width: Floats
    price: Floats
    slope: Floats


def segments(orders: Orders, around: dict[int, Floats]) -> Segments:
    """All orders cut into pieces; `around` holds the points of each elastic order's curve."""
    plain = np.flatnonzero((orders.elasticity == 0) & (orders.curve < 0))
    order, width = [plain], [orders.quantity[plain]]
    price, slope = [orders.price[plain]], [orders.slope[plain]]
    for r in np.flatnonzero(orders.curve >= 0).tolist():
        at, marginal = orders.points[orders.curve[r]]
        if at[0] > 0:
            at, marginal = np.append(0.0, at), np.append(marginal[0], marginal)
        beyond = at > orders.quantity[r]
        marginal = np.where(beyond, np.interp(orders.quantity[r], at, marginal), marginal)
        at = np.minimum(at, orders.quantity[r])
        _append(r, at, marginal, orders.side, (order, width, price, slope))
    for r in orders.elastic().tolist():
        at = around[r]
        marginal = orders.price[r] * (at / orders.quantity[r]) ** (1 / orders.elasticity[r])
        at, marginal = np.append(0.0, at), np.append(marginal[0], marginal)
        _append(r, at, marginal, orders.side, (order, width, price, slope))
    return Segments(
        order=np.concatenate(order),
        width=np.concatenate(width),
        price=np.concatenate(price),
        slope=np.concatenate(slope),
    )


def _append(
    r: int,
    at: Floats,
    marginal: Floats,
    side: int,
    lists: tuple[list[Ints], list[Floats], list[Floats], list[Floats]],
) -> None:
    wide = np.diff(at) > 0
    width = np.diff(at)[wide]
    lists[0].append(np.full(len(width), r, dtype=np.int64))
    lists[1].append(width)
    lists[2].append(marginal[:-1][wide])
    lists[3].append(np.maximum(side * np.diff(marginal)[wide] / width, 0.0))


def points_around(orders: Orders, order: int, quantity: float, spread: float) -> Floats:
    """Quantities at which to pin an elastic curve: dense around `quantity`, far out both ways.

    `spread` is the relative distance of the nearest points; further ones treble in distance until
    price or quantity has changed by a factor of `REACH`, downwards no further than the curve is
    followed. A clearing point beyond is found by the next rounds, which set out from where this
    one ends.
    """
    reach = np.log(REACH) * min(1.0, abs(float(orders.elasticity[order])))
    steps = [min(spread, reach / 3)]
    while steps[-1] * 3 < reach:
        steps.append(steps[-1] * 3)
    out = np.array([*steps, reach])
    points = quantity * np.exp(np.concatenate([-out[::-1], [0.0], out]))
    return np.asarray(np.maximum(points, orders.least(order)))
