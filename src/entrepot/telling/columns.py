"""Columns of figures and words as every outlet tells them: rounded alike, with their unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.telling.figures import digits_for, figure, scale_for


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


def told_column(heading: Heading, values: Sequence[object]) -> tuple[str, list[str | None]]:
    """The head of a column with its unit, and its cells as text; None where there is no value."""
    if not heading.figures:
        return heading.text, [None if value is None else str(value) for value in values]
    numbers = [float(value) if isinstance(value, int | float) else None for value in values]
    factor, word = scale_for(numbers, heading.unit) if heading.unit else (1.0, "")
    scaled = [None if number is None else number / factor for number in numbers]
    alike = max(digits_for(scaled), heading.at_least) if heading.digits is None else heading.digits
    cells = [
        None
        if number is None
        else figure(number, digits_for([number]) if heading.mixed else alike, signed=heading.signed)
        for number in scaled
    ]
    comma = ", " if heading.unit and heading.text else ""
    return f"{heading.text}{comma}{word}{heading.unit}", cells
