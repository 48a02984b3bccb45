"""Grids of words and figures in the terminal: figures to the right, rounded alike, with units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from entrepot.telling.columns import Heading, told_column

BLANK = "-"


def print_grid(
    console: Console,
    title: str,
    headings: Sequence[Heading],
    rows: Sequence[Sequence[object]],
    *,
    note: str = "",
) -> None:
    """Print one grid; `rows` hold a value for each heading, None where there is none."""
    console.print()
    console.print(Text(title, style="bold"))
    told = [
        i
        for i, heading in enumerate(headings)
        if not heading.optional or any(row[i] is not None for row in rows)
    ]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    columns = []
    for i in told:
        text, cells = told_column(headings[i], [row[i] for row in rows])
        side: Literal["left", "right"] = "right" if headings[i].figures else "left"
        table.add_column(Text(text, justify=side), justify=side, overflow="fold")
        columns.append([Text(BLANK if cell is None else cell) for cell in cells])
    for row_cells in zip(*columns, strict=True):
        table.add_row(*row_cells)
    console.print(table)
    if note:
        console.print(Text(note, style="dim"))
