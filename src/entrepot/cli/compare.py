"""`entrepot compare`: what scenarios change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from entrepot.cli.cleared import answer
from entrepot.cli.console import output, say, working
from entrepot.cli.show.difference import show_difference
from entrepot.results.compare import compare as compare_answers
from entrepot.results.write import check_output, new_folder
from entrepot.study import find_study, read_study

app = App(
    name="compare",
    help_epilogue="All differences are the second answer less the first. The terminal shows the "
    "largest; --out writes all of them.\n\n"
    "Examples:\n\n"
    "  entrepot compare caspian --scenario north-south\n"
    "  entrepot compare caspian --base-scenario suez-closed --scenario suez-closed "
    "--scenario btk\n"
    "  entrepot compare my-study --scenario wide-road --out difference",
)


@app.default
def compare(
    study: str,
    /,
    *,
    scenario: Annotated[list[str], Parameter(required=True)],
    base_scenario: list[str] | None = None,
    out: Path | None = None,
    overwrite: bool = False,
) -> None:
    """Clear a study with and without scenarios and show the differences.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    scenario
        The second answer: the study after this scenario; given several times, in that order.
    base_scenario
        The first answer: likewise; without it, the study as it stands.
    out
        Write the tables of differences into this folder.
    overwrite
        Replace the folder if it exists.
    """
    if out is not None:
        check_output(out, overwrite)
    with working(f"reading {study}") as stage:
        found = read_study(find_study(study))
        base = answer(found, base_scenario or [], stage)
        other = answer(found, scenario, stage)
        difference = compare_answers(base, other)
        if out is not None:
            with new_folder(out, overwrite) as folder:
                for name, table in difference.tables().items():
                    table.write_csv(folder / f"{name}.csv")
    show_difference(output(), base, other, difference)
    if out is not None:
        say(f"\nThe tables of differences are in {out}.")
