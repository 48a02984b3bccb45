"""The cheapest product mix that brings a turnover, by a linear program over three ways.

- *substitution*: the importer buys from the partner what it bought from suppliers to avoid;
- *potential*: what it bought from others, within unrealised export potential;
- *joint*: what one sends the other to be sold on to third markets by its better access.

    least cost of added trade where it adds up to what is needed, and

    of each product in each direction   ways together <= what the exporter has to spare
                                        potential     <= unrealised potential
                                        ways together <= ramp: max(now ((1+r)^T - 1),
                                                              start spare (1+r)^T)
    of the same good both ways          2 x the smaller direction <= a share of the goal

The last keeps a target from being met by sending one good to and fro. The smaller direction is that
of the product in which less is traded now. What cannot be brought is the shortfall.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from entrepot.statistics.linear import Columns, Floats, Solved, least
from entrepot.statistics.substitution.candidates import Asked, Ceiling

Cell = tuple[str, str, str]
"""Exporter, importer, product."""
SLACK = 1e-10
TIE = 1e-6


@dataclass(frozen=True)
class Pace:
    """How fast trade can grow.

    Attributes
    ----------
    ramp : growth a month that a product can hold
    start : share of what is spare with which a product can begin
    same_good : largest share of the goal that may be the same good both ways
    """

    ramp: float = 0.1
    start: float = 0.05
    same_good: float = 0.1


@dataclass(frozen=True, eq=False)
class Ways:
    """Everything that could add to turnover.

    Attributes
    ----------
    cell, way, supplier : exporter, importer and product; the way; who is replaced, or None
    adds : turnover per unit of level, shape (X,)
    cost : extra cost per unit of level, shape (X,)
    most : bounds of levels, shape (X,)
    now, spare, ceiling : by cell, money a year
    basis : of each way
    """

    cell: list[Cell]
    way: list[str]
    supplier: list[str | None]
    adds: Floats
    cost: Floats
    most: Floats
    basis: list[str]
    now: Mapping[Cell, float]
    spare: Mapping[Cell, float]
    ceiling: Ceiling


@dataclass(frozen=True, eq=False)
class Mix:
    """The cheapest mix and what it leaves.

    Attributes
    ----------
    level : shape (X,)
    needed, attained : added turnover, money a year
    cost : extra cost, money a year
    marginal : cost of one more unit of turnover; None where the target is not reached
    limits : (limit, cell, amount, price): money saved by one more unit, or where the target is not
        reached turnover gained
    solved : the programs, whose prices prove them
    """

    level: Floats
    needed: float
    attained: float
    cost: float
    marginal: float | None
    limits: list[tuple[str, Cell, float, float]]
    solved: tuple[Solved, Solved]


@dataclass
class _Limits:
    """Rows of the program as they are gathered."""

    names: list[tuple[str, Cell]] = field(default_factory=list)
    rows: list[tuple[Columns, Floats]] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)

    def add(self, name: str, cell: Cell, columns: Columns, values: Floats, amount: float) -> None:
        self.names.append((name, cell))
        self.rows.append((columns, values))
        self.amounts.append(max(0.0, amount))


def ways_of(asked: Asked, avoided: set[str], ceiling: Ceiling, joint: pl.DataFrame) -> Ways:
    """All ways between two countries.

    Parameters
    ----------
    asked : candidates to take over from every other supplier, both directions
    avoided : suppliers from whom one would not buy; their part is free of the ceiling
    ceiling : unrealised potential by cell
    joint : table (exporter, importer, hs, amount) of what is sent on together
    """
    every = asked.switches
    cells = [(each.partner, each.importer, each.hs) for each in every]
    spare = {cell: each.spare for cell, each in zip(cells, every, strict=True)}
    sent = [row for row in joint.iter_rows(named=True) if row["amount"] > 0]
    sent_cells = [(row["exporter"], row["importer"], row["hs"]) for row in sent]
    for cell in sent_cells:
        spare.setdefault(cell, asked.flows.sold[cell[0], cell[2]].value)
    now = {
        cell: asked.flows.flows[cell].value if cell in asked.flows.flows else 0.0
        for cell in {*cells, *sent_cells}
    }
    return Ways(
        [*cells, *sent_cells],
        ["substitution" if each.avoided in avoided else "potential" for each in every]
        + ["joint"] * len(sent),
        [*(each.avoided for each in every), *(None for _ in sent)],
        np.array([*(each.ratio for each in every), *(1.0 for _ in sent)]),
        np.array([*(each.cost for each in every), *(0.0 for _ in sent)]),
        np.array([*(each.need * each.overlap for each in every), *(r["amount"] for r in sent)]),
        [*(each.basis for each in every), *(row["basis"] for row in sent)],
        now,
        spare,
        ceiling,
    )


def mix_for(ways: Ways, start: float, goal: float, months: float, pace: Pace) -> Mix:
    """The cheapest mix that brings turnover from `start` to `goal` in so many months.

    Raises
    ------
    CertificateError : the prices of a program do not prove its answer
    """
    limits = _limits(ways, goal, months, pace)
    amounts = np.array(limits.amounts)
    everything = np.arange(len(ways.cell))
    most = least(-ways.adds, limits.rows, amounts, ways.most)
    needed, can = goal - start, -most.cost
    attained = min(needed, can)
    short = can < needed * (1.0 - SLACK)
    rows = [*limits.rows, (everything, -ways.adds), (everything, ways.adds)]
    bounds = np.concatenate([amounts, [-attained * (1.0 - SLACK), attained]])
    # Of equally cheap ways those that need no new buyer come first.
    tie = TIE * np.array([("substitution", "potential", "joint").index(way) for way in ways.way])
    cheapest = least(ways.cost + tie, rows, bounds, ways.most)
    prices = most.price if short else cheapest.price[: len(amounts)]
    told = [
        (name, cell, amount, float(price))
        for (name, cell), amount, price in zip(limits.names, limits.amounts, prices, strict=True)
        if price > 1e-9
    ]
    order = sorted(told, key=lambda each: (-each[2] * each[3], each[0], each[1]))
    marginal = None if short else float(cheapest.price[-2] - cheapest.price[-1])
    cost = float(ways.cost @ cheapest.level)
    added = float(ways.adds @ cheapest.level)
    added = needed if not short else added
    return Mix(cheapest.level, needed, added, cost, marginal, order, (most, cheapest))


def _limits(ways: Ways, goal: float, months: float, pace: Pace) -> _Limits:
    limits = _Limits()
    grown = (1.0 + pace.ramp) ** months
    places: dict[Cell, list[int]] = {}
    for at, cell in enumerate(ways.cell):
        places.setdefault(cell, []).append(at)
    for cell, found in sorted(places.items()):
        here = np.array(found)
        free = np.array([at for at in here if ways.way[at] == "potential"], dtype=np.int64)
        now, spare = ways.now[cell], ways.spare[cell]
        limits.add("spare", cell, here, ways.adds[here], spare)
        limits.add("ramp", cell, here, ways.adds[here],
                   max(now * (grown - 1.0), pace.start * spare * grown))  # fmt: skip
        if len(free):
            limits.add("potential", cell, free, ways.adds[free], ways.ceiling.get(cell, 0.0))
    smaller = smaller_directions(ways)
    back = np.array([at for at, cell in enumerate(ways.cell) if cell in smaller], dtype=np.int64)
    if len(back):
        there = sum(ways.now[cell] for cell in smaller)
        room = pace.same_good * goal - 2.0 * there
        limits.add("same good", ("", "", ""), back, 2.0 * ways.adds[back], room)
    return limits


def smaller_directions(ways: Ways) -> set[Cell]:
    """Of every product that could go both ways, the direction in which less is traded now."""
    found = set()
    for cell in ways.now:
        other = (cell[1], cell[0], cell[2])
        if other in ways.now:
            mine = (ways.now[cell], ways.spare[cell], cell)
            theirs = (ways.now[other], ways.spare[other], other)
            if mine < theirs:
                found.add(cell)
    return found


def same_good(ways: Ways, level: Floats | None = None) -> float:
    """Trade in the same good both ways, twice the smaller of both, money a year."""
    amount = dict(ways.now)
    if level is not None:
        for cell, more in zip(ways.cell, ways.adds * level, strict=True):
            amount[cell] += float(more)
    both = [
        min(value, amount[other])
        for cell, value in amount.items()
        if (other := (cell[1], cell[0], cell[2])) in amount
    ]
    return float(sum(both))
