"""`entrepot route`: which routes carry the consignments of a study."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from entrepot.cli.cleared import with_parameters
from entrepot.cli.console import output, say, working
from entrepot.cli.show.routes import (
    show_flows,
    show_notes,
    show_routes,
    show_routing,
    show_transfers,
)
from entrepot.results.route import route as routed
from entrepot.results.write import check_output
from entrepot.results.write_routes import write_routes
from entrepot.study import find_study, read_study

app = App(
    name="route",
    help_epilogue="With --out nothing that exists is touched unless --overwrite is given, and the "
    "folder appears only when it is complete.\n\n"
    "Examples:\n\n"
    "  entrepot route my-study\n"
    "  entrepot route caspian --choice perturbed --scale 10 --out routes\n"
    "  entrepot route caspian --choice cheapest --by time --scenario north-south",
)


@app.default
def route(
    study: str,
    /,
    *,
    choice: Literal[
        "cheapest",
        "logit",
        "path-size",
        "perturbed",
        "equilibrium",
        "system-optimum",
        "stochastic-equilibrium",
    ] = "cheapest",
    by: Literal["generalised", "cost", "time"] = "generalised",
    scale: float | None = None,
    routes: int | None = None,
    gap: float = 1e-12,
    scenario: list[str] | None = None,
    parameters: Path | None = None,
    out: Path | None = None,
    format: Literal["csv", "parquet", "xlsx", "geojson"] = "csv",
    overwrite: bool = False,
) -> None:
    """Choose the routes of given consignments, or of what a clearing trades.

    Parameters
    ----------
    study
        A folder, a workbook or a shipped study; without consignments its trade is routed.
    choice
        How routes are chosen.
    by
        What cheapest makes least.
    scale
        Money per unit by which a route must be dearer for its share to fall by the factor e.
    routes
        How many routes of each consignment are listed.
    gap
        Relative gap at which an equilibrium is taken for found.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    parameters
        The parameters.toml of a calibration: its freight, values of time and scales are taken.
    out
        Write the result tables into this folder.
    format
        Of the result tables.
    overwrite
        Replace the folder if it exists.
    """
    if out is not None:
        check_output(out, overwrite)
    with working(f"reading {study}") as stage:
        scenarios = read_study(find_study(study)).scenario(*(scenario or []))
        changed = with_parameters(scenarios, parameters)
        answer = routed(changed, choice, by=by, scale=scale, routes=routes, gap=gap, progress=stage)
    if out is not None:
        with working(f"writing {out}"):
            write_routes(answer, out, format=format, overwrite=overwrite)
    console = output()
    show_routing(console, answer)
    show_routes(console, answer)
    show_flows(console, answer)
    show_transfers(console, answer)
    show_notes(console, answer)
    if out is not None:
        say(f"\nThe result tables are in {out}.")
