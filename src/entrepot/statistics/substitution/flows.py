"""What substitution is computed from: flows of one period with their unit values."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from entrepot.statistics.flows import ESTIMATE, in_periods, known_country, products

TONNES = {"t": 1.0, "kg": 1e-3, "kt": 1e3}


@dataclass(frozen=True)
class Flow:
    """What one country sells another of one product.

    Attributes
    ----------
    value : money
    unit_value : money per unit; None where no amount is known
    unit : of the amount; "t" for all weights
    basis : reported, mirror or estimate
    """

    value: float
    unit_value: float | None
    unit: str | None
    basis: str


@dataclass(frozen=True, eq=False)
class Flows:
    """Flows of one period by (exporter, importer, product), from and to some countries.

    Attributes
    ----------
    flows : of every cell that trades
    sold : what one of the countries sells of a product in all, by (exporter, product)
    bought : suppliers and values of a product, by (importer, product), whole for the countries
    notes : what is left out
    """

    flows: dict[tuple[str, str, str], Flow]
    sold: dict[tuple[str, str], Flow]
    bought: dict[tuple[str, str], dict[str, float]]
    notes: tuple[str, ...]

    def goods_of(self, importer: str, suppliers: set[str]) -> list[str]:
        """Products that a country buys from some suppliers, sorted."""
        return sorted(
            good
            for (country, good), by in self.bought.items()
            if country == importer and not suppliers.isdisjoint(by)
        )


def flows_of(
    trade: pl.DataFrame, countries: list[str], period: str | None, digits: int | None
) -> Flows:
    """Flows of a period in all products; quantities in tonnes where they are weights.

    Raises
    ------
    StatisticsError : no such period or country, only totals
    """
    trade = in_periods(trade, period)
    sides = {"reporter", "partner"} <= set(trade.columns)
    ours = pl.col("reporter").is_in(countries) | pl.col("partner").is_in(countries)
    there = trade.filter(ours) if sides else trade
    found = products(there if there.height else trade, digits)
    known_country(found.rows, *countries)
    rows = found.rows.filter((pl.col("value") > 0) & (pl.col("exporter") != pl.col("importer")))
    cells = {
        (i, j, k): _flow(value, quantity, unit, basis)
        for i, j, k, value, quantity, unit, basis in rows.select(
            "exporter", "importer", "hs", "value", "quantity", "unit", "basis"
        ).iter_rows()
    }
    bought: dict[tuple[str, str], dict[str, float]] = {}
    for (i, j, k), flow in cells.items():
        bought.setdefault((j, k), {})[i] = flow.value
    alike = (pl.col("quantity").null_count() == 0) & (pl.col("unit").n_unique() == 1)
    mine = rows.filter(pl.col("exporter").is_in(countries))
    summed = mine.group_by("exporter", "hs").agg(
        pl.col("value").sum(),
        pl.when(alike).then(pl.col("quantity").sum()).alias("quantity"),
        pl.col("unit").first(),
        (pl.col("basis") == ESTIMATE).any().alias("drawn"),
    )
    sold = {
        (i, k): _flow(value, quantity, unit, ESTIMATE if drawn else "reported")
        for i, k, value, quantity, unit, drawn in summed.iter_rows()
    }
    return Flows(cells, sold, bought, found.notes)


def _flow(value: float, quantity: float | None, unit: str | None, basis: str) -> Flow:
    if not quantity or unit is None:
        return Flow(value, None, None, basis)
    weight = TONNES.get(unit)
    if weight is None:
        return Flow(value, value / quantity, unit, basis)
    return Flow(value, value / quantity / weight, "t", basis)
