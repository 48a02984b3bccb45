"""`entrepot trade`: measures of what is traded, observed or modelled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import polars as pl
from cyclopts import App

from entrepot.cli.cleared import cleared
from entrepot.cli.console import output, say, working
from entrepot.cli.show.measure import show_measure
from entrepot.errors import OutputError, QuestionError
from entrepot.statistics import MEASURES, Measure
from entrepot.statistics import measure as measured
from entrepot.study import find_study, read_study

app = App(
    name="trade",
    help_epilogue="Measures, and what each needs to be told:\n\n"
    + "\n".join(
        f"  {each.name:<21}{each.title}"
        + (f" ({', '.join(f'--{word}' for word in each.needs)})" if each.needs else "")
        for each in MEASURES
    )
    + "\n\nExamples:\n\n"
    "  entrepot trade caspian --measure turnover --reporter AZ --partner BY\n"
    "  entrepot trade caspian --modelled --measure balance --reporter BY\n"
    "  entrepot trade world.parquet --measure advantage --reporter BY --out advantage.csv",
)


@app.default
def trade(
    study: str,
    /,
    *,
    measure: str,
    reporter: str | None = None,
    partner: str | None = None,
    period: str | None = None,
    base: str | None = None,
    of: Literal["turnover", "exports", "imports"] | None = None,
    over: Literal["products", "partners"] | None = None,
    digits: int | None = None,
    least: float | None = None,
    modelled: bool = False,
    scenario: list[str] | None = None,
    most: int = 20,
    out: Path | None = None,
    json: bool = False,
) -> None:
    """Measure what is traded: turnover, growth, advantage, concentration, complexity and more.

    No figure is shown whose identity does not hold.

    Parameters
    ----------
    study
        A folder, a workbook, the name of a shipped study, or a file .csv or .parquet in the columns
        of table `trade`.
    measure
        Which; they are listed below.
    reporter
        The country whose trade it is.
    partner
        The country on the other side; all together without it.
    period
        Which; needed where there are several.
    base
        The period that it is compared with.
    of
        What is measured.
    over
        What the shares of a concentration are of.
    digits
        Of products, 2, 4 or 6; the finest that all trade is known by, without it.
    least
        Leave out countries that export less, in money.
    modelled
        Take what the study's clearing trades, instead of its table `trade`.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    most
        Rows to show.
    out
        Write the whole table, as .csv or .parquet; it must not exist yet.
    json
        Print the whole table, its certificate and notes as JSON.
    """
    if out is not None:
        _check_file(out)
    rows, title, currency = _rows(study, scenario or [], modelled)
    words = {
        "reporter": reporter, "partner": partner, "period": period, "base": base, "of": of,
        "over": over, "digits": digits, "least": least,
    }  # fmt: skip
    with working(f"computing {measure}"):
        found = measured(measure, rows, **words)
    if out is not None:
        _write(found, out)
    if json:
        say(_as_json(found, currency))
        return
    heading = next(each.title for each in MEASURES if each.name == measure)
    show_measure(output(), f"{title}: {heading}", found, currency, most)
    if out is not None:
        say(f"wrote {out}: {found.table.height:,} rows")


def _rows(study: str, scenarios: list[str], modelled: bool) -> tuple[pl.DataFrame, str, str]:
    """Rows of trade, what they are of, and their currency where it is known."""
    path = Path(study)
    if path.suffix in (".csv", ".parquet"):
        from entrepot.sources.trade_file import read_trade_file

        if modelled or scenarios:
            raise QuestionError(f"{study} is a table of trade; only a study can be modelled")
        with working(f"reading {study}"):
            return read_trade_file(path), path.stem, ""
    if modelled:
        from entrepot.results.trade import trade as traded

        clearing = cleared(study, scenarios)
        settings = clearing.study.settings
        return traded(clearing), f"{settings.title}, modelled", settings.currency
    with working(f"reading {study}"):
        found = read_study(find_study(study)).scenario(*scenarios)
    rows = found.table("trade")
    if not rows.height:
        raise QuestionError(
            f"{found.name} has no table trade; add one, or ask for --modelled trade"
        )
    return rows, found.settings.title, found.settings.currency


def _check_file(out: Path) -> None:
    if out.suffix not in (".csv", ".parquet"):
        raise OutputError(f"{out} is neither .csv nor .parquet; name such a file")
    if out.exists():
        raise OutputError(f"{out} exists already; name a file that does not")


def _write(found: Measure, out: Path) -> None:
    try:
        if out.suffix == ".csv":
            found.table.write_csv(out)
        else:
            found.table.write_parquet(out)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error


def _as_json(found: Measure, currency: str) -> str:
    whole = {
        "measure": found.name,
        "currency": currency or None,
        "certificate": {"identity": found.identity, "residual": found.residual},
        "notes": list(found.notes),
        "table": found.table.to_dicts(),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False)
