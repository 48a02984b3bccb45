"""Labels beside the points of a map: as many as fit without lying on each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from entrepot.drawing.palette import INK, PAPER
from entrepot.drawing.svg import wide, words

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words for a point, and how far from it they may begin; `under` is a second line."""

    x: float
    y: float
    text: str
    radius: float
    size: float = 11.0
    under: str = ""

    @property
    def box(self) -> Box:
        """What the point's own sign covers."""
        r = self.radius
        return (self.x - r, self.y - r, self.x + r, self.y + r)


# Where the words stand from the point: to which side, and how far up or down.
PLACES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))


def labelled(
    labels: Sequence[Label], taken: Iterable[Box], width: float, height: float
) -> list[str]:
    """The labels that find room, the first ones first, as text elements."""
    boxes = list(taken)
    told: list[str] = []
    for label in labels:
        for side, above in PLACES:
            box = _box(label, side, above)
            inside = box[0] >= 2 and box[1] >= 2 and box[2] <= width - 2 and box[3] <= height - 2
            if inside and not any(_meet(box, other) for other in boxes):
                boxes.append(box)
                told += _written(label, side, box)
                break
    return told


def _box(label: Label, side: int, above: int) -> Box:
    lines = 2 if label.under else 1
    across = max(wide(label.text, label.size), wide(label.under, label.size - 2))
    high = label.size * 1.15 + (label.size * (lines - 1))
    away = label.radius + 2.5
    left = label.x - across / 2
    if side:
        near = away if not above else 0.75 * away
        left = label.x + near if side > 0 else label.x - near - across
    middle = label.y
    if above:
        middle += above * (away + high / 2 - (0 if not side else 3))
    return (left, middle - high / 2, left + across, middle + high / 2)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _written(label: Label, side: int, box: Box) -> list[str]:
    anchor = {1: "start", -1: "end", 0: "middle"}[side]
    x = {1: box[0], -1: box[2], 0: (box[0] + box[2]) / 2}[side]
    halo = {"stroke": PAPER, "stroke_width": 2.6, "stroke_linejoin": "round"}
    lines = [(label.text, label.size, box[1] + 0.95 * label.size)]
    if label.under:
        lines.append((label.under, label.size - 2, box[1] + 1.95 * label.size))
    return [
        words(x, y, text, size=size, text_anchor=anchor, fill=INK, paint_order="stroke", **halo)
        for text, size, y in lines
    ]
