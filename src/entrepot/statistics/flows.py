"""Trade as flows between two countries, each once, and products without counting any twice.

Takes rows in the columns of table ``trade``, observed or a clearing's alike. Three rules:

- A flow that both sides report is taken from the exporter; from the importer where the exporter
  reports nothing to that partner in that period. `basis` says which ("reported", "mirror").
- Of codes that hold each other the coarsest that is fine enough is taken, and what it holds is
  left out: of `total`, `31` and `3104` only `31` counts at two digits.
- A good without a code of the Harmonized System goes by its name.

What rests on a row whose `value_basis` is "estimate" has the basis "estimate", whoever reports it.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.known import instead_of, listed
from entrepot.statistics.shared import Shared, Trade

NEEDED = ("period", "reporter", "partner", "flow", "hs", "value")
TOTAL, ESTIMATE = "total", "estimate"
PAIR = ["period", "exporter", "importer"]
LEVELS = (0, 2, 4, 6, 8, 10)


@dataclass(frozen=True, eq=False)
class Products:
    """Flows by product, none in another.

    Attributes
    ----------
    rows : (period, exporter, importer, hs, value, quantity, unit, basis), sorted
    notes : what is left out
    """

    rows: pl.DataFrame
    notes: tuple[str, ...]


def flows(trade: pl.DataFrame) -> pl.DataFrame:
    """Each flow once, as the exporter reports it, else as the importer does.

    Returns
    -------
    Frame (period, exporter, importer, hs, value, quantity, unit, basis), sorted

    Raises
    ------
    StatisticsError : columns are missing, no rows, blanks, negative values
    """
    return _directed(trade).sort(*PAIR, "hs")


def _directed(trade: pl.DataFrame) -> pl.DataFrame:
    """The rows of `flows`, in no order."""
    rows = _checked(trade)
    export = pl.col("flow") == "export"
    mirrored = rows["flow"] == "import"
    if mirrored.any():
        exporter = pl.when(export).then("reporter").otherwise("partner")
        importer = pl.when(export).then("partner").otherwise("reporter")
        basis = pl.when(export).then(pl.lit("reported")).otherwise(pl.lit("mirror"))
    else:
        # Nothing is to be turned round; millions of rows are not copied.
        exporter, importer, basis = pl.col("reporter"), pl.col("partner"), pl.lit("reported")
    if "value_basis" in rows.columns:
        drawn = (pl.col("value_basis") == ESTIMATE).fill_null(False)
        basis = pl.when(drawn).then(pl.lit(ESTIMATE)).otherwise(basis)
    directed = rows.select(
        "period",
        exporter.alias("exporter"),
        importer.alias("importer"),
        "hs",
        "value",
        "quantity",
        "unit",
        basis.alias("basis"),
    )
    if not mirrored.any():
        return directed
    own = directed.filter(~mirrored)
    mirror = directed.filter(mirrored).join(own.select(PAIR).unique(), on=PAIR, how="anti")
    return pl.concat([own, mirror])


def totals(trade: Trade) -> pl.DataFrame:
    """What every country sold to every other in every period, all goods together.

    Returns
    -------
    Frame (period, exporter, importer, value, basis), sorted
    """
    if isinstance(trade, Shared):
        return trade.once("totals", totals)
    rows = _uncovered(_directed(trade), 0)
    return rows.group_by(*PAIR).agg(pl.col("value").sum(), _worst()).sort(*PAIR)


def products(trade: Trade, digits: int | None = None) -> Products:
    """Flows by product of so many digits.

    The quantity of a sum is given where all its parts have one in the same unit.

    Parameters
    ----------
    digits : 2, 4, 6 …; None takes the finest that all trade is known by

    Raises
    ------
    StatisticsError : flows that are known only in total, or only coarser than asked for, or codes
        of several editions of the Harmonized System, where a column `revision` tells
    """
    if isinstance(trade, Shared):
        return trade.once(("products", digits), lambda rows: products(rows, digits))
    found = parts(trade, digits)
    alike = (pl.col("quantity").null_count() == 0) & (pl.col("unit").n_unique() == 1)
    summed = found.rows.group_by(*PAIR, "hs").agg(
        pl.col("value").sum(),
        pl.when(alike).then(pl.col("quantity").sum()).alias("quantity"),
        pl.when(alike).then(pl.col("unit").first()).alias("unit"),
        _worst(),
    )
    return Products(summed.sort(*PAIR, "hs"), found.notes)


def parts(trade: pl.DataFrame, digits: int | None = None) -> Products:
    """As `products`, but neither added up nor sorted: several rows may be of one flow."""
    _one_edition(trade)
    rows = _directed(trade)
    codes = rows.select(pl.col("hs").unique())
    sizes = set(codes.select(pl.when(_coded()).then(pl.col("hs").str.len_chars()))["hs"])
    if len(sizes) == 1 and None not in sizes and digits in (None, *sizes):
        # Codes of one length hold no other, and most tables have only these.
        return Products(rows, ())
    kept, cut = _broken_down(rows, digits)
    return Products(kept.with_columns(cut), _unbroken(rows, kept))


def _broken_down(rows: pl.DataFrame, digits: int | None) -> tuple[pl.DataFrame, pl.Expr]:
    """Rows none of which is in another, and their codes cut to the digits asked for."""
    fine = rows.filter(pl.col("hs") != TOTAL)
    only = rows.join(fine.select(PAIR).unique(), on=PAIR, how="anti").select(PAIR).unique()
    if only.height:
        raise StatisticsError(
            f"{_told(only.sort(PAIR))} known only in total; this measure needs products: bring "
            "rows with codes of goods, or leave these rows out"
        )
    if digits is None:
        parts = _without_coarse(fine, LEVELS[-1]).filter(_coded())
        finest = parts["hs"].str.len_chars().min()
        digits = finest if isinstance(finest, int) else 2
    kept = _uncovered(fine, digits)
    coarse = kept.filter(_coded() & (pl.col("hs").str.len_chars() < digits))
    if coarse.height:
        first = coarse.sort(*PAIR, "hs")
        raise StatisticsError(
            f"{_told(first)} known only by {first['hs'][0]}, not by {digits} digits; ask for "
            "fewer digits"
        )
    cut = pl.when(_coded()).then(pl.col("hs").str.slice(0, digits)).otherwise("hs").alias("hs")
    return kept, cut


def one_period(rows: pl.DataFrame, period: str | None) -> pl.DataFrame:
    """The rows of one period.

    Raises
    ------
    StatisticsError : the period is not there, or none is named where there are several
    """
    there = sorted(rows["period"].unique())
    if period is None and len(there) > 1:
        raise StatisticsError(f"say which period is meant: {listed(there)}")
    chosen = there[0] if period is None else period
    if chosen not in there:
        raise StatisticsError(f"no trade in period {chosen!r}; there are {listed(there)}")
    return rows.filter(pl.col("period") == chosen)


def in_periods(trade: pl.DataFrame, *periods: str | None) -> pl.DataFrame:
    """The rows of trade of one or more periods, before anything is asked of them.

    What is known only in total in another period then does not matter.

    Raises
    ------
    StatisticsError : no such period, or none is named where there are several
    """
    if "period" not in trade.columns or not trade.height:
        return trade
    rows = trade.with_columns(pl.col("period").cast(pl.String))
    if rows["period"].null_count():
        return trade
    named = [period for period in periods if period is not None]
    if not named:
        return one_period(rows, None)
    for period in named:
        if not (rows["period"] == period).any():
            one_period(rows, period)
    return rows.filter(pl.col("period").is_in(named))


def known_country(rows: pl.DataFrame, *names: str | None) -> None:
    """Refuse countries that no row has.

    Raises
    ------
    StatisticsError : no flow from or to one of them
    """
    there = {*rows["exporter"].unique(), *rows["importer"].unique()}
    for name in names:
        if name is not None and name not in there:
            raise StatisticsError(f"no trade of {name!r}; {instead_of(name, there)}")


def _checked(trade: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in NEEDED if name not in trade.columns]
    if missing:
        raise StatisticsError(f"trade has no column {', '.join(missing)}; see table trade")
    if not trade.height:
        raise StatisticsError("there is no trade: the table is empty")
    code = pl.col("hs").cast(pl.String)
    if "good" in trade.columns:
        code = pl.coalesce(code, pl.col("good").cast(pl.String))
    absent = [name for name in ("quantity", "unit") if name not in trade.columns]
    rows = trade.with_columns(code.alias("hs"), *(pl.lit(None).alias(name) for name in absent))
    rows = rows.with_columns(
        pl.col("period", "reporter", "partner", "flow", "unit").cast(pl.String),
        pl.col("value", "quantity").cast(pl.Float64),
    )
    for name in NEEDED:
        blank = rows[name].null_count()
        if blank:
            raise StatisticsError(f"{blank} rows of trade have no {name}; fill them in")
    strange = rows.filter(~pl.col("flow").is_in(["import", "export"]))
    if strange.height:
        raise StatisticsError(f"flow {strange['flow'][0]!r} is neither import nor export")
    wrong = rows.filter(~pl.col("value").is_finite() | (pl.col("value") < 0))
    if wrong.height:
        row = wrong.row(0, named=True)
        raise StatisticsError(
            f"{wrong.height} values are below 0 or no numbers, the first {row['value']} of "
            f"{row['hs']} from {row['reporter']} in {row['period']}; mend them"
        )
    return rows


def _one_edition(trade: pl.DataFrame) -> None:
    """Refuse products whose codes mean other goods from row to row."""
    if "revision" not in trade.columns:
        return
    told = trade.filter((pl.col("hs") != TOTAL) & pl.col("revision").is_not_null())
    editions = told.group_by("revision").agg(pl.col("period").cast(pl.String).unique().sort())
    if editions.height > 1:
        each = [
            f"{edition} in {listed(periods)}"
            for edition, periods in editions.sort("revision").iter_rows()
        ]
        raise StatisticsError(
            "codes are of several editions of the Harmonized System (column revision): "
            f"{', '.join(each)}; ask for periods of one, or bring all to one with "
            "`entrepot import revision`"
        )


def _worst() -> pl.Expr:
    """The basis of a sum: an estimate where one of its parts is."""
    drawn = (pl.col("basis") == ESTIMATE).any()
    return pl.when(drawn).then(pl.lit(ESTIMATE)).otherwise(pl.col("basis").first()).alias("basis")


def _coded() -> pl.Expr:
    return pl.col("hs").str.contains(r"^[0-9]+$")


def _uncovered(rows: pl.DataFrame, digits: int) -> pl.DataFrame:
    """Rows that are in no other row with at least so many digits."""
    kept = rows
    if digits == 0:
        whole = rows.filter(pl.col("hs") == TOTAL).select(PAIR).unique()
        others = rows.join(whole, on=PAIR, how="anti")
        kept = pl.concat([rows.filter(pl.col("hs") == TOTAL), others])
    for level in LEVELS:
        if level < max(digits, 2):
            continue
        above = kept.filter(_coded() & (pl.col("hs").str.len_chars() == level))
        if not above.height:
            continue
        prefix = pl.col("hs").str.slice(0, level).alias("prefix")
        marks = above.select(*PAIR, prefix).unique().with_columns(held=pl.lit(True))
        joined = kept.with_columns(prefix).join(marks, on=[*PAIR, "prefix"], how="left")
        inside = pl.col("held").fill_null(False) & (pl.col("hs").str.len_chars() > level)
        kept = joined.filter(~(inside & _coded())).drop("prefix", "held")
    if digits:
        kept = _without_coarse(kept, digits)
    return kept


def _without_coarse(rows: pl.DataFrame, digits: int) -> pl.DataFrame:
    """Rows without those coarser than asked for whose parts are there."""
    for level in LEVELS:
        if not 2 <= level < digits:
            continue
        size = pl.col("hs").str.len_chars()
        prefix = pl.col("hs").str.slice(0, level).alias("prefix")
        finer = rows.filter(_coded() & (size > level)).select(*PAIR, prefix).unique()
        coarse = rows.filter(_coded() & (size == level)).with_columns(prefix)
        lone = coarse.join(finer, on=[*PAIR, "prefix"], how="anti").drop("prefix")
        rows = pl.concat([rows.filter(~(_coded() & (size == level))), lone])
    return rows


def _unbroken(rows: pl.DataFrame, kept: pl.DataFrame) -> tuple[str, ...]:
    """What stands in totals but in no product."""
    whole = rows.filter(pl.col("hs") == TOTAL)
    if not whole.height:
        return ()
    parts = kept.group_by(PAIR).agg(parts=pl.col("value").sum())
    both = whole.join(parts, on=PAIR).filter(pl.col("value") > pl.col("parts") * 1.005)
    if not both.height:
        return ()
    share = 1.0 - float(both["parts"].sum()) / float(both["value"].sum())
    return (f"{share:.1%} of the totals of {both.height} flows are in no product and left out",)


def _told(rows: pl.DataFrame) -> str:
    first = rows.row(0, named=True)
    more = rows.select(PAIR).n_unique() - 1
    others = f" and {more} more flows are" if more else " is"
    return f"{first['exporter']} to {first['importer']} in {first['period']}{others}"
