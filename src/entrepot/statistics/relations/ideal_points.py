"""Alignment beside how countries vote: distances of ideal points.

Bailey, M., Strezhnev, A. and Voeten, E. (2017), "Estimating dynamic state preferences from United
Nations voting data", Journal of Conflict Resolution 61(2), 430-456: each country's point on one
line is estimated from its votes in a session of the General Assembly. The distance of two countries
is the absolute difference of their points. Session s sits in the year 1945 + s.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.certificate import Measure

FIRST_YEAR = 1946
NEEDED = ("country", "year", "point")
_FIFTH = 1.6448536269514722
"""Standard errors from the middle of a normal distribution to its twentieth."""


def ideal_points(raw: pl.DataFrame) -> pl.DataFrame:
    """The authors' table in plain columns.

    Parameters
    ----------
    raw : with columns iso3c, session, IdealPointAll, and Q5%All, Q95%All where they are there

    Returns
    -------
    Frame (country, year, point, error): ISO 3166 alpha-3 codes; `error` is the standard error that
    a normal distribution with those quantiles has, null where they are not there. A code that
    stands for two states in a year (both Yemens do) tells of neither, and is left out

    Raises
    ------
    StatisticsError : columns are missing
    """
    missing = [name for name in ("iso3c", "session", "IdealPointAll") if name not in raw.columns]
    if missing:
        raise StatisticsError(f"ideal points lack {', '.join(missing)}")
    error = pl.lit(None, pl.Float64)
    if {"Q5%All", "Q95%All"} <= set(raw.columns):
        error = (pl.col("Q95%All") - pl.col("Q5%All")) / (2 * _FIFTH)
    found = raw.select(
        pl.col("iso3c").alias("country"),
        (pl.col("session") + (FIRST_YEAR - 1)).alias("year"),
        pl.col("IdealPointAll").alias("point"),
        error.alias("error"),
    ).drop_nulls(["country", "point"])
    return found.filter(~found.select("country", "year").is_duplicated())


def ideal_distance(points: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The distance of ideal points for rows of pairs.

    Parameters
    ----------
    points : (country, year, point) and perhaps error, a row a country and year
    pairs : with columns a, b, year

    Returns
    -------
    The pairs, in their order, with ideal_distance and ideal_distance_error (null where a country
    has no point in the year, or no error is known). The errors of both points are taken as
    independent, which overstates the distance's where both move together.

    Raises
    ------
    StatisticsError : columns are missing, or a country has two points in a year
    """
    missing = [name for name in NEEDED if name not in points.columns]
    if missing:
        raise StatisticsError(f"ideal points lack {', '.join(missing)}")
    if points.select("country", "year").is_duplicated().any():
        raise StatisticsError("a country has two ideal points in one year; keep one")
    known = points if "error" in points.columns else points.with_columns(error=None)
    known = known.select("country", "year", "point", pl.col("error").cast(pl.Float64))
    joined = pairs
    for side in ("a", "b"):
        own = known.rename({"country": side, "point": f"point_{side}", "error": f"error_{side}"})
        joined = joined.join(
            own.with_columns(pl.col("year").cast(pairs.schema["year"])),
            on=[side, "year"], how="left", maintain_order="left",
        )  # fmt: skip
    return joined.with_columns(
        (pl.col("point_a") - pl.col("point_b")).abs().alias("ideal_distance"),
        (pl.col("error_a") ** 2 + pl.col("error_b") ** 2).sqrt().alias("ideal_distance_error"),
    ).drop("point_a", "point_b", "error_a", "error_b")


def beside_ideal_points(found: Measure, points: pl.DataFrame) -> Measure:
    """An alignment between countries with the distance of their ideal points beside it.

    Parameters
    ----------
    found : of `alignment` or `alignment_over_time`
    points : as in `ideal_distance`, in the codes of the study's countries

    Returns
    -------
    The rows between countries with ideal_distance and ideal_distance_error; a note tells the rank
    correlation of both (Spearman), where four pairs or more have both.

    Raises
    ------
    StatisticsError : as `ideal_distance`
    """
    rows = found.table.filter(pl.col("between") == "countries")
    rows = ideal_distance(points, rows.with_columns(pl.col("date").dt.year().alias("year")))
    both = rows.drop_nulls("ideal_distance")
    notes = [*found.notes, f"{rows.height - both.height} of {rows.height} rows have no distance"]
    if both.height >= 4 and both["alignment"].n_unique() > 1:
        ranks = [both[name].rank().to_numpy() for name in ("alignment", "ideal_distance")]
        said = float(np.corrcoef(ranks[0], ranks[1])[0, 1])
        notes.append(f"rank correlation of alignment and distance: {said:.2f} over {both.height}")
    return Measure(found.name, rows.drop("year"), found.identity, found.residual, tuple(notes))
