"""What every question of trade begins and ends with: rows read, answers shown and written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import polars as pl
from cyclopts import Parameter

from entrepot.cli.cleared import cleared
from entrepot.cli.console import output, say, working
from entrepot.cli.show.measure import show_measure
from entrepot.errors import OutputError, QuestionError
from entrepot.results.write import new_folder
from entrepot.statistics.certificate import Measure
from entrepot.study import Study, find_study, read_study

FILES = (".csv", ".parquet")
SOURCES = 3
"""Sources that a chart names; of more it says how many."""


Rows = Annotated[
    str,
    Parameter(
        help="A folder, a workbook, the name of a shipped study, or a file .csv or .parquet in the "
        "columns of table `trade`."
    ),
]
"""Whose trade is asked about."""
Digits = Annotated[
    int | None,
    Parameter(help="Of products, 2, 4 or 6; the finest that all trade is known by, without it."),
]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Source:
    """Where trade is taken from.

    Parameters
    ----------
    modelled
        Take what the study's clearing trades, instead of its table `trade`.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    """

    modelled: bool = False
    scenario: list[str] | None = None


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Answer:
    """Where the answer goes.

    Parameters
    ----------
    most
        Rows to show of each table.
    json
        Print the whole answer, its certificates and notes as JSON.
    """

    most: int = 20
    out: Annotated[
        Path | None,
        Parameter(
            help="Write the whole answer: a file .csv or .parquet where it is one table, else a "
            "folder with a file a table. It must not exist yet."
        ),
    ] = None
    json: bool = False

    def check(self) -> None:
        """Refuse, before anything is computed, a place where something stands already.

        Raises
        ------
        OutputError : it exists, or is a file of another kind
        """
        if self.out is None:
            return
        if self.out.exists():
            raise OutputError(f"{self.out} exists already; name a file or folder that does not")
        if self.out.suffix and self.out.suffix not in FILES:
            raise OutputError(f"{self.out} is neither .csv nor .parquet nor a folder")


@dataclass(frozen=True, eq=False)
class Trade:
    """Rows of trade, and what they are of.

    Attributes
    ----------
    rows : in the columns of table `trade`
    title : of the study, or the name of the file
    currency : empty where it is not known
    study : that they come from; None where they come from a file
    kept : notes of rows that were let go
    origin : the file or the study, as an analyst cites it
    """

    rows: pl.DataFrame
    title: str
    currency: str
    study: Study | None = None
    kept: tuple[str, ...] = ()
    origin: str = ""

    def estimated(self, periods: Sequence[str]) -> bool:
        """Whether what rests on all rows of some periods is an estimate."""
        if "value_basis" not in self.rows.columns:
            return False
        rows = self.rows.filter(pl.col("period").is_in(list(periods)))
        return bool((rows["value_basis"] == "estimate").any())

    def source_of(self, periods: Sequence[str], *countries: str | None) -> str:
        """Where the rows of some periods come from: the line of sources of a chart.

        Of two countries those of both count, of one those that name it.
        """
        if "source" not in self.rows.columns:
            return f"Source: {self.origin or self.title}."
        rows = self.rows.filter(pl.col("period").is_in(list(periods)))
        named = [name for name in countries if name]
        if named:
            sides = [pl.col(side).is_in(named) for side in ("reporter", "partner")]
            rows = rows.filter(sides[0] & sides[1] if len(named) > 1 else sides[0] | sides[1])
        told = rows.group_by("source").len().drop_nulls().sort("len", "source", descending=True)
        names = told["source"].head(SOURCES).to_list()
        more = f"; and {told.height - len(names)} more" if told.height > len(names) else ""
        return f"Source: {'; '.join(names) or self.origin}{more} (table trade of {self.origin})."

    def let_go(self) -> Trade:
        """Without its rows, which may be millions, once all is asked of them."""
        return replace(self, rows=self.rows.clear(), kept=self.notes)

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known of the rows, whatever is computed from them."""
        if "value_basis" not in self.rows.columns:
            return self.kept
        drawn = int((self.rows["value_basis"] == "estimate").sum())
        if not drawn:
            return self.kept
        told = f"{drawn} of {self.rows.height} rows of trade are estimates (value_basis)"
        return (f"{told}; what rests on them is one too",)


def read_trade(study: str, source: Source) -> Trade:
    """Trade of a study, of its clearing, or of a file.

    Raises
    ------
    QuestionError : a file cannot be modelled, or the study has no table `trade`
    StudyError : what is read is not sound
    """
    path, scenarios = Path(study), source.scenario or []
    if path.suffix in FILES:
        from entrepot.sources.trade_file import read_trade_file

        if source.modelled or scenarios:
            raise QuestionError(f"{study} is a table of trade; only a study can be modelled")
        with working(f"reading {study}"):
            return Trade(read_trade_file(path), path.stem, "", origin=path.name)
    if source.modelled:
        from entrepot.results.trade import trade as traded

        clearing = cleared(study, scenarios)
        settings = clearing.study.settings
        title = f"{settings.title}, modelled"
        told = f"clearing of the study {clearing.study.name}"
        return Trade(traded(clearing), title, settings.currency, clearing.study, origin=told)
    with working(f"reading {study}"):
        found = read_study(find_study(study)).scenario(*scenarios)
    rows = found.table("trade")
    if not rows.height:
        raise QuestionError(
            f"{found.name} has no table trade; add one, or ask for --modelled trade"
        )
    settings = found.settings
    return Trade(rows, settings.title, settings.currency, found, origin=f"study {found.name}")


def only_period(trade: Trade) -> str:
    """The period of rows of one period; empty where they have several."""
    there = trade.rows["period"].unique().to_list()
    return str(there[0]) if len(there) == 1 else ""


def read_columns(path: Path) -> pl.DataFrame:
    """A table that a user brings, as text; what asks for it says which columns it needs.

    Raises
    ------
    QuestionError : it cannot be read
    """
    try:
        return pl.read_csv(path, infer_schema=False, comment_prefix="#")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise QuestionError(f"{path} cannot be read as CSV: {error}") from None


def day_of(text: str) -> date:
    """A day as a user writes it.

    Raises
    ------
    QuestionError : it is none
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError(f"{text!r} is not a day; write it as 2024-06-30") from None


