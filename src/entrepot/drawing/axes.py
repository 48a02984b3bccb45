"""Scales of charts: round steps, and figures along an axis."""

from __future__ import annotations

import math


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
