"""A drawn market as an entrepot study: the same numbers as tables."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.markets import MODES, Ints, Market, Orders
from entrepot.study import Study, study_from_tables


def tables_of(market: Market) -> dict[str, pl.DataFrame]:
    """The study's tables; what a good costs on a leg stands in ``leg_goods``."""
    tables = {
        "countries": pl.DataFrame({"country": _countries(market)}),
        "places": _places(market),
        "goods": _goods(market),
        "legs": _legs(market),
        "leg_goods": _leg_goods(market),
        "offers": _orders(market.offers),
        "bids": _orders(market.bids),
    }
    if len(market.plant_place):
        tables |= {"recipes": _recipes(market), "plants": _plants(market)}
    return tables


def study_of(market: Market) -> Study:
    """The study, checked as every study is."""
    return study_from_tables("benchmark", tables_of(market))


def _countries(market: Market) -> list[str]:
    """Codes that ISO 3166-1 leaves to users: XA, XB and so on."""
    return ["X" + chr(ord("A") + i) for i in range(int(market.country.max()) + 1)]


def _named(letter: str, number: Ints) -> pl.Series:
    return pl.Series(number).cast(pl.String).str.zfill(5).str.replace("^", letter)


def _places(market: Market) -> pl.DataFrame:
    codes = pl.Series(_countries(market))
    return pl.DataFrame(
        {
            "place": _named("p", np.arange(market.places)),
            "country": codes.gather(market.country),
            "latitude": market.y,
            "longitude": market.x,
        }
    )


def _goods(market: Market) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "good": _named("g", np.arange(market.goods)),
            "value_of_time": market.value_of_time,
        }
    )


def _legs(market: Market) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "leg": _named("l", np.arange(len(market.tail))),
            "origin": _named("p", market.tail),
            "destination": _named("p", market.head),
            "mode": pl.Series(MODES).gather(market.mode),
            "length_km": market.length_km,
            "cost": market.cost.mean(axis=1),
            "days": market.days,
            "capacity": pl.Series(market.capacity).replace(np.inf, None),
        }
    )


def _leg_goods(market: Market) -> pl.DataFrame:
    legs, goods = market.allowed.shape
    return pl.DataFrame(
        {
            "leg": _named("l", np.repeat(np.arange(legs), goods)),
            "good": _named("g", np.tile(np.arange(goods), legs)),
            "cost": market.cost.ravel(),
            "use": np.tile(market.use, legs),
            "allowed": market.allowed.ravel(),
        }
    )


def _orders(orders: Orders) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "place": _named("p", orders.place),
            "good": _named("g", orders.good),
            "quantity": orders.quantity,
            "price": orders.price,
        }
    )


def _recipes(market: Market) -> pl.DataFrame:
    recipe, good = np.nonzero(market.recipe)
    return pl.DataFrame(
        {
            "recipe": _named("r", recipe),
            "good": _named("g", good),
            "amount": market.recipe[recipe, good],
        }
    )


def _plants(market: Market) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "plant": _named("n", np.arange(len(market.plant_place))),
            "place": _named("p", market.plant_place),
            "recipe": _named("r", market.plant_recipe),
            "capacity": market.plant_capacity,
            "cost": market.plant_cost,
        }
    )
