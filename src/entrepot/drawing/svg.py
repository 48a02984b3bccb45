"""SVG as text: elements whose attributes and words are always escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from entrepot.drawing.palette import INK, QUIET

Point = tuple[float, float]

FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"

# No XML document may hold these characters, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_LETTER = 0.6
"""Width of a letter, of the size of its font, on average over Latin and Cyrillic text."""


def escaped(words: object) -> str:
    """Words that are safe inside an element and inside a quoted attribute."""
    text = _FORBIDDEN.sub("", str(words))
    for sign, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "#39")):
        text = text.replace(sign, f"&{name};")
    return text


def number(value: float) -> str:
    """A coordinate in hundredths, as short as it can be written."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(tag: str, *children: str, **attributes: object) -> str:
    """One element.

    Parameters
    ----------
    tag : its name
    children : its content, elements or escaped words
    attributes : `stroke_width=2` is written ``stroke-width="2"``; None leaves one out
    """
    told = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{tag}{told}>{inside}</{tag}>" if inside else f"<{tag}{told}/>"


def _attribute(value: object) -> str:
    return number(value) if isinstance(value, float) else escaped(value)


def words(x: float, y: float, text: object, *, size: float = 12, **attributes: object) -> str:
    """A line of text; `text_anchor` says which end of it stands at the point."""
    given = {"fill": INK, **attributes}
    return element("text", escaped(text), x=x, y=y, font_size=size, **given)


def wide(text: str, size: float) -> float:
    """About how wide a line of text is."""
    return _LETTER * size * len(text)


def shortened(text: str, size: float, room: float) -> str:
    """A text that fits into the room, cut with an ellipsis if need be."""
    most = int(room / (_LETTER * size))
    return text if len(text) <= most else text[: max(most - 1, 1)].rstrip() + "…"


def track(points: Iterable[Sequence[float]], *, closed: bool = False) -> str:
    """The `d` of a path through points; points that fall together are told once."""
    told: list[str] = []
    for x, y in points:
        point = f"{x:.1f} {y:.1f}".replace(".0 ", " ").removesuffix(".0")
        if not told or told[-1] != point:
            told.append(point)
    return "M" + "L".join(told) + ("Z" if closed else "")


def chart(
    width: float, height: float, *children: str, name: str, title: str, description: str
) -> str:
    """A whole drawing with its title and the words that stand for it where it cannot be seen.

    Parameters
    ----------
    name : of this drawing in its page; what it defines is called by it
    """
    return element(
        "svg",
        element("title", escaped(title), id=f"{name}-title"),
        element("desc", escaped(description), id=f"{name}-desc"),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        direction="ltr",
        aria_labelledby=f"{name}-title {name}-desc",
        font_family=FONT,
    )


def stamp(width: float, y: float, lines: Sequence[str]) -> str:
    """What a chart is of, on the chart: scenario, input, units, basis of prices."""
    told = (
        words(8, y + 13 * i, shortened(line, 10, width - 16), size=10, fill=QUIET)
        for i, line in enumerate(lines)
    )
    return "".join(told)
