"""A sheet that can be printed by itself: heading, chart, legend, and what it is of."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from entrepot.drawing.palette import INK, LINE, PAPER, QUIET
from entrepot.drawing.svg import chart, element, stamp, wide, words

WIDTH = 960.0
SIDE = 14.0
HEADING, UNDER, LEGEND = 19.0, 12.0, 11.5
LETTERS = 150
"""Letters of a line of the stamp."""


def sheet(
    body: Sequence[str],
    height: float,
    *,
    name: str,
    title: str,
    under: str,
    description: str,
    stamped: Sequence[str],
    legend: Sequence[tuple[str, str]] = (),
) -> str:
    """The sheet as SVG.

    Parameters
    ----------
    body : drawn from (0, 0) down to `height`, as wide as `WIDTH`
    title : what the chart says or is of
    under : who, when, in what unit
    stamped : source, notes, the mark of estimates; wrapped, never cut
    legend : signs around (0, 0) and their words
    """
    top, drawn = 12.0, []
    for line in textwrap.wrap(title, 84):
        top += HEADING
        drawn.append(words(SIDE, top, line, size=17, font_weight=600))
    top += UNDER + 8
    drawn.append(words(SIDE, top, under, size=UNDER, fill=QUIET))
    if legend:
        top += 24
        drawn += _legend(legend, top)
    top += 16
    drawn.append(element("g", *body, transform=f"translate(0 {top:.0f})"))
    lines = [piece for line in stamped for piece in textwrap.wrap(line, LETTERS)]
    base = top + height + 22
    return chart(
        WIDTH,
        base + 13 * len(lines) + 4,
        element("rect", x=0, y=0, width="100%", height="100%", fill=PAPER),
        *drawn,
        element("path", d=f"M{SIDE} {base - 15:.0f}H{WIDTH - SIDE:.0f}", stroke=LINE,
                stroke_width=0.6),
        element("g", stamp(WIDTH, base, lines), transform=f"translate({SIDE - 8} 0)"),
        name=name,
        title=title,
        description=description,
    )  # fmt: skip


def hatched(name: str) -> str:
    """The pattern that marks estimates; put into the body of the chart of this name."""
    line = element("path", d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5", stroke=PAPER, stroke_width=1.7)
    pattern = element(
        "pattern", line, id=f"{name}-estimate", width=6, height=6, patternUnits="userSpaceOnUse"
    )
    return element("defs", pattern)


def block(name: str, box: tuple[float, float, float, float], fill: str, estimate: bool) -> str:
    """A rectangle (x, y, width, height), with the pattern over it where it is an estimate."""
    x, y, width, height = box
    place = {"x": x, "y": y, "width": max(width, 0.0), "height": max(height, 0.0)}
    plain = element("rect", **place, fill=fill)
    over = element("rect", **place, fill=f"url(#{name}-estimate)") if estimate else ""
    return plain + over


def swatch(name: str, fill: str, estimate: bool = False) -> str:
    """The sign of a colour in a legend."""
    return block(name, (-8.0, -6.0, 16.0, 11.0), fill, estimate)


def height_of(drawing: str) -> float:
    """How high a drawing is."""
    found = re.search(r' height="([0-9.]+)"', drawing)
    return float(found[1]) if found else 0.0


def below(drawings: Sequence[str], *, name: str, title: str, description: str) -> str:
    """Drawings one below the other, as one."""
    top, drawn = 0.0, []
    for drawing in drawings:
        drawn.append(element("g", drawing, transform=f"translate(0 {top:.0f})"))
        top += height_of(drawing) + 10
    return chart(WIDTH, top, *drawn, name=name, title=title, description=description)


def _legend(items: Sequence[tuple[str, str]], y: float) -> list[str]:
    x, drawn = SIDE, []
    for sign, text in items:
        drawn.append(element("g", sign, transform=f"translate({x + 8:.1f} {y - 4:.1f})"))
        drawn.append(words(x + 22, y, text, size=LEGEND, fill=INK))
        x += 22 + wide(text, LEGEND) + 18
    return drawn
