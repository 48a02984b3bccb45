"""`entrepot explain`: the sum behind a price, or what keeps a route unused."""

from __future__ import annotations

from typing import Any

from cyclopts import App
from rich.text import Text

from entrepot.cli.cleared import cleared
from entrepot.cli.console import output
from entrepot.cli.show.reasons import show_explanation
from entrepot.results.explain import explain as explain_price
from entrepot.results.why_not import why_not as explain_route

app = App(
    name="explain",
    help_epilogue="Either --place and --good, or --why-not with or without --good.\n\n"
    "Examples:\n\n"
    "  entrepot explain caspian --place br-santos --good potash\n"
    "  entrepot explain caspian --why-not btk --good potash\n"
    "  entrepot explain my-study --scenario canal --why-not 'first-leg;second-leg'",
)


def one_question(**words: Any) -> None:
    """Refuse words that ask nothing, or two things at once."""
    price = words.get("place") is not None
    if price and words.get("why_not") is not None:
        raise ValueError("Ask for a price with --place and --good, or for a route with --why-not")
    if not price and words.get("why_not") is None:
        raise ValueError("Say which price, with --place and --good, or which route, with --why-not")
    if price and words.get("good") is None:
        raise ValueError("Say the price of what at that place, with --good")


@app.default(validator=one_question)
def explain(
    study: str,
    /,
    *,
    place: str | None = None,
    good: str | None = None,
    why_not: str | None = None,
    period: str | None = None,
    scenario: list[str] | None = None,
) -> None:
    """Explain a price, or say why a route is not used.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    place
        Where the price is.
    good
        What it is the price of, or what would use the route.
    why_not
        A leg, a corridor, or legs in order with `;` between them: how much cheaper it must be
        before it is used, and which scarcity would make it used.
    period
        Needed where the study has several and a price is asked for.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    """
    clearing = cleared(study, scenario or [])
    console = output()
    if why_not is not None:
        answer = explain_route(clearing, why_not, good, period)
        console.print(Text(answer.text()), soft_wrap=True)
    elif place is not None and good is not None:
        show_explanation(console, clearing.study, explain_price(clearing, place, good, period))
