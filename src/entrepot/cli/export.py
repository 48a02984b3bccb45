"""`entrepot export`: studies in the world's formats."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from entrepot.cli.console import say, working
from entrepot.errors import OutputError
from entrepot.results.write import new_folder
from entrepot.sources.gmns_files import gmns_files, left_out
from entrepot.study import find_study, read_study

app = App(
    name="export",
    help_epilogue="Examples:\n\n  entrepot export gmns caspian caspian-gmns",
)


@app.default
def export() -> None:
    """Write a study in another format that other programs read."""
    from entrepot.cli import app as whole

    whole.help_print(["export"])


@app.command
def gmns(study: str, folder: Path, /, *, scenario: list[str] | None = None) -> None:
    """Write the network of a study as GMNS: nodes, links, movements, uses and demand.

    What GMNS has no column for stands in columns of our own, which `import gmns` reads.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    folder
        Where the files go; it must not exist yet.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    """
    if folder.exists():
        raise OutputError(f"{folder} exists already; name a folder that does not")
    with working(f"reading {study}"):
        found = read_study(find_study(study)).scenario(*(scenario or []))
    if found.table("legs")["period"].is_not_null().any():
        raise OutputError("legs with rows for single periods have no place in GMNS")
    files = gmns_files(found.tables, found.settings.title, found.settings.currency)
    with new_folder(folder, overwrite=False) as draft:
        for name, frame in files.items():
            frame.write_csv(draft / f"{name}.csv")
    say(f"wrote {folder}: {', '.join(f'{name}.csv' for name in files)}")
    others = left_out(found.tables)
    if others:
        say(f"GMNS has no place for {', '.join(others)}: left out")


@app.command
def omx(
    study: str, file: Path, /, *, good: str | None = None, scenario: list[str] | None = None
) -> None:
    """Write what it takes between all places as matrices in OMX: generalised cost, money, days, km.

    Routes are the cheapest; where none leads stands infinity. Consignments of the good are a matrix
    too, where the study has any.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    file
        Where the matrices go; it must not exist yet.
    good
        Whose costs; may be left out where the study has one.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    """
    from entrepot.results.matrices import matrices
    from entrepot.sources.omx import write_omx

    if file.exists():
        raise OutputError(f"{file} exists already; name a file that does not")
    with working(f"reading {study}") as show:
        found = read_study(find_study(study)).scenario(*(scenario or []))
        show("finding routes between all places")
        data = matrices(found, good)
        write_omx(file, data, "place", found.table("places")["place"].to_list())
    say(f"wrote {file}: {', '.join(data)}")
