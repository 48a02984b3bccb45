"""The legend of a map: colours, widths, signs; laid out in rows below it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from entrepot.drawing.mapped import Mapped
from entrepot.drawing.palette import INK, LINE, PAPER, QUIET
from entrepot.drawing.svg import element, track, wide, words

SIZE = 11.0
ROW = 20.0


@dataclass(frozen=True)
class Legend:
    """The words of a legend.

    Attributes
    ----------
    width : "band width, {unit}" for each unit, by unit
    amounts : a round amount as words, by unit and amount; see `round_amounts`
    """

    width: Mapping[str, str]
    amounts: Mapping[tuple[str, float], str]
    sells: str
    buys: str
    port: str
    border: str
    full: str
    closed: str
    unused: str


def round_amounts(scale: float) -> tuple[float, ...]:
    """One or two round amounts (1, 2 or 5 times ten to some power) that can be drawn well."""
    largest = 12.0 / scale
    power = 10.0 ** math.floor(math.log10(largest))
    top = next(each * power for each in (5.0, 2.0, 1.0) if each * power <= largest * (1 + 1e-9))
    return (top / 5, top)


class _Rows:
    """Items side by side, on to the next row where one is full."""

    def __init__(self, top: float, width: float) -> None:
        self.width = width
        self.x, self.y = 8.0, top + 12.0
        self.top = top
        self.parts: list[str] = []

    def add(self, sign: str, room: float, text: str, *, quiet: bool = False) -> None:
        """An item: a sign drawn around (0, 0) in some room, and its words."""
        needed = room + 6 + wide(text, SIZE) + 14
        if self.x + needed > self.width and self.x > 8.0:
            self.row()
        if sign:
            self.parts.append(
                element("g", sign, transform=f"translate({self.x + room / 2:.1f} {self.y - 4:.1f})")
            )
        colour = QUIET if quiet else INK
        at = self.x + (room + 5 if sign else 0)
        self.parts.append(words(at, self.y, text, size=SIZE, fill=colour))
        self.x += needed

    def row(self) -> None:
        """Begin another row."""
        self.x, self.y = 8.0, self.y + ROW


def legend(
    mapped: Mapped, told: Legend, scales: Mapping[str, float], width: float, top: float
) -> tuple[str, float]:
    """The legend as SVG and how high it is."""
    rows = _Rows(top, width)
    shown = {band.kind for band in mapped.bands}
    for number, kind in enumerate(mapped.kinds):
        if number in shown:
            swatch = element("rect", x=-11, y=-5, width=22, height=10, rx=2, fill=kind.colour)
            rows.add(swatch, 22, kind.name)
    rows.row()
    for unit in dict.fromkeys(mapped.kinds[number].unit for number in sorted(shown)):
        rows.add("", 0, told.width[unit], quiet=True)
        for amount in round_amounts(scales[unit]):
            thick = max(amount * scales[unit], 0.7)
            bar = element("path", d=track([(-14, 0), (14, 0)]), stroke=INK, stroke_width=thick)
            rows.add(bar, 28, told.amounts[unit, amount])
    rows.row()
    for sign, text in _signs(mapped, told):
        rows.add(sign, 18, text)
    return element("g", *rows.parts), rows.y - top + 12


def _signs(mapped: Mapped, told: Legend) -> list[tuple[str, str]]:
    """The signs that the map has, with their words."""
    ring = {"fill": PAPER, "stroke": INK, "stroke_width": 1.5}
    line = track([(-9, 0), (9, 0)])
    kinds = {spot.kind for spot in mapped.spots}
    states = {each.state for each in mapped.lines}
    x = track([(-3, -3), (3, 3)]) + track([(-3, 3), (3, -3)])
    trade = any(spot.trade for spot in mapped.spots)
    found = [
        (trade, element("circle", r=5, fill=INK), told.sells),
        (trade, element("circle", r=5, **ring), told.buys),
        ("port" in kinds, element("rect", x=-4, y=-4, width=8, height=8, fill=INK), told.port),
        ("border" in kinds, element("path", d="M0-6L6 0L0 6L-6 0Z", fill=INK), told.border),
        (
            any(s.full for s in mapped.spots) or any(each.full for each in mapped.lines),
            element("circle", r=6, fill="none", stroke=INK, stroke_width=2.4)
            + element("path", d=track([(11, -6), (11, 6)]), stroke=INK, stroke_width=3),
            told.full,
        ),
        (
            any(each.state == "closed" and not each.by_water for each in mapped.lines)
            or any(s.closed for s in mapped.spots),
            element("path", d=line, stroke=QUIET, stroke_width=1.1, stroke_dasharray="5 3")
            + element("path", d=x, stroke=INK, stroke_width=1.4, fill="none"),
            told.closed,
        ),
        ("unused" in states, element("path", d=line, stroke=LINE, stroke_width=0.8), told.unused),
    ]
    return [(sign, text) for there, sign, text in found if there]
