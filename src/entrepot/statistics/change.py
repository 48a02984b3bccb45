"""Two periods of one flow or turnover side by side, product by product."""

from __future__ import annotations

from typing import Literal

import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.flows import Products, known_country, one_period, products
from entrepot.statistics.shared import Trade

Of = Literal["turnover", "exports", "imports"]


def two_periods(
    trade: Trade,
    reporter: str,
    partner: str | None,
    base: str,
    period: str,
    of: Of = "turnover",
    digits: int | None = None,
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """What a country trades in each product, in two periods.

    Returns
    -------
    Frame (hs, flow, v0, v1, q0, q1, unit0, unit1), sorted, and what is left out. `flow` is seen
    from the reporter; values and quantities are 0 and null where nothing is traded.

    Raises
    ------
    StatisticsError : an unknown period or country, or no trade in one of the periods
    """
    found = products(trade, digits)
    if base == period:
        raise StatisticsError(f"{base} is compared with itself; name two periods")
    known_country(found.rows, reporter, partner)
    sides = {at: _of(found, at, reporter, partner, of) for at in (base, period)}
    for at, rows in sides.items():
        if not rows["value"].sum() > 0:
            raise StatisticsError(f"{reporter} has no {of} in {at} to compare")
    keys = ["hs", "flow"]
    both = sides[base].join(sides[period], on=keys, how="full", coalesce=True, suffix="1")
    names = {"value": "v0", "value1": "v1", "quantity": "q0", "quantity1": "q1",
             "unit": "unit0", "unit1": "unit1"}  # fmt: skip
    table = both.rename(names).with_columns(pl.col("v0", "v1").fill_null(0.0))
    return table.select(*keys, "v0", "v1", "q0", "q1", "unit0", "unit1").sort(keys), found.notes


def _of(found: Products, period: str, reporter: str, partner: str | None, of: Of) -> pl.DataFrame:
    rows = one_period(found.rows, period)
    parts = []
    for flow, mine, other in (
        ("export", "exporter", "importer"),
        ("import", "importer", "exporter"),
    ):
        if of == "turnover" or of == f"{flow}s":
            wanted = pl.col(mine) == reporter
            if partner is not None:
                wanted &= pl.col(other) == partner
            parts.append(rows.filter(wanted).with_columns(flow=pl.lit(flow)))
    alike = (pl.col("quantity").null_count() == 0) & (pl.col("unit").n_unique() == 1)
    return (
        pl.concat(parts)
        .group_by("hs", "flow")
        .agg(
            pl.col("value").sum(),
            pl.when(alike).then(pl.col("quantity").sum()).alias("quantity"),
            pl.when(alike).then(pl.col("unit").first()).alias("unit"),
        )
    )
