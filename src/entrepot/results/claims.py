"""What a study's sources say, set beside what the model says.

Each row of table ``claims`` names a figure of the answer by a dotted name:

| name | figure |
|---|---|
| ``corridor.C.G`` | amount of good G over the legs of corridor C, added up |
| ``flow.L.G`` | amount of good G over leg L |
| ``purchases.X.G``, ``sales.X.G`` | amount of good G bought or sold in country or bloc X |
| ``arrivals.X.G.M`` | amount of good G that comes into country or bloc X over legs of mode M |
| ``price.P.G`` | price of good G at place P |
| ``turnover.A.B`` | trade of countries A and B with each other, both ways, in money |
| ``run.P`` | output of plant P |
| ``capacity.L`` | capacity of leg L, in the unit of the goods that it can carry |
| ``commitment.C`` | what one unit less of commitment C would be worth, in money per unit |
| ``target.T`` | trade of target T's two countries with each other, both ways, in money |
| ``route.G.P.Q.V.M`` | cheapest journey of good G from place P to place Q over V (a corridor, a leg
or ``any``): its ``cost`` in money per unit, ``days`` or ``km`` |
| ``welfare`` | welfare, in money |
| ``untestable`` | none: `note` says why |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.network.market import Market
from entrepot.network.network import WAY_BACK
from entrepot.results.haulage import corridor_totals
from entrepot.results.priced import price_ways
from entrepot.results.trade import trade
from entrepot.routing.through import cheapest_journey
from entrepot.units import UnitError, converted

TESTED = "tested"
UNTESTED = "cannot be tested"
NO_FIGURE = "untestable"

SAID = ("claim", "text", "use", "value", "low", "high", "unit")
SCHEMA = {
    "claim": pl.String,
    "text": pl.String,
    "use": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "model": pl.Float64,
    "difference": pl.Float64,
    "agrees": pl.Boolean,
    "status": pl.String,
    "why": pl.String,
}


class _Untestable(Exception):  # noqa: N818 - an outcome, told in the table
    """The answer holds no such figure; says why."""


@dataclass(frozen=True)
class _Figure:
    """A figure of the answer and its unit."""

    value: float
    unit: str


def claims(clearing: Clearing) -> pl.DataFrame:
    """Every claim of the study with the model's figure, or why it cannot be tested.

    Quantities of a study with several periods are added up over them.

    Returns
    -------
    Frame (claim, text, use, value, low, high, unit, model, difference, agrees, status, why) in the
    order of the table: `value` is the claim's, `model` the answer's in the claim's unit,
    `difference` model less claim, `agrees` whether the model lies between `low` and `high` where
    the claim has a range; `status` is "tested", or "cannot be tested" and `why` says what is
    missing.
    """
    rows = []
    for row in clearing.study.table("claims").iter_rows(named=True):
        told = {name: row[name] for name in SAID}
        try:
            if row["quantity"] == NO_FIGURE:
                raise _Untestable(row["note"] or "the study says so")
            figure = _figure(clearing, row["quantity"])
            unit = row["unit"] or figure.unit
            model = converted(figure.value, figure.unit, unit)
        except (_Untestable, UnitError) as reason:
            rows.append({**told, "status": UNTESTED, "why": str(reason)})
            continue
        claimed = row["value"]
        difference = None if claimed is None else model - claimed
        found = {"unit": unit, "model": model, "difference": difference, "status": TESTED}
        rows.append({**told, **found, "agrees": _agrees(model, row["low"], row["high"])})
    return pl.DataFrame(rows, schema=SCHEMA)


def _agrees(model: float, low: float | None, high: float | None) -> bool | None:
    """Whether a figure lies in a claim's range, None where it has none."""
    if low is None and high is None:
        return None
    return (low is None or model >= low) and (high is None or model <= high)


def _figure(clearing: Clearing, name: str) -> _Figure:
    kind, *words = name.split(".")
    if kind in FIGURES:
        count, figure = FIGURES[kind]
        if len(words) == count:
            return figure(clearing, *words)
        for names in _joined(words, count):
            try:
                return figure(clearing, *names)
            except _Untestable:
                continue
    raise _Untestable(f"the study holds no figure {name!r}")


def _joined(words: list[str], count: int) -> Iterator[list[str]]:
    """So many names out of more words: names of the study may hold dots."""
    if count < 1 or len(words) < count:
        return
    for cuts in combinations(range(1, len(words)), count - 1):
        ends = (0, *cuts, len(words))
        yield [".".join(words[a:b]) for a, b in pairwise(ends)]


