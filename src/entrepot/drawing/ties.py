"""Ties between parties as networks on a circle, one a moment, so that what changes can be seen.

A party stands at the same place in every picture. Friendly ties are whole lines, hostile ones
broken; the stronger, the wider.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.drawing.palette import FAINT, INK, LESS, MORE, QUIET
from entrepot.drawing.svg import chart, element, shortened, stamp, words

WIDTH = 960.0
ACROSS = 2
SIDE = WIDTH / ACROSS
HIGH = 360.0
RADIUS = 118.0
LABEL = 11.0
THIN, WIDE = 0.8, 5.0


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie of two parties; `value` from -1 (hostile) to +1 (allied)."""

    a: str
    b: str
    value: float


@dataclass(frozen=True)
class Moment:
    """The ties at one time, and what it is called."""

    title: str
    ties: Sequence[Tie]


def draw_ties(
    moments: Sequence[Moment],
    parties: Sequence[str],
    *,
    name: str,
    title: str,
    description: str,
    signs: tuple[str, str],
    stamped: Sequence[str],
) -> str:
    """The chart as SVG.

    Parameters
    ----------
    moments : in the order of time
    parties : all that have a tie at some time, in the order of the circle
    signs : what friendly and hostile lines are called
    """
    spots = _on_a_circle(parties)
    rows = math.ceil(len(moments) / ACROSS)
    drawn = [
        element(
            "g",
            *_moment(moment, spots),
            transform=f"translate({(n % ACROSS) * SIDE:.0f} {(n // ACROSS) * HIGH:.0f})",
        )
        for n, moment in enumerate(moments)
    ]
    bottom = rows * HIGH + 14
    for number, (word, value) in enumerate(zip(signs, (1.0, -1.0), strict=True)):
        x = 20 + number * SIDE / 2
        drawn.append(_line((x, bottom - 4), (x + 40, bottom - 4), 0.6 * value))
        drawn.append(words(x + 48, bottom, word, size=LABEL))
    return chart(
        WIDTH,
        bottom + 14 + 13 * len(stamped),
        *drawn,
        stamp(WIDTH, bottom + 22, stamped),
        name=name,
        title=title,
        description=description,
    )


def _on_a_circle(parties: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Where each party stands, from the top with the clock."""
    turn = 2 * math.pi / max(len(parties), 1)
    return {
        party: (
            SIDE / 2 + RADIUS * math.sin(n * turn),
            HIGH / 2 + 14 - RADIUS * math.cos(n * turn),
        )
        for n, party in enumerate(parties)
    }


def _moment(moment: Moment, spots: dict[str, tuple[float, float]]) -> list[str]:
    drawn = [words(SIDE / 2, 20, moment.title, size=13, text_anchor="middle", font_weight=600)]
    # The strongest last, so that they stand before the others.
    for tie in sorted(moment.ties, key=lambda each: (abs(each.value), each.a, each.b)):
        drawn.append(_line(spots[tie.a], spots[tie.b], tie.value))
    tied = {party for tie in moment.ties for party in (tie.a, tie.b)}
    for party, (x, y) in spots.items():
        there = party in tied
        drawn.append(element("circle", cx=x, cy=y, r=5.0, fill=INK if there else FAINT))
        out = 1.0 if x > SIDE / 2 + 1 else -1.0 if x < SIDE / 2 - 1 else 0.0
        up = -12.0 if y < HIGH / 2 + 14 - 0.8 * RADIUS else 20.0 if (
            y > HIGH / 2 + 14 + 0.8 * RADIUS) else 4.0  # fmt: skip
        anchor = "start" if out > 0 else "end" if out < 0 else "middle"
        label = shortened(party, LABEL, SIDE / 2 - RADIUS - 16 if out else SIDE / 2)
        ink = INK if there else QUIET
        drawn.append(words(x + 10 * out, y + up, label, size=LABEL, text_anchor=anchor, fill=ink))
    return drawn


def _line(start: tuple[float, float], end: tuple[float, float], value: float) -> str:
    return element(
        "line",
        x1=start[0], y1=start[1], x2=end[0], y2=end[1],
        stroke=MORE if value >= 0 else LESS,
        stroke_width=THIN + (WIDE - THIN) * min(abs(value), 1.0),
        stroke_dasharray=None if value >= 0 else "6 4",
        stroke_opacity=0.8,
    )  # fmt: skip
