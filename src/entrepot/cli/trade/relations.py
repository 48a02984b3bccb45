"""`entrepot trade relations`: how countries and blocs stand to each other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
from cyclopts import App

from entrepot.cli.console import working
from entrepot.cli.trade.asking import Answer, Trade, give
from entrepot.cli.trade.plots import check_plot
from entrepot.cli.trade.world_plots import plot_relations
from entrepot.errors import QuestionError
from entrepot.sources.countries import three_letters
from entrepot.sources.panel_file import read_panel
from entrepot.statistics.certificate import Measure
from entrepot.statistics.relations.alignment import alignment_over_time, turning_days
from entrepot.statistics.relations.ideal_points import beside_ideal_points
from entrepot.statistics.relations.ideal_points import ideal_points as points_of
from entrepot.study import Study, find_study, read_study

app = App(
    name="relations",
    help_epilogue="Alignment is from -1 (hostile) to +1 (allied): friendly less hostile ties. The "
    "columns of\ndomains are its parts. Weights are judgements of the table relations.\n\n"
    "Examples:\n\n"
    "  entrepot trade relations caspian --on 2024-01-01 --country BY\n"
    "  entrepot trade relations caspian --over-time --country BY --out by.csv",
)

BRIEF = ("date", "a", "b", "between", "alignment", "friendly", "hostile", "named")


@app.default
def relations(
    study: str,
    /,
    *,
    on: str | None = None,
    over_time: bool = False,
    country: str | None = None,
    ideal_points: Path | None = None,
    scenario: list[str] | None = None,
    plot: Path | None = None,
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """See how countries and blocs stand to each other, and from which ties that follows.

    Parameters
    ----------
    study
        A folder, a workbook, or the name of a shipped study, with a table `relations`.
    on
        The day, such as 2024-01-01.
    over_time
        Every day on which a tie begins or no longer holds, instead.
    country
        A country or a bloc whose relations are shown; all without it.
    ideal_points
        A table of ideal points in the United Nations (iso3c, session, IdealPointAll), to set
        beside.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    plot
        Draw ties of countries as a network, over time on four days at most: a file .svg; it must
        not exist yet.
    """
    answer.check()
    check_plot(plot)
    if (on is None) != over_time:
        raise QuestionError("relations change: say either --on which day, or --over-time")
    with working(f"reading {study}"):
        found = read_study(find_study(study)).scenario(*(scenario or []))
    rows = found.table("relations")
    if rows.is_empty():
        raise QuestionError(f"{found.name} has no table relations; add one")
    days = [on] if on is not None else turning_days(rows)
    if not days:
        raise QuestionError("no relation has a date, so that nothing changes; say --on any day")
    told = alignment_over_time(rows, found.table("blocs"), days)
    if ideal_points is not None:
        told = _beside(told, ideal_points)
    told = _of(found, told, country)
    brief = [name for name in (*BRIEF, "ideal_distance") if name in told.table.columns]
    trade = Trade(rows.head(0), found.settings.title, "", found)
    if plot is not None:
        plot_relations(plot, found.settings.title, told)
    give(answer, trade, [("Alignment", told)], {"alignment": brief})


def _beside(told: Measure, file: Path) -> Measure:
    """With distances of ideal points, whose codes have three letters."""
    points = points_of(read_panel(file))
    ends = pl.concat([told.table["a"], told.table["b"]])
    if ends.str.len_chars().max() == 2 or (ends.str.len_chars() == 2).any():
        shorter = pl.col("country").replace_strict(dict(three_letters()), default=None)
        points = points.with_columns(shorter).drop_nulls("country")
    return beside_ideal_points(told, points)


def _of(study: Study, told: Measure, country: str | None) -> Measure:
    """The closest first, of one country where it is asked for."""
    table = told.table.sort(
        "date", "between", "alignment", "a", "b", descending=[False, True, True, False, False]
    )
    if country is not None:
        table = table.filter((pl.col("a") == country) | (pl.col("b") == country))
        if table.is_empty():
            raise QuestionError(
                f"{country!r} has no relation in {study.name} then; without --country all are told"
            )
    return replace(told, table=table)
