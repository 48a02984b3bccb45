"""Levels of the Harmonized System: chapters are sums of headings, those sums of subheadings.

Files of customs records often hold a sum beside its parts. Adding up all rows then counts the same
trade several times over.
"""

from __future__ import annotations

import polars as pl

TOTAL = "total"
LEVELS = (10, 8, 6, 4, 2, 0)
"""Digits of codes, finest first; 0 stands for the total of all goods."""

ADDS_UP = 0.005
"""Share of a sum by which its parts may differ from it: rounding, and parts kept secret."""


def digits_of(hs: str = "hs") -> pl.Expr:
    """How many digits the code of a column has; 0 for the total."""
    column = pl.col(hs)
    return pl.when(column == TOTAL).then(0).otherwise(column.str.len_chars()).cast(pl.Int64)


def mark_sums(rows: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    """Mark the rows whose parts stand beside them and add up to them.

    Parameters
    ----------
    rows : with `group`, `hs` and `value`
    group : columns that tell one country's trade of one kind from another's

    Returns
    -------
    The rows in their order with a column `is_sum`. A row whose parts do not add up to it within
    `ADDS_UP` is no sum: only some of its parts are there.
    """
    rows = rows.with_row_index("_row").with_columns(_digits=digits_of())
    sums: list[pl.DataFrame] = []
    finer = rows.clear().select(*group, "hs", "value")
    for level in LEVELS:
        cut = pl.lit(TOTAL) if level == 0 else pl.col("hs").str.slice(0, level)
        parts = finer.group_by(*group, cut.alias("hs")).agg(parts=pl.col("value").sum())
        here = rows.filter(pl.col("_digits") == level).select(*group, "hs", "value", "_row")
        both = here.join(parts, on=[*group, "hs"], how="left")
        gap = (pl.col("value") - pl.col("parts")).abs()
        sums.append(both.filter(gap <= ADDS_UP * pl.col("value")).select("_row"))
        whole = here.group_by(*group, "hs").agg(pl.col("value").sum())
        rest = parts.join(whole, on=[*group, "hs"], how="anti").rename({"parts": "value"})
        finer = pl.concat([whole, rest.select(whole.columns)])
    return rows.with_columns(is_sum=pl.col("_row").is_in(pl.concat(sums)["_row"].implode())).drop(
        "_row", "_digits"
    )