def first_day(period: str) -> date | None:
    """The first day of a period that begins with a year, and perhaps a month."""
    found = re.match(r"(\d{4})(?:[-.](\d{2}))?", period)
    return None if found is None else date(int(found[1]), int(found[2] or 1), 1)


def give(
    answer: Answer,
    trade: Trade,
    found: Sequence[tuple[str, Measure]],
    brief: Mapping[str, Sequence[str]] = MappingProxyType({}),
    written: Sequence[Measure] = (),
) -> None:
    """Write and show an answer.

    Parameters
    ----------
    found : each result with the heading of its table
    brief : columns that the terminal shows, by measure, where it is too narrow for all
    written : what is written beside, and not shown
    """
    told = [(name, replace(each, notes=(*each.notes, *trade.notes))) for name, each in found]
    everything = [*(each for _, each in found), *written]
    if answer.out is not None:
        _write(everything, answer.out)
    if answer.json:
        say(_as_json(trade.title, trade.currency, told))
        return
    for heading, each in told:
        columns = brief.get(each.name, each.table.columns)
        shown = replace(each, table=each.table.select(columns))
        show_measure(output(), f"{trade.title}: {heading}", shown, trade.currency, answer.most)
    if answer.out is not None:
        say(f"wrote {answer.out}: {sum(each.table.height for each in everything):,} rows")


def _write(found: Sequence[Measure], out: Path) -> None:
    try:
        if out.suffix == "":
            with new_folder(out, overwrite=False) as draft:
                for name, each in zip(_names(found), found, strict=True):
                    each.table.write_csv(draft / f"{name}.csv")
            return
        if len(found) > 1:
            names = ", ".join(each.name for each in found)
            raise OutputError(f"the answer is {len(found)} tables ({names}); name a folder")
        if out.suffix == ".csv":
            found[0].table.write_csv(out)
        else:
            found[0].table.write_parquet(out)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error


def _names(found: Sequence[Measure]) -> list[str]:
    """Names of files, each once: the second table of a measure is NAME-2."""
    names = [each.name for each in found]
    before = [names[:at].count(name) for at, name in enumerate(names)]
    return [f"{name}-{n + 1}" if n else name for name, n in zip(names, before, strict=True)]


def _as_json(title: str, currency: str, found: Sequence[tuple[str, Measure]]) -> str:
    whole = {
        "title": title,
        "currency": currency or None,
        "results": [
            {
                "measure": each.name,
                "heading": heading,
                "certificate": {"identity": each.identity, "residual": each.residual},
                "notes": list(each.notes),
                "table": each.table.to_dicts(),
            }
            for heading, each in found
        ],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False, default=str)
