"""Charts of gravity, counterfactuals and relations, as files."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepot.cli.trade.effects import Asked
from entrepot.cli.trade.plots import write_plot
from entrepot.drawing.intervals import Figure, draw_intervals
from entrepot.drawing.scatter import draw_scatter
from entrepot.drawing.ties import Moment, Tie, draw_ties
from entrepot.errors import QuestionError
from entrepot.statistics.certificate import Measure

ENDS = 12
"""Countries shown of those who gain most, and of those who gain least."""

MOMENTS = 4
UNITS = {
    "real_expenditure_full": "welfare (real expenditure)",
    "real_income_full": "welfare (real income)",
    "gains": "real income lost without trade",
    "real_output_book": "real output, as the book's procedure stops",
    "exports_conditional": "exports, outputs and expenditures kept",
}


def plot_estimates(file: Path, title: str, found: Measure, trade: str) -> None:
    """Estimates with their intervals, in the order they were asked for.

    Raises
    ------
    QuestionError : nothing was estimated
    """
    rows = found.table.select("covariate", "estimate", "low", "high").rows()
    if not rows:
        raise QuestionError("there is no covariate, so no estimate to draw; leave --plot out")
    drawing = draw_intervals(
        [[Figure(*row) for row in rows]],
        name="estimates",
        title=f"{title}: what {trade} depends on",
        description=f"Estimates of {len(rows)} covariates with intervals of 95 percent.",
        bars=False,
        tell=lambda value: f"{value:+.3g}",
        unit="effect in logarithms",
        stamped=(f"{title}: estimates and 95 % intervals", *found.notes),
    )
    write_plot(file, drawing)


def plot_fitted(file: Path, title: str, fitted: Measure, notes: tuple[str, ...]) -> None:
    """Fitted against observed trade; flows without trade are counted, not drawn.

    Raises
    ------
    QuestionError : logarithms were fitted
    """
    observed, found = fitted.table.columns[-2:]
    if found != "fitted":
        raise QuestionError("fitted trade is drawn for --method ppml; leave --plot-fit out")
    # What is fitted by next to nothing would stretch the axes over hundreds of powers of ten.
    least = fitted.table.filter(pl.col(observed) > 0)[observed].min()
    there = (pl.col(observed) > 0) & (pl.col(found) >= pl.lit(least) * 1e-3)
    points = fitted.table.filter(there).select(observed, found).rows()
    left = fitted.table.height - len(points)
    told = f"{len(points):,} flows; {left:,} of nothing, or fitted by next to nothing, not drawn"
    drawing = draw_scatter(
        points,
        name="fitted",
        title=f"{title}: fitted against observed {observed}",
        description=f"Fitted against observed {observed} of {len(points):,} flows, logarithmic.",
        axes=(f"observed {observed}", f"fitted {observed}"),
        stamped=(f"{title}: {told}", *notes),
    )
    write_plot(file, drawing)


def plot_change(file: Path, title: str, found: Measure, asked: Asked, what: str) -> None:
    """Changes by country as bars, the largest gain first; of many the ends alone.

    Raises
    ------
    QuestionError : the answer is of pairs
    """
    column = next((name for name in UNITS if name in found.table.columns), None)
    if column is None:
        raise QuestionError("pairs are a table; ask about one of them to see it drawn")
    ends = [name for name in (f"{column}_low", f"{column}_high") if name in found.table.columns]
    rows = found.table.filter(pl.col(column).is_not_null())
    rows = rows.sort(column, "country", descending=[True, False]).select("country", column, *ends)
    figures = [Figure(*row) for row in rows.iter_rows()]
    groups, left = [figures], len(figures) - 2 * ENDS
    if left > 0:
        groups = [figures[:ENDS], figures[-ENDS:]]
    scenario = asked.told() if what == "" else what
    drawing = draw_intervals(
        groups,
        name="change",
        title=f"{title}: {scenario}",
        description=f"{UNITS[column]} of {len(figures)} countries, in percent.",
        bars=True,
        tell=lambda value: f"{value:+.2g}" if abs(value) < 10 else f"{value:+.1f}",
        unit=f"{'' if column == 'gains' else 'change, '}%",
        between=f"{left} others" if left > 0 else "",
        stamped=(
            f"{title}: {scenario}", f"{UNITS[column]}, percent", *found.notes,
            f"certificate: its conditions hold to {max(found.residual, 1e-15):.0e}",
        ),
    )  # fmt: skip
    write_plot(file, drawing)


def plot_relations(file: Path, title: str, found: Measure) -> None:
    """How countries stand to each other, as a network on a few of the days, the last among them.

    Raises
    ------
    QuestionError : no two countries have a tie
    """
    rows = found.table.filter(pl.col("between") == "countries")
    if rows.is_empty():
        raise QuestionError("no two countries have a tie then, so there is no network to draw")
    days = sorted(set(rows["date"]))
    if len(days) > MOMENTS:
        step = (len(days) - 1) / (MOMENTS - 1)
        days = [days[round(n * step)] for n in range(MOMENTS)]
    moments = [
        Moment(str(day), [Tie(*tie) for tie in
                          rows.filter(date=day).select("a", "b", "alignment").iter_rows()])
        for day in days
    ]  # fmt: skip
    drawing = draw_ties(
        moments,
        sorted(set(rows["a"]) | set(rows["b"])),
        name="relations",
        title=f"{title}: how countries stand to each other",
        description=f"Networks of ties on {len(days)} days.",
        signs=("friendly", "hostile"),
        stamped=(f"{title}: alignment from -1 (hostile) to +1 (allied)", *found.notes),
    )
    write_plot(file, drawing)
