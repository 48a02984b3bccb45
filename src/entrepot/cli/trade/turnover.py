"""`entrepot trade turnover`: how much is traded, period by period or partner by partner."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from entrepot.cli.console import working
from entrepot.cli.trade.asking import Answer, Rows, Source, give, only_period, read_trade
from entrepot.cli.trade.figures import plot_partners, plot_turnover
from entrepot.cli.trade.plots import check_plot
from entrepot.errors import QuestionError
from entrepot.statistics.measures import measure, title_of

app = App(
    name="turnover",
    help_epilogue="Examples:\n\n"
    "  entrepot trade turnover caspian --reporter AZ --partner BY\n"
    "  entrepot trade turnover caspian --modelled --reporter BY --by partner",
)

BRIEF = (
    "period", "exports", "imports", "turnover", "balance", "growth", "trailing", "growth_to_date",
    "basis_exports", "basis_imports",
)  # fmt: skip


@app.default
def turnover(
    study: Rows,
    /,
    *,
    reporter: str,
    partner: str | None = None,
    by: Literal["period", "partner"] = "period",
    period: str | None = None,
    plot: Path | None = None,
    source: Source = Source(),  # noqa: B008
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """Turnover and balance, over twelve months and in the year so far.

    Parameters
    ----------
    reporter
        The country whose trade it is.
    partner
        The country on the other side; all together without it.
    by
        A row a period, or a row a partner.
    period
        Which, where rows are partners; needed where there are several.
    plot
        Draw exports and imports by period, or by partner: a file .svg; it must not exist yet.
    """
    answer.check()
    check_plot(plot)
    if by == "period" and period is not None:
        raise QuestionError("--period picks one for rows by partner: give --by partner with it")
    trade = read_trade(study, source)
    name = "turnover" if by == "period" else "balance"
    with working(f"computing {name}"):
        found = measure(name, trade.rows, reporter=reporter, partner=partner, period=period)
    if plot is not None:
        if by == "period":
            plot_turnover(plot, trade, found, reporter, partner)
        else:
            plot_partners(plot, trade, found, reporter, period or only_period(trade))
    give(answer, trade, [(title_of(name), found)], {"turnover": BRIEF})
