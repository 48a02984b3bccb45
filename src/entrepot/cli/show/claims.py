"""Claims in the terminal: what the sources say, what the model says."""

from __future__ import annotations

import polars as pl
from rich.console import Console

from entrepot.clearing.answers import Clearing
from entrepot.cli.grid import print_grid
from entrepot.telling.columns import Heading
from entrepot.telling.figures import amount


def show_claims(console: Console, clearing: Clearing, found: pl.DataFrame) -> None:
    """Each claim with the model's figure, or why it cannot be tested."""
    rows = []
    for row in found.iter_rows(named=True):
        unit = row["unit"] or ""
        said = "" if row["value"] is None else amount(row["value"], unit)
        told = row["why"] if row["model"] is None else amount(row["model"], unit)
        rows.append((row["text"], said, told))
    title = f"{clearing.study.settings.title}: the sources and the model"
    print_grid(
        console, title, [Heading("claim"), Heading("source says"), Heading("model says")], rows
    )
