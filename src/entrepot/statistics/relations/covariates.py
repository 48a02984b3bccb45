"""Relations as covariates of a panel of trade: alignment and distances of ideal points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.relations.alignment import alignment
from entrepot.statistics.relations.ideal_points import ideal_distance


def with_alignment(
    panel: pl.DataFrame,
    relations: pl.DataFrame,
    blocs: pl.DataFrame | None,
    first_day: Callable[[str], dt.date | None],
    *,
    period: str = "period",
) -> pl.DataFrame:
    """The panel with the alignment of both countries on the first day of each period.

    Pairs without a tie stand at 0; a country with itself at 1.

    Parameters
    ----------
    panel : with columns exporter, importer and `period`
    first_day : of a period; None where it cannot be told

    Raises
    ------
    StatisticsError : a column is missing, a period has no first day, as `alignment`, or no pair of
        the panel has a tie on any of these days
    """
    _needs(panel, "exporter", "importer", period)
    rows = []
    for each in panel[period].unique().sort():
        day = first_day(str(each))
        if day is None:
            raise StatisticsError(f"{each!r} is no year, so alignment has no day in it")
        found = alignment(relations, blocs, day).table.filter(pl.col("between") == "countries")
        for a, b, value in found.select("a", "b", "alignment").iter_rows():
            rows += [(a, b, each, value), (b, a, each, value)]
    known = pl.DataFrame(
        rows,
        schema={
            "exporter": pl.String, "importer": pl.String, period: panel.schema[period],
            "alignment": pl.Float64,
        },
        orient="row",
    )  # fmt: skip
    codes = panel.with_columns(pl.col("exporter", "importer").cast(pl.String))
    joined = codes.join(
        known, on=["exporter", "importer", period], how="left", maintain_order="left"
    )
    if joined["alignment"].null_count() == joined.height:
        raise StatisticsError(
            "no two countries of the panel have a relation in force; the codes of both must be "
            "those of the study (two letters)"
        )
    home = pl.col("exporter") == pl.col("importer")
    return joined.with_columns(
        pl.when(home).then(1.0).otherwise(pl.col("alignment").fill_null(0.0)).alias("alignment")
    )


def with_ideal_distance(
    panel: pl.DataFrame, points: pl.DataFrame, *, period: str = "period"
) -> pl.DataFrame:
    """The panel with the distance of ideal points of both countries in each year.

    Rows whose countries have no point in their year are left out.

    Parameters
    ----------
    panel : with columns exporter, importer and `period`, a year
    points : (country, year, point) in the codes of the panel

    Raises
    ------
    StatisticsError : a column is missing, periods are no years, or no row has a distance
    """
    _needs(panel, "exporter", "importer", period)
    years = panel[period].cast(pl.String).str.slice(0, 4).cast(pl.Int64, strict=False)
    if years.null_count():
        raise StatisticsError(f"{period} holds what is no year, so it has no ideal points")
    pairs = panel.with_columns(
        pl.col("exporter").cast(pl.String).alias("a"),
        pl.col("importer").cast(pl.String).alias("b"),
        years.alias("year"),
    )
    if "year" in panel.columns and period != "year":
        raise StatisticsError("the panel has a column year beside its period; rename one")
    found = ideal_distance(points.with_columns(pl.col("year").cast(pl.Int64)), pairs)
    kept = found.drop_nulls("ideal_distance").drop("a", "b", "ideal_distance_error")
    if kept.is_empty():
        raise StatisticsError(
            "no row of the panel has ideal points of both countries; the codes of both must be "
            "the same"
        )
    return kept if period == "year" else kept.drop("year")


def _needs(panel: pl.DataFrame, *names: str) -> None:
    missing = [name for name in names if name not in panel.columns]
    if missing:
        raise StatisticsError(f"the panel lacks {', '.join(missing)}")
