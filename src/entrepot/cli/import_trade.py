"""`entrepot import`: statistics of trade to table `trade`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from cyclopts import Parameter

from entrepot.cli.console import say, working
from entrepot.errors import OutputError, QuestionError
from entrepot.sources.trade_file import read_trade_file
from entrepot.study import study_from_tables, write_study


def comtrade(
    files: Annotated[list[Path], Parameter(required=True)],
    /,
    *,
    revision: str | None = None,
    audit: Path | None = None,
) -> None:
    """Turn records of UN Comtrade into table `trade`, and account for every row left out.

    Parameters
    ----------
    files
        JSON, CSV or bulk files, plain or gzipped; the last is where the table goes: a file .csv or
        .parquet, or a folder that becomes a study. It must not exist yet.
    revision
        Take only records in this edition of the Harmonized System, such as H6.
    audit
        Write the rows left out, by reason, as CSV.
    """
    from entrepot.sources.comtrade import read_comtrade

    *names, to = _files(files, audit)
    with working(f"reading {names[0]}") as show:
        found = read_comtrade(names, revision)
        show(f"writing {to}")
        _write_trade(found.trade.lazy(), to)
    _account(found.trade.height, found.audit, found.read, to, audit)


def baci(
    files: Annotated[list[Path], Parameter(required=True)],
    /,
    *,
    country: list[str] | None = None,
    digits: Literal[6, 4, 2, 0] = 6,
    audit: Path | None = None,
) -> None:
    """Turn files of BACI into table `trade`.

    Parameters
    ----------
    files
        BACI_HS…_Y…_V….csv; the last is where the table goes: a file .csv or .parquet, or a folder
        that becomes a study. It must not exist yet.
    country
        Take only what this country exports or imports; given several times, any of them.
    digits
        Add up to products of so many digits; 0 is the total of all goods.
    audit
        Write the rows left out, by reason, as CSV.
    """
    from entrepot.sources.baci import read_baci

    *names, to = _files(files, audit)
    with working(f"reading {names[0]}") as show:
        found = read_baci(names, countries=country or [], digits=digits)
        show(f"writing {to}")
        _write_trade(found.rows, to)
    height = found.rows.select(pl.len()).collect().item()
    _account(height, found.audit, found.read, to, audit)


def sdmx(
    file: Path,
    to: Path,
    /,
    *,
    name: list[str] | None = None,
    keep: list[str] | None = None,
    audit: Path | None = None,
) -> None:
    """Turn a message of SDMX into table `trade`.

    Parameters
    ----------
    file
        SDMX-ML, SDMX-JSON or SDMX-CSV.
    to
        Where the table goes: a file .csv or .parquet, or a folder that becomes a study. It must not
        exist yet.
    name
        What the message calls a dimension, such as partner=VIS_A_VIS; of reporter, partner, flow,
        hs and period. Names in common use are known.
    keep
        The one value to take of another dimension, such as INDICATORS=VALUE_IN_EUROS.
    audit
        Write the observations left out, by reason, as CSV.
    """
    from entrepot.sources.sdmx_trade import read_sdmx

    _free(to, audit)
    with working(f"reading {file}") as show:
        found = read_sdmx(file, _pairs("--name", name), _pairs("--keep", keep))
        show(f"writing {to}")
        _write_trade(found.trade.lazy(), to)
    _account(found.trade.height, found.audit, found.read, to, audit)


def mirrors(table: Path, to: Path, /, *, margin: float = 0.06) -> None:
    """Make one figure of what both sides report of the same flow.

    Imports are brought to free on board; where both sides report, the more reliable one counts
    more, and how reliable each country's reports are is told from the gaps to its partners'.

    Parameters
    ----------
    table
        A file in the columns of table `trade`, with the reports of both sides.
    to
        Where the table goes: a file .csv or .parquet, or a folder that becomes a study. It must not
        exist yet.
    margin
        Cost of insurance and freight as a share of the value free on board.
    """
    from entrepot.sources.mirrors import reconcile

    _free(to)
    with working(f"reading {table}") as show:
        found = reconcile(read_trade_file(table), margin)
        show(f"writing {to}")
        _write_trade(found.trade.lazy(), to)
    say(f"wrote {to}: {found.trade.height:,} flows, free on board")
    words = {"both": "reported by both sides", "exporter": "reported by the exporter alone",
             "importer": "reported by the importer alone"}  # fmt: skip
    for source, rows, value in found.counts.rows():
        say(f"  {rows:,}, worth {value:,.0f}: {words[source]}")
    if found.ratio == found.ratio:
        say(f"  reported imports are {found.ratio:.3f} of reported exports, in the median")


def revision(
    table: Path,
    to: Path,
    /,
    *,
    by: Path,
    before: Annotated[str | None, Parameter("--from")] = None,
    after: Annotated[str | None, Parameter("--to")] = None,
) -> None:
    """Turn the codes of a table of trade into those of another edition of the Harmonized System.

    Parameters
    ----------
    table
        A file in the columns of table `trade`.
    to
        Where the table goes: a file .csv or .parquet, or a folder that becomes a study. It must not
        exist yet.
    by
        The table of correspondences: CSV or Parquet with the columns from_code and to_code, perhaps
        share; from_rev and to_rev where it holds several editions.
    before
        The edition that the codes are of, where the correspondences hold several.
    after
        The edition that they become.
    """
    from entrepot.sources.revisions import convert, read_correspondences

    _free(to)
    with working(f"reading {by}") as show:
        correspondences = read_correspondences(by, before, after)
        show(f"reading {table}")
        found = convert(read_trade_file(table), correspondences)
        show(f"writing {to}")
        _write_trade(found.trade.lazy(), to)
    say(f"wrote {to}: {found.trade.height:,} rows; each country's trade is worth what it was")
    for what, rows, value in found.counts.rows():
        say(f"  {rows:,}, worth {value:,.0f}: {what}")


def fetch(
    folder: Path,
    /,
    *,
    reporter: list[str],
    partner: list[str] | None = None,
    period: list[str],
    digits: Literal[6, 4, 2, 0] = 6,
) -> None:
    """Ask UN Comtrade for records, with your own key in the environment variable COMTRADE_KEY.

    What the folder holds is not asked for again, so that a question that was broken off goes on
    where it stopped. `entrepot import comtrade` reads the files.

    Parameters
    ----------
    folder
        Where the answers go, a file for each reporter and period.
    reporter
        A country that reports, such as BY; given several times.
    partner
        A country on the other side; given several times, all countries without it.
    period
        A year (2023) or a month (2023-05); given several times.
    digits
        Of the products; 0 is the total of all goods.
    """
    from entrepot.sources.comtrade_fetch import Wanted, calls, official
    from entrepot.sources.comtrade_fetch import fetch as asked

    # What is wrong with the question is told before the key is looked for.
    wanted = calls(Wanted(reporter, partner or [], period, digits), folder, date.today())
    if not all(call.file.exists() for call in wanted):
        with working("asking UN Comtrade") as show:
            asked(wanted, official(), show)
    say(f"{len(wanted)} files are in {folder}")
    say(f"  entrepot import comtrade {folder}/*.json trade.csv")


def _pairs(option: str, given: list[str] | None) -> dict[str, str]:
    """Words as NAME=VALUE."""
    wrong = [each for each in given or [] if "=" not in each]
    if wrong:
        raise QuestionError(f"{option} {wrong[0]}: write NAME=VALUE")
    return dict(each.split("=", 1) for each in given or [])


def _free(*paths: Path | None) -> None:
    for path in paths:
        if path is not None and path.exists():
            raise OutputError(f"{path} exists already; name a file or folder that does not")


def _files(files: list[Path], audit: Path | None) -> list[Path]:
    if len(files) < 2:
        raise OutputError(f"where does the table of {files[0]} go? Name a file or folder after it")
    _free(files[-1], audit)
    return files


def _write_trade(rows: pl.LazyFrame, to: Path) -> None:
    """The table as a file, or as the one table of a study beside its countries."""
    try:
        if to.suffix == ".parquet":
            rows.sink_parquet(to)
        elif to.suffix == ".csv":
            rows.sink_csv(to)
        else:
            trade = rows.collect()
            regions = sorted({*trade["reporter"], *trade["partner"]})
            countries = [{"country": each} for each in regions]
            tables = {"countries": countries, "trade": trade}
            write_study(study_from_tables(to.name, tables), to)
    except OSError as error:
        raise OutputError(f"{to} cannot be written: {error.strerror or error}") from error


def _account(written: int, audit: pl.DataFrame, read: int, to: Path, saved: Path | None) -> None:
    """Say what became of every row."""
    left_out = int(audit["rows"].sum())
    say(f"wrote {to}: {written:,} rows of trade from {read:,} read; {left_out:,} left out")
    for row in audit.iter_rows(named=True):
        say(f"  {row['rows']:,}: {row['reason']}")
    if saved is not None:
        audit.write_csv(saved)


TRADE = (comtrade, baci, sdmx, mirrors, revision, fetch)
