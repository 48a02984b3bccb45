"""What route choice answers: tidy tables of flows and routes, and how they were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.routing.choice import Chosen
from entrepot.routing.graph import TURN, Demand, Graph
from entrepot.routing.spelled import spelled
from entrepot.study import Study

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NEGLIGIBLE = 1e-9
"""Of a good's total, or of a consignment: less is left out."""

DIGITS = 12

REST = "rest"

ROUTES: dict[str, pl.DataType] = {
    "period": pl.String(),
    "consignment": pl.String(),
    "route": pl.String(),
    "legs": pl.String(),
    "share": pl.Float64(),
    "quantity": pl.Float64(),
    "cost": pl.Float64(),
    "days": pl.Float64(),
}


@dataclass(frozen=True)
class Routing:
    """Consignments with the routes that they take.

    Attributes
    ----------
    study : the study, scenarios applied
    choice : how routes were chosen
    consignments : what was routed: (consignment, good, origin, destination, quantity)
    objective : what the choice makes least, in money a period, summed over the periods
    gap : relative gap or residual of the answer, the largest of the periods; None where the
        choice has nothing to measure
    conservation : the most lost or gained at a node, as a share of all consigned
    iterations : rounds of the method, the most of any period
    seconds : wall time
    settings : what the choice used
    notes : what the reader should know
    flows : (period, leg, good, quantity): units per period
    routes : (consignment, route, legs, share, quantity, cost, days), `period` before them where
        the study has several: the likeliest routes of each consignment, numbered, and ``rest`` for
        what goes by others; legs ";"-separated in order, money and days per unit
    transfers : (period, from_leg, to_leg, good, quantity, days): units per period that go on from
        one leg to the next where table ``transfers`` tells of it, and the days that takes them
    parts : the arrays behind it, one for each period in which something is consigned
    """

    study: Study
    choice: str
    consignments: pl.DataFrame
    objective: float
    gap: float | None
    conservation: float
    iterations: int
    seconds: float
    settings: dict[str, Any]
    notes: tuple[str, ...]
    flows: pl.DataFrame
    routes: pl.DataFrame
    transfers: pl.DataFrame
    parts: tuple[Part, ...] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Part:
    """The answer of one period."""

    graph: Graph
    demand: Demand
    chosen: Chosen

    @property
    def period(self) -> str:
        """Name of the period."""
        return self.graph.market.periods[self.graph.period]


TRANSFERS: dict[str, pl.DataType] = {
    "period": pl.String(),
    "from_leg": pl.String(),
    "to_leg": pl.String(),
    "good": pl.String(),
    "quantity": pl.Float64(),
    "days": pl.Float64(),
}


def flows_table(parts: Sequence[Part]) -> pl.DataFrame:
    """(period, leg, good, quantity) of every leg that carries something."""
    frames = []
    for part in parts:
        graph, market = part.graph, part.graph.market
        legs = np.flatnonzero(graph.leg != TURN)
        summed = np.zeros((len(market.goods), len(legs)))
        np.add.at(summed, graph.good, part.chosen.flow[:, legs])
        good, position = np.nonzero(summed)
        frames.append(
            pl.DataFrame(
                {
                    "period": pl.Series(
                        [market.periods[graph.period]] * len(good), dtype=pl.String
                    ),
                    "leg": _named(market.network.legs, graph.leg[legs[position]]),
                    "good": _named(market.goods, good),
                    "quantity": summed[good, position],
                    "number": np.full(len(good), graph.period, dtype=np.int64),
                }
            )
        )
    kept = pl.concat(frames).filter(pl.col("quantity") > _least(parts))
    return rounded(kept.sort("number", "leg", "good")).drop("number")


def _least(parts: Sequence[Part]) -> pl.Expr:
    """What is too little of a good to be told."""
    goods = parts[0].graph.market.goods
    total = np.zeros(len(goods))
    for part in parts:
        total += np.bincount(part.demand.good, part.demand.quantity, len(goods))
    least = dict(zip(goods, (total * NEGLIGIBLE).tolist(), strict=True))
    return pl.col("good").replace_strict(least, return_dtype=pl.Float64)


