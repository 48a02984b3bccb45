"""Balance: exports less imports, with every partner.

    B_ij = X_ij - X_ji,    relative: (X_ij - X_ji) / (X_ij + X_ji), between -1 and 1

Every flow counts once (`entrepot.statistics.flows`), so the balance of one is the deficit of the
other and the balances of all countries add up to nothing.
"""

from __future__ import annotations

import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.flows import known_country, one_period, totals
from entrepot.statistics.shared import Trade


def balance(trade: Trade, reporter: str | None = None, period: str | None = None) -> Measure:
    """The balance of every country with every partner in a period.

    Parameters
    ----------
    reporter : show only this country's

    Returns
    -------
    Table (reporter, partner, exports, imports, balance, relative), in money, largest first

    Raises
    ------
    StatisticsError : no such period or country
    CertificateError : the balances of all do not add up to nothing
    """
    rows = totals(trade)
    known_country(rows, reporter)
    rows = one_period(rows, period)
    both = ["reporter", "partner"]
    sold = rows.select(
        pl.col("exporter").alias("reporter"), pl.col("importer").alias("partner"),
        pl.col("value").alias("exports"),
    )  # fmt: skip
    bought = rows.select(
        pl.col("importer").alias("reporter"), pl.col("exporter").alias("partner"),
        pl.col("value").alias("imports"),
    )  # fmt: skip
    table = sold.join(bought, on=both, how="full", coalesce=True).with_columns(
        pl.col("exports", "imports").fill_null(0.0)
    )
    x, m = pl.col("exports"), pl.col("imports")
    table = table.with_columns(
        balance=x - m, relative=pl.when(x + m > 0).then((x - m) / (x + m))
    ).sort("reporter", "balance", "partner", descending=[False, True, False])
    identity = "the balances of all countries add up to 0"
    shown = table if reporter is None else table.filter(pl.col("reporter") == reporter)
    scale = float(rows["value"].sum())
    return certified("balance", shown, identity, (float(table["balance"].sum()), 0.0), scale=scale)
