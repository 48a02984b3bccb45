"""Trade drawn by hypothesis, and small tables by hand."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import strategies as st

COUNTRIES = ("AZ", "BY", "KZ", "TR")
GOODS = ("0402", "0406", "2709", "3102", "3104")


def rows(*cells: tuple[Any, ...]) -> pl.DataFrame:
    """Trade from (period, reporter, partner, flow, hs, value, quantity)."""
    return pl.DataFrame(
        [(*each, None)[:7] for each in cells],
        schema={
            "period": pl.String, "reporter": pl.String, "partner": pl.String, "flow": pl.String,
            "hs": pl.String, "value": pl.Float64, "quantity": pl.Float64,
        },
        orient="row",
    ).with_columns(unit=pl.when(pl.col("quantity").is_not_null()).then(pl.lit("t")))  # fmt: skip


@st.composite
def trades(draw: st.DrawFn, periods: tuple[str, ...] = ("2022",)) -> pl.DataFrame:
    """Exports between four countries in five products; every country sells something, always."""
    amounts = st.floats(min_value=0.01, max_value=1e6, allow_nan=False)
    cells: list[tuple[Any, ...]] = []
    for period in periods:
        for i, exporter in enumerate(COUNTRIES):
            others = [name for name in COUNTRIES if name != exporter]
            sure = (others[0], GOODS[i])
            for importer in others:
                for good in GOODS:
                    if (importer, good) == sure or draw(st.booleans()):
                        quantity = draw(st.none() | amounts)
                        value = draw(amounts)
                        cells.append((period, exporter, importer, "export", good, value, quantity))
    return rows(*cells)
