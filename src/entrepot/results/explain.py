"""Why a price is what it is: where the marginal unit comes from, and what each step adds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.results.missing import what_is_missing
from entrepot.results.notes import told_of
from entrepot.results.priced import Priced, price_ways
from entrepot.results.quoted import Quote, find_quote
from entrepot.results.trace import Trail, downstream, upstream
from entrepot.results.traders import buyers
from entrepot.results.why_not import why_not as why_not

ROWS = {"step": pl.Int64, "part": pl.String, "name": pl.String, "amount": pl.Float64}

# What a rent is called, by the table of its limit.
RENTS = {"legs": "queue", "leg_goods": "queue", "quotas": "quota", "commitments": "commitment"}

# Money per unit: what is left over and not worth a row.
REMAINDER = 1e-9


@dataclass(frozen=True)
class Explanation:
    """A price taken apart.

    Attributes
    ----------
    period, place, good : what is explained
    price, low, high : money per unit, None where nothing bounds it
    traded : whether anything is there
    unit, currency : of the amounts
    rows : (step, part, name, amount): what the price is made of, in the order of the journey, in
        money per unit; adds up to the price. Parts: `price` (where the journey begins, or ends
        where a buyer sets the price), `freight` and `time` of a leg, `transfer` between legs,
        `queue` (the rent of a full leg), `quota`, `commitment` (what an obligation adds or
        bears), `duty`, `remainder` (what the solver left over). Empty where there is no price
    notes : who sets the price, or what is missing, in sentences
    """

    period: str
    place: str
    good: str
    price: float | None
    low: float | None
    high: float | None
    traded: bool
    unit: str
    currency: str
    rows: pl.DataFrame
    notes: tuple[str, ...]

    def text(self) -> str:
        """The sum and its notes in plain words."""
        per = f"{self.currency} per {self.unit}"
        where = f"{self.good} at {self.place}, {self.period}"
        if self.price is None:
            return "\n".join([f"{where}: no price", *self.notes])
        lines = [f"{where}: {self.price:,.2f} {per}"]
        lines += [
            f"  {row['amount']:>12,.2f}  {_words(row['part'], row['name'])}"
            for row in self.rows.iter_rows(named=True)
        ]
        return "\n".join([*lines, *self.notes])


def explain(clearing: Clearing, place: str, good: str, period: str | None = None) -> Explanation:
    """Take a price apart along the marginal journey.

    Where goods arrive, the sum begins with the price where the marginal unit is sold. Where they
    are only sold and the buyer sets the price, it begins with the buyer's price and takes the way
    there off. Where nobody trades, it is the best way in which somebody could.

    Parameters
    ----------
    place, good, period : names; the period may be left out where there is only one

    Raises
    ------
    QuestionError : a name that the study does not have, or no period where it has several
    """
    priced = price_ways(clearing.state)
    found = find_quote(clearing, priced, place, good, period)
    market = clearing.state.stack.market
    rows: list[tuple[str, str, float]] = []
    notes: list[str] = []
    if found.balance is None:
        t, at = market.period_index[found.period], market.network.place_index[place]
        notes = what_is_missing(priced, t, at, market.good_index[good])
    else:
        rows, notes = _taken_apart(priced, found, found.balance)
    return Explanation(
        period=found.period,
        place=place,
        good=good,
        price=found.price,
        low=found.low,
        high=found.high,
        traded=found.traded,
        unit=market.units[market.good_index[good]],
        currency=clearing.study.settings.currency,
        rows=pl.DataFrame(
            [(step, *row) for step, row in enumerate(rows, start=1)], schema=ROWS, orient="row"
        ),
        notes=tuple(notes),
    )


def _words(part: str, name: str) -> str:
    told = {
        "price": "price at",
        "freight": "freight,",
        "time": "time,",
        "transfer": "transfer at",
        "queue": "rent of the full leg",
        "quota": "rent of the quota",
        "commitment": "borne by the commitment",
        "duty": "duty,",
        "remainder": "left over by the solver",
    }
    if part == "queue" and ";" in name:
        return f"rent of the full way from {' to '.join(name.split(';'))}"
    return f"{told[part]} {name}".rstrip()


def _taken_apart(
    priced: Priced, found: Quote, balance: int
) -> tuple[list[tuple[str, str, float]], list[str]]:
    """Rows and notes of a price that there is."""
    assert found.price is not None
    here = found.price - found.duty
    comes = abs(priced.delivered[balance] - here) <= priced.same
    trail = upstream(priced, balance) if comes else None
    sold = _sold_out_here(priced, balance, trail)
    if trail is None or sold:
        goes = abs(priced.outlet[balance] - here) <= priced.same
        onward = downstream(priced, balance) if goes else None
        if onward is not None and (trail is None or onward.ways):
            trail = onward
            rows = list(_rows(priced, trail, -1.0))
            return _with_remainder(rows, found), told_of(priced, found, trail, forward=True)
    if trail is None:
        return [("price", found.place, found.price)], ["No journey explains this price."]
    rows = list(_rows(priced, trail, 1.0))
    if found.duty:
        rows.append(("duty", found.place, found.duty))
    return _with_remainder(rows, found), told_of(priced, found, trail, forward=False)


def _sold_out_here(priced: Priced, balance: int, trail: Trail | None) -> bool:
    """Whether goods only leave from here, and none who gives them sets the price."""
    if trail is None or trail.own_price or trail.ways:
        return False
    where = priced.where
    used = buyers(priced, int(where.period[balance]), int(where.good[balance])).get(balance, [])
    given = trail.trader.kind == "offer" or math.isnan(trail.trader.price)
    return given and not any(each.runs and each.kind != "store" for each in used)


def _rows(priced: Priced, trail: Trail, sign: float) -> Iterator[tuple[str, str, float]]:
    """(part, name, amount): the far end's price, then what each way adds (sign 1) or takes (-1)."""
    prices = priced.delivered if sign > 0 else priced.outlet
    far = trail.trader.balance
    yield "price", priced.place(far), float(prices[far])
    for way in trail.ways:
        leg = priced.leg(way)
        at = priced.place(int(priced.ways.head[way]))
        name = leg or at
        parts = [
            ("freight" if leg else "transfer", name, float(priced.ways.freight[way])),
            ("time", name, float(priced.ways.time[way])),
            ("duty", at, float(priced.ways.duty[way])),
        ]
        parts += [
            (RENTS.get(toll.table, "queue"), toll.name, toll.amount)
            for toll in priced.tolls_on(way)
            if abs(toll.amount) > REMAINDER
        ]
        yield from ((part, told, sign * amount) for part, told, amount in parts if amount)


def _with_remainder(
    rows: list[tuple[str, str, float]], found: Quote
) -> list[tuple[str, str, float]]:
    assert found.price is not None
    left = found.price - sum(amount for *_, amount in rows)
    return [*rows, ("remainder", "", left)] if abs(left) > REMAINDER else rows
