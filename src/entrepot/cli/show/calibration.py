"""A calibration in the terminal: parameters, and the figures they came from."""

from __future__ import annotations

import polars as pl
from rich.console import Console
from rich.text import Text

from entrepot.cli.grid import print_grid
from entrepot.routing.calibration.calibration import Calibration
from entrepot.telling.columns import Heading
from entrepot.telling.names import Names, titled

ROUNDING = 1e-9
"""A chi-square below it is a fit without a remainder."""


def show_parameters(console: Console, found: Calibration) -> None:
    """The study, how well the figures are met, and the parameters."""
    study = found.study
    console.print(Text(titled(study), style="bold"))
    console.print(
        f"logit over all routes; {len(found.found)} parameters from {found.facts} figures; "
        f"chi-square {found.chi_square if found.chi_square > ROUNDING else 0.0:.3g}"
    )
    headings = [
        Heading("parameter"),
        Heading("value", figures=True, mixed=True),
        Heading("standard error", figures=True, mixed=True),
        Heading("unit"),
        Heading("it is"),
    ]
    rows = [
        [row["parameter"], row["value"], row["standard_error"], _money(found, row["unit"]),
         row["state"]]
        for row in found.parameters.iter_rows(named=True)
    ]  # fmt: skip
    print_grid(console, "Parameters", headings, rows)


def _money(found: Calibration, unit: str) -> str:
    return unit.replace("money", found.study.settings.currency)


def show_correlation(console: Console, found: Calibration) -> None:
    """How the errors of the parameters hang together."""
    table = found.correlation
    if table.height < 2:
        return
    names = table["parameter"].to_list()
    headings = [
        Heading("parameter"), *(Heading(name, figures=True, digits=2) for name in names)
    ]  # fmt: skip
    rows = [
        list(row[: n + 2]) + [None] * (len(names) - n - 1) for n, row in enumerate(table.rows())
    ]
    print_grid(console, "Correlation of their errors", headings, rows)


def show_figures(console: Console, found: Calibration) -> None:
    """What was observed beside what the model says; held out figures apart."""
    names = Names(found.study)
    for use, title in (
        ("calibrate", "Figures that were fitted to"),
        ("validate", "Figures that were held out"),
        ("", "Other observed figures"),
    ):
        rows = found.figures.filter(pl.col("use") == use)
        if rows.is_empty():
            continue
        units = {names.unit(good) for good in rows["good"].unique()}
        unit = units.pop() if len(units) == 1 else ""
        headings = [
            Heading("what"),
            Heading("period", optional=True),
            Heading("observed", unit, figures=True),
            Heading("model", unit, figures=True),
            Heading("off, standard errors", figures=True, digits=1, signed=True),
        ]
        told = [
            [
                f"{row['kind']} {_target(names, row['kind'], row['target'])}",
                row.get("period"),
                row["observed"],
                row["model"],
                row["off"],
            ]
            for row in rows.iter_rows(named=True)
        ]
        print_grid(console, title, headings, told)


def _target(names: Names, kind: str, target: str) -> str:
    if kind == "corridor":
        return names.corridor(target)
    return names.leg(target) if kind == "leg" else names.anything(target)
