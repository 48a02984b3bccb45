"""What keeps a good off a leg: dates, capacity, what the leg takes, bans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.clearing.layers import NO_HEADING, Layers
from entrepot.network.bans import bans_on, legs_banned
from entrepot.network.freight import leg_capacity, legs_open
from entrepot.network.market import Market
from entrepot.network.network import WAY_BACK

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Openness:
    """Which legs a good may use in a period.

    Attributes
    ----------
    held : legs that the period has at all, shape (L,)
    dated : of these, those open on its first day, shape (L,)
    takes : legs that take the good, shape (L,)
    room : legs with any capacity for it, shape (L,)
    """

    held: Flags
    dated: Flags
    takes: Flags
    room: Flags

    @property
    def open(self) -> Flags:
        """Legs that nothing but a ban can keep the good off, shape (L,)."""
        return np.asarray(self.held & self.dated & self.takes & self.room)


def openness(market: Market, good: int, period: int) -> Openness:
    """Which legs a good may use in a period, bans apart."""
    carried, count = market.freight[good], len(market.network.legs)
    table = market.study.table("legs")
    rows = np.zeros(table.height, dtype=bool)
    for t, numbers in market.rows_by_period("legs", key=("leg",)):
        if t == period:
            rows[numbers] = True
    dated = np.zeros(count, dtype=bool)
    dated[legs_open(market)[period]] = True
    return Openness(
        held=rows[market.network.leg_row],
        dated=dated,
        takes=carried.allowed,
        room=(leg_capacity(market) > 0) & (carried.capacity > 0),
    )


def banned(market: Market, layers: Layers, layer: int, period: int) -> Flags:
    """Legs that bans keep a layer off, shape (L,)."""
    members, number = layers.countries[layer], int(layers.heading[layer])
    good = int(layers.good[layer])
    if not members:
        return np.zeros(len(market.network.legs), dtype=bool)
    heading = None if number == NO_HEADING else layers.heading_country[good, number]
    return legs_banned(market, good, members[0], heading, period)


def why_closed(market: Market, found: Openness, good: int, period: int, leg: int) -> list[str]:
    """What keeps a good off a leg, bans apart, in words; empty where nothing does."""
    table, row = market.study.table("legs"), int(market.network.leg_row[leg])
    reasons = []
    if not found.held[leg]:
        reasons.append(f"it has no row for period {market.periods[period]}")
    elif not found.dated[leg]:
        opens, closes = table["opens"][row], table["closes"][row]
        later = opens is not None and (market.dates[period] or opens) < opens
        reasons.append(f"it opens on {opens}" if later else f"it is closed since {closes}")
    if not found.takes[leg]:
        reasons.append(f"it does not take {market.goods[good]}")
    if not found.room[leg]:
        reasons.append("it has no capacity")
    return reasons


def bans_at(market: Market, good: int, period: int, leg: int) -> list[str]:
    """Names of the bans that keep some origin of a good off a leg."""
    network = market.network
    name = network.legs[leg]
    start = network.countries[network.origin[leg]]
    leaves = start != network.countries[network.destination[leg]]
    found = []
    for row in bans_on(market, good, period):
        via = {part.strip() for part in (row["via"] or "").split(";")}
        if name in via or name.removesuffix(WAY_BACK) in via or (leaves and start in via):
            found.append(str(row["ban"]))
    return found
