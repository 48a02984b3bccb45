"""A report on paper: the sections of the page as a PDF, set by typst.

Text reaches typst as data, so nothing in a study is ever taken for markup. Latin, Greek and
Cyrillic letters come from a font that typst carries; only others are looked for on the machine.
The same report gives the same bytes.
"""

from __future__ import annotations

import dataclasses
import json
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from entrepot.drawing.svg import FONT, escaped
from entrepot.errors import OutputError
from entrepot.report.content import Block, Chart, Document, Sources, Table

TEMPLATE = Path(__file__).with_name("page.typ")
LETTERS = "Libertinus Serif"

NARROWEST, WIDEST = 5, 40
"""Letters that a column has room for."""

LONGEST, PIECE = 32, 16
"""Letters of a word above which it may be broken, and of its pieces at the most."""

MEASURED = 4
"""Of the longest words of a column so many are measured: no column is narrower than they are."""

BREAK = re.compile(r"\s+|\u200b|(?<=[-–])(?=[^\d\s])")
"""Where a line may end; dates have to stay whole."""

MOST_ROWS = 60
"""Rows of one table on paper; the page has more."""


def typesetter() -> ModuleType:
    """Typst; good to know before a long clearing whether it is there.

    Raises
    ------
    OutputError : it is not installed
    """
    try:
        import typst
    except ImportError as error:
        raise OutputError(
            "a PDF needs typst, which is not installed: pip install 'entrepot[pdf]'"
        ) from error
    return typst


def pdf(document: Document) -> bytes:
    """The report as a PDF.

    Raises
    ------
    OutputError : typst is not installed, or cannot set the report
    """
    typst = typesetter()
    told = {
        "kind": document.say("report.kind"),
        "language": document.say.language,
        "direction": document.say.direction,
        "title": document.title,
        "subtitle": document.subtitle,
        "footer": document.footer,
        "sections": [
            {
                "title": section.title,
                "blocks": [_block(document, block) for block in section.blocks],
            }
            for section in document.sections
        ],
    }
    try:
        made = typst.compile(TEMPLATE.read_bytes(), sys_inputs={"report": json.dumps(told)})
    except typst.TypstError as error:
        raise OutputError(f"typst cannot set the report: {error}") from error
    assert isinstance(made, bytes)
    return made


def _block(document: Document, block: Block) -> dict[str, Any]:
    """A block as plain values."""
    kind = type(block).__name__
    if isinstance(block, Chart):
        svg = block.svg.replace(escaped(FONT), LETTERS)
        return {"kind": kind, "svg": svg, "caption": block.caption}
    if isinstance(block, Sources):
        return {"kind": kind, "lines": [line for _, line in block.lines]}
    if isinstance(block, Table):
        return {"kind": kind, **_table(document, block)}
    return {"kind": kind, **dataclasses.asdict(block)}


def _table(document: Document, block: Table) -> dict[str, Any]:
    left = len(block.rows) - MOST_ROWS
    more = document.say("pdf.rows", count=f"{left:,}") if left > 0 else ""
    rows = [
        [None if cell is None else _breakable(str(cell)) for cell in row]
        for row in block.rows[:MOST_ROWS]
    ]
    columns = [[row[i] or "" for row in rows] for i in range(len(block.heads))]
    return {
        "widths": [_width(*each) for each in zip(block.heads, columns, strict=True)],
        "words": [_longest(cells) for cells in columns],
        "head_words": [_longest([head]) for head in block.heads],
        "caption": block.caption,
        "heads": list(block.heads),
        "figures": list(block.figures),
        "rows": rows,
        "note": " ".join(filter(None, (more, block.note))),
    }


def _breakable(text: str) -> str:
    """A text whose longest words may be broken, without a sign that they were."""
    return re.sub(
        rf"\S{{{LONGEST + 1},}}",
        lambda word: "\u200b".join(textwrap.wrap(word[0], PIECE)),
        text,
    )


def _longest(texts: Sequence[str]) -> list[str]:
    """The longest words that stay whole, the longest first."""
    words = {word for text in texts for word in BREAK.split(text) if word}
    return sorted(words, key=lambda word: (-len(word), word))[:MEASURED]


def _width(head: str, cells: Sequence[str]) -> float:
    """How wide a column wants to be, in letters: its words, as far as they are not long."""
    longest = max((len(cell) for cell in cells), default=1)
    word = max((len(word) for word in head.split()), default=1)
    return float(min(max(longest, word, len(head) / 3, NARROWEST), WIDEST))
