"""`entrepot studies`: what comes with the package."""

from __future__ import annotations

from cyclopts import App

from entrepot.cli.console import output
from entrepot.cli.grid import print_grid
from entrepot.study import read_study, shipped_studies
from entrepot.telling.columns import Heading

app = App(
    name="studies",
    help_epilogue="Examples:\n\n  entrepot studies\n  entrepot clear caspian",
)


@app.default
def studies() -> None:
    """List the studies that come with entrepot."""
    console = output()
    for name, path in shipped_studies().items():
        study = read_study(path)
        counts = ", ".join(
            f"{study.table(table).height} {table}" for table in ("places", "legs", "goods")
        )
        rows = [[scenario, study.scenarios[scenario].title] for scenario in study.scenarios]
        title = f"{name}: {study.settings.title}"
        print_grid(console, title, [Heading("scenario"), Heading("title")], rows, note=counts)
