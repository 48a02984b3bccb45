"""Countries by products as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.flows import Products, known_country, one_period, products
from entrepot.statistics.known import instead_of
from entrepot.statistics.shared import Shared, Trade

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Grid:
    """What C countries trade in K products in one period.

    Attributes
    ----------
    countries, goods : names, lengths C and K, sorted
    value : money, shape (C, K)
    notes : what is left out
    """

    countries: list[str]
    goods: list[str]
    value: Floats
    notes: tuple[str, ...] = ()


def grid(
    trade: Trade,
    side: Literal["exporter", "importer"] = "exporter",
    period: str | None = None,
    digits: int | None = None,
) -> Grid:
    """Exports, or imports, of every country by product in one period.

    Raises
    ------
    StatisticsError : as `entrepot.statistics.flows.products` and `one_period` do
    """
    if isinstance(trade, Shared):
        key = ("grid", side, period, digits)
        return trade.once(key, lambda rows: _grid(products(trade, digits), side, period))
    return _grid(products(trade, digits), side, period)


def _grid(found: Products, side: Literal["exporter", "importer"], period: str | None) -> Grid:
    return grid_of(one_period(found.rows, period), side, found.notes)


def grid_of(
    rows: pl.DataFrame,
    side: Literal["exporter", "importer"],
    notes: tuple[str, ...] = (),
    goods: list[str] | None = None,
) -> Grid:
    """Flows by product as a grid; `goods` names the columns where they are wanted alike."""
    summed = rows.group_by(side, "hs").agg(pl.col("value").sum())
    summed = summed.filter(pl.col("value") > 0)
    countries = sorted(summed[side].unique())
    goods = sorted(summed["hs"].unique()) if goods is None else goods
    value = np.zeros((len(countries), len(goods)))
    if not summed.height:
        return Grid(countries, goods, value, notes)
    places = summed.select(
        pl.col(side).replace_strict(countries, range(len(countries)), return_dtype=pl.Int64),
        pl.col("hs").replace_strict(goods, range(len(goods)), return_dtype=pl.Int64),
    )
    i, k = (places[name].to_numpy() for name in (side, "hs"))
    value[i, k] = summed["value"].to_numpy()
    return Grid(countries, goods, value, notes)


def two_sides(
    trade: Trade, reporter: str, period: str | None, digits: int | None
) -> tuple[list[str], Floats, Floats, tuple[str, ...]]:
    """Exports and imports of one country by product in one period: goods, both of shape (K,)."""
    found = products(trade, digits)
    known_country(found.rows, reporter)
    rows = one_period(found.rows, period)
    sold = rows.filter(pl.col("exporter") == reporter)
    bought = rows.filter(pl.col("importer") == reporter)
    goods = sorted({*sold["hs"], *bought["hs"]})
    exports = grid_of(sold, "exporter", goods=goods).value.sum(axis=0)
    imports = grid_of(bought, "importer", goods=goods).value.sum(axis=0)
    return goods, exports, imports, found.notes


def long(found: Grid, **columns: Floats) -> pl.DataFrame:
    """Arrays of shape (C, K) as rows (country, hs, …), where the country trades the product."""
    i, k = np.nonzero(found.value > 0)
    names = {
        "country": pl.Series(found.countries).gather(i),
        "hs": pl.Series(found.goods).gather(k),
    }
    return pl.DataFrame({**names, **{name: each[i, k] for name, each in columns.items()}})


def exports_of(trade: Trade, country: str | None, period: str | None, digits: int | None) -> Grid:
    """Exports of every country, among which is the one that will be shown, where one will.

    Raises
    ------
    StatisticsError : as of `grid`, or it is not
    """
    found = grid(trade, "exporter", period, digits)
    if country is not None and country not in found.countries:
        cure = instead_of(country, found.countries)
        raise StatisticsError(f"{country!r} exports nothing in this period; {cure}")
    return found


def shown(table: pl.DataFrame, country: str | None, by: str) -> pl.DataFrame:
    """The rows of one country, or of all by country, the largest figure first."""
    rows = table if country is None else table.filter(pl.col("country") == country)
    return rows.sort("country", by, "hs", descending=[False, True, False])