def _unit_of(clearing: Clearing, good: str) -> str:
    goods = clearing.study.table("goods")
    units = goods.filter(goods["good"] == good)["unit"].to_list()
    if not units:
        raise _Untestable(f"the study has no good {good!r}")
    return str(units[0])


def _known(clearing: Clearing, table: str, column: str, name: str) -> None:
    if name not in clearing.study.table(table)[column].to_list():
        raise _Untestable(f"the study has no {column} {name!r}")


def _corridor(clearing: Clearing, corridor: str, good: str) -> _Figure:
    unit = _unit_of(clearing, good)
    _known(clearing, "corridors", "corridor", corridor)
    totals = corridor_totals(clearing)
    mine = totals.filter((pl.col("corridor") == corridor) & (pl.col("good") == good))
    return _Figure(float(mine["value"].sum()), unit)


def _flow(clearing: Clearing, leg: str, good: str) -> _Figure:
    unit = _unit_of(clearing, good)
    _known(clearing, "legs", "leg", leg.removesuffix("~"))
    mine = clearing.flows.filter((pl.col("leg") == leg) & (pl.col("good") == good))
    return _Figure(float(mine["quantity"].sum()), unit)


def _arrivals(clearing: Clearing, area: str, good: str, mode: str) -> _Figure:
    unit = _unit_of(clearing, good)
    _known(clearing, "legs", "mode", mode)
    inside = _inside(clearing, area)
    legs = clearing.study.table("legs").filter(mode=mode).select("leg", "origin", "destination")
    back = legs.select(
        pl.col("leg") + WAY_BACK, origin=pl.col("destination"), destination=pl.col("origin")
    )
    ways = pl.concat([legs, back]).unique("leg")
    flows = clearing.flows.filter(pl.col("good") == good).join(ways, on="leg")
    came = flows.join(inside, left_on=["period", "destination"], right_on=["period", "place"])
    mine = came.join(inside, left_on=["period", "origin"], right_on=["period", "place"], how="anti")
    return _Figure(float(mine["quantity"].sum()), unit)


def _dealt(table: str) -> Callable[[Clearing, str, str], _Figure]:
    def figure(clearing: Clearing, area: str, good: str) -> _Figure:
        unit = _unit_of(clearing, good)
        deals: pl.DataFrame = getattr(clearing, table)
        inside = _inside(clearing, area)
        mine = deals.join(inside, on=["period", "place"]).filter(pl.col("good") == good)
        return _Figure(float(mine["quantity"].sum()), unit)

    return figure


def _inside(clearing: Clearing, area: str) -> pl.DataFrame:
    """(period, place): the places of a country or bloc."""
    market = clearing.state.stack.market
    inside = [
        (name, place)
        for t, name in enumerate(market.periods)
        for place, country in zip(market.network.places, market.network.countries, strict=True)
        if market.country_rank(area, country, t)
    ]
    if not inside:
        raise _Untestable(f"the study has no place in {area!r}")
    return pl.DataFrame(inside, schema={"period": pl.String, "place": pl.String}, orient="row")


def _price(clearing: Clearing, place: str, good: str) -> _Figure:
    unit = _unit_of(clearing, good)
    mine = clearing.prices.filter((pl.col("place") == place) & (pl.col("good") == good))
    prices = mine["price"].drop_nulls()
    if not len(prices):
        raise _Untestable(f"{good} has no price at {place!r}")
    if len(prices) > 1:
        raise _Untestable(f"{good} at {place!r} has a price in each of {len(prices)} periods")
    return _Figure(float(prices[0]), f"{clearing.study.settings.currency}/{unit}")


def _turnover(clearing: Clearing, one: str, other: str) -> _Figure:
    for country in (one, other):
        _known(clearing, "places", "country", country)
    crossed = trade(clearing)
    pair = [one, other]
    mine = crossed.filter(pl.col("reporter").is_in(pair) & pl.col("partner").is_in(pair))
    return _Figure(float(mine["value"].sum()), clearing.study.settings.currency)


def _run(clearing: Clearing, plant: str) -> _Figure:
    study = clearing.study
    _known(clearing, "plants", "plant", plant)
    plants, recipes = study.table("plants"), study.table("recipes")
    recipe = plants.filter(plants["plant"] == plant)["recipe"][0]
    made = recipes.filter((recipes["recipe"] == recipe) & (recipes["amount"] > 0))
    mine = clearing.runs.filter(pl.col("plant") == plant)
    return _Figure(float(mine["quantity"].sum()), _unit_of(clearing, made["good"][0]))


