"""Bars from left to right, each of several parts, ranked from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from entrepot.drawing.axes import along, line_at, ticks
from entrepot.drawing.palette import INK, PAPER, QUIET
from entrepot.drawing.sheet import WIDTH, block, hatched, sheet, swatch
from entrepot.drawing.svg import element, shortened, words

NAMES, RIGHT, ROW = 200.0, 190.0, 25.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its parts in order, those below 0 to the left.

    Attributes
    ----------
    told : words behind the bar
    mark : where a line is drawn across it
    estimate : whether it rests on an estimate
    """

    label: str
    amounts: tuple[float, ...]
    told: str = ""
    mark: float | None = None
    estimate: bool = False


def draw_bars(
    bars: Sequence[Bar],
    parts: Sequence[tuple[str, str]],
    *,
    name: str,
    title: str,
    under: str,
    description: str,
    unit: str,
    stamped: Sequence[str],
    mark: str = "",
) -> str:
    """The chart as SVG.

    Parameters
    ----------
    parts : what each part of a bar is, and its colour
    mark : what the line across a bar is
    unit : of the amounts, below the axis
    """
    ends = [0.0, *(end for bar in bars for end in (*_ends(bar), bar.mark or 0.0))]
    low, high = min(ends), max(ends)
    at = along(low, high, NAMES, WIDTH - RIGHT)
    bottom = 6 + ROW * len(bars)
    drawn = [hatched(name)]
    for tick, text in ticks(low, high):
        drawn.append(line_at(tick, [(at(tick), 0), (at(tick), bottom)]))
        drawn.append(words(at(tick), bottom + 15, text, size=10.5, text_anchor="middle"))
    drawn.append(words(NAMES - 22, bottom + 15, unit, size=10.5, text_anchor="end", fill=QUIET))
    for row, bar in enumerate(bars):
        drawn += _row(name, bar, 4 + ROW * row, at, [colour for _, colour in parts])
    signs = [(swatch(name, colour), text) for text, colour in parts] if len(parts) > 1 else []
    if any(bar.mark is not None for bar in bars):
        signs.append((_line(0.0, -8.0, 14.0), mark))
    if any(bar.estimate for bar in bars):
        signs.append((swatch(name, parts[0][1], estimate=True), "hatched: estimate"))
    return sheet(
        drawn, bottom + 20, name=name, title=title, under=under, description=description,
        stamped=stamped, legend=signs,
    )  # fmt: skip


def _ends(bar: Bar) -> tuple[float, float]:
    """How far a bar reaches to the left and to the right."""
    return sum(min(0.0, a) for a in bar.amounts), sum(max(0.0, a) for a in bar.amounts)


def _row(
    name: str, bar: Bar, y: float, at: Callable[[float], float], colours: Sequence[str]
) -> list[str]:
    label = shortened(bar.label, 12, NAMES - 16)
    drawn = [words(NAMES - 10, y + 15, label, size=12, text_anchor="end")]
    left = right = 0.0
    for amount, colour in zip(bar.amounts, colours, strict=True):
        start = right if amount >= 0 else left
        x = sorted((at(start), at(start + amount)))
        drawn.append(block(name, (x[0], y + 3, x[1] - x[0], ROW - 8), colour, bar.estimate))
        right, left = right + max(0.0, amount), left + min(0.0, amount)
    if bar.mark is not None:
        drawn.append(_line(at(bar.mark), y, ROW - 2))
        right = max(right, bar.mark)
    room = shortened(bar.told, 11.5, WIDTH - at(right) + 8)
    drawn.append(words(at(right) + 7, y + 15, room, size=11.5))
    return drawn


def _line(x: float, y: float, high: float) -> str:
    d = f"M{x:.1f} {y:.1f}V{y + high:.1f}"
    halo = element("path", d=d, stroke=PAPER, stroke_width=4.2)
    return halo + element("path", d=d, stroke=INK, stroke_width=2.0)
