"""Sentences that go with a price taken apart: whose price it is, or why nobody trades."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from entrepot.results.missing import why_nothing_comes
from entrepot.results.priced import Priced
from entrepot.results.quoted import Quote
from entrepot.results.trace import Trail, setter
from entrepot.results.traders import Trader, buyers, sellers


def told_of(priced: Priced, found: Quote, trail: Trail, forward: bool) -> list[str]:
    """Notes on a price and the journey that explains it; `forward` where a buyer's price does."""
    trader, place = trail.trader, priced.place(trail.trader.balance)
    prices = priced.outlet if forward else priced.delivered
    notes = []
    if not found.traded:
        notes += _untraded(priced, found, forward)
    notes.append(_about(trader, place, float(prices[trader.balance]), forward))
    if found.traded and not (trail.own_price and trader.runs and not trader.full):
        notes += _range(priced, found, trader)
    return notes


def _range(priced: Priced, found: Quote, trader: Trader) -> list[str]:
    """Who sets a price that is not the trader's own, or the range that nobody narrows."""
    other = setter(priced, trader.balance)
    if other is not None:
        who = f" of {other.name}" if other.name else ""
        return [
            f"The {other.kind}{who} at {priced.place(other.balance)} is only partly filled: "
            "it sets the price there, and so this one."
        ]
    if found.low is None or found.high is None or found.high - found.low <= priced.same:
        return []
    return [
        f"Any price between {found.low:,.2f} and {found.high:,.2f} clears the same trades; the "
        "middle is quoted."
    ]


def _about(trader: Trader, place: str, price: float, forward: bool) -> str:
    """A sentence on the trader at the far end of the journey."""
    if trader.kind == "plant":
        return _about_plant(trader, place, price, forward)
    if trader.kind == "store":
        if forward:
            kept = f" and is kept for {trader.name}" if trader.name else ""
            return f"It goes into the warehouse at {place}{kept}."
        since = f"kept since {trader.name}" if trader.name else "where it lay from the beginning"
        return f"It comes out of the warehouse at {place}, {since}."
    offers = trader.kind == "offer"
    what = f"The {trader.kind}{f' of {trader.name}' if trader.name else ''} at {place}"
    verb = "asks" if offers else "pays at most"
    if not trader.runs:
        return f"{what} {verb} {trader.price:,.2f}: it would be the first to trade."
    if not trader.full:
        return f"{what} is partly filled: its price sets this one."
    gap = price - trader.price if offers else trader.price - price
    if abs(gap) < 0.005:
        return f"{what} is filled to the last unit and {verb} just that."
    if offers:
        return f"{what} is sold out: it asks {trader.price:,.2f}, scarcity adds {gap:,.2f} there."
    return f"{what} is fully served: it would pay {gap:,.2f} more."


def _about_plant(trader: Trader, place: str, price: float, forward: bool) -> str:
    what = f"Plant {trader.name} at {place}"
    gap = trader.price - price if forward else price - trader.price
    rent = f" and {gap:,.2f} for its full capacity" if trader.full and gap >= 0.005 else ""
    if forward:
        left = f", {gap:,.2f} less than it could pay: its capacity is full" if rent else ""
        return f"{what} uses it: that is what it is worth there{left}."
    if not trader.runs:
        return f"{what} would make it for that."
    return f"{what} makes it: the price there pays for its inputs, its running cost{rent}."


def _untraded(priced: Priced, found: Quote, forward: bool) -> list[str]:
    """Why nobody trades here at the best price at which somebody could."""
    assert found.price is not None
    assert found.balance is not None
    market = priced.state.stack.market
    t, good = market.period_index[found.period], market.good_index[found.good]
    place = market.network.place_index[found.place]
    asks = _prices_here(priced, sellers(priced, t, good), place, "offer")
    bids = _prices_here(priced, buyers(priced, t, good), place, "bid")
    notes = []
    if forward:
        asked = f"the cheapest offer here asks {min(asks):,.2f}" if asks else "nobody offers it"
        notes = [f"Nobody trades here. A unit from here could fetch {found.price:,.2f}; {asked}."]
    else:
        paid = f"the best bid here pays {max(bids):,.2f}" if bids else "nobody here bids for it"
        notes = [f"Nobody trades here. A unit would cost {found.price:,.2f} here; {paid}."]
    if np.isinf(priced.delivered[found.balance]):
        notes += why_nothing_comes(priced, t, place, good)
    if asks and np.isinf(priced.outlet[found.balance]):
        notes.append(f"Nothing that leaves {found.place} finds a buyer.")
    return notes


def _prices_here(
    priced: Priced, traders: Mapping[int, list[Trader]], place: int, kind: str
) -> list[float]:
    return [
        each.price
        for balance, found in traders.items()
        for each in found
        if priced.where.place[balance] == place and each.kind == kind
    ]