def _capacity(clearing: Clearing, leg: str) -> _Figure:
    legs = clearing.study.table("legs")
    _known(clearing, "legs", "leg", leg)
    capacity = legs.filter(legs["leg"] == leg)["capacity"].drop_nulls().unique()
    if not len(capacity):
        raise _Untestable(f"leg {leg!r} has no capacity of its own in the study")
    if len(capacity) > 1:
        raise _Untestable(f"leg {leg!r} has {len(capacity)} capacities, by period")
    return _Figure(float(capacity[0]), _unit_of_capacity(clearing, leg))


def _unit_of_capacity(clearing: Clearing, leg: str) -> str:
    """Unit of the goods that one can bring to a leg and that take as much room as they measure."""
    priced, market = price_ways(clearing.state), clearing.state.stack.market
    numbers = [number for number, name in enumerate(market.network.legs) if name == leg]
    starts = np.isin(priced.where.node, market.network.tail[numbers])
    starts &= np.isfinite(priced.delivered)
    brought = np.unique(priced.where.good[starts]).tolist()
    fits = [good for good in range(len(market.goods)) if _fits(market, good, numbers)]
    goods = [good for good in fits if good in brought] or fits
    units = {market.units[good]: market.goods[good] for good in reversed(goods)}
    if not units:
        raise _Untestable(f"no good takes leg {leg!r} unit for unit, so its capacity has no unit")
    if len(units) > 1:
        told = " and ".join(f"{good} in {unit}" for unit, good in sorted(units.items()))
        raise _Untestable(f"leg {leg!r} carries goods of different units ({told})")
    return next(iter(units))


def _fits(market: Market, good: int, legs: list[int]) -> bool:
    """Whether a good may use any of some legs and takes one unit of its capacity a unit."""
    carried = market.freight[good]
    return bool((carried.allowed[legs] & (carried.use[legs] == 1)).any())


def _commitment(clearing: Clearing, commitment: str) -> _Figure:
    table = clearing.study.table("commitments")
    _known(clearing, "commitments", "commitment", commitment)
    row = table.filter(table["commitment"] == commitment).row(0, named=True)
    if row["good"] is None or row["quantity"] is None:
        raise _Untestable(f"commitment {commitment!r} is in words only: it binds nothing")
    limits = clearing.limits.filter(
        (pl.col("table") == "commitments") & (pl.col("name") == commitment)
    )
    unit = f"{clearing.study.settings.currency}/{_unit_of(clearing, row['good'])}"
    return _Figure(abs(float(limits["rent"].sum())), unit)


def _target(clearing: Clearing, target: str) -> _Figure:
    table = clearing.study.table("targets")
    _known(clearing, "targets", "target", target)
    row = table.filter(table["target"] == target).row(0, named=True)
    return _turnover(clearing, row["reporter"], row["partner"])


MEASURES = ("cost", "days", "km")


def _route(
    clearing: Clearing, good: str, origin: str, destination: str, via: str, measure: str
) -> _Figure:
    unit = _unit_of(clearing, good)
    for place in (origin, destination):
        _known(clearing, "places", "place", place)
    if measure not in MEASURES:
        raise _Untestable(f"a journey has no measure {measure!r}; it has {', '.join(MEASURES)}")
    journey = cheapest_journey(
        clearing.state.stack.market, good, origin, destination, _over(clearing, via)
    )
    if journey is None:
        raise _Untestable(f"no open way leads from {origin!r} to {destination!r} over {via!r}")
    if measure == "cost":
        return _Figure(journey.cost, f"{clearing.study.settings.currency}/{unit}")
    return _Figure(journey.days, "day") if measure == "days" else _Figure(journey.length_km, "km")


def _over(clearing: Clearing, via: str) -> list[str]:
    """Legs of a corridor, or the leg of that name; none for any journey."""
    if via == "any":
        return []
    corridors = clearing.study.table("corridors")
    legs: list[str] = corridors.filter(corridors["corridor"] == via)["leg"].to_list()
    if not legs:
        _known(clearing, "legs", "leg", via)
    return legs or [via]


def _welfare(clearing: Clearing) -> _Figure:
    return _Figure(clearing.welfare, clearing.study.settings.currency)


# Kind of figure: how many words follow its name, and how to find it.
FIGURES: dict[str, tuple[int, Callable[..., _Figure]]] = {
    "corridor": (2, _corridor),
    "flow": (2, _flow),
    "purchases": (2, _dealt("purchases")),
    "sales": (2, _dealt("sales")),
    "arrivals": (3, _arrivals),
    "price": (2, _price),
    "turnover": (2, _turnover),
    "run": (1, _run),
    "capacity": (1, _capacity),
    "commitment": (1, _commitment),
    "target": (1, _target),
    "route": (5, _route),
    "welfare": (0, _welfare),
}
