"""A frame of trade to arrays: outcome, covariates, levels of effects, clusters; bad input refused.

Words for columns: ``dist`` is a column, ``log(dist)`` its natural logarithm, ``year=1990`` is 1
where it holds and 0 elsewhere, and ``log(dist)*year=1990`` the product of such; an effect or a
cluster is columns joined by ``^``, as ``exporter^year``: a level for each combination.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.gravity.effects import Codes
from entrepot.statistics.gravity.kernels import Flags, Floats
from entrepot.tables.nearest import did_you_mean

LOGARITHM = re.compile(r"^log\((?P<column>.+)\)$")
JOIN, TIMES, IS = "^", "*", "="
CONSTANT = "constant"
"""The effect of a regression without any: one level."""

HEADING = 1
"""Rows before the first: in a file as elsewhere the heading is row 1."""

MOST_CELLS = 50_000_000
"""Of a table of combinations that is looked up instead of sorted."""


@dataclass(frozen=True, eq=False)
class Rows:
    """What an estimate is computed from.

    Attributes
    ----------
    names, columns : of the covariates, (K,) and (K, n)
    outcome : (n,)
    effects : names and levels of the fixed effects, each (n,), numbered from 0 without gaps
    parts : levels of each column that effects are joined of
    clusters : names of ways to cluster, and which cluster each row is in (n,); empty where each
        row is its own
    kept : rows of the frame that are here (n,)
    dropped : reason, effect and rows of those that are not
    """

    names: tuple[str, ...]
    columns: Floats
    outcome: Floats
    effects: dict[str, Codes]
    parts: dict[str, Codes]
    clusters: dict[str, Codes]
    kept: Codes
    dropped: tuple[tuple[str, str | None, int], ...] = ()

    def only(self, keep: Flags, *reasons: tuple[str, str | None, int]) -> Rows:
        """These rows, with why others are gone."""
        return Rows(
            self.names,
            self.columns[:, keep],
            self.outcome[keep],
            {name: numbered(codes[keep]) for name, codes in self.effects.items()},
            {name: numbered(codes[keep]) for name, codes in self.parts.items()},
            {name: numbered(codes[keep]) for name, codes in self.clusters.items()},
            self.kept[keep],
            (*self.dropped, *reasons),
        )


def rows_of(
    frame: pl.DataFrame,
    outcome: str,
    covariates: Sequence[str],
    effects: Sequence[str],
    clusters: Sequence[str],
) -> Rows:
    """The arrays of a frame.

    Raises
    ------
    StatisticsError : every problem with the words and the columns that they name, at once
    """
    words = [outcome, *covariates]
    named = [_column(frame, factor) for word in words for factor in _factors(frame, word)]
    grouped = [part for word in (*effects, *clusters) for part in parts(word)]
    problems = _absent(frame, [*named, *grouped]) + _twice(covariates, effects, clusters)
    if frame.is_empty():
        problems.append("there are no rows")
    if problems:
        raise StatisticsError(_told(problems))
    for name in dict.fromkeys(grouped):
        blank = frame[name].null_count()
        if blank:
            problems.append(f"{name} is blank in {_rows(frame[name].is_null())}; fill it in")
    values = [_product(frame, word, problems, outcome == word) for word in words]
    if problems:
        raise StatisticsError(_told(problems))
    columns = np.empty((len(covariates), frame.height))
    for k, each in enumerate(values[1:]):
        columns[k] = each
    coded = {name: code(frame[name]) for name in dict.fromkeys(grouped)}
    joined = {word: combined([coded[name] for name in parts(word)]) for word in effects}
    in_clusters = {
        word: joined[word] if word in joined else combined([coded[name] for name in parts(word)])
        for word in clusters
    }
    return Rows(
        tuple(covariates),
        columns,
        values[0],
        joined or {CONSTANT: np.zeros(frame.height, dtype=np.int64)},
        coded,
        in_clusters,
        np.arange(frame.height),
    )


def check_varies(rows: Rows, outcome: str) -> None:
    """Refuse an outcome that is the same everywhere.

    Raises
    ------
    StatisticsError : it is
    """
    if (rows.outcome == rows.outcome[0]).all():
        raise StatisticsError(f"cannot be estimated: {outcome} is the same in every row")


def ways(cluster: str | Sequence[str] | None) -> tuple[str, ...]:
    """The ways to cluster: one word is one."""
    if cluster is None:
        return ()
    return (cluster,) if isinstance(cluster, str) else tuple(cluster)


def parts(word: str) -> list[str]:
    """The columns that an effect or a cluster is joined of."""
    return [part.strip() for part in word.split(JOIN)]


def code(column: pl.Series) -> Codes:
    """Values by their rank among those that occur, from 0."""
    if column.dtype.is_integer():
        numbers = column.to_numpy().astype(np.int64, copy=False)
        low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
        if high - low < MOST_CELLS:
            return numbered(numbers - low if low else numbers)
    values = column.cast(pl.String) if column.dtype.is_(pl.Categorical) else column
    unique = values.unique().sort()
    if values.dtype == pl.String:
        return values.cast(pl.Enum(unique)).to_physical().to_numpy().astype(np.int64)
    return np.searchsorted(unique.to_numpy(), values.to_numpy()).astype(np.int64)


def combined(codes: Sequence[Codes]) -> Codes:
    """The level of each combination of codes, numbered from 0 without gaps."""
    whole = codes[0]
    for each in codes[1:]:
        whole = whole * (int(each.max(initial=0)) + 1)
        whole += each
        whole = numbered(whole)
    return whole


def numbered(codes: Codes) -> Codes:
    """The same levels without gaps, in order."""
    if not len(codes):
        return codes
    size = int(codes.max()) + 1
    if size > MOST_CELLS:
        return np.unique(codes, return_inverse=True)[1].astype(np.int64)
    there = np.zeros(size, dtype=np.bool_)
    there[codes] = True
    if there.all():
        return codes
    return np.asarray((np.cumsum(there) - 1)[codes])


def _factors(frame: pl.DataFrame, word: str) -> list[str]:
    """What a word is the product of; a column of that very name is itself."""
    return [word] if word in frame.columns else [part.strip() for part in word.split(TIMES)]


def _product(frame: pl.DataFrame, word: str, problems: list[str], is_outcome: bool) -> Floats:
    """Numbers of a word; problems are added to the list."""
    first, *others = _factors(frame, word)
    product = _values(frame, first, problems, is_outcome)
    for factor in others:
        product = product * _values(frame, factor, problems, is_outcome)
    return product


def _where(frame: pl.DataFrame, name: str, value: str, problems: list[str]) -> Floats:
    """1 where a column has a value, 0 elsewhere."""
    cells = frame[name].cast(pl.String)
    there = (cells == value).fill_null(False)
    if cells.null_count():
        problems.append(f"{name} is blank in {_rows(cells.is_null())}; fill it in")
    elif not there.any():
        known = cells.unique().sort().head(8).to_list()
        problems.append(f"no row has {name}{IS}{value}; {did_you_mean(value, known, _has(known))}")
    return there.cast(pl.Float64).to_numpy()


def _has(known: Sequence[str]) -> str:
    return f"there are {', '.join(known)}, …"


def _values(frame: pl.DataFrame, word: str, problems: list[str], is_outcome: bool) -> Floats:
    """Numbers of a column or its logarithm; problems are added to the list."""
    name = _column(frame, word)
    if name != word and not LOGARITHM.match(word):
        return _where(frame, name, word.partition(IS)[2].strip(), problems)
    column = frame[name]
    if not (column.dtype.is_numeric() or column.dtype == pl.Boolean):
        problems.append(_not_numbers(column))
        return np.zeros(frame.height)
    values = column.cast(pl.Float64)
    bad = values.is_null() | ~values.is_finite()
    if bad.any():
        problems.append(f"{name} is no number in {_rows(bad)}; leave these rows out or fill it in")
        return np.zeros(frame.height)
    if is_outcome and (values < 0).any():
        problems.append(f"{name} is negative in {_rows(values < 0)}; trade is 0 or more")
    found = values.to_numpy()
    if not LOGARITHM.match(word):
        return np.ascontiguousarray(found)
    if not is_outcome and (values <= 0).any():
        problems.append(f"{word} needs {name} above 0; it is not in {_rows(values <= 0)}")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(found), dtype=np.float64)


def _not_numbers(column: pl.Series) -> str:
    """What is wrong with a column that is not of numbers: the cells that are none."""
    if column.dtype == pl.String:
        wrong = column.is_not_null() & column.cast(pl.Float64, strict=False).is_null()
        if wrong.any():
            first = column.filter(wrong)[0]
            return f"{column.name} is no number in {_rows(wrong)}, such as {first!r}; mend it"
    return f"{column.name} holds {column.dtype}, not numbers; make it a number"


def _column(frame: pl.DataFrame, word: str) -> str:
    """The column that a factor names."""
    if word in frame.columns:
        return word
    found = LOGARITHM.match(word)
    return found["column"] if found else word.partition(IS)[0].strip()


def _absent(frame: pl.DataFrame, names: Iterable[str]) -> list[str]:
    return [
        f"no column {name!r}; {did_you_mean(name, frame.columns, 'it has ' + _some(frame))}"
        for name in dict.fromkeys(names)
        if name not in frame.columns
    ]


def _twice(*lists: Sequence[str]) -> list[str]:
    return [
        f"{word} is given twice"
        for each in lists
        for word in dict.fromkeys(each)
        if list(each).count(word) > 1
    ]


def _some(frame: pl.DataFrame) -> str:
    return ", ".join(frame.columns[:12]) + (", …" if len(frame.columns) > 12 else "")


def _rows(bad: pl.Series) -> str:
    """Which rows, the first few by number, where the heading counts as row 1."""
    at = bad.fill_null(True).arg_true()
    first = ", ".join(str(row + HEADING + 1) for row in at.head(3))
    more = ", …" if len(at) > 3 else ""
    return f"row {first}" if len(at) == 1 else f"{len(at):,} rows ({first}{more})"


def _told(problems: Sequence[str]) -> str:
    return "cannot be estimated: " + "; ".join(problems)
