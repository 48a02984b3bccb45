"""Scales of charts: where values stand along an axis, round steps and their lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from entrepot.drawing.palette import FAINT, INK
from entrepot.drawing.svg import Point, element, track


def along(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Where an axis that reaches from `start` to `end` puts a value between `low` and `high`."""
    scale = (end - start) / max(high - low, 1e-12)
    return lambda value: start + (value - low) * scale


def round_steps(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers (1, 2 or 5 times ten to some power) from `low` to `high`, `most` at most."""
    span = high - low
    if span <= 0:
        return [low]
    step = 10.0 ** math.floor(math.log10(span / most))
    step *= next(each for each in (1.0, 2.0, 5.0, 10.0) if span / (step * each) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def told(value: float, step: float) -> str:
    """A number along an axis, with as many digits as the step needs."""
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    text = f"{value:,.{digits}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text


def ticks(low: float, high: float, most: int = 6) -> list[tuple[float, str]]:
    """Round numbers along an axis, each with its words."""
    steps = round_steps(low, high, most)
    step = steps[1] - steps[0] if len(steps) > 1 else 1.0
    return [(value, told(value, step)) for value in steps]


def line_at(value: float, ends: Sequence[Point]) -> str:
    """The line of a tick across the chart; that of zero stands out."""
    look = {"stroke": INK, "stroke_width": 1.0} if value == 0 else (
        {"stroke": FAINT, "stroke_width": 0.7})  # fmt: skip
    return element("path", d=track(ends), **look)
