"""A waterfall: how the parts of a change add up to the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from entrepot.drawing.axes import along, line_at, round_steps
from entrepot.drawing.palette import INK, LESS, LINE, MORE, QUIET
from entrepot.drawing.svg import chart, element, stamp, track, words

WIDTH = 960.0
NAMES = 190.0
RIGHT = 120.0
ROW = 26.0


def reach(parts: Sequence[float]) -> tuple[float, float]:
    """The lowest and highest that the parts come to on their way, 0 included."""
    low, high, so_far = 0.0, 0.0, 0.0
    for value in parts:
        so_far += value
        low, high = min(low, so_far), max(high, so_far)
    return low, high


def draw_waterfall(
    parts: Sequence[tuple[str, float]],
    *,
    name: str,
    title: str,
    description: str,
    total: str,
    span: tuple[float, float],
    tell: Callable[[float], str],
    unit: str,
    stamped: Sequence[str],
) -> str:
    """The chart as SVG.

    Parameters
    ----------
    parts : names and amounts, from top to bottom
    total : what the sum is called
    span : the lowest and the highest amount of the axis, the same on charts to be compared
    tell : an amount with its sign, in `unit`
    """
    low, high = span
    at = along(low, high, NAMES, WIDTH - RIGHT)
    drawn: list[str] = []
    bottom = 10 + ROW * (len(parts) + 1)
    for tick in round_steps(low, high):
        drawn.append(line_at(tick, [(at(tick), 6), (at(tick), bottom)]))
        drawn.append(words(at(tick), bottom + 13, tell(tick), size=9.5, text_anchor="middle"))
    so_far, y = 0.0, 10.0
    for label, value in parts:
        drawn += _bar(label, value, at(so_far), at(so_far + value), y, tell)
        so_far += value
        x = at(so_far)
        drawn.append(element("path", d=track([(x, y + ROW - 5), (x, y + ROW + 3)]), stroke=LINE))
        y += ROW
    drawn.append(words(NAMES - 24, bottom + 13, unit, size=9.5, text_anchor="end", fill=QUIET))
    drawn += _bar(total, so_far, at(0.0), at(so_far), y, tell, whole=True)
    return chart(
        WIDTH,
        bottom + 24 + 13 * len(stamped),
        *drawn,
        stamp(WIDTH, bottom + 32, stamped),
        name=name,
        title=title,
        description=description,
    )


def _bar(
    label: str,
    value: float,
    start: float,
    end: float,
    y: float,
    tell: Callable[[float], str],
    *,
    whole: bool = False,
) -> list[str]:
    colour = INK if whole else MORE if value >= 0 else LESS
    wide = max(abs(end - start), 0.8)
    weight = 600 if whole else None
    return [
        words(NAMES - 10, y + 15, label, size=12, text_anchor="end", font_weight=weight),
        element("rect", x=min(start, end), y=y + 3, width=wide, height=ROW - 8, fill=colour),
        words(max(start, end) + 6, y + 15, tell(value), size=11, font_weight=weight),
    ]
