"""`entrepot import`: the world's formats to studies."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cyclopts import App

from entrepot.cli.console import say, working
from entrepot.cli.import_trade import TRADE
from entrepot.errors import OutputError, QuestionError
from entrepot.sources.gmns import GmnsOptions, read_gmns
from entrepot.sources.sea_lanes import Sailing, sea_lanes
from entrepot.sources.tntp import read_tntp
from entrepot.study import find_study, read_study, study_from_tables, write_study
from entrepot.tables.nearest import did_you_mean

if TYPE_CHECKING:
    from polars import DataFrame

app = App(
    name="import",
    help_epilogue="Examples:\n\n"
    "  entrepot import tntp SiouxFalls_net.tntp SiouxFalls_trips.tntp sioux-falls\n"
    "  entrepot import gmns arlington-network arlington --length-unit ft --speed-unit mph\n"
    "  entrepot import sea my-study my-study-by-sea --cost-per-km 0.004 --loading 8\n"
    "  entrepot import comtrade belarus-2023.json azerbaijan-2023.csv trade.csv\n"
    "  entrepot import baci BACI_HS17_Y2022_V202401.csv world.parquet --digits 2\n"
    "  entrepot import mirrors both-sides.csv once.csv --margin 0.06",
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
    distance_factor: float | None = None,
    toll_factor: float | None = None,
) -> None:
    """Turn a network of the collection of transportation test networks into a study.

    Nodes become places, links legs, trips between zones consignments. Free flow times stand in
    `days`, in the unit of the file.

    Parameters
    ----------
    network
        The file of links (NAME_net.tntp): plain, gzipped or alone in a zip.
    trips
        The file of trips (NAME_trips.tntp), packed as the other may be.
    folder
        Where the study goes; it must not exist yet.
    distance_factor
        What a unit of length costs, in units of time: without it what the file says, or 0.
    toll_factor
        What a unit of toll counts, in units of time: the same.
    """
    if folder.exists():
        raise OutputError(f"{folder} exists already; name a folder that does not")
    with working(f"reading {network}") as show:
        found = read_tntp(network, trips, distance_factor=distance_factor, toll_factor=toll_factor)
        show(f"writing {folder}")
        study = study_from_tables(folder.name, found.tables, title=found.title)
        write_study(study, folder)
    loops = f", and {found.loops} links from a node to itself" if found.loops else ""
    say(
        f"wrote {folder}: {found.links} legs, {len(study.table('consignments'))} consignments of "
        f"{found.trips:g} vehicles; {found.intrazonal:g} trips within zones are left out{loops}"
    )
    counted = [f"{factor:g} a unit of {name}" for name, factor in found.factors.items() if factor]
    if counted:
        say(f"cost counts {', '.join(counted)}")
    if found.said is not None:
        read = found.trips + found.intrazonal
        say(f"{trips.name} says {found.said:g} trips in all, and {read:g} stand in it")


@app.command
def gmns(
    network: Path,
    folder: Path,
    /,
    *,
    use: str | None = None,
    hours: float = 1.0,
    cost_per_km: float = 0.0,
    value_of_time: float = 1.0,
    length_unit: str | None = None,
    speed_unit: str | None = None,
) -> None:
    """Turn a GMNS network into a study.

    Nodes become places, links legs, movements transfers, demand.csv consignments. At a node with
    movements only these are possible.

    Parameters
    ----------
    network
        The folder with node.csv and link.csv.
    folder
        Where the study goes; it must not exist yet.
    use
        Leave out links that do not allow this use.
    hours
        In a period; capacities of links are by the hour and lane.
    cost_per_km
        Money per unit and km, on top of tolls.
    value_of_time
        Money per vehicle and day.
    length_unit
        Of links, where config.csv does not say.
    speed_unit
        The same for free speeds.
    """
    if folder.exists():
        raise OutputError(f"{folder} exists already; name a folder that does not")
    options = GmnsOptions(use, hours, cost_per_km, value_of_time, length_unit, speed_unit)
    with working(f"reading {network}") as show:
        found = read_gmns(network, options)
        show(f"writing {folder}")
        money = {"currency": found["currency"]} if found["currency"] else {}
        study = study_from_tables(folder.name, found["tables"], title=found["title"], **money)
        write_study(study, folder)
    counts = ", ".join(
        f"{study.table(name).height} {name}"
        for name in ("places", "legs", "transfers", "consignments")
    )
    say(f"wrote {folder}: {counts}")


@app.command
def sea(
    study: str,
    folder: Path,
    /,
    *,
    cost_per_km: float,
    loading: float = 0.0,
    knots: float = 14.0,
    days_in_port: float = 0.0,
    within_km: float = 100.0,
    closed: list[str] | None = None,
) -> None:
    """Join the ports of a study by sea: a two-way leg between every two.

    Lengths are those of the sea network of the package searoute, which takes the waterway between
    the Azov and the Caspian Sea for sea. Places of kind port are joined.

    Parameters
    ----------
    study
        A folder, a workbook or a shipped study.
    folder
        Where the study with the sea legs goes; it must not exist yet.
    cost_per_km
        Money per unit and km.
    loading
        Money per unit, for both ends together.
    knots
        Speed.
    days_in_port
        Days, for both ends together.
    within_km
        The farthest that a port may lie from the sea network.
    closed
        A passage that may not be used, such as suez; given several times.
    """
    if folder.exists():
        raise OutputError(f"{folder} exists already; name a folder that does not")
    if not (0 <= cost_per_km < inf and 0 <= loading < inf and 0 <= days_in_port < inf):
        raise QuestionError("--cost-per-km, --loading and --days-in-port are numbers of 0 or more")
    if not (0 < knots < inf and 0 < within_km < inf):
        raise QuestionError("--knots and --within-km must be above 0")
    with working(f"reading {study}") as show:
        found = read_study(find_study(study))
        places = found.table("places")
        ports = places.filter(places["kind"] == "port")
        if ports.height < 2:
            raise QuestionError(
                f"{found.name} has {ports.height} places of kind port, none to join"
            )
        show("looking for sea lanes")
        sailing = Sailing(cost_per_km, loading, knots, days_in_port)
        lanes = sea_lanes(ports, sailing, within_km=within_km, closed=closed or [])
        show(f"writing {folder}")
        write_study(found.change("legs", add=lanes.to_dicts()), folder)
    say(f"wrote {folder}: {lanes.height} sea legs between {ports.height} ports")


@app.command
def lines(
    study: str,
    file: Path,
    folder: Path,
    /,
    *,
    mode: Literal["rail", "road", "river"],
    cost_per_km: float,
    km_a_day: float,
    kind: list[str] | None = None,
    within_km: float = 25.0,
    join_km: float = 0.0,
) -> None:
    """Join the places of a study along railways, roads or rivers: a two-way leg between neighbours.

    Neighbours are places with no other place on the shortest way between them.

    Parameters
    ----------
    study
        A folder, a workbook or a shipped study.
    file
        GeoJSON with the lines, such as OpenStreetMap's or Natural Earth's; they have licences of
        their own.
    folder
        Where the study with the legs goes; it must not exist yet.
    mode
        Of the legs.
    cost_per_km
        Money per unit and km.
    km_a_day
        Speed, with all waiting.
    kind
        Join only places of this kind, such as city; given several times, all places without it.
    within_km
        The farthest that a place may lie from a point of the lines.
    join_km
        Ends of lines that lie nearer than that to another line are joined to it.
    """
    from entrepot.sources.lines import Carriage, legs_along

    if folder.exists():
        raise OutputError(f"{folder} exists already; name a folder that does not")
    if not (0 <= cost_per_km < inf and 0 < km_a_day < inf):
        raise QuestionError("--cost-per-km must not be negative, --km-a-day must be above 0")
    if not (0 < within_km < inf and 0 <= join_km < inf):
        raise QuestionError("--within-km must be above 0, --join-km must not be negative")
    with working(f"reading {study}") as show:
        found = read_study(find_study(study))
        places = found.table("places")
        chosen = places.filter(places["kind"].is_in(kind)) if kind else places
        if chosen.height < 2:
            raise QuestionError(f"{found.name} has {chosen.height} such places, none to join")
        show(f"following {file}")
        carriage = Carriage(mode, cost_per_km, km_a_day)
        legs = legs_along(file, chosen, carriage, within_km=within_km, join_km=join_km)
        show(f"writing {folder}")
        write_study(found.change("legs", add=legs.to_dicts()), folder)
    say(f"wrote {folder}: {legs.height} {mode} legs between {chosen.height} places")


@app.command
def omx(
    matrix: Path,
    study: str,
    folder: Path,
    /,
    *,
    good: str,
    name: str | None = None,
    lookup: str | None = None,
) -> None:
    """Take consignments of a good from a matrix in OMX; those the study has of it are replaced.

    Parameters
    ----------
    matrix
        The file of matrices.
    study
        A folder, a workbook or a shipped study whose places are the zones.
    folder
        Where the study with the consignments goes; it must not exist yet.
    good
        What the matrix counts.
    name
        Of the matrix, where the file holds several.
    lookup
        That names the zones, where the file holds several.
    """
    import polars as pl

    from entrepot.sources.omx import consignments_from, read_omx, within_zones

    if folder.exists():
        raise OutputError(f"{folder} exists already; name a folder that does not")
    with working(f"reading {matrix}") as show:
        found = read_study(find_study(study))
        goods, places = (found.table(f"{each}s")[each].to_list() for each in ("good", "place"))
        if good not in goods:
            cure = did_you_mean(good, goods, f"one of {', '.join(goods)}")
            raise QuestionError(f"{found.name} has no good {good!r}; {cure}")
        before = found.table("consignments")
        others = before.filter(before["good"] != good)
        taken = set(others["consignment"])
        matrices = read_omx(matrix)
        rows = consignments_from(matrices, places, good, name, lookup, taken)
        show(f"writing {folder}")
        written = {**found.tables, "consignments": pl.concat([others, rows], how="diagonal")}
        tables = study_from_tables(found.name, written).tables
        write_study(replace(found, tables=tables), folder)
    home = within_zones(matrices, name)
    left = f"; {home:g} within zones are left out" if home else ""
    say(f"wrote {folder}: {rows.height} consignments, {rows['quantity'].sum():g} in all{left}")


@app.command
def unlocode(lists: list[Path], /, *, code: list[str], out: Path) -> None:
    """Take places by their UN/LOCODE from the lists of UNECE, as a table to begin a study with.

    Parameters
    ----------
    lists
        The CSV lists, as UNECE publishes them.
    code
        Of a place, such as RULED; given several times.
    out
        The table, such as my-study/places.csv; it must not exist yet.
    """
    from entrepot.sources.unlocode import places_from

    if out.exists():
        raise OutputError(f"{out} exists already; name a file that does not")
    found = places_from(lists, code)
    _write_table(found, out)
    say(f"wrote {out}: {found.height} places")


@app.command
def blocs(names: list[str] | None = None, /, *, out: Path) -> None:
    """Take the members of economic blocs, with dates and sources, as table `blocs`.

    Parameters
    ----------
    names
        Such as eaeu or eu; all that are known, without it.
    out
        The table, such as my-study/blocs.csv; it must not exist yet.
    """
    from entrepot.sources.blocs import members

    if out.exists():
        raise OutputError(f"{out} exists already; name a file that does not")
    found = members(names or ())
    _write_table(found, out)
    say(f"wrote {out}: {found.height} rows of {', '.join(found['bloc'].unique().sort())}")


def _write_table(rows: DataFrame, out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        rows.write_csv(out)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error


for each in TRADE:
    app.command(each)
