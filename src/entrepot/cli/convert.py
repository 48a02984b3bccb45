"""`entrepot convert`: the same study in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from entrepot.cli.console import say, working
from entrepot.study import find_study, read_study, write_study

app = App(
    name="convert",
    help_epilogue="Examples:\n\n"
    "  entrepot convert caspian caspian.xlsx\n"
    "  entrepot convert caspian.xlsx my-caspian",
)


@app.default
def convert(
    study: str, out: Path, /, *, format: Literal["csv", "parquet", "xlsx"] | None = None
) -> None:
    """Write a study in another format.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    out
        The folder, or the workbook, to write; it must not exist yet.
    format
        CSV or Parquet files in a folder, or one workbook with a sheet for each table. Without it,
        a workbook where the name ends so, else CSV.
    """
    with working(f"writing {out}"):
        chosen = format or ("xlsx" if out.suffix.lower() == ".xlsx" else "csv")
        write_study(read_study(find_study(study)), out, format=chosen)
    say(f"wrote {out}")
