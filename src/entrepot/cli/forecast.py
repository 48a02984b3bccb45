"""`entrepot forecast`: answers with intervals, from ranges drawn many times."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from entrepot.cli.cleared import with_parameters
from entrepot.cli.console import output, say, working
from entrepot.cli.show.forecast import show_forecast
from entrepot.cli.show.forecast_chart import write_charts
from entrepot.errors import OutputError
from entrepot.forecasting.engines import engine_for
from entrepot.forecasting.folder import ready
from entrepot.forecasting.forecast import DRAWS, forecast
from entrepot.forecasting.write import whole, write_forecast
from entrepot.study import find_study, read_study
from entrepot.study.ranges import COMMON

app = App(
    name="forecast",
    help_epilogue="With --out draws are kept as they are made, in a folder draws beside the "
    "tables; --resume goes on with them, to more draws too.\n\n"
    "Examples:\n\n"
    "  entrepot forecast caspian --scenario north-south --scenario btk --good potash\n"
    "  entrepot forecast caspian --scenario baltic-scarce+btk --draws 1000 --out forecast\n"
    "  entrepot forecast my-study --draws 5000 --on dask://scheduler:8786 --out forecast --resume",
)


@app.default
def forecast_study(
    study: str,
    /,
    *,
    scenario: list[str] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    good: list[str] | None = None,
    common: float = COMMON,
    parameters: Path | None = None,
    on: str | None = None,
    workers: Annotated[int | None, Parameter(show_default=False)] = None,
    out: Path | None = None,
    resume: bool = False,
    overwrite: bool = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Draw every figure within its range, clear, and tell medians with intervals.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    scenario
        Forecast a scenario beside the study as it stands; given several times, each for itself.
        ONE+OTHER applies one, then the other.
    draws
        How many.
    seed
        Of all chance: the same seed gives the same draws on any number of workers.
    good
        Tell of this good; given several times. Else of the goods with the largest trade in money.
    common
        How much of the variance of a figure the rows have in common that cite its source, 0 to 1.
    parameters
        The parameters.toml of a calibration: its freight and values of time are taken.
    on
        Make the draws on the cluster at dask://HOST:PORT.
    workers
        Make the draws in so many processes; one for each core unless given.
    out
        Keep the draws and write the tables in this folder.
    resume
        Go on with the draws in the folder.
    overwrite
        Replace the forecast in the folder.
    as_json
        Print every figure as JSON instead.
    """
    if out is not None:
        ready(out, resume=resume, overwrite=overwrite)
    elif resume:
        raise OutputError("there is nothing to go on with; name the folder of the draws with --out")
    engine = engine_for(on, workers)
    with working(f"reading {study}") as stage:
        found = forecast(
            with_parameters(read_study(find_study(study)), parameters),
            scenario or [],
            draws=draws,
            seed=seed,
            goods=good or [],
            common=common,
            engine=engine,
            keep=out,
            overwrite=overwrite,
            progress=stage,
        )
    if out is not None:
        write_forecast(found, out)
        charts = write_charts(found, out)
    if as_json:
        print(whole(found))
        return
    show_forecast(output(), found)
    if out is None:
        say(
            "\nThis is what matters most; --out writes all figures and a chart, --json prints them."
        )
    else:
        drawn = f", corridors as {' and '.join(charts)}" if charts else ""
        say(f"\nEvery figure is in the tables in {out}, with the draws{drawn}.")
