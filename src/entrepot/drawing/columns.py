"""Columns over time, each of several parts, with the sum above."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from entrepot.drawing.axes import line_at, ticks
from entrepot.drawing.palette import QUIET
from entrepot.drawing.sheet import WIDTH, block, hatched, sheet, swatch
from entrepot.drawing.svg import wide, words

HIGH, LEFT, RIGHT = 320.0, 84.0, 24.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its parts from the bottom up, and whether each is an estimate."""

    label: str
    amounts: tuple[float, ...]
    estimates: tuple[bool, ...]


def draw_columns(
    columns: Sequence[Column],
    parts: Sequence[tuple[str, str]],
    *,
    name: str,
    title: str,
    under: str,
    description: str,
    unit: str,
    tell: Callable[[float], str],
    stamped: Sequence[str],
) -> str:
    """The chart as SVG.

    Parameters
    ----------
    columns : in the order of time; amounts are of 0 or more
    parts : what each part of a column is, and its colour
    tell : a sum, above its column, where there is room
    unit : of the amounts, at the top of the axis
    """
    top, base = 24.0, 24.0 + HIGH
    high = max((sum(column.amounts) for column in columns), default=0.0)
    up = HIGH / max(high, 1e-12)
    room = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    thick = min(0.72 * room, 62.0)
    drawn = [hatched(name), words(14.0, top - 14, unit, size=10.5, fill=QUIET)]
    for tick, text in ticks(0.0, high):
        y = base - tick * up
        drawn.append(line_at(tick, [(LEFT, y), (WIDTH - RIGHT, y)]))
        drawn.append(words(LEFT - 8, y + 4, text, size=10.5, text_anchor="end"))
    widest = max((wide(column.label, 11) for column in columns), default=0.0)
    every = max(1, math.ceil((widest + 8) / room))
    sums = all(wide(tell(sum(column.amounts)), 11) < room for column in columns)
    for place, column in enumerate(columns):
        x, y = LEFT + room * (place + 0.5), base
        for amount, estimate, (_, colour) in zip(
            column.amounts, column.estimates, parts, strict=True
        ):
            y -= amount * up
            drawn.append(block(name, (x - thick / 2, y, thick, amount * up), colour, estimate))
        if sums:
            drawn.append(words(x, y - 6, tell(sum(column.amounts)), size=11, text_anchor="middle"))
        if place % every == 0:
            drawn.append(words(x, base + 17, column.label, size=11, text_anchor="middle"))
    signs = [(swatch(name, colour), text) for text, colour in parts]
    if any(any(column.estimates) for column in columns):
        signs.append((swatch(name, parts[0][1], estimate=True), "hatched: estimate"))
    return sheet(
        drawn, base + 22, name=name, title=title, under=under, description=description,
        stamped=stamped, legend=signs,
    )  # fmt: skip
