"""`entrepot trade potential`: what could be sold of what in which market."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl
from cyclopts import App

from entrepot.cli.console import working
from entrepot.cli.trade.asking import (
    Answer,
    Digits,
    Rows,
    Source,
    Trade,
    first_day,
    give,
    only_period,
    read_columns,
    read_trade,
)
from entrepot.cli.trade.figures import plot_beginnings, plot_potential, told_of
from entrepot.cli.trade.plots import check_plot
from entrepot.errors import QuestionError
from entrepot.statistics.potential.corrections import Corrections
from entrepot.statistics.potential.diversification import ranked
from entrepot.statistics.potential.export import assess, table_of
from entrepot.statistics.potential.study_duties import duties_as_tariffs
from entrepot.statistics.potential.thresholds import Thresholds
from entrepot.statistics.potential.world import world_of

app = App(
    name="potential",
    help_epilogue="Tables of a user: --outlook has the columns country, gdp, population (factors "
    "of growth to the horizon); --tariffs has importer, exporter, hs, tariff (a share; * is "
    "any).\n\n"
    "Examples:\n\n"
    "  entrepot trade potential world.parquet --reporter BY --by products\n"
    "  entrepot trade potential world.parquet --reporter BY --partner AZ --reexports\n"
    "  entrepot trade potential world.parquet --reporter BY --diversification\n"
    "  entrepot trade potential world.parquet --by markets --out potential.csv",
)


@app.default
def potential(
    study: Rows,
    /,
    *,
    reporter: str | None = None,
    partner: str | None = None,
    by: list[Literal["cells", "products", "markets"]] | None = None,
    period: list[str] | None = None,
    digits: Digits = None,
    mirror: bool = False,
    reexports: bool = False,
    outlook: Path | None = None,
    income_elasticity: float = 1.0,
    tariffs: Path | None = None,
    duties: bool = False,
    substitution: float | None = None,
    global_advantage: bool = False,
    diversification: bool = False,
    least_product: float | None = None,
    least_market: float | None = None,
    cumulative: float | None = None,
    plot: Path | None = None,
    source: Source = Source(),  # noqa: B008
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """What could be sold of what in which market, beside what is.

    Potential is a country's share of world exports of a product, times what a market buys of it,
    times how much more the two trade than such shares would have it. It needs the trade of all
    countries that matter, not of two alone.

    Parameters
    ----------
    reporter
        The country that sells.
    partner
        The country that buys; with both, either direction between the two.
    by
        Rows: products and markets together, one of them over the other; given several times, a
        table each. Cells where both countries are named, else products.
    period
        Which; given several times, the mean of them. Needed where there are several.
    mirror
        Where both sides report a flow take the mean of both.
    reexports
        Correct supply for what only passes through.
    outlook
        Correct for growth to a horizon: a table .csv.
    income_elasticity
        Of demand by GDP a head, with --outlook.
    tariffs
        Correct for tariffs: a table .csv.
    duties
        Correct for the table `duties` of the study.
    substitution
        Elasticity between suppliers, with --tariffs or --duties.
    global_advantage
        Take from supply what tariffs do for the exporter in all markets, with --tariffs or
        --duties.
    diversification
        Rank products in which the reporter has no advantage yet, by how near they are to what it
        exports, instead of potential.
    least_product
        Leave out products that the world trades for less: 200,000 without it.
    least_market
        Leave out markets of a product that buy for less: 10,000 without it.
    cumulative
        Keep the largest products that make up this share of trade, such as 0.95, and of each the
        largest markets that make it up, instead of both thresholds in money.
    plot
        Draw what is realised and unrealised of the first table, or what to begin with: a file .svg;
        it must not exist yet.
    """
    answer.check()
    check_plot(plot)
    if tariffs is not None and duties:
        raise QuestionError("--tariffs and --duties are two answers to one question; give one")
    if diversification and (reporter is None or by):
        raise QuestionError("--diversification ranks products of one country: give --reporter, "
                            "and no --by")  # fmt: skip
    trade = read_trade(study, source)
    notes: tuple[str, ...] = ()
    rows = None if tariffs is None else read_columns(tariffs)
    if duties:
        rows, notes = _duties(trade, study, period)
    given = Corrections(
        outlook=None if outlook is None else read_columns(outlook),
        income=income_elasticity,
        reexports=reexports,
        tariffs=rows,
        substitution=substitution,
        global_advantage=global_advantage,
    )
    least = _least(least_product, least_market, cumulative)
    tables = by or (["cells"] if reporter and partner else ["products"])
    with working("reading flows") as show:
        world = world_of(trade.rows, period or [], digits, mirror)
        told = told_of(trade, period or [only_period(trade)])
        trade = trade.let_go()
        show("computing potential")
        found = assess(world, given, least, notes)
        if diversification and reporter:
            show("computing the product space")
            results = [ranked(found, reporter, partner)]
            headings = [f"Products that {reporter} could begin with"]
        else:
            results = [table_of(found, each, reporter, partner) for each in tables]
            headings = [f"Export potential by {HEADINGS[each]}" for each in tables]
    if plot is not None:
        draw = plot_beginnings if diversification else plot_potential
        draw(plot, trade, results[0], (reporter, partner), told)
    give(answer, trade, list(zip(headings, results, strict=True)))


def _duties(
    trade: Trade, study: str, period: list[str] | None
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Duties of the study as tariffs, and notes on them."""
    if trade.study is None:
        raise QuestionError(f"{study} is a table of trade; only a study has duties")
    return duties_as_tariffs(trade.study, first_day((period or [""])[0]))


def _least(product: float | None, market: float | None, cumulative: float | None) -> Thresholds:
    """Thresholds in money stand where no cumulative share is asked for in their stead."""
    usual = Thresholds() if cumulative is None else Thresholds(0.0, 0.0)
    return Thresholds(
        usual.product if product is None else product,
        usual.market if market is None else market,
        cumulative,
    )


HEADINGS = {"cells": "product and market", "products": "product", "markets": "market"}
