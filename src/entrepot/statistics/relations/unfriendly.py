"""Who is unfriendly to a country: those whose alignment with it lies below a threshold."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.relations.alignment import alignment


def unfriendly(
    relations: pl.DataFrame,
    blocs: pl.DataFrame | None,
    date: dt.date | str,
    country: str,
    threshold: float,
    among: Iterable[str] | None = None,
) -> list[str]:
    """Countries whose alignment with a country is below a threshold, sorted.

    Parameters
    ----------
    relations, blocs, date : as in `entrepot.statistics.alignment`
    country : whose view it is
    threshold : from -1 to 1; below 0 it takes only those with whom hostile ties outweigh
    among : who is asked about, such as all suppliers; all that have a tie with it, where None.
        Those without a tie stand at 0, so above 0 they are unfriendly too

    Raises
    ------
    StatisticsError : a threshold that is not from -1 to 1; no relation names the country;
        and as `alignment`
    """
    if not (math.isfinite(threshold) and -1 <= threshold <= 1):
        raise StatisticsError(f"a threshold of alignment is from -1 to 1, not {threshold}")
    table = alignment(relations, blocs, date).table.filter(
        (pl.col("between") == "countries") & ((pl.col("a") == country) | (pl.col("b") == country))
    )
    if table.is_empty():
        raise StatisticsError(
            f"no relation of {country} is in force on {date}; add rows to relations.csv, "
            "or name whom to avoid"
        )
    stands: dict[str, float] = {}
    for a, b, value in table.select("a", "b", "alignment").iter_rows():
        stands[b if a == country else a] = value
    asked = stands if among is None else among
    return sorted({name for name in asked if name != country and stands.get(name, 0.0) < threshold})
