"""Grids of words and figures in the terminal: figures to the right, rounded alike, with units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from entrepot.telling.figures import digits_for, figure, scale_for

BLANK = "-"


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of one column of a grid.

    Attributes
    ----------
    text : what stands there
    unit : of the numbers; where they are large it is told in thousands or millions
    figures : whether the column holds numbers
    digits : digits after the point; None chooses by the size of the largest number
    at_least : digits after the point that are chosen at least
    signed : whether a plus stands before what is above zero
    mixed : whether each number is rounded by its own size, because what they measure differs
    optional : whether the column is left out where no row has a value
    """

    text: str
    unit: str = ""
    figures: bool = False
    digits: int | None = None
    at_least: int = 0
    signed: bool = False
    mixed: bool = False
    optional: bool = False


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
        text, cells = _column(headings[i], [row[i] for row in rows])
        side: Literal["left", "right"] = "right" if headings[i].figures else "left"
        table.add_column(Text(text, justify=side), justify=side, overflow="fold")
        columns.append(cells)
    for row_cells in zip(*columns, strict=True):
        table.add_row(*row_cells)
    console.print(table)
    if note:
        console.print(Text(note, style="dim"))


def _column(heading: Heading, values: Sequence[object]) -> tuple[str, list[Text]]:
    """The head of a column, and its cells rounded alike."""
    if not heading.figures:
        return heading.text, [Text(BLANK if value is None else str(value)) for value in values]
    numbers = [float(value) if isinstance(value, int | float) else None for value in values]
    factor, word = scale_for(numbers, heading.unit) if heading.unit else (1.0, "")
    scaled = [None if number is None else number / factor for number in numbers]
    alike = max(digits_for(scaled), heading.at_least) if heading.digits is None else heading.digits
    cells = []
    for number in scaled:
        if number is None:
            cells.append(Text(BLANK))
            continue
        digits = digits_for([number]) if heading.mixed else alike
        cells.append(Text(figure(number, digits, signed=heading.signed)))
    return (
        f"{heading.text}{', ' if heading.unit and heading.text else ''}{word}{heading.unit}",
        cells,
    )
