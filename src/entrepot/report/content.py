"""What a report holds, whatever it is printed as: sections of text, tables and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from entrepot.telling.catalogue import Catalogue
from entrepot.telling.columns import Heading, told_column

DIGITS = 9

MOST_ROWS = 400
"""Rows of one table; what is left out is counted below it and stands in the result tables."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that leads somewhere: words, and the `id` of what they lead to in the report."""

    text: str
    target: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Text:
    """A paragraph; `quiet` for what stands aside."""

    words: str
    quiet: bool = False


@dataclass(frozen=True)
class Head:
    """A heading within a section."""

    words: str


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Facts:
    """Names with their values."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Sources:
    """A numbered list of texts that may hold addresses; each can be led to by its `id`."""

    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Chart:
    """A drawing with its caption."""

    svg: str
    caption: str


@dataclass(frozen=True)
class Table:
    """A table as it is printed.

    Attributes
    ----------
    heads : what stands over each column
    figures : which columns hold figures
    rows : cells as text, or a `Cell` that leads somewhere, or None
    keys : by what each cell sorts: a number, or None for its text
    note : what stands below
    folded : whether it is closed until a reader opens it
    """

    caption: str
    heads: Sequence[str]
    figures: Sequence[bool]
    rows: Sequence[Sequence[str | Cell | None]]
    keys: Sequence[Sequence[float | None]]
    note: str = ""
    folded: bool = False


Block = Head | Text | Items | Facts | Sources | Chart | Table


@dataclass(frozen=True)
class Section:
    """A part of the report; `name` is its `id`."""

    name: str
    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)


@dataclass(frozen=True)
class Document:
    """A whole report, whatever it is printed as.

    Attributes
    ----------
    say : the sentences of its language
    """

    title: str
    subtitle: str
    sections: Sequence[Section]
    footer: str
    say: Catalogue


def _key(value: float) -> float:
    """A figure to sort by, without the last digits, which differ from sum to sum."""
    return float(f"{value:.{DIGITS}g}")


def table(
    caption: str,
    headings: Sequence[Heading],
    rows: Sequence[Sequence[object]],
    *,
    note: str = "",
    folded: bool = False,
) -> Table:
    """A table from values: figures of a column rounded alike, empty optional columns left out."""
    told = [
        i
        for i, heading in enumerate(headings)
        if not heading.optional or any(row[i] is not None for row in rows)
    ]
    columns: list[Sequence[str | Cell | None]] = []
    keys: list[Sequence[float | None]] = []
    heads = []
    for i in told:
        values = [row[i] for row in rows]
        head, cells = told_column(headings[i], values)
        heads.append(head)
        columns.append(
            [
                value if isinstance(value, Cell) else cell
                for value, cell in zip(values, cells, strict=True)
            ]
        )
        figures = headings[i].figures
        keys.append([_key(v) if figures and isinstance(v, int | float) else None for v in values])
    return Table(
        caption=caption,
        heads=heads,
        figures=[headings[i].figures for i in told],
        rows=list(zip(*columns, strict=True)),
        keys=list(zip(*keys, strict=True)),
        note=note,
        folded=folded,
    )
