"""`entrepot trade target`: what a target of turnover takes, and whether trade alone reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from cyclopts import App

from entrepot.cli.console import say, working
from entrepot.cli.trade.asking import (
    Answer,
    Digits,
    Source,
    Trade,
    day_of,
    first_day,
    give,
    read_trade,
)
from entrepot.cli.trade.figures import draw_mix, stamped
from entrepot.cli.trade.plots import check_plot, draw_target, write_plot
from entrepot.drawing.sheet import below
from entrepot.errors import QuestionError
from entrepot.statistics.joint import Scale
from entrepot.statistics.potential.study_duties import duties_as_tariffs
from entrepot.statistics.substitution.avoided import avoided_by_name, avoided_by_relations
from entrepot.statistics.substitution.candidates import Terms
from entrepot.statistics.substitution.freight import freight_of
from entrepot.statistics.target.mix import Pace
from entrepot.statistics.target.path import Step, middle_of, steps_to
from entrepot.statistics.target.target import Target, last_year_of, turnover_of
from entrepot.statistics.target.target import target as assess_target
from entrepot.study import Study

app = App(
    name="target",
    help_epilogue="Ways: substitution (instead of suppliers to avoid), potential (instead of "
    "others, within unrealised export potential), joint (sent on together to third markets).\n\n"
    "Examples:\n\n"
    "  entrepot trade target caspian --target turnover-1bn\n"
    "  entrepot trade target caspian --target turnover-1bn --plot path.svg\n"
    "  entrepot trade target caspian --target turnover-1bn \\\n"
    "      --unfriendly-below 0 --ramp 0.15",
)

BRIEF = {
    "target": ("target", "date", "goal", "growth", "attainable", "shortfall", "extra"),
    "path": ("date", "turnover"),
    "mix": ("exporter", "importer", "hs", "way", "now", "added", "extra", "basis"),
}


@app.default
def target(
    study: str,
    /,
    *,
    target: str,
    period: str | None = None,
    now: float | None = None,
    since: str | None = None,
    avoid: list[str] | None = None,
    unfriendly_below: float | None = None,
    digits: Digits = None,
    ramp: float = 0.1,
    start: float = 0.05,
    committed: float = 0.5,
    same_good: float = 0.1,
    plot: Path | None = None,
    source: Source = Source(),  # noqa: B008
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """What a target of turnover takes: growth, the cheapest mix, what falls short.

    Begins at the last year of trade between the two, and goes over their earlier targets.

    Parameters
    ----------
    study
        A folder, a workbook, or the name of a shipped study, with tables `targets` and `trade`.
    target
        Its name in table `targets`.
    period
        The year to begin at, and whose products the mix is drawn from; the last without it.
    now
        Turnover to begin at, money a year, instead of that year's.
    since
        The day of that turnover, such as 2024-06-30; the middle of the year without it.
    avoid
        A country, or a bloc of the study, to buy less from; given several times.
    unfriendly_below
        Avoid suppliers whose alignment, by the table `relations`, is below this (from -1 to 1).
    ramp
        Growth a month that a product can hold.
    start
        The share of what an exporter has to spare with which a product can begin.
    committed
        The share of what each sells third countries that stays with them.
    same_good
        The largest share of the goal that may be the same good both ways.
    plot
        Draw the path, what is attainable and the cheapest mix: a file .svg; it must not exist yet.
    """
    answer.check()
    check_plot(plot)
    trade = read_trade(study, source)
    if trade.study is None:
        raise QuestionError(f"{study} is a table of trade; only a study has targets")
    row = trade.study.table("targets").filter(target=target)
    reporter, partner = (row["reporter"][0], row["partner"][0]) if row.height else ("", "")
    with working("computing growth needed") as show:
        year = period or (last_year_of(trade.rows, reporter, partner) if row.height else "")
        value = now
        if value is None and row.height:
            value = turnover_of(trade.rows, reporter, partner, year)
        day = day_of(since) if since else (middle_of(year) if year else date.min)
        steps, reporter, partner = steps_to(trade.study.table("targets"), target, value or 0.0, day)
        show("finding who could supply what")
        away, notes = _avoided(trade, reporter, partner, year, avoid or [], unfriendly_below)
        found = assess_target(
            trade.rows, steps, reporter, partner, year, away, digits,
            _terms(trade.study, year, committed), Pace(ramp, start, same_good),
            Scale(committed=committed),
        )  # fmt: skip
    results = [
        ("Steps to the target", found.steps),
        ("The path", found.path),
        ("The cheapest mix", found.mix),
        ("What holds it back", found.limits),
    ]
    if plot is not None:
        _draw(plot, trade, steps, found, year)
    if answer.json:
        told = (*found.answer, *found.steps.notes, *notes)
        results[0] = (results[0][0], replace(found.steps, notes=told))
    else:
        for line in (*found.answer, *notes):
            say(line)
    give(answer, trade, results, BRIEF)


def _draw(plot: Path, trade: Trade, steps: Sequence[Step], found: Target, year: str) -> None:
    """The path, and below it the mix."""
    mix = draw_mix(trade, found.mix, steps[-1].target, year)
    under = found.answer if mix else (*found.answer, *stamped(trade, found.path, [year]))
    path = draw_target(trade, steps, found.path, found.steps, under)
    what = f"The path to {steps[-1].target}, and the cheapest mix"
    both = [path, mix] if mix else [path]
    write_plot(plot, below(both, name="both", title=what, description=what))


def _terms(study: Study, year: str, committed: float) -> Terms:
    tariffs = None
    if study.table("duties").height:
        tariffs, _ = duties_as_tariffs(study, first_day(year))
    freight = freight_of(study) if study.table("legs").height else None
    return Terms(committed=committed, tariffs=tariffs, freight=freight)


def _avoided(
    trade: Trade,
    reporter: str,
    partner: str,
    year: str,
    names: list[str],
    threshold: float | None,
) -> tuple[set[str], tuple[str, ...]]:
    """Suppliers that the two would rather not buy from."""
    day, pair = first_day(year), [reporter, partner]
    if names and threshold is not None:
        raise QuestionError("--avoid and --unfriendly-below are two answers to one question")
    if threshold is None:
        found = avoided_by_name(trade.rows, pair, names, trade.study, day)
        return {name for each in found.values() for name in each}, ()
    if trade.study is None or day is None:
        raise QuestionError("relations change: say which --period")
    by_relations, notes = avoided_by_relations(trade.rows, pair, trade.study, threshold, day)
    return {name for each in by_relations.values() for name in each}, notes
