"""Why a route is not used: by how much it is too dear, and what would have to be scarcer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.clearing.solvers.highs import Highs
from entrepot.clearing.solvers.port import Solver
from entrepot.network.network import WAY_BACK
from entrepot.results.journeys import consignments
from entrepot.results.priced import price_ways
from entrepot.results.quoted import must_be_known, which_period
from entrepot.results.rivals import RIVALS, ROWS, Verdict, judge
from entrepot.results.routes import routes_named

_ORDER = {"used": 0, "unused": 1, "closed": 2, "unreachable": 3}


@dataclass(frozen=True)
class WhyNot:
    """Why a leg, a route or a corridor is not used.

    Attributes
    ----------
    asked : what was asked about
    currency : of all money
    rows : one for each period, good and route (a corridor has one for each of its legs and
        directions), the used first, then by switch price. `status` is `used`, `unused` (too dear),
        `closed` (`why` says what keeps the good off it) or `unreachable` (`why` says which end).
        `quantity` in units per period; `rent` and `cost` (freight and transfers) in money per
        unit; `switch`: by how much the route must become cheaper, per unit, before the first unit
        uses it, below zero where it would be used at once if it were open, null where no price
        brings it into use; `break_even`: cost less switch; `origin`, `destination`, `journey`: the
        best journey over it, legs ";"-separated, that does not come back to a place where it has
        been, null where there is none; `too_dear`: by how much that journey is too dear, more than
        `switch` where goods carried out and back again would be the first to use the route;
        `rival_origin`, `rival`: the journey that serves the destination now
    rivals : (period, good, route, leg, used, capacity, room, rent, needed): the legs of each rival
        that the route does not share; capacity and room in units of the good, null where
        unlimited; were any one of them scarce enough for its rent to reach `needed`, the route
        would be used
    """

    asked: str
    currency: str
    rows: pl.DataFrame
    rivals: pl.DataFrame

    def text(self) -> str:
        """The answer in plain words, a paragraph for each period and good."""
        lines = []
        for row in self.rows.iter_rows(named=True):
            lines += [*_told(row, self.currency)]
            mine = self.rivals.filter(
                *(pl.col(key) == row[key] for key in ("period", "good", "route"))
            )
            lines += _scarcities(mine, row)
        return "\n".join(lines) or f"No good can use {self.asked}."


def why_not(
    clearing: Clearing,
    leg_or_route: str,
    good: str | None = None,
    period: str | None = None,
    *,
    linear: Solver | None = None,
) -> WhyNot:
    """Say what a leg, a route or a corridor must cost before it is used.

    Parameters
    ----------
    leg_or_route : a leg (both directions of a two-way leg), legs in order separated by ";", or a
        corridor
    good, period : names; None means all
    linear : solver for linear programs; HiGHS unless given

    Raises
    ------
    QuestionError : a name that the study does not have, or legs that do not join
    """
    priced = price_ways(clearing.state)
    market = clearing.state.stack.market
    if good is not None:
        must_be_known(good, market.goods, "good")
    goods = range(len(market.goods)) if good is None else [market.good_index[good]]
    periods = (
        range(len(market.periods)) if period is None else [which_period(market.periods, period)]
    )
    routes = routes_named(clearing, leg_or_route)
    shipped, solver = consignments(clearing), linear if linear is not None else Highs()
    found: list[Verdict] = []
    carried = market.freight
    for t, g in product(periods, goods):
        verdicts = list(judge(clearing, priced, shipped, carried, t, g, routes, solver))
        found += _worth_telling(verdicts, good is None, leg_or_route)
    found.sort(key=_order)
    return WhyNot(
        asked=leg_or_route,
        currency=clearing.study.settings.currency,
        rows=pl.DataFrame([each.row for each in found], schema=ROWS),
        rivals=pl.DataFrame([leg for each in found for leg in each.rivals], schema=RIVALS),
    )


def _worth_telling(found: list[Verdict], any_good: bool, asked: str) -> list[Verdict]:
    """Without routes that goods would only use to go out and back, unless nothing else is there.

    The route that was asked for by its own name is always told; of a leg and its way back, where
    both are out of the way of the good, the less dear one. Where no good was named, those that
    have nothing to do there are left out.
    """
    if any_good:
        found = [each for each in found if each.row["status"] != "unreachable"]
    straight = [each for each in found if not each.detour]
    nearest = {
        each.row["route"].removesuffix(WAY_BACK): each for each in sorted(found, key=_order)[::-1]
    }
    kept = straight or list(nearest.values())
    return [each for each in found if each in kept or each.row["route"] == asked]


def _order(verdict: Verdict) -> tuple[object, ...]:
    """By period and good; what is used first, then what is nearest to it, then by name."""
    row = verdict.row
    lacking = row["too_dear"] if row["too_dear"] is not None else float("inf")
    return (
        verdict.period,
        row["good"],
        _ORDER[row["status"]],
        float(f"{lacking:.6g}"),
        row["route"],
    )


def _told(row: dict[str, Any], currency: str) -> Iterator[str]:
    """A row of the answer in sentences."""
    unit, route = row["unit"], row["route"]
    per = f"{currency} per {unit}"
    head = f"{row['good']}, {row['period']}: {route}"
    if row["status"] == "used":
        rent = f"; room on it is worth {row['rent']:,.2f} {per}" if row["rent"] else ""
        yield f"{head} is used: {row['quantity']:,.0f} {unit}{rent}."
        return
    if row["status"] == "unreachable":
        yield f"{head} is not used at any price: {row['why']}."
        return
    if row["status"] == "closed":
        yield f"{head} is closed: {row['why']}."
        if row["switch"] is None:
            yield "  Name the whole way to a use, legs separated by ';', to learn more."
            return
    yield from _price_told(row, head, per)
    if row["journey"] is not None:
        ends = f"{row['origin']} to {row['destination']}"
        yield f"  Best journey over it: {ends} by {row['journey']}."
    if row["rival"] is not None:
        by = f" by {row['rival']}" if row["rival"] else ", sold on the spot"
        yield f"  What {row['destination']} gets now comes from {row['rival_origin']}{by}."


def _price_told(row: dict[str, Any], head: str, per: str) -> Iterator[str]:
    """What the route costs and what it would have to cost."""
    cost, switch, too_dear = row["cost"], row["switch"], row["too_dear"]
    closed = row["status"] == "closed"
    if closed and switch <= 0:
        yield f"  Open at {cost:,.2f} {per}, it would be used: it saves {-switch:,.2f}."
        return
    if switch <= 0:
        yield f"{head} is not used, but as cheap as what is: any saving brings it into use."
        return
    begin = "  Open, it" if closed else f"{head} is not used: it"
    if too_dear is None:
        again = "" if closed else f": {row['why']}"
        yield f"{begin} costs {cost:,.2f} {per}, and at no cost would it be of use{again}."
    elif row["break_even"] < 0:
        yield (
            f"{begin} costs {cost:,.2f} {per}, and even at no cost it would not be used: "
            f"the best journey over it is {too_dear:,.2f} too dear."
        )
    else:
        yield (
            f"{begin} costs {cost:,.2f} {per} and must be {switch:,.2f} cheaper "
            f"({row['break_even']:,.2f}) before the first unit goes."
        )


def _scarcities(rivals: pl.DataFrame, row: dict[str, Any]) -> Iterator[str]:
    """The legs whose scarcity would bring the route into use."""
    if row["switch"] is None or row["switch"] <= 0:
        return
    limited = rivals.filter(pl.col("room").is_not_null())
    also = "also " if row["break_even"] is not None and row["break_even"] >= 0 else ""
    if not limited.is_empty():
        yield f"  It would {also}be used if room on one of these legs became this scarce:"
    elif not rivals.is_empty():
        yield "  None of the legs on that way has a limit."
    for leg in limited.iter_rows(named=True):
        room = f"{leg['room']:,.0f} of {leg['capacity']:,.0f} {row['unit']} left"
        yield f"    {leg['leg']}: rent {leg['needed']:,.2f} (now {leg['rent']:,.2f}; {room})"
