"""Figures with their intervals, one below the other: estimates as dots, changes as bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from entrepot.drawing.axes import along, line_at, ticks
from entrepot.drawing.palette import INK, LESS, MORE, QUIET
from entrepot.drawing.svg import chart, element, shortened, stamp, track, words

WIDTH = 960.0
NAMES = 190.0
RIGHT = 130.0
ROW = 24.0
GAP = 20.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its interval; None where it has none."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


def draw_intervals(
    groups: Sequence[Sequence[Figure]],
    *,
    name: str,
    title: str,
    description: str,
    bars: bool,
    tell: Callable[[float], str],
    unit: str,
    between: str = "",
    headings: Sequence[str] = (),
    stamped: Sequence[str],
) -> str:
    """The chart as SVG.

    Parameters
    ----------
    groups : figures from top to bottom; groups stand apart
    bars : from 0 to each figure; a dot where False
    tell : a figure in words
    unit : below the axis
    between : what is left out between groups
    headings : what each group is about, above it; none where there are none
    """
    every = [figure for group in groups for figure in group]
    ends = [0.0, *(f.value for f in every)]
    ends += [end for f in every for end in (f.low, f.high) if end is not None]
    low, high = min(ends), max(ends)
    at = along(low, high, NAMES, WIDTH - RIGHT)
    bottom = 10 + ROW * (len(every) + len(headings)) + GAP * (len(groups) - 1)
    drawn: list[str] = []
    for tick, text in ticks(low, high):
        drawn.append(line_at(tick, [(at(tick), 6), (at(tick), bottom)]))
        drawn.append(words(at(tick), bottom + 14, text, size=10, text_anchor="middle"))
    drawn.append(words(NAMES - 10, bottom + 14, unit, size=10, text_anchor="end", fill=QUIET))
    y = 10.0
    for number, group in enumerate(groups):
        if number:
            drawn.append(words(NAMES - 10, y + 13, between, size=10, text_anchor="end",
                               fill=QUIET, font_style="italic"))  # fmt: skip
            y += GAP
        if headings:
            drawn.append(words(NAMES + 8, y + ROW / 2 + 4, headings[number], font_weight="bold"))
            y += ROW
        for figure in group:
            drawn += _row(figure, y, at, bars, tell)
            y += ROW
    return chart(
        WIDTH,
        bottom + 24 + 13 * len(stamped),
        *drawn,
        stamp(WIDTH, bottom + 32, stamped),
        name=name,
        title=title,
        description=description,
    )


def _row(
    figure: Figure,
    y: float,
    at: Callable[[float], float],
    bars: bool,
    tell: Callable[[float], str],
) -> list[str]:
    middle, x, zero = y + ROW / 2, at(figure.value), at(0.0)
    colour = MORE if figure.value >= 0 else LESS
    label = shortened(figure.label, 12, NAMES - 16)
    drawn = [words(NAMES - 10, middle + 4, label, size=12, text_anchor="end")]
    if bars:
        wide = max(abs(x - zero), 0.8)
        drawn.append(
            element("rect", x=min(x, zero), y=y + 4, width=wide, height=ROW - 8, fill=colour)
        )
    right = max(x, zero) if bars else x
    if figure.low is not None and figure.high is not None:
        left, right = at(figure.low), max(right, at(figure.high))
        for d in (
            [(left, middle), (at(figure.high), middle)],
            [(left, middle - 4), (left, middle + 4)],
            [(at(figure.high), middle - 4), (at(figure.high), middle + 4)],
        ):
            drawn.append(element("path", d=track(d), stroke=INK, stroke_width=1.3, fill="none"))
    if not bars:
        drawn.append(element("circle", cx=x, cy=middle, r=4.5, fill=colour))
    drawn.append(words(right + 8, middle + 4, tell(figure.value), size=11))
    return drawn
