"""Numbers as people print them: thousands apart, rounded by size, large ones with a word."""

from __future__ import annotations

from collections.abc import Sequence

THOUSANDS = "1000"
"""Units such as 1000m3 begin with it."""


def figure(value: float, digits: int, *, signed: bool = False) -> str:
    """A number as people print it: thousands apart, `digits` after the point, no minus zero."""
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    return text.lstrip("+-") if float(text.replace(",", "")) == 0 else text


def scale_for(values: Sequence[float | None], unit: str) -> tuple[float, str]:
    """What large numbers are told in, so that none needs more than six digits: 1e6, "million ".

    A unit that begins with a number (1000m3) is left alone.
    """
    if unit[:1].isdigit():
        return 1.0, ""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if largest >= 1e9:
        return 1e6, "million "
    return (1e3, "thousand ") if largest >= 1e6 else (1.0, "")


def amount(value: float, unit: str, *, signed: bool = False) -> str:
    """One large number with its unit, as people say it: `9,452 thousand t`, `24,235 million m3`."""
    if unit.startswith(THOUSANDS) and abs(value) >= 1e3:
        value, unit = 1e3 * value, unit.removeprefix(THOUSANDS).strip()
    factor, word = scale_for([value], unit)
    told = figure(value / factor, digits_for([value / factor]), signed=signed)
    return f"{told} {word}{unit}"


def money(value: float, currency: str, *, signed: bool = False) -> str:
    """One sum as people say it: `15,637 million USD`, `12.1 million USD`, `802,616 USD`."""
    if abs(value) < 1e6:
        return amount(value, currency, signed=signed)
    digits = 1 if abs(value) < 1e9 else 0
    return f"{figure(value / 1e6, digits, signed=signed)} million {currency}"


def digits_for(values: Sequence[float | None]) -> int:
    """Digits after the point with which the largest of the numbers shows three figures or more."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if largest >= 1000:
        return 0
    if largest >= 100:
        return 1
    return 2 if largest >= 1 or largest == 0 else 4
