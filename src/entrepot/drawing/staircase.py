"""The staircase of a journey: cost and days over distance, with a riser wherever goods stand.

After the time/cost-distance method of UNESCAP (Banomyong, R. and Beresford, A. K. C. 2001,
"Multimodal transport: the case of Laotian garment exporters", International Journal of Physical
Distribution & Logistics Management 31(9)), as CAREC's corridor monitoring draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.drawing.axes import ticks
from entrepot.drawing.palette import BLUE, FAINT, INK, ORANGE, QUIET, VERMILLION
from entrepot.drawing.svg import Point, chart, element, stamp, track, words

WIDTH = 960.0
LEFT, RIGHT = 64.0, 20.0
HIGH = 150.0
"""Of each of the two panels."""

GAP = 34.0


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a journey.

    Attributes
    ----------
    name : what is told beside a riser; where it leads to
    stands : whether it is a handling, a border or a change and not a way
    """

    name: str
    stands: bool
    km: float
    cost: float
    days: float


def draw_staircase(
    steps: Sequence[Step],
    *,
    name: str,
    title: str,
    description: str,
    axes: tuple[str, str, str],
    stamped: Sequence[str],
) -> str:
    """The chart as SVG; `axes` names distance, cost and days with their units."""
    far = max(sum(step.km for step in steps), 1e-9)
    across = (WIDTH - LEFT - RIGHT) / far
    parts: list[str] = []
    top = 18.0
    for axis, colour, values in (
        (axes[1], BLUE, [step.cost for step in steps]),
        (axes[2], ORANGE, [step.days for step in steps]),
    ):
        parts += _panel(steps, values, top, across, axis, colour, numbered=axis == axes[1])
        top += HIGH + GAP
    base = top - GAP
    parts += [
        words(LEFT + tick * across, base + 16, text, size=10, text_anchor="middle")
        for tick, text in ticks(0.0, far, 8)
    ]
    parts.append(words(WIDTH - RIGHT, base + 30, axes[0], size=10, fill=QUIET, text_anchor="end"))
    return chart(
        WIDTH,
        base + 40 + 13 * len(stamped),
        *parts,
        stamp(WIDTH, base + 46, stamped),
        name=name,
        title=title,
        description=description,
    )


def _panel(
    steps: Sequence[Step],
    values: Sequence[float],
    top: float,
    across: float,
    axis: str,
    colour: str,
    *,
    numbered: bool,
) -> list[str]:
    so_far, low, high = 0.0, 0.0, 0.0
    for value in values:
        so_far += value
        low, high = min(low, so_far), max(high, so_far)
    up = HIGH / max(high - low, 1e-9) * 0.92
    zero = top + HIGH + low * up
    parts = []
    for tick, text in ticks(low, high, 4):
        y = zero - tick * up
        parts.append(
            element(
                "path", d=track([(LEFT, y), (WIDTH - RIGHT, y)]), stroke=FAINT, stroke_width=0.7
            )
        )
        parts.append(words(LEFT - 6, y + 3.5, text, size=10, text_anchor="end"))
    parts.append(words(LEFT, top - 6, axis, size=11, fill=QUIET))
    line: list[Point] = [(LEFT, zero)]
    risers: list[str] = []
    x, y, number = LEFT, zero, 0
    taken = -1e9
    for each, value in zip(steps, values, strict=True):
        x, before = x + each.km * across, y
        y -= value * up
        line.append((x, y))
        if each.stands and abs(before - y) > 1.0:
            riser = track([(x, before), (x, y)])
            risers.append(element("path", d=riser, stroke=VERMILLION, stroke_width=4))
        if each.stands and numbered:
            number += 1
            at = max(x, taken + 12)
            taken = at
            parts.append(words(at, y - 7, number, size=10, text_anchor="middle", fill=INK))
    parts.append(element("path", d=track(line), fill="none", stroke=colour, stroke_width=2))
    parts.append(element("circle", cx=x, cy=y, r=3, fill=colour))
    return parts + risers
