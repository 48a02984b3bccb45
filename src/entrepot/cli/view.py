"""`entrepot view`: the atlas of a study in the browser."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from cyclopts import App

from entrepot.cli.console import complain, say, working
from entrepot.drawing.own_basemap import read_own_basemap
from entrepot.errors import OutputError
from entrepot.study import find_study, read_study
from entrepot.web.app import LOCAL, create_app
from entrepot.web.keep import Keep, own_folder
from entrepot.web.page import HOW, is_built
from entrepot.web.serve import serve, take_place

TOGETHER = "+"

app = App(
    name="view",
    help_epilogue="The atlas listens on this machine only and fetches nothing from elsewhere. "
    "--host lets others look: they need the whole address that is printed, with its token; it "
    "travels unencrypted, so use a network that you trust. Ctrl-C ends it.\n\n"
    "Examples:\n\n"
    "  entrepot view my-study\n"
    "  entrepot view caspian --scenario north-south\n"
    "  entrepot view caspian --scenario btk+suez-closed --port 8080 --no-browser",
)


@app.default
def view(
    study: str,
    /,
    *,
    scenario: list[str] | None = None,
    port: int = 0,
    host: str = LOCAL,
    no_browser: bool = False,
    basemap: Path | None = None,
    keep: Path | None = None,
) -> None:
    """Open the atlas of a study in the browser.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    scenario
        Open with this scenario beside the study as it stands; several times for several
        answers, or names joined by + for scenarios together.
    port
        Listen on this port; without it, on a free one.
    host
        Listen on this address, so that others can look.
    no_browser
        Only print the address.
    basemap
        A file of GeoJSON or TopoJSON, in degrees, to draw under the flows in place of coasts and
        borders of Natural Earth.
    keep
        A folder for studies that are opened and changes that are made, which are there again
        after a restart; without it, one that is printed.
    """
    kept = _kept(keep)
    with working(f"reading {study}"):
        found = read_study(find_study(study))
        shown = [names.split(TOGETHER) for names in scenario or []]
        for names in shown:
            found.scenario(*names)
        own = None if basemap is None else read_own_basemap(basemap)
        place = take_place(host, port)
        ending = Event()
        atlas = create_app(
            found, shown, host=host, token=place.token, ending=ending, basemap=own, keep=kept
        )
    if not is_built():
        complain(f"{HOW}; the report is shown instead")

    def ready() -> None:
        say(f"The atlas of {found.name} is at {place.address} (Ctrl-C ends it)")
        if kept is not None:
            say(f"Studies that you open and changes that you make are kept in {kept.folder}")

    serve(atlas, place, not no_browser, ready, ending)


def _kept(named: Path | None) -> Keep | None:
    """A folder that was named must do; where there is no other, the atlas goes without."""
    try:
        return Keep(named or own_folder())
    except OutputError as error:
        if named is not None:
            raise
        complain(f"{error}; what you open and change is gone when the atlas ends (see --keep)")
        return None
