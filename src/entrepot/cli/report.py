"""`entrepot report`: an answer as one file that can be mailed and opened anywhere."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from entrepot.cli.cleared import answer
from entrepot.cli.console import say, working
from entrepot.drawing.own_basemap import read_own_basemap
from entrepot.report.html import page
from entrepot.report.pdf import pdf as on_paper
from entrepot.report.pdf import typesetter
from entrepot.report.report import check_file, contents, write_report
from entrepot.study import find_study, read_study

TOGETHER = "+"

app = App(
    name="report",
    help_epilogue="The file needs no network, no installation and no script. The same study gives "
    "the same bytes. Nothing that exists is touched unless --overwrite is given.\n\n"
    "Examples:\n\n"
    "  entrepot report my-study --out report.html\n"
    "  entrepot report caspian --scenario north-south --scenario baltic-scarce --out report.html\n"
    "  entrepot report caspian --scenario btk+suez-closed --out report.html --pdf",
)


@app.default
def report(
    study: str,
    /,
    *,
    scenario: list[str] | None = None,
    out: Path = Path("report.html"),
    basemap: Path | None = None,
    pdf: bool = False,
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
    basemap
        A file of GeoJSON or TopoJSON, in degrees, to draw under the flows in place of coasts and
        borders of Natural Earth.
    pdf
        Write a PDF beside it too, of the same name; needs `pip install 'entrepot[pdf]'`.
    overwrite
        Replace the file if it exists.
    """
    files = [out, out.with_suffix(".pdf")] if pdf else [out]
    for file in files:
        check_file(file, overwrite)
    if pdf:
        typesetter()
    own = None if basemap is None else read_own_basemap(basemap).basemap
    with working(f"reading {study}") as stage:
        found = read_study(find_study(study))
        chosen = [names.split(TOGETHER) for names in scenario or []]
        for names in chosen:
            found.scenario(*names)
        base = answer(found, (), stage)
        others = [answer(found, names, stage) for names in chosen]
        document = contents(base, others, stage, own)
        write_report(page(document), out, overwrite)
        if pdf:
            stage(f"writing {files[-1]}")
            write_report(on_paper(document), files[-1], overwrite)
    say(f"The report is in {' and '.join(map(str, files))}.")
