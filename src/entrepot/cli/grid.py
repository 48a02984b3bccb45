"""Grids of words and figures in the terminal: figures to the right, rounded alike, with units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from entrepot.telling.columns import Heading, told_column

BLANK = "-"
WORD, BETWEEN = 14, 3
"""Letters of a word that are not broken, and blanks between two columns."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as it will stand."""

    head: str
    told: Sequence[str | None]
    figures: bool

    @property
    def cells(self) -> list[str]:
        return [BLANK if cell is None else cell for cell in self.told]

    @property
    def least(self) -> int:
        """How wide it must be: figures whole, and words that are not too long."""
        return max((_unbroken(cell, self.figures) for cell in self.cells), default=0)


def print_grid(
    console: Console,
    title: str,
    headings: Sequence[Heading],
    rows: Sequence[Sequence[object]],
    *,
    note: str = "",
) -> None:
    """Print one grid; `rows` hold a value for each heading, None where there is none.

    No figure is broken over two lines: columns that find no room are left out, the last first, and
    named below.
    """
    console.print()
    console.print(Text(title, style="bold"))
    told = [
        i
        for i, heading in enumerate(headings)
        if not heading.optional or any(row[i] is not None for row in rows)
    ]
    columns = [
        _Column(*told_column(headings[i], [row[i] for row in rows]), headings[i].figures)
        for i in told
    ]
    table, left_out = _table(columns), columns[:0]
    if _breaks(console, table, columns):
        shown = _that_fit(columns, console.width)
        columns, left_out = columns[:shown], columns[shown:]
        table = _table(columns, _widths(columns, console.width))
    console.print(table)
    if left_out:
        names = ", ".join(column.head for column in left_out)
        console.print(Text(f"no room for {names}: widen the terminal", style="dim"))
    if note:
        console.print(Text(note, style="dim"))


def _table(columns: Sequence[_Column], widths: Sequence[int] | None = None) -> Table:
    """The grid, as wide as its columns ask for or are given."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    for i, column in enumerate(columns):
        side: Literal["left", "right"] = "right" if column.figures else "left"
        width = None if widths is None else widths[i]
        head = Text(column.head, justify=side)
        table.add_column(head, justify=side, overflow="fold", width=width)
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _breaks(console: Console, table: Table, columns: Sequence[_Column]) -> bool:
    """Whether a figure, or a word that is not too long, would stand on two lines."""
    with console.capture() as captured:
        console.print(table)
    printed = captured.get()
    return any(
        piece not in printed
        for column in columns
        for cell in column.cells
        for piece in ([cell] if column.figures else cell.split())
        if column.figures or cell_len(piece) <= WORD
    )


def _unbroken(cell: str, figure: bool) -> int:
    """How wide a cell must be."""
    if figure:
        return cell_len(cell)
    return max((min(cell_len(word), WORD) for word in cell.split()), default=0)


def _that_fit(columns: Sequence[_Column], width: int) -> int:
    """How many of the first columns find room, two at least."""
    count = len(columns)
    while count > 2 and sum(c.least for c in columns[:count]) + BETWEEN * (count - 1) > width:
        count -= 1
    return count


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """Widths that fill the page: what must be first, then words of heads, then all of the rest."""
    widths = [column.least for column in columns]
    room = width - sum(widths) - BETWEEN * (len(columns) - 1)
    words = [max(map(cell_len, column.head.split()), default=0) for column in columns]
    whole = [max(map(cell_len, (column.head, *column.cells))) for column in columns]
    for goal in (words, whole):
        while room > 0 and any(w < g for w, g in zip(widths, goal, strict=True)):
            for i, wanted in enumerate(goal):
                if widths[i] < wanted and room > 0:
                    widths[i], room = widths[i] + 1, room - 1
    return widths
