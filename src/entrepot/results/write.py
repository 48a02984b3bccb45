"""Results written down: a folder that is complete, or is not there."""

from __future__ import annotations

import json
import math
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.errors import OutputError
from entrepot.results.geojson import SPATIAL, geojson
from entrepot.results.journeys import consignments
from entrepot.results.trade import trade
from entrepot.results.workbook import write_workbook
from entrepot.study import Study

Format = Literal["csv", "parquet", "xlsx", "geojson"]

REPORT = "clearing.json"
ROUTE_REPORT = "route.json"
PARAMETERS = "parameters.toml"
WORKBOOK = "results.xlsx"
TABLES = (
    "flows",
    "sales",
    "purchases",
    "runs",
    "stocks",
    "prices",
    "rents",
    "limits",
    "consignments",
    "trade",
)
ROUTE_TABLES = ("flows", "routes", "transfer_flows")
CALIBRATION_TABLES = ("parameters", "correlation", "figures")
# Behind an answer; their versions stand in the report.
ENGINES = ("entrepot", "clarabel", "highspy", "numpy", "polars", "scipy")


def write_results(
    clearing: Clearing, out: str | Path, format: Format = "csv", overwrite: bool = False
) -> None:
    """Write an answer into a folder: ``clearing.json`` and the result tables.

    `csv` and `parquet` give a file for each table, `xlsx` one workbook ``results.xlsx`` with a
    sheet for each, `geojson` flows as lines and prices as points, the other tables as CSV beside
    them. The same study gives the same bytes, except for `seconds` in the report.

    Everything is written into a hidden folder beside `out`, which then takes its name. With
    `overwrite`, an earlier folder is replaced in the same way; files in it that are no results
    stay.

    Raises
    ------
    OutputError : `out` exists and `overwrite` is not given, or it cannot be written
    """
    check_output(out, overwrite)
    tables = result_tables(clearing)
    with new_folder(out, overwrite) as folder:
        report = json.dumps(account(clearing), indent=2, ensure_ascii=False, allow_nan=False)
        (folder / REPORT).write_text(report + "\n", encoding="utf-8")
        write_tables(clearing.study, tables, folder, format)


def result_tables(clearing: Clearing) -> dict[str, pl.DataFrame]:
    """All result tables by name, in the order of `TABLES`."""
    made = {"consignments": consignments, "trade": trade}
    return {
        name: made[name](clearing) if name in made else getattr(clearing, name) for name in TABLES
    }


def check_output(out: str | Path, overwrite: bool) -> None:
    """Refuse a folder that must not be written; good to know before a long clearing.

    Raises
    ------
    OutputError : it exists and `overwrite` is not given, or it is not a folder of its own
    """
    out = Path(out)
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"{out} is a file; name a folder for the results")
    if not overwrite:
        raise OutputError(f"{out} exists and is kept; name another folder, or ask to overwrite it")
    if Path.cwd().is_relative_to(out.resolve()):
        raise OutputError(f"{out} holds the folder that you are in; name a folder inside it")


@contextmanager
def new_folder(out: str | Path, overwrite: bool) -> Iterator[Path]:
    """A hidden folder to write into, that becomes `out` at the end of the block, or vanishes.

    Raises
    ------
    OutputError : whatever the operating system has against it
    """
    final = Path(out).resolve()
    mark = secrets.token_hex(4)
    folder = final.parent / f".{final.name}.{mark}.partial"
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
        yield folder
        _put_in_place(folder, final, overwrite, mark)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_in_place(folder: Path, final: Path, overwrite: bool, mark: str) -> None:
    """Give the new folder its name; an old one steps aside first and back if that fails."""
    if not (overwrite and final.exists()):
        folder.rename(final)
        return
    aside = final.parent / f".{final.name}.{mark}.old"
    for other in sorted(final.iterdir()):
        if not _is_result(other.name):
            _copy(other, folder / other.name)
    final.rename(aside)
    try:
        folder.rename(final)
    except OSError:
        aside.rename(final)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _is_result(name: str) -> bool:
    """Whether a file is one that an answer of a clearing, of routes or of a calibration is in."""
    stem, _, suffix = name.rpartition(".")
    return name in (REPORT, ROUTE_REPORT, PARAMETERS, WORKBOOK) or (
        stem in (*TABLES, *ROUTE_TABLES, *CALIBRATION_TABLES)
        and suffix in ("csv", "parquet", "geojson")
    )


def _copy(other: Path, to: Path) -> None:
    """Keep what is no result; a copy, so that the old folder is whole until the new one stands."""
    if other.is_dir() and not other.is_symlink():
        shutil.copytree(other, to, symlinks=True)
    else:
        shutil.copy2(other, to, follow_symlinks=False)


def write_tables(
    study: Study, tables: Mapping[str, pl.DataFrame], folder: Path, format: Format
) -> None:
    """Write result tables into a folder: a file for each, or one workbook for all."""
    if format == "xlsx":
        write_workbook(tables, folder / WORKBOOK)
        return
    for name, frame in tables.items():
        _write_table(study, name, frame, folder, format)


def _write_table(
    study: Study, name: str, frame: pl.DataFrame, folder: Path, format: Format
) -> None:
    """Write one result table into a folder; as GeoJSON where it can be drawn."""
    if format == "geojson" and name in SPATIAL:
        text = geojson(study, name, frame)
        (folder / f"{name}.geojson").write_text(text, encoding="utf-8")
        return
    suffix = "csv" if format == "geojson" else format
    write: Callable[[Path], object] = (
        frame.write_parquet if suffix == "parquet" else frame.write_csv
    )
    write(folder / f"{name}.{suffix}")


def account(clearing: Clearing) -> dict[str, Any]:
    """What stands in ``clearing.json``: how the answer was found, and how good it is."""
    study = clearing.study
    return {
        "status": clearing.status,
        "welfare": clearing.welfare,
        "duty_revenue": clearing.duty_revenue,
        "currency": study.settings.currency,
        "seconds": round(clearing.seconds, 3),
        "gap": finite(clearing.gap),
        "study": study.name,
        "title": study.settings.title,
        "scenario": list(study.applied),
        "settings": clearing.settings,
        "report": {name: finite(value) for name, value in clearing.report.items()},
        "versions": {name: version(name) for name in ENGINES},
    }


def finite(value: Any) -> Any:
    """JSON knows no infinity: null in its place."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
