"""Routes written down: the same folder as a clearing's, complete or not there."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from entrepot.results.write import (
    ROUTE_REPORT,
    ROUTE_TABLES,
    Format,
    check_output,
    finite,
    new_folder,
    write_tables,
)
from entrepot.routing.answers import Routing

ENGINES = ("entrepot", "numba", "numpy", "polars", "scipy")


def write_routes(
    routing: Routing, out: str | Path, format: Format = "csv", overwrite: bool = False
) -> None:
    """Write routes into a folder: ``route.json`` and the tables ``flows`` and ``routes``.

    Beside them stands ``transfer_flows`` where the study has transfers.

    Formats, protection of what exists and equality of bytes are those of `write_results`.

    Raises
    ------
    OutputError : `out` exists and `overwrite` is not given, or it cannot be written
    """
    check_output(out, overwrite)
    frames = (routing.flows, routing.routes, routing.transfers)
    tables = dict(zip(ROUTE_TABLES, frames, strict=True))
    if not routing.study.table("transfers").height:
        del tables[ROUTE_TABLES[-1]]
    with new_folder(out, overwrite) as folder:
        report = json.dumps(_report(routing), indent=2, ensure_ascii=False, allow_nan=False)
        (folder / ROUTE_REPORT).write_text(report + "\n", encoding="utf-8")
        write_tables(routing.study, tables, folder, format)


def _report(routing: Routing) -> dict[str, Any]:
    """What stands in ``route.json``."""
    study = routing.study
    return {
        "choice": routing.choice,
        "objective": finite(routing.objective),
        "gap": finite(routing.gap),
        "conservation": routing.conservation,
        "iterations": routing.iterations,
        "seconds": round(routing.seconds, 3),
        "currency": study.settings.currency,
        "study": study.name,
        "title": study.settings.title,
        "scenario": list(study.applied),
        "settings": routing.settings,
        "notes": list(routing.notes),
        "versions": {name: version(name) for name in ENGINES},
    }
