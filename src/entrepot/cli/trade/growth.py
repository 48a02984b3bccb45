"""`entrepot trade growth`: what made trade grow from one period to another."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from entrepot.cli.console import working
from entrepot.cli.trade.asking import Answer, Digits, Rows, Source, give, read_trade
from entrepot.cli.trade.plots import check_plot, plot_growth
from entrepot.errors import QuestionError
from entrepot.statistics.measures import measure, title_of

app = App(
    name="growth",
    help_epilogue="Splits:\n\n"
    "  contributions   which products, in which direction\n"
    "  price-quantity  how much of each change is price, and how much quantity\n"
    "  constant-share  exports against the growth of world, products, markets\n\n"
    "Examples:\n\n"
    "  entrepot trade growth trade.csv --reporter BY --partner AZ \\\n"
    "      --base 2022 --period 2023 --plot growth.svg\n"
    "  entrepot trade growth trade.csv --reporter BY --base 2022 --period 2023 \\\n"
    "      --split constant-share",
)


@app.default
def growth(
    study: Rows,
    /,
    *,
    reporter: str,
    base: str,
    period: str,
    partner: str | None = None,
    split: Literal["contributions", "price-quantity", "constant-share"] = "contributions",
    of: Literal["turnover", "exports", "imports"] | None = None,
    digits: Digits = None,
    plot: Path | None = None,
    source: Source = Source(),  # noqa: B008
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """What made trade grow: products, price and quantity, markets.

    Parameters
    ----------
    reporter
        The country whose trade it is.
    base
        The period that it is compared with.
    period
        The period compared.
    partner
        The country on the other side; all together without it.
    split
        What growth is divided into; see below.
    of
        What grows; turnover without it.
    plot
        Draw the contributions as a waterfall: a file .svg; it must not exist yet.
    """
    answer.check()
    check_plot(plot)
    if plot is not None and split != "contributions":
        raise QuestionError("only contributions are drawn; leave out --split or --plot")
    trade = read_trade(study, source)
    name = "growth" if split == "contributions" else split
    words = {"reporter": reporter, "partner": partner, "base": base, "period": period, "of": of,
             "digits": digits}  # fmt: skip
    with working(f"computing {name}"):
        found = measure(name, trade.rows, **words)
    if plot is not None:
        sides = f"{reporter} with {partner}" if partner else reporter
        plot_growth(plot, trade, found, f"What made trade of {sides} grow, {base} to {period}",
                    [base, period])  # fmt: skip
    give(answer, trade, [(title_of(name), found)])
