"""Claims in the terminal: what the sources say, what the model says."""

from __future__ import annotations

from typing import Any

import polars as pl
from rich.console import Console

from entrepot.clearing.answers import Clearing
from entrepot.cli.grid import print_grid
from entrepot.results.claims import TESTED, UNTESTED
from entrepot.telling.columns import Heading
from entrepot.telling.figures import amount

VERDICTS = {True: "yes", False: "no", None: None}


def show_claims(
    console: Console, clearing: Clearing, found: pl.DataFrame, *, short: bool = False
) -> None:
    """Each claim with the model's figure, then those that cannot be tested with the reason.

    Parameters
    ----------
    short : only count those that cannot be tested
    """
    tested, others = found.filter(status=TESTED), found.filter(status=UNTESTED)
    rows = [
        (row["text"], _said(row), amount(row["model"], row["unit"] or ""), _verdict(row))
        for row in tested.iter_rows(named=True)
    ]
    headings = [
        Heading("claim"),
        Heading("source says"),
        Heading("model says"),
        Heading("in its range", optional=True),
    ]
    title = f"{clearing.study.settings.title}: the sources and the model"
    note = f"and {others.height} claims that cannot be tested" if short and others.height else ""
    print_grid(console, title, headings, rows, note=note)
    if others.height and not short:
        missing = [(row["text"], _said(row), row["why"]) for row in others.iter_rows(named=True)]
        headings = [Heading("claim"), Heading("source says"), Heading("why not")]
        print_grid(console, "What cannot be tested", headings, missing)


def _verdict(row: dict[str, Any]) -> str | None:
    """Whether the model lies in the range; what the study was built with agrees of itself."""
    verdict = VERDICTS[row["agrees"]]
    return f"{verdict}, as given" if verdict and row["use"] == "input" else verdict


def _said(row: dict[str, Any]) -> str:
    return "" if row["value"] is None else amount(row["value"], row["unit"] or "")