def transfers_table(parts: Sequence[Part]) -> pl.DataFrame:
    """(period, from_leg, to_leg, good, quantity, days) of every transfer that something makes."""
    rows = []
    for part in parts:
        graph, network = part.graph, part.graph.market.network
        days = graph.days if part.chosen.days is None else part.chosen.days
        arcs = np.flatnonzero(graph.transfer >= 0)
        for arc, turn in zip(arcs.tolist(), graph.turn[arcs].tolist(), strict=True):
            ends = (network.legs[network.turn_from[turn]], network.legs[network.turn_to[turn]])
            for good in sorted(set(graph.good.tolist())):
                mine = np.flatnonzero(graph.good == good)
                flow = float(part.chosen.flow[mine, arc].sum())
                name = graph.market.goods[good]
                rows.append((part.period, *ends, name, flow, float(days[mine[0], arc])))
    frame = pl.DataFrame(rows, schema=TRANSFERS, orient="row").with_columns(
        number=pl.col("period").replace_strict(
            {part.period: part.graph.period for part in parts}, return_dtype=pl.Int64
        )
    )
    kept = frame.filter(pl.col("quantity") > _least(parts))
    return rounded(kept.sort("number", "from_leg", "to_leg", "good")).drop("number")


def routes_table(parts: Sequence[Part]) -> pl.DataFrame:
    """(period, consignment, route, legs, share, quantity, cost, days), the likeliest first."""
    frame = pl.concat([_routes_of(part) for part in parts])
    kept = frame.filter((pl.col("share") > NEGLIGIBLE) & (pl.col("quantity") > 0))
    ordered = kept.sort("number", "consignment", "last", "rank", maintain_order=True)
    several = len(parts[0].graph.market.periods) > 1
    return rounded(ordered).select([name for name in ROUTES if several or name != "period"])


def _routes_of(part: Part) -> pl.DataFrame:
    graph, demand, chosen = part.graph, part.demand, part.chosen
    found = chosen.listed
    k = found.consignment
    klass = demand.klass[k]
    money, days = np.zeros(len(k)), np.zeros(len(k))
    under_load = graph.days if chosen.days is None else chosen.days
    for number in range(len(graph.good)):
        of_class = klass == number
        money[of_class] = found.total(graph.money[number])[of_class]
        days[of_class] = found.total(under_load[number])[of_class]
    period = graph.market.periods[graph.period]
    rest = np.flatnonzero(chosen.rest > NEGLIGIBLE)
    first = np.flatnonzero(np.diff(k, prepend=-1))
    rank = np.arange(len(k)) - np.repeat(first, np.diff(first, append=len(k)))
    listed = pl.DataFrame(
        {
            "consignment": _named(demand.name, k),
            "legs": spelled(found, graph.leg, graph.market.network.legs),
            "share": found.share,
            "quantity": found.share * demand.quantity[k],
            "cost": money,
            "days": days,
            "last": np.zeros(len(k), dtype=np.int64),
            "rank": rank,
        }
    ).with_columns(route=(pl.col("rank") + 1).cast(pl.String))
    left = pl.DataFrame(
        {
            "consignment": _named(demand.name, rest),
            "share": chosen.rest[rest],
            "quantity": chosen.rest[rest] * demand.quantity[rest],
            "last": np.ones(len(rest), dtype=np.int64),
        }
    ).with_columns(route=pl.lit(REST))
    return pl.concat([listed, left], how="diagonal").with_columns(
        period=pl.lit(period), number=pl.lit(graph.period)
    )


def _named(values: list[str], index: Ints) -> pl.Series:
    return pl.Series(values, dtype=pl.String).gather(pl.Series(index, dtype=pl.UInt32))


def rounded(frame: pl.DataFrame) -> pl.DataFrame:
    """Numbers to twelve digits."""
    floats = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    return frame.with_columns(pl.col(name).round_sig_figs(DIGITS) + 0.0 for name in floats)
