"""`entrepot import`: the world's formats to studies."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from entrepot.cli.console import say, working
from entrepot.errors import OutputError
from entrepot.sources.tntp import read_tntp
from entrepot.study import study_from_tables, write_study

app = App(
    name="import",
    help_epilogue="Examples:\n\n"
    "  entrepot import tntp SiouxFalls_net.tntp SiouxFalls_trips.tntp sioux-falls",
)


@app.default
def import_() -> None:
    """Turn files of another format into a study."""
    from entrepot.cli import app as whole

    whole.help_print(["import"])


@app.command
def tntp(
    network: Path,
    trips: Path,
    folder: Path,
    /,
    *,
    distance_factor: float = 0.0,
    toll_factor: float = 0.0,
) -> None:
    """Turn a network of the collection of transportation test networks into a study.

    Nodes become places, links legs, trips between zones consignments. Free flow times stand in
    `days`, in the unit of the file.

    Parameters
    ----------
    network
        The file of links (NAME_net.tntp), plain or gzipped.
    trips
        The file of trips (NAME_trips.tntp), plain or gzipped.
    folder
        Where the study goes; it must not exist yet.
    distance_factor
        What a unit of length costs, in units of time.
    toll_factor
        What a unit of toll counts, in units of time.
    """
    if folder.exists():
        raise OutputError(f"{folder} exists already; name a folder that does not")
    with working(f"reading {network}") as show:
        found = read_tntp(network, trips, distance_factor=distance_factor, toll_factor=toll_factor)
        show(f"writing {folder}")
        study = study_from_tables(folder.name, found.tables, title=found.title)
        write_study(study, folder)
    say(
        f"wrote {folder}: {found.links} legs, {len(study.table('consignments'))} consignments of "
        f"{found.trips:g} vehicles; {found.intrazonal:g} trips within zones are left out"
    )
