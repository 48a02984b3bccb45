"""Trade of the whole world as numbers: each flow once, countries and products counted from 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.flows import in_periods, parts

Floats = npt.NDArray[np.float64]
NEEDED = ("period", "exporter", "importer", "hs", "value")
Codes = npt.NDArray[np.int32]
Cells = npt.NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)


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
        at = _flat(self.good, self.exporter, n)
        at *= n
        at += self.importer
        return at

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
    summed = np.bincount(_flat(row, column, columns), amount, rows * columns)
    return np.asarray(summed, dtype=np.float64).reshape(rows, columns)


def picked(
    amount: npt.NDArray[Kind],
    row: npt.NDArray[np.integer[Any]],
    column: npt.NDArray[np.integer[Any]],
) -> npt.NDArray[Kind]:
    """Amounts of an array at rows and columns of shape (F,), in that shape."""
    found: npt.NDArray[Kind] = amount.ravel().take(_flat(row, column, amount.shape[1]))
    return found


def _flat(
    row: npt.NDArray[np.integer[Any]], column: npt.NDArray[np.integer[Any]], columns: int
) -> Cells:
    """Rows and columns counted through; made in one array, for flows may be millions."""
    place = row.astype(np.int64)
    place *= columns
    place += column
    return place


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
    """Rows as numbers, cell by cell; of cells that are told in several rows the sum.

    Works in one array of cells where it can: rows may be millions.
    """
    countries = sorted({*rows["exporter"].unique(), *rows["importer"].unique()})
    goods = sorted(rows["hs"].unique())
    n = len(countries)
    at = _places(rows["hs"], goods).astype(np.int64)
    for name in ("exporter", "importer"):
        at *= n
        at += _places(rows[name], countries)
    value = rows["value"].to_numpy()
    if not (at[1:] > at[:-1]).all():
        order = np.argsort(at, kind="stable")
        at, value = at[order], value[order]
        del order
        first = np.flatnonzero(np.concatenate([[True], at[1:] != at[:-1]]))
        at, value = at[first], np.add.reduceat(value, first)
    value = value / periods
    j = (at % n).astype(np.int32)
    at //= n
    i = (at % n).astype(np.int32)
    at //= n
    return World(countries, goods, i, j, at.astype(np.int32), value, notes)


def _places(names: pl.Series, known: list[str]) -> npt.NDArray[np.integer[Any]]:
    """Where each name stands among the known, shape (F,)."""
    found: npt.NDArray[np.integer[Any]] = names.cast(pl.Enum(known)).to_physical().to_numpy()
    return found
