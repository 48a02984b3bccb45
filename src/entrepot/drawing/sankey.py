"""Who ships to whom: origins on one side, destinations on the other, ribbons between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from entrepot.drawing.mapped import Kind
from entrepot.drawing.palette import INK, QUIET
from entrepot.drawing.svg import chart, element, number, shortened, stamp, words

WIDTH = 960.0
SIDE = 250.0
"""Room for names on either side."""

BAR = 12.0
HIGH = 300.0
"""Height of all ribbons together."""

SLOT = 17.0
"""Height that a name needs."""

MOST = 14
"""Names on one side; the smaller ones are put together."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """What goes from one to another; `kind` is a number of the kinds."""

    origin: str
    destination: str
    kind: int
    quantity: float


@dataclass(frozen=True)
class _Side:
    """One side: names from top to bottom, with their totals and where they begin."""

    names: list[str]
    total: dict[str, float]
    top: dict[str, float]
    height: float


def draw_sankey(
    shipments: Sequence[Shipment],
    kinds: Sequence[Kind],
    *,
    name: str,
    title: str,
    description: str,
    heads: tuple[str, str],
    others: str,
    tell: Callable[[float], str],
    stamped: Sequence[str],
) -> str:
    """The chart as SVG.

    Parameters
    ----------
    shipments : in one unit
    heads : what stands over the two sides
    others : what the names are called that are put together
    tell : a quantity as words
    """
    shown = _gathered(shipments, others)
    scale = HIGH / sum(each.quantity for each in shown)
    left = _side([(each.origin, each.quantity) for each in shown], scale, others)
    right = _side([(each.destination, each.quantity) for each in shown], scale, others)
    top = 46.0
    parts = [
        *_legend(kinds, {each.kind for each in shown}),
        words(SIDE, 38, heads[0], size=11, fill=QUIET, text_anchor="end"),
        words(WIDTH - SIDE, 38, heads[1], size=11, fill=QUIET),
        element("g", *_ribbons(shown, kinds, left, right, scale, top), fill_opacity="0.62"),
        *_names(left, SIDE, "end", scale, top, tell),
        *_names(right, WIDTH - SIDE, "start", scale, top, tell),
    ]
    height = top + max(left.height, right.height) + 14
    return chart(
        WIDTH,
        height + 13 * len(stamped) + 4,
        *parts,
        stamp(WIDTH, height + 8, stamped),
        name=name,
        title=title,
        description=description,
    )


def _gathered(shipments: Sequence[Shipment], others: str) -> list[Shipment]:
    """With the smallest names of each side put together."""
    keep = [
        _largest([(getattr(each, side), each.quantity) for each in shipments])
        for side in ("origin", "destination")
    ]
    sums: dict[tuple[str, str, int], float] = {}
    for each in shipments:
        origin = each.origin if each.origin in keep[0] else others
        destination = each.destination if each.destination in keep[1] else others
        key = (origin, destination, each.kind)
        sums[key] = sums.get(key, 0.0) + each.quantity
    return [Shipment(*key, quantity) for key, quantity in sorted(sums.items())]


def _largest(amounts: Sequence[tuple[str, float]]) -> list[str]:
    totals: dict[str, float] = {}
    for name, quantity in amounts:
        totals[name] = totals.get(name, 0.0) + quantity
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    return ranked if len(ranked) <= MOST else ranked[: MOST - 1]


def _side(amounts: Sequence[tuple[str, float]], scale: float, others: str) -> _Side:
    total: dict[str, float] = {}
    for name, quantity in amounts:
        total[name] = total.get(name, 0.0) + quantity
    names = sorted(total, key=lambda name: (name == others, -total[name], name))
    top, y = {}, 0.0
    for name in names:
        thick = total[name] * scale
        top[name] = y + max(0.0, (SLOT - thick) / 2)
        y += max(thick, SLOT) + 5
    return _Side(names, total, top, y)


def _ribbons(
    shown: Sequence[Shipment],
    kinds: Sequence[Kind],
    left: _Side,
    right: _Side,
    scale: float,
    top: float,
) -> list[str]:
    rank = {name: i for i, name in enumerate(left.names)}
    other = {name: i for i, name in enumerate(right.names)}
    begins, ends = dict(left.top), dict(right.top)
    start: dict[Shipment, float] = {}
    for each in sorted(shown, key=lambda s: (rank[s.origin], other[s.destination], s.kind)):
        start[each] = begins[each.origin]
        begins[each.origin] += each.quantity * scale
    told = []
    for each in sorted(shown, key=lambda s: (other[s.destination], rank[s.origin], s.kind)):
        thick = each.quantity * scale
        d = _ribbon(start[each] + top, ends[each.destination] + top, max(thick, 0.6))
        ends[each.destination] += thick
        told.append(element("path", d=d, fill=kinds[each.kind].colour))
    return told


def _ribbon(start: float, end: float, thick: float) -> str:
    a, b = SIDE + BAR + 4, WIDTH - SIDE - BAR - 4
    middle = number((a + b) / 2)
    one, other = number(a), number(b)
    return (
        f"M{one} {number(start)}C{middle} {number(start)} {middle} {number(end)} "
        f"{other} {number(end)}V{number(end + thick)}C{middle} {number(end + thick)} "
        f"{middle} {number(start + thick)} {one} {number(start + thick)}Z"
    )


def _names(
    side: _Side, edge: float, anchor: str, scale: float, top: float, tell: Callable[[float], str]
) -> list[str]:
    parts = []
    x = edge + 4 if anchor == "end" else edge - BAR - 4
    at = edge - 2 if anchor == "end" else edge + 2
    for name in side.names:
        thick = max(side.total[name] * scale, 0.6)
        y = side.top[name] + top
        parts.append(element("rect", x=x, y=y, width=BAR, height=thick, fill=INK))
        told = f"{shortened(name, 11, SIDE - 110)}  {tell(side.total[name])}"
        parts.append(words(at, y + thick / 2 + 4, told, size=11, text_anchor=anchor))
    return parts


def _legend(kinds: Sequence[Kind], shown: set[int]) -> list[str]:
    parts, x = [], 8.0
    for i, kind in enumerate(kinds):
        if i in shown:
            parts.append(element("rect", x=x, y=6, width=18, height=10, rx=2, fill=kind.colour))
            parts.append(words(x + 23, 15, kind.name, size=11))
            x += 23 + 0.56 * 11 * len(kind.name) + 18
    return parts
