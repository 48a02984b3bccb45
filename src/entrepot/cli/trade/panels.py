"""Panels of trade for gravity and counterfactuals: a file of rows, or a study's totals."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepot.cli.console import working
from entrepot.cli.trade.asking import FILES, Source, Trade, read_trade
from entrepot.errors import StatisticsError
from entrepot.sources.panel_file import read_panel
from entrepot.statistics.flows import totals

FEWEST = 3
CENSUS = 0.5
"""Share of the pairs that a study must list."""


def panel_of(study: str, source: Source, covariates: Path | None) -> Trade:
    """Rows (exporter, importer, period, trade, …) of a file or a study.

    Parameters
    ----------
    covariates : file with columns exporter, importer, perhaps period, and more to be joined

    Raises
    ------
    QuestionError, StudyError, StatisticsError : it cannot be read, or has trade of too few pairs
    """
    path = Path(study)
    if path.suffix in FILES:
        with working(f"reading {study}"):
            rows = read_panel(path)
        if "exporter" in rows.columns or "reporter" not in rows.columns:
            return Trade(joined(rows, covariates), path.stem, "")
    trade = read_trade(study, source)
    rows = totals(trade.rows).select(
        "period", "exporter", "importer", pl.col("value").alias("trade")
    )
    _check_census(study, rows)
    return Trade(joined(rows, covariates), trade.title, trade.currency, trade.study)


def _check_census(study: str, rows: pl.DataFrame) -> None:
    """Refuse trade of a few chosen pairs: what is not listed would count as if it were not there.

    Raises
    ------
    StatisticsError : too few countries, or too few of the pairs between them
    """
    sellers, buyers = rows["exporter"].n_unique(), rows["importer"].n_unique()
    periods = rows["period"].n_unique()
    pairs = sellers * buyers * periods
    if min(sellers, buyers) >= FEWEST and rows.height >= CENSUS * pairs:
        return
    raise StatisticsError(
        f"{study} lists {rows.height:,} flows of {sellers} exporters to {buyers} importers in "
        f"{periods} periods, of {pairs:,} that there are; gravity and counterfactuals need nearly "
        f"all trade between {FEWEST} countries or more, with 0 where there is none. Bring a file "
        ".csv or .parquet with columns exporter, importer, period and trade; for counterfactuals "
        "with trade at home too"
    )


def joined(rows: pl.DataFrame, covariates: Path | None) -> pl.DataFrame:
    """The rows with the columns of another file beside them.

    Raises
    ------
    QuestionError : it cannot be read
    StatisticsError : it has no pairs, a pair twice, or not every pair of the rows
    """
    if covariates is None:
        return rows
    more = read_panel(covariates)
    keys = [name for name in ("exporter", "importer", "period") if name in more.columns]
    if keys[:2] != ["exporter", "importer"]:
        raise StatisticsError(f"{covariates} lacks columns exporter and importer")
    told = [name for name in keys if name not in rows.columns]
    if told:
        raise StatisticsError(f"{covariates} has {told[0]}, which the trade does not")
    alike = more.with_columns(pl.col(name).cast(rows.schema[name], strict=False) for name in keys)
    twice = alike.select(keys).is_duplicated()
    if twice.any():
        row = " ".join(map(str, alike.filter(twice).select(keys).row(0)))
        raise StatisticsError(f"{covariates} has {row} twice; keep one row")
    whole = rows.join(alike, on=keys, how="left", maintain_order="left")
    lost = rows.join(alike, on=keys, how="anti")
    if lost.height:
        row = " ".join(map(str, lost.select(keys).row(0)))
        raise StatisticsError(
            f"{covariates} has no row for {lost.height:,} of {rows.height:,} flows, such as {row}"
        )
    return whole
