"""Forecasts as charts: corridors with their intervals, every version of the study side by side."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepot.cli.show.forecast import title_of
from entrepot.cli.show.forecast_parts import LEAST
from entrepot.drawing.intervals import Figure, draw_intervals
from entrepot.errors import OutputError
from entrepot.forecasting.forecast import Forecast
from entrepot.telling.figures import figure, scale_for
from entrepot.telling.names import Names

MOST = 10
"""Corridors on a chart."""
LETTERS = 24
"""Of a corridor's title that there is room for."""


def write_charts(found: Forecast, out: Path) -> list[str]:
    """Draw what corridors carry, a chart for each good; gives the names of the files.

    Raises
    ------
    OutputError : a file cannot be written
    """
    files = []
    for good in found.goods:
        drawing = draw_corridors(found, good)
        if drawing is None:
            continue
        file = out / f"corridors-{good}.svg"
        try:
            file.write_text(drawing, encoding="utf-8")
        except OSError as error:
            raise OutputError(f"{file} cannot be written: {error.strerror or error}") from error
        files.append(file.name)
    return files


def draw_corridors(found: Forecast, good: str) -> str | None:
    """Medians and intervals of what corridors carry of a good; None where they carry nothing.

    Those with most to show, by the highest end of their intervals, come first; one period, the
    first, where there are several.
    """
    names = Names(found.study)
    rows = found.table.filter((pl.col("good") == good) & (pl.col("high") >= LEAST))
    measure = "corridor" if "corridor" in rows["measure"] else "routed"
    rows = rows.filter(measure=measure)
    if rows.is_empty():
        return None
    period = rows["period"][0]
    rows = rows.filter(period=period)
    largest = rows.group_by("name").agg(pl.col("high").max()).sort("high", "name", descending=True)
    unit = names.unit(good)
    factor, word = scale_for([float(value) for value in rows["high"]], unit)
    groups = [
        _beside(found, names, corridor, rows.filter(name=corridor), factor)
        for corridor in largest["name"].head(MOST)
    ]
    title = f"{names.good(good)}: what corridors carry, {word}{unit}"
    scenarios = [f"{scenario}: {title_of(found, scenario)}" for scenario in found.scenarios]
    when = f", period {period}" if found.table["period"].n_unique() > 2 else ""
    return draw_intervals(
        groups,
        name="corridors",
        title=title,
        description="Medians as dots, the intervals that hold 95 % of the draws as lines.",
        bars=False,
        tell=lambda value: figure(value, 0),
        unit=f"{word}{unit}",
        stamped=[
            f"{title}{when}; {found.study.settings.title}; {found.cleared:,} draws, median and "
            "95 % of them",
            *scenarios,
        ],
    )


def _beside(
    found: Forecast, names: Names, corridor: str, rows: pl.DataFrame, factor: float
) -> list[Figure]:
    """What one corridor carries in every version; by its short name where the title is long."""
    title = names.corridor(corridor)
    label = title if len(title) <= LETTERS else corridor
    told = {
        row["scenario"]: [row[key] / factor for key in ("median", "low", "high")]
        for row in rows.iter_rows(named=True)
    }
    return [
        Figure(scenario or label, *told.get(scenario, [0.0])) for scenario in ("", *found.scenarios)
    ]
