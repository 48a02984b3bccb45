"""Draws of a study: every figure with a range, drawn within it.

A figure is drawn from a density that is highest at the figure and falls to nothing at the ends of
its range, in ratios where figure and range have one sign, else in differences; it is as likely to
lie above the figure as below, so the study as it stands is the middle of its draws. Rows that cite
one source for a column err together, by half of their variance unless told otherwise, through a
Gaussian copula (Iman and Conover 1982 give the reason, Nelsen 2006 the form): see the decision on
draws in docs/decisions.

Chance is a stream of its own for each input, found by the input's name, and a position in it for
each draw (Philox, Salmon et al. 2011). So a draw is the same whoever makes it and whatever else
is drawn, and the study after a scenario is drawn with the figures of the study before it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtr, ndtri

from entrepot.errors import Problem, StudyError
from entrepot.schema import TABLES, Table
from entrepot.study.study import Study, checked

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COMMON = 0.5
"""Of the variance of a figure: what it shares with the other rows that cite its source."""

MARKET = (
    "goods",
    "legs",
    "transfers",
    "leg_goods",
    "offers",
    "bids",
    "curves",
    "recipes",
    "plants",
    "warehouses",
    "duties",
    "quotas",
    "commitments",
    "consignments",
)
"""Tables that trade follows from; what was observed or claimed is not drawn."""

NOT_READ = {("legs", "length_km")}
"""Columns that no trade follows from."""

_BLOCK = 4
"""Numbers that one step of Philox gives."""


@dataclass(frozen=True, slots=True)
class Input:
    """Something that is drawn: a figure of one row, or what the rows of one source share.

    Attributes
    ----------
    table, column : where it stands
    row : the row, by its key; of a source, what the rows cite
    rows : how many rows it moves
    shared : whether it is what rows of one source share
    """

    table: str
    column: str
    row: str
    rows: int
    shared: bool

    @property
    def label(self) -> str:
        """A name that no other input has."""
        kind = "source" if self.shared else "row"
        return f"{self.table}.{self.column} {kind} {self.row}"


@dataclass(frozen=True)
class Column:
    """The figures with a range in one column of a table, R of them.

    Attributes
    ----------
    at : rows of the table, shape (R,)
    value, low, high : the figure and its range, shape (R,)
    own, shared : numbers of the inputs that move it, shape (R,); `shared` is -1 where none does
    """

    table: str
    name: str
    at: Ints
    value: Floats
    low: Floats
    high: Floats
    own: Ints
    shared: Ints


@dataclass(frozen=True)
class Ranges:
    """All that is drawn of a study.

    Attributes
    ----------
    inputs : P of them, each independent of the others
    columns : the figures that they move
    sources : whether the rows that cite a source share an input, by the label of that input
    """

    inputs: tuple[Input, ...]
    columns: tuple[Column, ...]
    sources: Mapping[str, bool] = field(default_factory=dict)

    @property
    def figures(self) -> int:
        """How many figures are drawn."""
        return sum(len(each.at) for each in self.columns)


def read_ranges(study: Study, like: Ranges | None = None) -> Ranges:
    """The ranges of a study that trade follows from.

    Parameters
    ----------
    like : those of the study before its scenarios: rows that share a source there do so here, even
        where a scenario leaves only one of them, so that it is drawn as before

    Raises
    ------
    StudyError : the study would not hold together at the ends of its ranges; every problem
    """
    inputs: dict[str, Input] = {}
    numbers: dict[str, int] = {}
    sources: dict[str, bool] = dict(like.sources) if like is not None else {}

    def number(each: Input) -> int:
        inputs.setdefault(each.label, each)
        return numbers.setdefault(each.label, len(numbers))

    columns = []
    for table in TABLES:
        if table.name not in MARKET:
            continue
        frame = study.table(table.name)
        names = _row_names(frame, table)
        for column in table.columns:
            if column.kind == "number" and (table.name, column.name) not in NOT_READ:
                found = _figures(frame, table.name, column.name)
                if len(found.at):
                    columns.append(_with_inputs(found, frame, names, sources, number))
    ranges = Ranges(tuple(inputs.values()), tuple(columns), sources)
    _must_hold(study, ranges)
    return ranges


def drawn(study: Study, ranges: Ranges, seed: int, draw: int, common: float = COMMON) -> Study:
    """The study with every figure that has a range drawn; the same for the same numbers.

    Parameters
    ----------
    ranges : of the study
    seed, draw : which draw
    common : of the variance of a figure, what it shares with the rows that cite its source
    """
    chance = scores(ranges.inputs, seed, draw)
    figures = []
    for each in ranges.columns:
        own, shared = chance[each.own], chance[np.maximum(each.shared, 0)]
        mixed = np.sqrt(common) * shared + np.sqrt(1 - common) * own
        share = ndtr(np.where(each.shared >= 0, mixed, own))
        figures.append(within(each.value, each.low, each.high, share))
    return _with_figures(study, ranges, figures)


def scores(inputs: tuple[Input, ...], seed: int, draw: int) -> Floats:
    """A standard normal figure for each input at one draw, shape (P,)."""
    uniform = np.empty(len(inputs))
    for number, each in enumerate(inputs):
        stream = _stream(each, seed)
        stream.advance(draw // _BLOCK)
        uniform[number] = np.random.Generator(stream).random(draw % _BLOCK + 1)[-1]
    return _normal(uniform)


def all_scores(inputs: tuple[Input, ...], seed: int, draws: int) -> Floats:
    """The figures of `scores` for the first draws, shape (draws, P)."""
    columns = [np.random.Generator(_stream(each, seed)).random(draws) for each in inputs]
    return _normal(np.stack(columns, axis=1))


def _stream(each: Input, seed: int) -> np.random.Philox:
    return np.random.Philox(key=np.array([seed, _key(each.label)], dtype=np.uint64))


def _normal(uniform: Floats) -> Floats:
    return np.asarray(ndtri(np.clip(uniform, 2.0**-54, 1 - 2.0**-54)))


def within(value: Floats, low: Floats, high: Floats, share: Floats) -> Floats:
    """The figure below which a share of all draws lies; `value` where the share is a half."""
    below = share < 0.5
    end = np.where(below, low, high)
    away = 1 - np.sqrt(2 * np.where(below, share, 1 - share))
    ratios = (value * low > 0) & (value * high > 0)
    sizes = [np.log(np.where(ratios, np.abs(each), 1.0)) for each in (value, end)]
    by_ratio = np.sign(value) * np.exp(sizes[0] + away * (sizes[1] - sizes[0]))
    found = np.where(ratios, by_ratio, value + away * (end - value))
    return np.asarray(np.clip(found, low, high))


def _key(label: str) -> int:
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big")


def _figures(frame: pl.DataFrame, table: str, name: str) -> Column:
    """The figures of a column that a range holds; a missing end is the figure itself."""
    value = frame[name].to_numpy().astype(np.float64)
    ends = [
        frame[name + end].to_numpy().astype(np.float64)
        if name + end in frame.columns
        else np.full(len(value), np.nan)
        for end in ("_low", "_high")
    ]
    low, high = (np.where(np.isnan(end), value, end) for end in ends)
    at = np.flatnonzero(high > low)
    nothing = np.empty(0, dtype=np.int64)
    return Column(table, name, at, value[at], low[at], high[at], nothing, nothing)


def _with_inputs(
    found: Column,
    frame: pl.DataFrame,
    names: list[str],
    sources: dict[str, bool],
    number: Callable[[Input], int],
) -> Column:
    """The inputs that move the figures of a column; `sources` learns of those it does not know."""
    rows = found.at.tolist()
    cited = [_cited(frame["source"][row], found.name) for row in rows]
    counts = Counter(cited)
    shared = []
    for each in cited:
        source = Input(found.table, found.name, each, counts[each], True)
        together = bool(each) and sources.setdefault(source.label, counts[each] > 1)
        shared.append(number(source) if together else -1)
    moved = Counter(names[row] for row in rows)
    own = [
        number(Input(found.table, found.name, names[row], moved[names[row]], False)) for row in rows
    ]
    return replace(
        found, own=np.array(own, dtype=np.int64), shared=np.array(shared, dtype=np.int64)
    )


def _cited(source: str | None, column: str) -> str:
    """What a row cites for a column: all of `source`, or its part that begins with the column."""
    if not source:
        return ""
    part = re.search(rf"(?:^|;\s*){re.escape(column)}:\s*(.*?)(?=;\s*[a-z_ ]+:\s|$)", source)
    return part.group(1) if part else source


def _row_names(frame: pl.DataFrame, table: Table) -> list[str]:
    """Rows by their key; where a table has none, by all names in them and their order of these.

    The points of a curve have one name: they move together, so that the curve keeps its shape.
    """
    if table.name == "curves":
        return [str(name) for name in frame["curve"]]
    keys = table.key or tuple(
        column.name
        for column in table.columns
        if column.kind in ("name", "list") or column.name == "origin"
    )
    told = [" ".join(str(cell) for cell in row if cell is not None) for row in _cells(frame, keys)]
    seen: Counter[str] = Counter()
    names = []
    for name in told:
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return names


def _cells(frame: pl.DataFrame, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    known = [name for name in columns if name in frame.columns]
    return frame.select(known).rows()


def _with_figures(study: Study, ranges: Ranges, figures: list[Floats]) -> Study:
    """The study with other figures in the place of those that have a range."""
    tables = dict(study.tables)
    for each, values in zip(ranges.columns, figures, strict=True):
        frame = tables[each.table]
        tables[each.table] = frame.with_columns(
            frame[each.name].scatter(each.at, values).alias(each.name)
        )
    return Study(study.name, study.settings, tables, study.scenarios, study.applied)


def _must_hold(study: Study, ranges: Ranges) -> None:
    """Refuse ranges at whose ends a figure is none that its column may hold."""
    problems: list[Problem] = []
    for end in ("low", "high"):
        ended = _with_figures(study, ranges, [getattr(each, end) for each in ranges.columns])
        for each in checked(ended.tables, study.settings)[1]:
            if each.severity == "error":
                message = f"{each.message} (at the {end} end of its range)"
                problems.append(replace(each, message=message))
    if problems:
        raise StudyError(study.name, problems)
