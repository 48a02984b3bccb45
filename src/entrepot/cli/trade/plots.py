"""Charts of answers, as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from entrepot.cli.trade.asking import Trade
from entrepot.drawing.course import draw_course
from entrepot.drawing.sheet import height_of, sheet
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


def plot_growth(
    file: Path, trade: Trade, found: Measure, what: str, periods: Sequence[str]
) -> None:
    """Contributions to growth as a waterfall, the largest first, in percent of the base."""
    rows = found.table.select("hs", "flow", "contribution").rows()
    parts = [(f"{hs} {flow}", 100.0 * share) for hs, flow, share in rows]
    if len(parts) > MOST:
        rest = sum(share for _, share in parts[MOST - 1 :])
        parts = [*parts[: MOST - 1], (f"{len(rows) - MOST + 1} others", rest)]
    description = f"Contributions to growth of {len(rows)} products and directions."
    drawing = draw_waterfall(
        parts,
        name="parts",
        title=what,
        description=description,
        total="growth",
        span=reach([share for _, share in parts]),
        tell=lambda value: f"{value:+,.1f}",
        unit="%",
        stamped=(),
    )
    estimate = " (estimate)" if trade.estimated(periods) else ""
    whole = sheet(
        [drawing],
        height_of(drawing),
        name="growth",
        title=what,
        under=f"contributions to growth, in percent of trade in {periods[0]}{estimate}",
        description=description,
        stamped=[
            trade.source_of(periods), *found.notes, *trade.notes, f"Certificate: {found.identity}."
        ],
    )  # fmt: skip
    write_plot(file, whole)


def draw_target(
    trade: Trade, steps: Sequence[Step], path: Measure, reached: Measure, stamped: Sequence[str]
) -> str:
    """The path to a target, with what is attainable of every step."""
    points = [(steps[0].since, steps[0].start), *path.table.select("date", "turnover").rows()]
    goals = [
        (day, goal, attainable, name)
        for name, day, goal, attainable in reached.table.select(
            "target", "date", "goal", "attainable"
        ).iter_rows()
    ]
    title = f"The path to {steps[-1].target}"
    description = "Turnover month by month, its goals, and what trade alone can bring."
    drawing = draw_course(
        points,
        goals,
        name="course",
        title=title,
        description=description,
        tell=lambda value: f"{value / 1e6:,.0f}",
        unit=f"million {trade.currency}",
        stamped=(),
    )
    return sheet(
        [drawing],
        height_of(drawing),
        name="target",
        title=title,
        under=f"turnover a year, million {trade.currency}; {points[0][0]} to {points[-1][0]}",
        description=description,
        stamped=stamped,
    )


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
