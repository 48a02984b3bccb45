"""`entrepot clear`: the answer of a study, in the terminal and in files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from entrepot.cli.cleared import cleared
from entrepot.cli.console import output, say, working
from entrepot.cli.show.answer import show_full, show_headline, show_journeys, show_prices
from entrepot.results.journeys import consignments
from entrepot.results.write import check_output, write_results

app = App(
    name="clear",
    help_epilogue="With --out nothing that exists is touched unless --overwrite is given, and the "
    "folder appears only when it is complete.\n\n"
    "Examples:\n\n"
    "  entrepot clear my-study\n"
    "  entrepot clear caspian --scenario north-south --out answer\n"
    "  entrepot clear caspian --scenario btk --scenario suez-closed --out answer --format xlsx",
)


@app.default
def clear(
    study: str,
    /,
    *,
    scenario: list[str] | None = None,
    parameters: Path | None = None,
    out: Path | None = None,
    format: Literal["csv", "parquet", "xlsx", "geojson"] = "csv",
    overwrite: bool = False,
) -> None:
    """Clear a study: who ships what to whom by which route, at which prices.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    parameters
        The parameters.toml of a calibration: its freight and values of time are taken.
    out
        Write the result tables into this folder.
    format
        Of the result tables.
    overwrite
        Replace the folder if it exists.
    """
    if out is not None:
        check_output(out, overwrite)
    clearing = cleared(study, scenario or [], parameters)
    if out is not None:
        with working(f"writing {out}"):
            write_results(clearing, out, format=format, overwrite=overwrite)
    console = output()
    show_headline(console, clearing)
    show_journeys(console, clearing, consignments(clearing))
    show_prices(console, clearing)
    show_full(console, clearing)
    if out is not None:
        say(f"\nThe result tables are in {out}.")
