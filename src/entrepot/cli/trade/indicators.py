"""`entrepot trade indicators`: one measure, several, or a summary of all that can be answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from cyclopts import App

from entrepot.cli.console import working
from entrepot.cli.trade.asking import (
    Answer,
    Digits,
    Rows,
    Source,
    Trade,
    give,
    only_period,
    read_trade,
)
from entrepot.cli.trade.figures import plot_ranking, plot_space
from entrepot.cli.trade.plots import check_plot
from entrepot.errors import QuestionError
from entrepot.statistics.certificate import Measure
from entrepot.statistics.measures import INDICATORS, Periods, measures, title_of
from entrepot.statistics.measures import measure as one_measure
from entrepot.statistics.summary import summary

app = App(
    name="indicators",
    help_epilogue="Measures, and what each needs to be told:\n\n"
    + "\n".join(
        f"  {each.name:<21}{each.title}"
        + (f" ({', '.join(f'--{word}' for word in each.needs)})" if each.needs else "")
        for each in INDICATORS
    )
    + "\n\nExamples:\n\n"
    "  entrepot trade indicators world.parquet --reporter BY\n"
    "  entrepot trade indicators world.parquet --reporter BY --plot product-space.svg\n"
    "  entrepot trade indicators world.parquet --reporter BY --measure advantage \\\n"
    "      --out rca.csv\n"
    "  entrepot trade indicators trade.csv --period 2023 --measure complexity \\\n"
    "      --measure density",
)


@app.default
def indicators(
    study: Rows,
    /,
    *,
    measure: list[str] | None = None,
    reporter: str | None = None,
    partner: str | None = None,
    period: str | None = None,
    base: str | None = None,
    of: Literal["exports", "imports"] | None = None,
    over: Literal["products", "partners"] | None = None,
    digits: Digits = None,
    least: float | None = None,
    plot: Path | None = None,
    source: Source = Source(),  # noqa: B008
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """Advantage, concentration, complementarity, complexity and more.

    Without a measure: the leading figure of each that can be answered, in one table.

    Parameters
    ----------
    measure
        Which; they are listed below. Given several times, all of them.
    reporter
        The country whose trade it is.
    partner
        The country on the other side.
    period
        Which; needed where there are several.
    base
        The period that it is compared with.
    of
        What is measured.
    over
        What the shares of a concentration are of.
    least
        Leave out countries that export less, in money.
    plot
        Draw the product space of the reporter (how near each product is, and how complex), or with
        one --measure its figures as bars: a file .svg; it must not exist yet.
    """
    answer.check()
    check_plot(plot)
    _refuse(measure or [])
    trade = read_trade(study, source)
    words = {
        "reporter": reporter, "partner": partner, "period": period, "base": base, "of": of,
        "over": over, "digits": digits, "least": least,
    }  # fmt: skip
    with working("computing indicators"):
        if measure:
            found = measures(measure, trade.rows, **words)
        else:
            found = [summary(trade.rows, **words)]
    if plot is not None:
        _draw(plot, trade, measure or [], found, words)
    headings = [title_of(name) for name in measure or []] or ["The leading figure of each measure"]
    give(answer, trade, list(zip(headings, found, strict=True)))


def _draw(
    plot: Path, trade: Trade, names: list[str], found: list[Measure], words: dict[str, Any]
) -> None:
    """The one measure asked for as bars, or the product space.

    Raises
    ------
    QuestionError : several measures, or no reporter
    """
    periods = [words["period"] or only_period(trade)]
    if len(names) > 1:
        raise QuestionError("--plot draws one --measure; give one, or none for the product space")
    if names:
        figure = next(each.figure for each in INDICATORS if each.name == names[0])
        sides = (words["reporter"], words["partner"])
        plot_ranking(plot, trade, found[0], (title_of(names[0]), figure), periods, sides)
        return
    if words["reporter"] is None:
        raise QuestionError("--plot draws the product space of a country: give --reporter")
    told = {word: words[word] for word in ("period", "digits", "least")}
    spaces = Periods(trade.rows)
    near = one_measure("density", spaces, reporter=words["reporter"], **told)
    product = one_measure("product-complexity", spaces, **told)
    plot_space(plot, trade, near, product, words["reporter"], periods[0])


def _refuse(names: list[str]) -> None:
    """Refuse measures that another question answers."""
    homes = {"turnover": "turnover", "balance": "turnover --by partner", "growth": "growth"}
    homes |= {name: f"growth --split {name}" for name in ("price-quantity", "constant-share")}
    for name in names:
        if name in homes:
            raise QuestionError(f"{name} is asked for by `entrepot trade {homes[name]}`")
