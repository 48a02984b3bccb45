"""Summary: the leading figure of every measure that can be answered, each with its certificate."""

from __future__ import annotations

from typing import Any

import polars as pl

from entrepot.errors import EntrepotError, QuestionError
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.flows import known_country, totals
from entrepot.statistics.measures import INDICATORS, Asked, Periods

SIDES = ("reporter", "partner")
NAMES = ("country", "exporter", "importer", "hs", "a", "b")
SCHEMA = {
    "measure": pl.String,
    "tells": pl.String,
    "about": pl.String,
    "figure": pl.String,
    "leading": pl.Float64,
    "rows": pl.Int64,
}


def summary(trade: pl.DataFrame, **words: Any) -> Measure:
    """The leading figure of each indicator, for the reporter and partner that are given.

    Each measure is told those of the words that it takes. Of its table the first row is shown, or
    the first about the reporter.

    Parameters
    ----------
    words : as of `entrepot.statistics.measures.measure`; None is not told

    Returns
    -------
    Table (measure, tells, about, figure, leading, rows): `about` is what the row is of, `leading`
    its `figure`, `rows` how many the measure has. What cannot be answered stands in the notes,
    with the reason.

    Raises
    ------
    QuestionError : a word that no measure takes, or nothing can be answered
    """
    given = {word: value for word, value in words.items() if value is not None}
    known = {word for each in INDICATORS for word in (*each.needs, *each.takes)}
    strange = [word for word in given if word not in known]
    if strange:
        raise QuestionError(f"no indicator takes {', '.join(f'--{word}' for word in strange)}")
    asked = Periods(trade)
    # What is wrong with the rows or the names is told once, not of every measure.
    known_country(
        totals(asked.shared(given.get("base"), given.get("period"))), *map(given.get, SIDES)
    )
    rows: list[dict[str, object]] = []
    residuals: list[float] = []
    refused: dict[str, list[str]] = {}
    for each in INDICATORS:
        missing = [f"--{word}" for word in each.needs if word not in given]
        if missing:
            refused.setdefault(f"needs {', '.join(missing)}", []).append(each.name)
            continue
        told = {w: value for w, value in given.items() if w in (*each.needs, *each.takes)}
        try:
            found = each.of(asked, told)
            rows.append(_leading(each, found, given))
            residuals.append(found.residual)
        except EntrepotError as error:
            refused.setdefault(str(error), []).append(each.name)
    notes = [f"not answered: {', '.join(names)}: {reason}" for reason, names in refused.items()]
    if not rows:
        raise QuestionError("no indicator can be answered:\n  " + "\n  ".join(refused))
    table = pl.DataFrame(rows, schema=SCHEMA)
    identity = "the certificates of all measures hold"
    return certified("summary", table, identity, (max(residuals), 0.0), scale=1.0, notes=notes)


def _leading(asked: Asked, found: Measure, given: dict[str, Any]) -> dict[str, object]:
    """The first row of a measure about reporter and partner."""
    rows = found.table
    if "country" in rows.columns and "reporter" in given:
        rows = rows.filter(pl.col("country") == given["reporter"])
    row = rows.row(0, named=True) if rows.height else None
    about = " ".join(str(row[name]) for name in NAMES if row and name in row)
    return {
        "measure": asked.name,
        "tells": asked.title,
        "about": about,
        "figure": asked.figure,
        "leading": None if row is None else row[asked.figure],
        "rows": found.table.height,
    }
