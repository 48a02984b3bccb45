"""A course over time: the line that leads to its goals, and how far one gets towards each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from entrepot.drawing.axes import round_steps
from entrepot.drawing.palette import FAINT, INK, LESS, LINE, MORE
from entrepot.drawing.svg import chart, element, stamp, track, words

WIDTH, HEIGHT = 960.0, 420.0
LEFT, RIGHT, TOP, BOTTOM = 90.0, 150.0, 30.0, 40.0


def draw_course(
    points: Sequence[tuple[date, float]],
    goals: Sequence[tuple[date, float, float, str]],
    *,
    name: str,
    title: str,
    description: str,
    tell: Callable[[float], str],
    unit: str,
    stamped: Sequence[str],
) -> str:
    """The chart as SVG.

    Parameters
    ----------
    points : the days of the course and its amounts, in order
    goals : day, amount, what is attainable of it, and name of each goal
    tell : an amount in `unit`
    """
    first, last = points[0][0].toordinal(), points[-1][0].toordinal()
    high = max(amount for _, amount in points)
    base = TOP + HEIGHT - BOTTOM

    def at(day: date, amount: float) -> tuple[float, float]:
        across = (day.toordinal() - first) / max(last - first, 1)
        up = amount / max(high, 1e-9)
        return LEFT + across * (WIDTH - LEFT - RIGHT), base - up * (base - TOP)

    drawn = [words(LEFT - 8, TOP - 16, unit, size=10, text_anchor="end")]
    for tick in round_steps(0.0, high, 6):
        _, y = at(points[0][0], tick)
        drawn.append(element("path", d=track([(LEFT, y), (WIDTH - RIGHT, y)]), stroke=FAINT))
        drawn.append(words(LEFT - 8, y + 4, tell(tick), size=10, text_anchor="end"))
    course = track([at(*point) for point in points])
    drawn.append(element("path", d=course, fill="none", stroke=INK, stroke_width=2.0))
    drawn.append(words(LEFT, base + 16, points[0][0].isoformat(), size=10))
    for day, amount, attainable, goal in goals:
        x, y = at(day, amount)
        _, reached = at(day, min(attainable, amount))
        short = attainable < amount * (1.0 - 1e-9)
        drawn.append(element("path", d=track([(x, base), (x, y)]), stroke=LINE))
        if short:
            drawn.append(element("path", d=track([(x, reached), (x, y)]), stroke=LESS,
                                 stroke_width=3.0))  # fmt: skip
            drawn.append(words(x + 8, reached + 4, f"attainable {tell(attainable)}", size=11))
        drawn.append(element("circle", cx=x, cy=y, r=4.0, fill=LESS if short else MORE))
        drawn.append(words(x + 8, y + 16, f"{goal} {tell(amount)}", size=11))
        drawn.append(words(x, base + 16, day.isoformat(), size=10, text_anchor="middle"))
    return chart(
        WIDTH,
        base + 32 + 13 * len(stamped),
        *drawn,
        stamp(WIDTH, base + 36, stamped),
        name=name,
        title=title,
        description=description,
    )
