"""`entrepot trade substitute`: buy from a partner what is bought from others now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from cyclopts import App

from entrepot.cli.console import working
from entrepot.cli.trade.asking import (
    Answer,
    Digits,
    Rows,
    Source,
    Trade,
    day_of,
    first_day,
    give,
    only_period,
    read_columns,
    read_trade,
)
from entrepot.cli.trade.figures import plot_substitution
from entrepot.cli.trade.plots import check_plot
from entrepot.errors import QuestionError
from entrepot.statistics.potential.export import assess
from entrepot.statistics.potential.study_duties import duties_as_tariffs
from entrepot.statistics.potential.thresholds import Thresholds
from entrepot.statistics.potential.world import world_of
from entrepot.statistics.substitution.avoided import avoided_by_name, avoided_by_relations
from entrepot.statistics.substitution.candidates import Terms
from entrepot.statistics.substitution.freight import freight_of
from entrepot.statistics.substitution.substitution import substitution

app = App(
    name="substitute",
    help_epilogue="Confidence is the share of four checks that hold: unit values of both are known "
    "in one unit; the partner sells the importer this product already; both flows are reported, "
    "not estimated; what the partner has to spare is at least twice the need.\n\n"
    "Examples:\n\n"
    "  entrepot trade substitute caspian --reporter AZ --partner BY \\\n"
    "      --avoid IT --period 2024\n"
    "  entrepot trade substitute trade.csv --reporter AZ --partner BY \\\n"
    "      --avoid DE --avoid PL --plot switched.svg",
)

BRIEF = (
    "importer", "avoided", "hs", "need", "switched", "cost", "limit", "hhi_change", "confidence",
    "basis",
)  # fmt: skip


@app.default
def substitute(
    study: Rows,
    /,
    *,
    reporter: str,
    partner: str,
    avoid: list[str] | None = None,
    unfriendly_below: float | None = None,
    on: str | None = None,
    one_way: bool = False,
    period: str | None = None,
    digits: Digits = None,
    ramp: float = 0.0,
    committed: float = 0.0,
    premium: float | None = None,
    within_potential: bool = False,
    tariffs: Path | None = None,
    plot: Path | None = None,
    source: Source = Source(),  # noqa: B008
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """Buy from a partner what is bought from others now: what could be, and at what extra cost.

    Each country of the two is asked what it buys from those to avoid and the other sells to third
    countries. No capacity is used twice. Duties and freight are those of the study, where it has
    them: freight by the cheapest journeys.

    Parameters
    ----------
    reporter
        The country that buys.
    partner
        The country that it would rather buy from, and the other way round.
    avoid
        A country, or a bloc of the study, to buy less from; given several times.
    unfriendly_below
        Avoid suppliers whose alignment, by the table `relations`, is below this (from -1 to 1).
    on
        The day of blocs and relations, such as 2024-06-30; the first of the period without it.
    one_way
        Only what the reporter buys.
    period
        Which; needed where there are several.
    ramp
        The share by which a partner can sell more than it does.
    committed
        The share of what a partner sells third countries that stays with them.
    premium
        The greatest extra cost that is paid, as a share; without it as much as can be is switched,
        the cheapest first.
    within_potential
        No more than the unrealised export potential.
    tariffs
        A table .csv of importer, exporter, hs, tariff, instead of the study's duties.
    plot
        Draw what could be switched and what stays: a file .svg; it must not exist yet.
    """
    answer.check()
    check_plot(plot)
    trade = read_trade(study, source)
    day = _day(on, period)
    with working("computing substitution") as show:
        both = [reporter] if one_way else [reporter, partner]
        away, notes = _whom(trade, both, partner, avoid or [], unfriendly_below, day)
        show("finding journeys")
        terms, told = _terms(trade, ramp, committed, premium, tariffs, day)
        if within_potential:
            show("computing potential")
            terms = replace(terms, ceiling=_ceiling(trade, reporter, partner, period, digits))
        show("solving the transport problem")
        partners = {each: [partner if each == reporter else reporter] for each in away}
        found, totals = substitution(trade.rows, away, partners, period, digits, terms)
    found = replace(found, notes=(*found.notes, *notes, *told))
    if plot is not None:
        pair = (reporter, partner)
        plot_substitution(plot, trade, found, pair, period or only_period(trade))
    headings = ("What could be switched", "In all")
    results = list(zip(headings, (found, totals), strict=True))
    give(answer, trade, results, {"substitution": BRIEF})


def _day(on: str | None, period: str | None) -> date | None:
    if on is not None:
        return day_of(on)
    return None if period is None else first_day(period)


def _whom(
    trade: Trade,
    importers: list[str],
    partner: str,
    names: list[str],
    threshold: float | None,
    day: date | None,
) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """Whom each importer avoids, and notes on it."""
    if (threshold is None) == (not names):
        raise QuestionError("say whom to avoid: either --avoid names or --unfriendly-below")
    if threshold is None:
        found = avoided_by_name(trade.rows, [*importers, partner], names, trade.study, day)
        return {each: found[each] for each in importers}, ()
    if trade.study is None:
        raise QuestionError("a table of trade has no relations; only a study has, or use --avoid")
    if day is None:
        raise QuestionError("relations change: say --on which day, or which --period")
    return avoided_by_relations(trade.rows, importers, trade.study, threshold, day)


def _terms(
    trade: Trade,
    ramp: float,
    committed: float,
    premium: float | None,
    tariffs: Path | None,
    day: date | None,
) -> tuple[Terms, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    rows = None if tariffs is None else read_columns(tariffs)
    freight = None
    if trade.study is not None:
        if rows is None and trade.study.table("duties").height:
            rows, notes = duties_as_tariffs(trade.study, day)
        if trade.study.table("legs").height:
            freight = freight_of(trade.study)
    return Terms(ramp, committed, premium, rows, freight), notes


def _ceiling(
    trade: Trade, reporter: str, partner: str, period: str | None, digits: int | None
) -> dict[tuple[str, str, str], float]:
    """Unrealised potential between the two, by exporter, importer and product."""
    world = world_of(trade.rows, [period] if period else [], digits)
    found = assess(world, thresholds=Thresholds(0.0, 0.0))
    place = {name: at for at, name in enumerate(world.countries)}
    ceiling = {}
    for i, j in ((reporter, partner), (partner, reporter)):
        p, v = found.cells_of([place[i]], [place[j]])
        for good, more in zip(world.goods, (p - v).clip(0.0).ravel().tolist(), strict=True):
            ceiling[i, j, good] = more
    return ceiling
