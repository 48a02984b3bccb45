"""`entrepot trade joint`: what two countries could sell together to third markets."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from entrepot.cli.console import working
from entrepot.cli.trade.asking import Answer, Digits, Rows, Source, give, only_period, read_trade
from entrepot.cli.trade.figures import plot_joint
from entrepot.cli.trade.plots import check_plot
from entrepot.errors import StatisticsError
from entrepot.statistics.joint import Scale
from entrepot.statistics.joint import joint as jointly

app = App(
    name="joint",
    help_epilogue="Examples:\n\n"
    "  entrepot trade joint world.parquet --reporter BY --partner AZ\n"
    "  entrepot trade joint world.parquet --reporter BY --partner AZ \\\n"
    "      --least 5e6 --share 0.02\n"
    "  entrepot trade joint world.parquet --reporter BY --partner AZ \\\n"
    "      --lot 5000 --access own --plot joint.svg",
)

BRIEF = (
    "market", "hs", "imports", "threshold", "alone_reporter", "alone_partner", "together",
    "offered", "access",
)  # fmt: skip


@app.default
def joint(
    study: Rows,
    /,
    *,
    reporter: str,
    partner: str,
    period: list[str] | None = None,
    digits: Digits = None,
    least: float = 1_000_000.0,
    share: float = 0.05,
    lot: float = 0.0,
    access: Literal["easier", "own"] = "easier",
    ramp: float = 0.2,
    committed: float = 0.8,
    plot: Path | None = None,
    source: Source = Source(),  # noqa: B008
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """Sell together to third markets: where two countries pass thresholds that neither does alone.

    What both can make of the same product is pooled, and goes by the access of whoever sells to the
    market more easily.

    Parameters
    ----------
    reporter
        One country.
    partner
        The other.
    period
        Which; given several times, the mean of them. Needed where there are several.
    least
        The least potential that counts as an offer, in money.
    share
        The least share of what the market buys that counts.
    lot
        The least amount that a market takes, in the product's unit (tonnes where it is a weight).
    access
        Whose access to the market counts: that of whoever sells more easily for both, or each
        country's own, so that supply is pooled and nothing more.
    ramp
        The share of its sales of a product by which each can make more.
    committed
        The share of its sales that stay where they are.
    plot
        Draw what each could sell alone and both together: a file .svg; it must not exist yet.
    """
    answer.check()
    check_plot(plot)
    trade = read_trade(study, source)
    with working("computing joint offers"):
        scale = Scale(least, share, lot, access, ramp, committed)
        found = jointly(trade.rows, reporter, partner, period or [], digits, scale)
    if not found.table.height:
        raise StatisticsError(f"{found.notes[-1]}; lower --least, --share or --lot")
    if plot is not None:
        plot_joint(plot, trade, found, (reporter, partner), period or [only_period(trade)])
    give(answer, trade, [(f"Joint offers of {reporter} and {partner}", found)], {"joint": BRIEF})
