"""Units at the edge: how many of the study's units one of another unit is.

Inside everything is a plain number; conversions happen once, where figures come in.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pint import UnitRegistry

_COUNTS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

_DEFINITIONS = (
    "TEU = [container] = teu",
    "FEU = 2 TEU = feu",
    "kilotonne = 1000 metric_ton = kt",
    "m3 = meter ** 3",
    "mcm = 1e6 m3",
    "bcm = 1e9 m3",
)
"""Units that trade knows and pint does not, or knows by another name (``kt`` is no knot here)."""

_WRITTEN = re.compile(
    r"[\w%]+(?:\s*(?:\*\*|\^)\s*-?\d+)?(?:\s*[*/\s]\s*[\w%]+(?:\s*(?:\*\*|\^)\s*-?\d+)?)*"
)
"""Units and powers of them, multiplied and divided."""

_MULTIPLE = re.compile(r"\b(\d+)(?![eE]\d)([A-Za-z]\w*)")
"""A number written together with its unit: ``1000m3`` below a stroke is below it as a whole."""

_AMBIGUOUS = re.compile(r"\b(?:tons?|gallons?|gal|barrels?)\b")


class UnitError(ValueError):
    """A unit that is not known, or two that do not measure the same."""


def factor(unit: str, target: str) -> float:
    """How many `target` one `unit` is: ``factor("kt", "t")`` is 1000.

    Units of mass, energy, volume, length, time and containers; money by its ISO 4217 code, only
    into itself; numbers within a unit such as ``USD/1000m3``; `thousand`, `million` and `billion`
    before any unit; per-year forms such as ``Mt/year``.

    Raises
    ------
    UnitError : a unit that is not known, or two that do not measure the same
    """
    from pint.errors import PintError

    for text in (unit, target):
        if not _WRITTEN.fullmatch(text.strip()):
            raise UnitError(f"{text!r} is not a unit: write it like 'Mt', 'USD/t' or 'm^3'")
        if match := _AMBIGUOUS.search(text):
            raise UnitError(
                f"{text!r} means several units: write metric_ton, short_ton, long_ton, oil_bbl, "
                f"US_liquid_gallon or another one in place of {match[0]!r}"
            )
    if unit == target:
        return 1.0
    scale, plain = _count(unit)
    target_scale, target_plain = _count(target)
    if plain == target_plain:
        return scale / target_scale
    units = _registry()
    try:
        # A bare number is no quantity in every version of pint.
        one = units.Quantity(1.0)
        wanted = one * units.parse_expression(_parsed(units, target_plain))
        found = one * units.parse_expression(_parsed(units, plain))
        ratio = float(found.m_as(wanted.units)) / float(wanted.magnitude)
    except (PintError, ValueError, ArithmeticError) as error:
        raise UnitError(f"{unit!r} cannot be told in {target!r}: {_reason(error)}") from None
    return ratio * scale / target_scale


def converted(value: float, unit: str, target: str) -> float:
    """A value in `unit` told in `target`; raises as `factor` does."""
    return value * factor(unit, target)


def _count(unit: str) -> tuple[float, str]:
    """The number word before a unit, and the unit: ``million USD`` -> (1e6, ``USD``)."""
    word, _, rest = unit.strip().partition(" ")
    if word.lower() in _COUNTS:
        return _COUNTS[word.lower()], rest.strip()
    return 1.0, unit.strip()


@cache
def _registry() -> UnitRegistry[float]:
    from pint import UnitRegistry

    units: UnitRegistry[float] = UnitRegistry()
    for definition in _DEFINITIONS:
        units.define(definition)
    return units


def _parsed(units: UnitRegistry[float], text: str) -> str:
    """The unit as pint writes it; a currency is a unit of its own, and so is ``1000m3``."""
    for code in re.findall(r"\b[A-Z]{3}\b", text):
        if code not in units:
            units.define(f"{code} = [currency_{code}]")
    return _MULTIPLE.sub(r"(\1*\2)", text.replace("/yr", "/year"))


def _reason(error: Exception) -> str:
    text = str(error).splitlines()[0]
    return text[0].lower() + text[1:]
