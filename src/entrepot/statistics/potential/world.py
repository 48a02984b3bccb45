"""Trade of the whole world as numbers: each flow once, countries and products counted from 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.flows import in_periods, parts

Floats = npt.NDArray[np.float64]
NEEDED = ("period", "exporter", "importer", "hs", "value")
Codes = npt.NDArray[np.int32]
Cells = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sparse:
    """Amounts of single cells, counted as `World.cells` does.

    Attributes
    ----------
    cell : rising, each once, shape (X,)
    amount : shape (X,)
    """

    cell: Cells
    amount: Floats

    @staticmethod
    def empty() -> Sparse:
        """No cell."""
        return Sparse(np.empty(0, dtype=np.int64), np.empty(0))

    def of(self, cell: Cells, otherwise: Floats) -> Floats:
        """Amounts of cells of any shape, and `otherwise`, of that shape, where there is none."""
        if not len(self.cell):
            return otherwise
        at = np.minimum(np.searchsorted(self.cell, cell), len(self.cell) - 1)
        return np.where(self.cell[at] == cell, self.amount[at], otherwise)


@dataclass(frozen=True, eq=False)
class World:
    """F flows between N countries in K products, one of each kind at most.

    Attributes
    ----------
    countries, goods : names, lengths N and K, sorted
    exporter, importer, good : places of these, shape (F,)
    value : money a period, shape (F,)
    notes : what is left out
    """

    countries: list[str]
    goods: list[str]
    exporter: Codes
    importer: Codes
    good: Codes
    value: Floats
    notes: tuple[str, ...] = ()

    def cells(self) -> Cells:
        """The cells of the flows, counted by product, exporter and importer, rising, (F,)."""
        n = len(self.countries)
        return (self.good.astype(np.int64) * n + self.exporter) * n + self.importer

    def exports(self) -> Floats:
        """What each country sells of each product, shape (N, K)."""
        return added(self.exporter, len(self.countries), self.good, len(self.goods), self.value)

    def imports(self) -> Floats:
        """What each country buys of each product, shape (N, K)."""
        return added(self.importer, len(self.countries), self.good, len(self.goods), self.value)

    def pairs(self) -> Floats:
        """Flows added up by exporter and importer, shape (N, N)."""
        n = len(self.countries)
        return added(self.exporter, n, self.importer, n, self.value)


def added(
    row: npt.NDArray[np.integer[Any]],
    rows: int,
    column: npt.NDArray[np.integer[Any]],
    columns: int,
    amount: Floats,
) -> Floats:
    """Amounts of shape (F,) added up by row and column, shape (rows, columns)."""
    place = row.astype(np.int64) * columns + column
    summed = np.bincount(place, amount, rows * columns)
    return np.asarray(summed, dtype=np.float64).reshape(rows, columns)


def world_of(
    trade: pl.DataFrame,
    periods: Sequence[str] = (),
    digits: int | None = None,
    mirror: bool = False,
) -> World:
    """Trade coded; of several periods the mean.

    Parameters
    ----------
    trade : rows in the columns of table `trade`
    periods : of which the mean is taken; may be empty where there is only one
    mirror : where both sides report a flow take the mean of both, not the exporter's report

    Raises
    ------
    StatisticsError : as `entrepot.statistics.flows.products`, or a period that is not there
    """
    trade = in_periods(trade, *periods)
    found = parts(trade, digits)
    rows, notes = found.rows.select(NEEDED), found.notes
    if mirror:
        rows = _both_reports(rows, parts(_turned(trade), digits).rows.select(NEEDED))
    inland = rows["exporter"] == rows["importer"]
    if inland.any():
        notes = (*notes, f"{inland.sum()} flows of a country with itself are left out")
    kept = ~inland & (rows["value"] > 0)
    rows = rows if kept.all() else rows.filter(kept)
    if not rows.height:
        raise StatisticsError("there is no trade above 0 between countries")
    return _coded(rows, max(1, len(set(periods))), notes)


def _turned(trade: pl.DataFrame) -> pl.DataFrame:
    """Rows with both sides exchanged, so that importers are taken for those who report first."""
    turned = pl.when(pl.col("flow") == "export").then(pl.lit("import")).otherwise(pl.lit("export"))
    return trade.with_columns(
        turned.alias("flow"),
        pl.col("reporter").alias("partner"),
        pl.col("partner").alias("reporter"),
    )


def _both_reports(exports: pl.DataFrame, imports: pl.DataFrame) -> pl.DataFrame:
    """The mean of both reports of a flow, or the only one."""
    keys = ["period", "exporter", "importer", "hs"]
    one = exports.group_by(keys).agg(pl.col("value").sum())
    both = one.join(
        imports.group_by(keys).agg(pl.col("value").sum().alias("mirror")),
        on=keys, how="full", coalesce=True,
    )  # fmt: skip
    return both.with_columns(value=pl.mean_horizontal("value", "mirror")).drop("mirror")


def _coded(rows: pl.DataFrame, periods: int, notes: tuple[str, ...]) -> World:
    countries = sorted({*rows["exporter"].unique(), *rows["importer"].unique()})
    goods = sorted(rows["hs"].unique())
    kind = pl.Enum(countries)
    places = rows.select(
        pl.col("exporter").cast(kind).to_physical(),
        pl.col("importer").cast(kind).to_physical(),
        pl.col("hs").cast(pl.Enum(goods)).to_physical(),
    )
    i, j, k = (places[name].to_numpy().astype(np.int64) for name in places.columns)
    n = len(countries)
    at = (k * n + i) * n + j
    del i, j, k, places
    order = np.argsort(at, kind="stable")
    at = at[order]
    first = np.flatnonzero(np.concatenate([[True], at[1:] != at[:-1]]))
    value = np.add.reduceat(rows["value"].to_numpy()[order], first) / periods
    at = at[first]
    i, j, k = (each.astype(np.int32) for each in (at // n % n, at % n, at // n**2))
    return World(countries, goods, i, j, k, value, notes)
