"""Tariffs by market, supplier and product from rules of which the most specific wins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.potential.world import Floats, Sparse

TARIFFS: Mapping[str, type[pl.DataType]] = {
    "importer": pl.String,
    "exporter": pl.String,
    "hs": pl.String,
    "tariff": pl.Float64,
}
ANY = "*"


@dataclass(frozen=True, eq=False)
class Tariffs:
    """Tariffs as shares of the value.

    Attributes
    ----------
    general : on suppliers without a rate of their own, shape (N, K)
    single : rates of single cells of `World.cells`
    """

    general: Floats
    single: Sparse


def tariffs_on(countries: Sequence[str], goods: Sequence[str], rows: pl.DataFrame) -> Tariffs:
    """Tariffs on products between countries; none where no rule fits.

    Parameters
    ----------
    countries, goods : sorted, lengths N and K
    rows : frame (importer, exporter, hs, tariff); `exporter` and `hs` may be `*`, `hs` may be the
        beginning of a code. The longest `hs` wins, then the exporter that is named.

    Raises
    ------
    StatisticsError : columns that are missing, blanks, tariffs that are no numbers above -1
    """
    told = checked(rows, TARIFFS, "tariffs").with_columns(pl.col("hs").replace(ANY, ""))
    named = pl.col("exporter") != ANY
    told = told.sort(pl.col("hs").str.len_chars(), named, "importer", "exporter", "hs")
    n, place = len(countries), {name: at for at, name in enumerate(countries)}
    general = np.zeros((n, len(goods)))
    single: dict[tuple[int, int], Floats] = {}
    # From the least specific to the most: what comes later stands.
    for importer, exporter, hs, tariff in told.iter_rows():
        if importer not in place or exporter not in (ANY, *place):
            continue
        j = place[importer]
        covered = slice(bisect_left(goods, hs), bisect_left(goods, hs + "\x7f"))
        if exporter != ANY:
            row = single.setdefault((place[exporter], j), np.full(len(goods), np.nan))
            row[covered] = tariff
            continue
        general[j, covered] = tariff
        for (_, market), row in single.items():
            if market == j:
                row[covered] = np.nan
    return Tariffs(general, _sparse(single, n))


def checked(rows: pl.DataFrame, schema: Mapping[str, type[pl.DataType]], what: str) -> pl.DataFrame:
    """The columns of a table that a user brings, as the kinds they are of.

    Raises
    ------
    StatisticsError : columns that are missing, blanks, numbers that cannot be
    """
    missing = [name for name in schema if name not in rows.columns]
    if missing:
        raise StatisticsError(f"{what}: there is no column {', '.join(missing)}")
    told = rows.select(pl.col(name).cast(kind, strict=False) for name, kind in schema.items())
    for name, kind in schema.items():
        if told[name].null_count():
            raise StatisticsError(f"{what}: {told[name].null_count()} rows have no {name}")
        least = -1.0 if name == "tariff" else 0.0
        if kind == pl.Float64 and not (told[name].is_finite() & (told[name] > least)).all():
            raise StatisticsError(f"{what}: every {name} must be above {least:g}")
    return told


def _sparse(single: dict[tuple[int, int], Floats], n: int) -> Sparse:
    cells, rates = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for (i, j), row in single.items():
        k = np.flatnonzero(~np.isnan(row))
        cells.append((k * n + i) * n + j)
        rates.append(row[k])
    cell, rate = np.concatenate(cells), np.concatenate(rates)
    order = np.argsort(cell)
    return Sparse(cell[order], rate[order])
