"""A calibration written down: the same folder as other answers', complete or not there."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from entrepot.results.write import (
    CALIBRATION_TABLES,
    PARAMETERS,
    Format,
    check_output,
    new_folder,
    write_tables,
)
from entrepot.results.write_routes import ENGINES
from entrepot.routing.calibration.calibration import Calibration
from entrepot.routing.calibration.saved import parameters_file


def write_calibration(
    calibration: Calibration, out: str | Path, format: Format = "csv", overwrite: bool = False
) -> None:
    """Write ``parameters.toml`` and the tables ``parameters``, ``correlation`` and ``figures``.

    Formats and protection of what exists are those of `write_results`.

    Raises
    ------
    OutputError : `out` exists and `overwrite` is not given, or it cannot be written
    """
    check_output(out, overwrite)
    tables = {name: getattr(calibration, name) for name in CALIBRATION_TABLES}
    with new_folder(out, overwrite) as folder:
        text = parameters_file(calibration, {name: version(name) for name in ENGINES})
        (folder / PARAMETERS).write_text(text, encoding="utf-8")
        write_tables(calibration.study, tables, folder, format)
