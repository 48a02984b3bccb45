"""Which balance a quoted price is the price of, by the rule of `entrepot.clearing.quotes`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.clearing.activities.customs import duty_rates
from entrepot.clearing.answers import Clearing
from entrepot.clearing.layers import NO_HEADING
from entrepot.clearing.rules.origins import ANY
from entrepot.errors import QuestionError
from entrepot.network.bans import is_banned
from entrepot.results.priced import Priced
from entrepot.tables.nearest import did_you_mean

# Names listed in an error message.
SHOWN = 12


@dataclass(frozen=True)
class Quote:
    """A price of the table ``prices`` and the balance behind it.

    Attributes
    ----------
    period, place, good : names
    price, low, high : money per unit, None where nothing bounds it
    traded : whether anything is there
    balance : None where the price is None
    duty : to be added to the balance's price where goods that nobody bids for come from abroad,
        money per unit
    """

    period: str
    place: str
    good: str
    price: float | None
    low: float | None
    high: float | None
    traded: bool
    balance: int | None
    duty: float


def find_quote(
    clearing: Clearing, priced: Priced, place: str, good: str, period: str | None
) -> Quote:
    """The price of a good at a place, and the balance that it is quoted from.

    Raises
    ------
    QuestionError : a place, good or period that the study does not have, or no period where it
        has several
    """
    market = clearing.state.stack.market
    must_be_known(place, market.network.places, "place")
    must_be_known(good, market.goods, "good")
    t = which_period(market.periods, period)
    name = market.periods[t]
    asked = (pl.col("period") == name) & (pl.col("place") == place) & (pl.col("good") == good)
    row = clearing.prices.filter(asked).row(0, named=True)
    at, what = market.network.place_index[place], market.good_index[good]
    balance, duty = min(
        _candidates(priced, t, at, what) if row["price"] is not None else (),
        key=lambda each: _distance(priced, each[0], row["price"] - each[1]) > priced.same,
        default=(None, 0.0),
    )
    return Quote(**row, balance=balance, duty=duty)


def must_be_known(name: str, names: Collection[str], what: str) -> None:
    """Raise QuestionError, with the nearest name, for one that the study does not have."""
    if name not in names:
        some = ", ".join(sorted(names)[:SHOWN]) + (", …" if len(names) > SHOWN else "")
        cure = did_you_mean(name, names, f"there are {some}" if names else "there is none")
        raise QuestionError(f"the study has no {what} {name!r}; {cure}")


def which_period(periods: Sequence[str], period: str | None) -> int:
    """Number of a period; None stands for the only one."""
    if period is None:
        if len(periods) > 1:
            raise QuestionError(f"which period? the study has {', '.join(periods)}")
        return 0
    must_be_known(period, periods, "period")
    return list(periods).index(period)


def _distance(priced: Priced, balance: int, price: float) -> float:
    ends = np.array([priced.delivered[balance], priced.outlet[balance]])
    return float(np.abs(ends[np.isfinite(ends)] - price).min(initial=np.inf))


def _candidates(priced: Priced, t: int, place: int, good: int) -> Iterator[tuple[int, float]]:
    """Balances that may be quoted, with the duty to be added, the first choice first."""
    stack = priced.state.stack
    volume = _volumes(priced)
    pools = [
        (wanted != ANY, -volume[pool], wanted, pool)
        for (period, at, what, wanted), pool in stack.balances.pools.items()
        if (period, at, what) == (t, place, good)
    ]
    for *_, pool in sorted(pools):
        yield pool, 0.0
    if not pools:
        yield from _unpooled(priced, t, place, good)


def _unpooled(priced: Priced, t: int, place: int, good: int) -> Iterator[tuple[int, float]]:
    stack, where = priced.state.stack, priced.where
    network = stack.market.network
    here = (where.period == t) & (where.place == place) & (where.good == good)
    offered = set(stack.draft.offered.balance.tolist())
    bid = set(stack.draft.bid.balance.tolist())
    mine = [int(b) for b in np.flatnonzero(here)]
    arrived = [b for b in mine if where.node[b] == network.market[place]]
    sold = [b for b in mine if b in offered]
    if sold and not any(b in bid for b in arrived):
        for balance in sold:
            yield balance, 0.0
        return
    if not stack.layers.ruled[good]:
        for balance in arrived:
            yield balance, 0.0
        return
    yield from _behind_border(priced, t, place, good, arrived)


def _behind_border(
    priced: Priced, t: int, place: int, good: int, arrived: list[int]
) -> Iterator[tuple[int, float]]:
    """A ruled good that nobody bids for or offers here: each origin that may come in, duty paid."""
    stack = priced.state.stack
    market, layers = stack.market, stack.layers
    country = market.network.countries[place]
    for balance in arrived:
        layer = int(priced.where.layer[balance])
        members, heading = layers.countries[layer], int(layers.heading[layer])
        fits = heading in (NO_HEADING, layers.headings.get((good, country), NO_HEADING))
        if not (members and fits and layers.moves[layer]):
            continue
        if is_banned(market, good, members[0], country, t):
            continue
        share, specific = duty_rates(market, good, members[0], country, t)
        price = float(priced.delivered[balance])
        yield balance, share * price + specific if np.isfinite(price) else 0.0


def _volumes(priced: Priced) -> dict[int, float]:
    """What passes into each pool, units per period."""
    customs, _ = priced.state.stack.part("customs")
    volume = dict.fromkeys(priced.state.stack.balances.pools.values(), 0.0)
    for pool, flow in zip(
        customs.gives.tolist(), priced.state.levels("customs").tolist(), strict=True
    ):
        volume[pool] += flow
    return volume
