"""The folder of a forecast: its draws, and the tables and charts made from them."""

from __future__ import annotations

import shutil
from pathlib import Path

from entrepot.errors import OutputError
from entrepot.results.write import check_output

DRAWS = "draws"
REPORT = "forecast.json"
TABLES = {
    "forecast": "table",
    "switch_prices": "switch_prices",
    "scarcity": "scarcity",
    "matters": "matters",
}
"""Files, and where a `Forecast` has what stands in them."""


def ready(out: Path, *, resume: bool, overwrite: bool) -> None:
    """Refuse a folder that must not be written; good to know before a long forecast.

    Raises
    ------
    OutputError : it is there, and neither to be gone on with nor to be overwritten
    """
    if resume and overwrite:
        raise OutputError(f"{out} can be gone on with or overwritten, not both")
    if resume and out.is_dir():
        return
    if out.is_dir() and not overwrite:
        raise OutputError(
            f"{out} exists and is kept; name another folder, or ask to go on with its draws "
            "(resume) or to overwrite it"
        )
    check_output(out, overwrite)


def emptied(out: Path) -> None:
    """Take what an earlier forecast left out of a folder."""
    if not out.exists():
        return
    for name in (REPORT, *(f"{table}.csv" for table in TABLES)):
        (out / name).unlink(missing_ok=True)
    for chart in out.glob("corridors-*.svg"):
        chart.unlink()
    shutil.rmtree(out / DRAWS, ignore_errors=True)
