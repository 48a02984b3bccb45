"""What a table of a study is: its columns, their kinds, units, defaults and meaning.

Declarations only: reading, checking, templates, the reference page and the Data Package descriptor
follow from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "text", "number", "integer", "date", "flag", "list"]

BASES = ("published", "derived", "estimate")
"""What a figure may rest on: printed by someone, worked out from printed figures, or judged."""

COMPANIONS = ("_low", "_high", "_basis")
"""Endings of the columns that may follow a number: its range and what it rests on."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : heading in the file
    kind : ``name`` (short, lower-case), ``text``, ``number``, ``integer``, ``date``, ``flag`` or
        ``list`` (``;``-separated)
    meaning : one sentence for the manual
    unit : in the words of the field; empty where there is none
    required : whether every row must fill it
    default : what a blank cell stands for; None where a blank stays blank
    refers_to : tables one of which must hold the value; beside tables, ``*`` (all) and ``hs`` (a
        prefix of a code) are known
    one_of : the only values allowed
    at_least, at_most : bounds that the value may touch
    above, below : bounds that the value may not touch
    pattern : regular expression that the whole text must match
    example : a value that fits, for templates and remedies
    follows : the row goes when the row it refers to is removed by a scenario
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    default: str | float | bool | None = None
    refers_to: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None
    pattern: str | None = None
    example: str = ""
    follows: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the column holds numbers, and so may be followed by a range and a basis."""
        return self.kind in ("number", "integer")

    @property
    def status(self) -> Literal["required", "optional"]:
        """Whether a row may leave it blank."""
        return "required" if self.required else "optional"


SOURCE = Column("source", "text", "Where the figures of the row come from.")
NOTE = Column("note", "text", "Anything a reader of the row should know.")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a study.

    Attributes
    ----------
    name : name of the file without its ending
    doc : what one row is
    own : the columns in order, without the `source` and `note` that every table carries
    key : columns that together name a row; no two rows share them
    spans : pairs of date columns (from, to); the first must come before the second
    """

    name: str
    doc: str
    own: tuple[Column, ...]
    key: tuple[str, ...] = ()
    spans: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns in order, `source` and `note` last."""
        return (*self.own, SOURCE, NOTE)

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def companions(self) -> dict[str, Column]:
        """Range and basis columns that may stand beside the numbers: heading -> the number."""
        return {
            column.name + ending: column
            for column in self.columns
            if column.numeric
            for ending in COMPANIONS
        }
