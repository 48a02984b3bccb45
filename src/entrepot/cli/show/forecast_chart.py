"""Forecasts as charts: corridors with their intervals, every version of the study side by side."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepot.cli.show.forecast import STATED, title_of
from entrepot.cli.show.forecast_parts import LEAST
from entrepot.drawing.intervals import Figure, draw_intervals
from entrepot.errors import OutputError
from entrepot.forecasting.forecast import Forecast
from entrepot.telling.figures import figure, scale_for
from entrepot.telling.names import Names

MOST = 10
"""Corridors on a chart."""


def write_charts(found: Forecast, out: Path) -> list[str]:
    """Draw what corridors carry, a chart for each good and period; gives the names of the files.

    Raises
    ------
    OutputError : a file cannot be written
    """
    files = []
    periods = found.table.filter(pl.col("period") != "")["period"].unique(maintain_order=True)
    for good in found.goods:
        for period in periods:
            drawing = draw_corridors(found, good, period)
            if drawing is None:
                continue
            which = f"{good}-{period}" if len(periods) > 1 else good
            file = out / f"corridors-{which}.svg"
            try:
                file.write_text(drawing, encoding="utf-8")
            except OSError as error:
                raise OutputError(f"{file} cannot be written: {error.strerror or error}") from error
            files.append(file.name)
    return files


def draw_corridors(found: Forecast, good: str, period: str) -> str | None:
    """Medians and intervals of what corridors carry of a good; None where they carry nothing.

    Those with most to show, by the highest end of their intervals, come first.
    """
    names = Names(found.study)
    rows = found.table.filter((pl.col("good") == good) & (pl.col("high") >= LEAST))
    measure = "corridor" if "corridor" in rows["measure"] else "routed"
    rows = rows.filter(measure=measure, period=period)
    if rows.is_empty():
        return None
    largest = rows.group_by("name").agg(pl.col("high").max()).sort("high", "name", descending=True)
    shown = largest["name"].head(MOST).to_list()
    unit = names.unit(good)
    factor, word = scale_for([float(value) for value in rows["high"]], unit)
    several = found.table.filter(pl.col("period") != "")["period"].n_unique() > 1
    how = " by route choice" if measure == "routed" else ""
    when = f", {period}" if several else ""
    title = f"{names.good(good)}: what corridors carry{how}{when}, {word}{unit}"
    scenarios = [f"{scenario}: {title_of(found, scenario)}" for scenario in found.scenarios]
    return draw_intervals(
        [_beside(found, rows.filter(name=corridor), factor) for corridor in shown],
        name="corridors",
        title=title,
        description="Medians as dots, the intervals that hold 95 % of the draws as lines.",
        bars=False,
        tell=lambda value: figure(value, 0),
        unit=f"{word}{unit}",
        headings=[names.corridor(corridor) for corridor in shown],
        stamped=[
            title,
            f"{found.study.settings.title}; {found.cleared:,} draws: medians and 95 % of them",
            *scenarios,
        ],
    )


def _beside(found: Forecast, rows: pl.DataFrame, factor: float) -> list[Figure]:
    """What one corridor carries in every version."""
    told = {
        row["scenario"]: [row[key] / factor for key in ("median", "low", "high")]
        for row in rows.iter_rows(named=True)
    }
    return [
        Figure(scenario or STATED, *told.get(scenario, [0.0]))
        for scenario in ("", *found.scenarios)
    ]
