"""Products by how near they are to what a country makes, and how complex they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.drawing.axes import ticks
from entrepot.drawing.labels import Label, labelled
from entrepot.drawing.palette import BLUE, FAINT, INK, ORANGE, PAPER
from entrepot.drawing.sheet import WIDTH, sheet
from entrepot.drawing.svg import element, track, words

HIGH, LEFT, RIGHT = 470.0, 84.0, 30.0
DOT, SMALL, MANY = 5.0, 3.2, 200
"""How large a dot is, and how large where there are many."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product; `has` where the country has an advantage in it already."""

    code: str
    near: float
    complex: float
    has: bool


def draw_product_space(
    products: Sequence[Product],
    *,
    name: str,
    title: str,
    under: str,
    description: str,
    axes: tuple[str, str],
    signs: tuple[str, str],
    stamped: Sequence[str],
) -> str:
    """The chart as SVG.

    Parameters
    ----------
    products : those to be named first come first
    axes : what is across and what is up
    signs : what filled and what empty dots are
    """
    xs, ys = [each.near for each in products], [each.complex for each in products]
    left, right, low, high = _room(xs)[0], _room(xs)[1], *_room(ys)
    base = 10.0 + HIGH

    def at(x: float, y: float) -> tuple[float, float]:
        across = (x - left) / (right - left) * (WIDTH - LEFT - RIGHT)
        return LEFT + across, base - (y - low) / (high - low) * HIGH

    drawn = []
    for steps, upright in ((ticks(left, right, 8), True), (ticks(low, high, 8), False)):
        for tick, text in steps:
            (x, y) = at(tick, low) if upright else at(left, tick)
            line = [(x, 10.0), (x, base)] if upright else [(LEFT, y), (WIDTH - RIGHT, y)]
            colour = INK if tick == 0 and not upright else FAINT
            drawn.append(element("path", d=track(line), stroke=colour, stroke_width=0.7))
            place = (x, base + 16, "middle") if upright else (LEFT - 8, y + 4, "end")
            drawn.append(words(place[0], place[1], text, size=10.5, text_anchor=place[2]))
    drawn.append(words((LEFT + WIDTH - RIGHT) / 2, base + 36, axes[0], size=12.5,
                       text_anchor="middle"))  # fmt: skip
    drawn.append(words(0.0, 0.0, axes[1], size=12.5, text_anchor="middle",
                       transform=f"translate(24 {10 + HIGH / 2:.0f}) rotate(-90)"))  # fmt: skip
    places = [at(each.near, each.complex) for each in products]
    spots = list(zip(products, places, strict=True))
    dot = DOT if len(products) < MANY else SMALL
    drawn += [_dot(*place, dot, each.has) for each, place in sorted(spots, key=lambda s: s[0].has)]
    taken = [(x - dot, y - dot, x + dot, y + dot) for x, y in places]
    names = [Label(x, y, each.code, dot, 10.0) for each, (x, y) in spots[:120]]
    drawn += labelled(names, taken, WIDTH, base)
    return sheet(
        drawn, base + 44, name=name, title=title, under=under, description=description,
        stamped=stamped,
        legend=[(_dot(0.0, 0.0, DOT, True), signs[0]), (_dot(0.0, 0.0, DOT, False), signs[1])],
    )  # fmt: skip


def _room(values: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis with some air around the values."""
    low, high = min(values), max(values)
    air = 0.05 * (high - low) or 0.5
    return low - air, high + air


def _dot(x: float, y: float, size: float, has: bool) -> str:
    if has:
        return element("circle", cx=x, cy=y, r=size, fill=BLUE, fill_opacity=0.85)
    return element("circle", cx=x, cy=y, r=size - 0.8, fill=PAPER, stroke=ORANGE, stroke_width=1.8)
