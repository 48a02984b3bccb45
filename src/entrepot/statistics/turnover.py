"""Turnover: exports and imports together, by period, over twelve months and in the year so far.

    turnover = exports + imports            balance = exports - imports

Both are as the reporter reports them; where it reports nothing of a flow in a period, its partner's
report of the same flow is taken and marked "mirror" (United Nations, International Merchandise
Trade Statistics: Concepts and Definitions 2010, chapter 9). Imports count freight and insurance,
exports do not, so a mirror is as a rule not what the reporter would have reported.
"""

from __future__ import annotations

import re

import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.flows import known_country, totals

MONTH = re.compile(r"^(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])$")


def turnover(trade: pl.DataFrame, reporter: str, partner: str | None = None) -> Measure:
    """What a country trades with another, or with all, in every period.

    Parameters
    ----------
    reporter, partner : countries; all partners together where None

    Returns
    -------
    Table (period, exports, imports, turnover, balance, share_of_exports, basis_exports,
    basis_imports, growth, trailing, year_to_date, year_to_date_before, growth_to_date), a row a
    period, in money. `growth` is against the period of the same months a year before. For months:
    `trailing` adds the twelve months up to this one, `year_to_date` those of the year so far,
    `year_to_date_before` the same months of the year before; null where one is missing.

    Raises
    ------
    StatisticsError : nothing is known of the two, or of the reporter
    CertificateError : what is shown does not add up to the rows
    """
    sold, bought = _sides(trade, reporter, partner)
    periods = sorted({*sold, *bought})
    if not periods:
        raise StatisticsError(f"no trade between {reporter} and {partner}")
    none: tuple[float, str | None] = (0.0, None)
    rows = []
    for period in periods:
        (x, x_basis), (m, m_basis) = sold.get(period, none), bought.get(period, none)
        rows.append(
            {
                "period": period,
                "exports": x,
                "imports": m,
                "turnover": x + m,
                "balance": x - m,
                "share_of_exports": x / (x + m) if x + m else None,
                "basis_exports": x_basis,
                "basis_imports": m_basis,
            }
        )
    table = _over_time(pl.DataFrame(rows, infer_schema_length=None))
    counted = sum(value for side in (sold, bought) for value, _ in side.values())
    notes = [
        f"{what} in {period} are not reported by anyone; they count as nothing"
        for what, side in (("exports", sold), ("imports", bought))
        for period in periods
        if period not in side
    ]
    identity = "the turnovers of all periods add up to the rows"
    return certified(
        "turnover", table, identity, (float(table["turnover"].sum()), counted), notes=notes
    )


Side = dict[str, tuple[float, str | None]]


def _sides(trade: pl.DataFrame, reporter: str, partner: str | None) -> tuple[Side, Side]:
    """Exports and imports by period, with who reported them: the reporter before its partners."""
    export = pl.col("flow") == "export"
    turned = trade.with_columns(
        pl.when(export).then(pl.lit("import")).otherwise(pl.lit("export")).alias("flow"),
        pl.col("reporter").alias("partner"),
        pl.col("partner").alias("reporter"),
    )
    # As exports of the exporter; seen from the importer, its own reports come first.
    by_exporter, by_importer = totals(trade), totals(turned)
    known_country(by_exporter, reporter, partner)
    found: list[Side] = []
    for rows, end, other in (
        (by_exporter, "exporter", "importer"),
        (by_importer, "importer", "exporter"),
    ):
        mine = rows.filter(pl.col(end) == reporter)
        if partner is not None:
            mine = mine.filter(pl.col(other) == partner)
        summed = mine.group_by("period").agg(
            pl.col("value").sum(),
            pl.when(pl.col("basis").n_unique() == 1)
            .then(pl.col("basis").first())
            .otherwise(pl.lit("both"))
            .alias("basis"),
        )
        found.append({period: (value, basis) for period, value, basis in summed.iter_rows()})
    return found[0], found[1]


def _over_time(table: pl.DataFrame) -> pl.DataFrame:
    """The table with what compares periods."""
    value = dict(table.select("period", "turnover").iter_rows())
    columns: dict[str, list[float | None]] = {
        name: []
        for name in (
            "growth", "trailing", "year_to_date", "year_to_date_before", "growth_to_date",
        )
    }  # fmt: skip
    for period in table["period"]:
        before = value.get(_year_before(period))
        columns["growth"].append(value[period] / before - 1.0 if before else None)
        month = MONTH.match(period)
        last, so_far, then = (None, None, None)
        if month is not None:
            year, number = int(month["year"]), int(month["month"])
            last = _sum(value, [_month(year, number - back) for back in range(12)])
            so_far = _sum(value, [_month(year, each) for each in range(1, number + 1)])
            then = _sum(value, [_month(year - 1, each) for each in range(1, number + 1)])
        columns["trailing"].append(last)
        columns["year_to_date"].append(so_far)
        columns["year_to_date_before"].append(then)
        grown = so_far / then - 1.0 if so_far is not None and then else None
        columns["growth_to_date"].append(grown)
    return table.with_columns(
        pl.Series(name, each, dtype=pl.Float64) for name, each in columns.items()
    )


def _sum(value: dict[str, float], periods: list[str]) -> float | None:
    """The sum over periods that are all there."""
    return sum(value[each] for each in periods) if all(each in value for each in periods) else None


def _month(year: int, month: int) -> str:
    """A month counted from January of a year; 0 is December of the year before."""
    years, rest = divmod(month - 1, 12)
    return f"{year + years}-{rest + 1:02d}"


def _year_before(period: str) -> str:
    """The same months a year before: 2023 and 2022, 2023-05 and 2022-05, 2020.01-09 and so on."""
    year = period[:4]
    return f"{int(year) - 1}{period[4:]}" if year.isdigit() else ""
