"""`entrepot claims`: what a study's sources say beside what the model says."""

from __future__ import annotations

from cyclopts import App

from entrepot.cli.cleared import cleared
from entrepot.cli.console import output
from entrepot.cli.show.claims import show_claims
from entrepot.results.claims import claims as read_claims

app = App(
    name="claims",
    help_epilogue="Examples:\n\n"
    "  entrepot claims caspian\n"
    "  entrepot claims caspian --scenario baltic-scarce",
)


@app.default
def claims(study: str, /, *, scenario: list[str] | None = None) -> None:
    """Set what a study's sources say beside what the model says.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    """
    clearing = cleared(study, scenario or [])
    show_claims(output(), clearing, read_claims(clearing))
