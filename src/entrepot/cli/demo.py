"""`entrepot demo`: the shipped study, and what changes when corridors open or run short."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from cyclopts import App
from rich.console import Console
from rich.rule import Rule

from entrepot.clearing.answers import Clearing
from entrepot.cli.cleared import answer
from entrepot.cli.console import output, say, working
from entrepot.cli.show.answer import show_full, show_headline, show_journeys, show_prices
from entrepot.cli.show.claims import show_claims
from entrepot.cli.show.difference import show_difference
from entrepot.report.report import report, write_report
from entrepot.results.claims import claims
from entrepot.results.compare import compare
from entrepot.results.journeys import consignments
from entrepot.results.write import check_output, new_folder, write_results
from entrepot.study import find_study, read_study

STUDY = "caspian"
SCENARIOS = ("north-south", "baltic-scarce")
FOLDER = "entrepot-demo"
REPORT = "report.html"
MOST = 6

app = App(
    name="demo",
    help_epilogue="Takes less than two minutes. Nothing that exists is touched: if the folder is "
    "there already, the next free number is added to its name.\n\n"
    "Examples:\n\n"
    "  entrepot demo\n"
    "  entrepot demo --out answers | less",
)


@app.default
def demo(*, out: Path | None = None) -> None:
    """Clear the shipped study, open a corridor, and show what changes.

    Parameters
    ----------
    out
        The folder for the result tables and the report; it must not exist yet. Without it,
        `entrepot-demo`.
    """
    folder = _fresh(Path(FOLDER)) if out is None else out
    check_output(folder, overwrite=False)
    with working(f"reading {STUDY}") as stage:
        study = read_study(find_study(STUDY))
        base = answer(study, (), stage)
        others = [answer(study, [name], stage) for name in SCENARIOS]
        stage(f"writing {folder}")
        with new_folder(folder, overwrite=False) as draft:
            for name, clearing in zip((STUDY, *SCENARIOS), (base, *others), strict=True):
                write_results(clearing, draft / name)
            write_report(report(base, others, stage), draft / REPORT)
    console = output()
    _show_base(console, base)
    for other in others:
        _part(console, f"What changes: {study.scenarios[other.study.applied[-1]].title}")
        show_difference(console, base, other, compare(base, other), most=MOST)
    _part(console, "What the sources of the study say, and what the model says")
    show_claims(console, base, claims(base), short=True)
    say(f"\nThe result tables are in {folder}: {', '.join((STUDY, *SCENARIOS))}.")
    say(f"The report with maps, for any browser: {folder / REPORT}")


def _show_base(console: Console, base: Clearing) -> None:
    _part(console, "The study as it stands")
    show_headline(console, base)
    show_journeys(console, base, consignments(base), most=MOST)
    show_prices(console, base, most=MOST)
    show_full(console, base)


def _part(console: Console, title: str) -> None:
    console.print()
    console.print(Rule(title, align="left"))


def _fresh(folder: Path) -> Path:
    """The folder, or the first of `folder-2`, `folder-3`, … that does not exist."""
    if not folder.exists():
        return folder
    numbered = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return next(path for path in numbered if not path.exists())
