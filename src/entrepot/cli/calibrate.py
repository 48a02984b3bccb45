"""`entrepot calibrate`: how routes are chosen, as the observed figures have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from cyclopts import App

from entrepot.cli.console import output, say, working
from entrepot.cli.show.calibration import (
    show_correlation,
    show_figures,
    show_parameters,
)
from entrepot.cli.show.routes import show_notes
from entrepot.results.calibrate import calibrate as calibrated
from entrepot.results.write import check_output
from entrepot.results.write_calibration import write_calibration
from entrepot.study import find_study, read_study

app = App(
    name="calibrate",
    help_epilogue="What is fitted stands under [routing.fit] in study.toml, or is named with "
    "--fit. With --out nothing that exists is touched unless --overwrite is given.\n\n"
    "Examples:\n\n"
    "  entrepot calibrate caspian\n"
    "  entrepot calibrate my-study --fit scale --fit gateway.north --out calibrated",
)


@app.default
def calibrate(
    study: str,
    /,
    *,
    fit: list[str] | None = None,
    scale: float | None = None,
    scenario: list[str] | None = None,
    out: Path | None = None,
    format: Literal["csv", "parquet", "xlsx"] = "csv",
    overwrite: bool = False,
) -> None:
    """Fit how routes are chosen to observed flows, with standard errors.

    Parameters
    ----------
    study
        A folder, a workbook or a shipped study; without consignments its trade is routed.
    fit
        A parameter to find; given several times. Of the kinds scale, value-of-time, mode, transfer
        and gateway.
    scale
        Money per unit by which a route must be dearer for its share to fall by the factor e, where
        the scale is not fitted.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    out
        Write the parameters and the tables into this folder.
    format
        Of the tables.
    overwrite
        Replace the folder if it exists.
    """
    if out is not None:
        check_output(out, overwrite)
    asked: dict[str, Any] | None = {name: {} for name in fit} if fit else None
    with working(f"reading {study}") as stage:
        base = read_study(find_study(study)).scenario(*(scenario or []))
        found = calibrated(base, asked, scale=scale, progress=stage)
    if out is not None:
        with working(f"writing {out}"):
            write_calibration(found, out, format=format, overwrite=overwrite)
    console = output()
    show_parameters(console, found)
    show_correlation(console, found)
    show_figures(console, found)
    show_notes(console, found)
    if out is not None:
        say(f"\nThe parameters and the tables are in {out}.")
