"""What is fitted against what is observed, on logarithmic axes; many points as a shade."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

from entrepot.drawing.palette import FAINT, INK, MORE, QUIET
from entrepot.drawing.svg import chart, element, stamp, track, words

WIDTH, SIDE = 720.0, 560.0
LEFT, TOP = 90.0, 14.0
SINGLE = 1_500
"""Points that are drawn one by one; of more, cells are shaded."""

CELLS = 100


def draw_scatter(
    points: Sequence[tuple[float, float]],
    *,
    name: str,
    title: str,
    description: str,
    axes: tuple[str, str],
    stamped: Sequence[str],
) -> str:
    """The chart as SVG.

    Parameters
    ----------
    points : across and up, each above 0; one at least
    axes : what is across and what is up
    """
    logs = [(math.log10(x), math.log10(y)) for x, y in points]
    ends = [end for pair in logs for end in pair]
    low, high = math.floor(min(ends)), math.ceil(max(ends) + 1e-9)
    span = max(high - low, 1)

    def at(x: float, y: float) -> tuple[float, float]:
        return LEFT + (x - low) / span * SIDE, TOP + SIDE - (y - low) / span * SIDE

    drawn = [element("path", d=track([at(low, low), at(low + span, low + span)]), stroke=INK,
                     stroke_width=1.0, stroke_dasharray="5 4")]  # fmt: skip
    every = max(1, math.ceil(span / 8))
    for power in range(low, low + span + 1, every):
        for ends_of in ([(power, low), (power, low + span)], [(low, power), (low + span, power)]):
            path = track([at(*end) for end in ends_of])
            drawn.append(element("path", d=path, stroke=FAINT, stroke_width=0.7))
        x, base = at(power, low)
        _, y = at(low, power)
        drawn.append(words(x, base + 16, _power(power), size=10, text_anchor="middle"))
        drawn.append(words(LEFT - 8, y + 4, _power(power), size=10, text_anchor="end"))
    drawn += _singly(logs, at) if len(logs) <= SINGLE else _shaded(logs, low, span)
    base = TOP + SIDE
    drawn.append(words(LEFT + SIDE / 2, base + 34, axes[0], size=12, text_anchor="middle"))
    drawn.append(words(0.0, 0.0, axes[1], size=12, text_anchor="middle",
                       transform=f"translate(22 {TOP + SIDE / 2:.0f}) rotate(-90)"))  # fmt: skip
    drawn.append(words(LEFT + SIDE + 4, TOP + 10, "equal", size=10, fill=QUIET))
    return chart(
        WIDTH,
        base + 44 + 13 * len(stamped),
        *drawn,
        stamp(WIDTH, base + 52, stamped),
        name=name,
        title=title,
        description=description,
    )


def _power(power: int) -> str:
    """A power of ten as people write it: in figures where they are few."""
    if -3 <= power <= 6:
        return f"{10.0**power:,.{max(0, -power)}f}"
    return f"1e{power}"


def _singly(
    logs: Sequence[tuple[float, float]], at: Callable[[float, float], tuple[float, float]]
) -> list[str]:
    spots = [at(*pair) for pair in logs]
    return [element("circle", cx=x, cy=y, r=2.6, fill=MORE, fill_opacity=0.55) for x, y in spots]


def _shaded(logs: Sequence[tuple[float, float]], low: int, span: int) -> list[str]:
    """Cells, the darker the more points they hold, by the logarithm of their number."""
    held = Counter(
        (min(int((x - low) / span * CELLS), CELLS - 1), min(int((y - low) / span * CELLS),
                                                           CELLS - 1))
        for x, y in logs
    )  # fmt: skip
    most = math.log1p(max(held.values()))
    size = SIDE / CELLS
    return [
        element(
            "rect", x=LEFT + column * size, y=TOP + SIDE - (row + 1) * size, width=size,
            height=size, fill=MORE, fill_opacity=0.12 + 0.88 * math.log1p(count) / most,
        )
        for (column, row), count in sorted(held.items())
    ]  # fmt: skip
