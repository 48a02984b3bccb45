"""Where an answer happens: spots, legs between them, and what flows from spot to spot.

Places that lie on one spot (a port and its quay, both sides of a gauge change) are one there:
those with the same coordinates, and those that a leg of mode `transfer` joins over a short way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.clearing.answers import DIGITS, Clearing
from entrepot.network.columns import Ints
from entrepot.network.freight import leg_capacity, legs_open
from entrepot.network.market import Market
from entrepot.network.network import WAY_BACK

NEAR = 0.3
"""Degrees within which a transfer stays on one spot."""

SPOTS = ("spot", "place", "country", "kind", "longitude", "latitude", "sold", "bought")
LEGS = {
    "leg": pl.String,
    "mode": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "state": pl.String,
}
FULL = {
    "table": pl.String,
    "name": pl.String,
    "good": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "rent": pl.Float64,
}


@dataclass(frozen=True)
class OnAMap:
    """An answer by spot. Periods are added up; a place without coordinates is on no spot.

    Attributes
    ----------
    spots : (spot, place, country, kind, longitude, latitude, sold, bought): numbered from 0; the
        first place of the spot; sold and bought in money
    legs : (leg, mode, start, end, state): every leg, ways back included; `state` is `used`,
        `unused`, or `closed` where it carries nothing because of dates, capacity or what it takes
    full : (table, name, good, start, end, rent): limits of legs, transfers and plants that hold
        something back, with the rent per unit; start and end are one spot where the limit is in
        a place
    flows : (start, end, good, quantity): what goes from spot to spot, all legs together
    nowhere : places without coordinates
    """

    spots: pl.DataFrame
    legs: pl.DataFrame
    full: pl.DataFrame
    flows: pl.DataFrame
    nowhere: tuple[str, ...]


def on_a_map(clearing: Clearing) -> OnAMap:
    """Read an answer by spot."""
    market = clearing.state.stack.market
    spot = _spots(market)
    legs = _legs(clearing, market, spot)
    ends = legs.filter((pl.col("start") >= 0) & (pl.col("end") >= 0))
    flows = (
        clearing.flows.join(ends.unique("leg", keep="first"), on="leg")
        .filter(pl.col("start") != pl.col("end"))
        .group_by("start", "end", "good")
        .agg(pl.col("quantity").sum().round_sig_figs(DIGITS))
        .sort("start", "end", "good")
    )
    places = market.network.places
    return OnAMap(
        spots=_table(clearing, market, spot),
        legs=ends,
        full=_full(clearing, market, spot),
        flows=flows,
        nowhere=tuple(place for place, at in zip(places, spot.tolist(), strict=True) if at < 0),
    )


def on_the_spots_of(base: OnAMap, other: OnAMap) -> OnAMap:
    """Another answer with its spots numbered as in the base; what the base has not is left out."""
    if base.spots["place"].to_list() == other.spots["place"].to_list():
        return other
    number = dict(zip(base.spots["place"], base.spots["spot"], strict=True))
    known = {
        spot: number[place]
        for spot, place in other.spots.select("spot", "place").iter_rows()
        if place in number
    }

    def renumbered(frame: pl.DataFrame) -> pl.DataFrame:
        both = pl.col("start").is_in(list(known)) & pl.col("end").is_in(list(known))
        return frame.filter(both).with_columns(
            pl.col("start", "end").replace_strict(known, return_dtype=pl.Int64)
        )

    return OnAMap(
        base.spots,
        renumbered(other.legs),
        renumbered(other.full),
        renumbered(other.flows),
        other.nowhere,
    )


def _spots(market: Market) -> Ints:
    """Spot of each place, numbered in the order of the places; -1 without coordinates."""
    table, network = market.study.table("places"), market.network
    east, north = table["longitude"].to_list(), table["latitude"].to_list()
    first = list(range(table.height))

    def root(place: int) -> int:
        while first[place] != place:
            place = first[place]
        return place

    def join(one: int, other: int) -> None:
        low, high = sorted((root(one), root(other)))
        first[high] = low

    seen: dict[tuple[float, float], int] = {}
    for place, here in enumerate(zip(east, north, strict=True)):
        if None not in here:
            join(seen.setdefault(here, place), place)
    modes = market.study.table("legs")["mode"].to_list()
    for leg, row in enumerate(network.leg_row.tolist()):
        a, b = int(network.origin[leg]), int(network.destination[leg])
        known = None not in (east[a], east[b], north[a], north[b])
        if known and modes[row] == "transfer" and _near(east, north, a, b):
            join(a, b)
    numbers: dict[int, int] = {}
    found = np.full(table.height, -1, dtype=np.int64)
    for place in range(table.height):
        if east[place] is not None and north[place] is not None:
            found[place] = numbers.setdefault(root(place), len(numbers))
    return found


def _near(east: list[float], north: list[float], a: int, b: int) -> bool:
    return max(abs(east[a] - east[b]), abs(north[a] - north[b])) <= NEAR


def _table(clearing: Clearing, market: Market, spot: Ints) -> pl.DataFrame:
    places = market.study.table("places").with_columns(spot=pl.Series(spot, dtype=pl.Int64))
    worth = (pl.col("quantity") * pl.col("price")).abs().sum()
    for name, deals in (("sold", clearing.sales), ("bought", clearing.purchases)):
        traded = deals.group_by("place").agg(worth.alias(name))
        places = places.join(traded, on="place", how="left", maintain_order="left")
    return (
        places.filter(pl.col("spot") >= 0)
        .group_by("spot", maintain_order=True)
        .agg(
            pl.col("place", "country", "kind", "longitude", "latitude").first(),
            pl.col("sold", "bought").sum().round_sig_figs(DIGITS),
        )
        .sort("spot")
        .select(*SPOTS)
    )


def _legs(clearing: Clearing, market: Market, spot: Ints) -> pl.DataFrame:
    network = market.network
    modes = market.study.table("legs")["mode"].to_list()
    openings = np.zeros(len(network.legs), dtype=bool)
    for held in legs_open(market):
        openings[held] = True
    openings &= leg_capacity(market) > 0
    takes = np.zeros(len(network.legs), dtype=bool)
    for good in range(len(market.goods)):
        carried = market.freight[good]
        takes |= carried.allowed & (carried.capacity > 0)
    used = set(clearing.flows["leg"].to_list())
    rows = [
        (
            name,
            modes[network.leg_row[leg]],
            int(spot[network.origin[leg]]),
            int(spot[network.destination[leg]]),
            "used" if name in used else "unused" if openings[leg] and takes[leg] else "closed",
        )
        for leg, name in enumerate(network.legs)
    ]
    return pl.DataFrame(rows, schema=LEGS, orient="row")


def _full(clearing: Clearing, market: Market, spot: Ints) -> pl.DataFrame:
    """Limits that hold something back and let something through: 0 is closed, not full."""
    network = market.network
    ends = {
        name: (int(spot[network.origin[leg]]), int(spot[network.destination[leg]]))
        for leg, name in enumerate(network.legs)
    }
    plants = market.study.table("plants").select("plant", "place").iter_rows()
    works = {plant: int(spot[network.place_index[place]]) for plant, place in plants}
    rows = []
    held = clearing.limits.filter((pl.col("rent") > 0) & (pl.col("limit") > 0))
    for row in held.iter_rows(named=True):
        start, end = (-1, -1)
        if row["table"] in ("legs", "leg_goods"):
            start, end = ends.get(
                row["name"], ends.get(row["name"].removesuffix(WAY_BACK), (-1, -1))
            )
        elif row["table"] == "transfers":
            start = end = ends[row["name"].split(";")[0]][1]
        elif row["table"] == "plants":
            start = end = works[row["name"]]
        if start >= 0 and end >= 0:
            told = (row["table"], row["name"], row["good"], start, end, row["rent"])
            rows.append(told)
    return pl.DataFrame(rows, schema=FULL, orient="row").unique(
        ["table", "name", "good"], keep="first", maintain_order=True
    )
