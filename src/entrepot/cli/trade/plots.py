"""Charts of answers, as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from entrepot.cli.trade.asking import Trade
from entrepot.drawing.course import draw_course
from entrepot.drawing.waterfall import draw_waterfall, reach
from entrepot.errors import OutputError
from entrepot.statistics.certificate import Measure
from entrepot.statistics.target.path import Step

MOST = 14


def check_plot(file: Path | None) -> None:
    """Refuse a file that stands already, or is no SVG.

    Raises
    ------
    OutputError : so it is
    """
    if file is None:
        return
    if file.suffix != ".svg":
        raise OutputError(f"{file} is no .svg; name such a file")
    if file.exists():
        raise OutputError(f"{file} exists already; name a file that does not")


def plot_growth(file: Path, trade: Trade, found: Measure, what: str) -> None:
    """Contributions to growth as a waterfall, the largest first, in points of percent."""
    rows = found.table.select("hs", "flow", "contribution").rows()
    parts = [(f"{hs} {flow}", 100.0 * share) for hs, flow, share in rows]
    if len(parts) > MOST:
        rest = sum(share for _, share in parts[MOST - 1 :])
        parts = [*parts[: MOST - 1], (f"{len(rows) - MOST + 1} others", rest)]
    drawing = draw_waterfall(
        parts,
        name="growth",
        title=f"{trade.title}: {what}",
        description=f"Contributions to growth of {len(rows)} products and directions.",
        total="growth",
        span=reach([share for _, share in parts]),
        tell=lambda value: f"{value:+,.1f}",
        unit="%",
        stamped=(f"{trade.title}: {what}", found.identity, *trade.notes),
    )
    write_plot(file, drawing)


def plot_target(
    file: Path, trade: Trade, steps: Sequence[Step], path: Measure, reached: Measure
) -> None:
    """The path to a target, with what is attainable of every step."""
    points = [(steps[0].since, steps[0].start), *path.table.select("date", "turnover").rows()]
    goals = [
        (day, goal, attainable, name)
        for name, day, goal, attainable in reached.table.select(
            "target", "date", "goal", "attainable"
        ).iter_rows()
    ]
    drawing = draw_course(
        points,
        goals,
        name="target",
        title=f"{trade.title}: the path to {steps[-1].target}",
        description="Turnover month by month, its goals, and what trade alone can bring.",
        tell=lambda value: f"{value / 1e6:,.0f}",
        unit=f"million {trade.currency}",
        stamped=(f"{trade.title}: the path to {steps[-1].target}", *trade.notes),
    )
    write_plot(file, drawing)


def write_plot(file: Path, drawing: str) -> None:
    """Write a drawing.

    Raises
    ------
    OutputError : it cannot be written
    """
    try:
        file.write_text(drawing, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror or error}") from error
