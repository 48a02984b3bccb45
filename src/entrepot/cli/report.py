"""`entrepot report`: an answer as one file that can be mailed and opened anywhere."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from entrepot.cli.cleared import answer
from entrepot.cli.console import say, working
from entrepot.report.report import check_file, write_report
from entrepot.report.report import report as report_on
from entrepot.study import find_study, read_study

TOGETHER = "+"

app = App(
    name="report",
    help_epilogue="The file needs no network, no installation and no script. The same study gives "
    "the same bytes. Nothing that exists is touched unless --overwrite is given.\n\n"
    "Examples:\n\n"
    "  entrepot report my-study --out report.html\n"
    "  entrepot report caspian --scenario north-south --scenario baltic-scarce --out report.html\n"
    "  entrepot report caspian --scenario btk+suez-closed --out report.html",
)


@app.default
def report(
    study: str,
    /,
    *,
    scenario: list[str] | None = None,
    out: Path = Path("report.html"),
    overwrite: bool = False,
) -> None:
    """Write a report: one file with the summary, maps, tables and sources of an answer.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    scenario
        Compare the study as it stands with this scenario; several times for several
        comparisons, or names joined by + for scenarios together.
    out
        The file to write.
    overwrite
        Replace the file if it exists.
    """
    check_file(out, overwrite)
    with working(f"reading {study}") as stage:
        found = read_study(find_study(study))
        chosen = [names.split(TOGETHER) for names in scenario or []]
        for names in chosen:
            found.scenario(*names)
        base = answer(found, (), stage)
        others = [answer(found, names, stage) for names in chosen]
        write_report(report_on(base, others, stage), out, overwrite)
    say(f"The report is in {out}.")
