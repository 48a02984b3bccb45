"""Golden cases: what a case's `expected.toml` says, and where an answer differs from it.

A case is a folder: a study, `expected.toml` and `why.md`. `expected.toml` holds

- ``tolerance``: an answer may differ by ``tolerance + tolerance * |expected|``
- ``uses``: the activities and rules that the case shows
- ``command_line`` (optional): the case is run through the command line too
- ``fixed_price`` (optional): bids at this price stand for fixed demand, see ``total_cost``
- ``[[answer]]``, one for each scenario: ``scenario`` (a name or several, absent for the study as it
  is), the totals ``welfare``, ``duty_revenue`` and ``total_cost`` (what serving the fixed demand
  costs: its worth at the fixed price less welfare), and lists of expected rows by result table.

An expected row names some of its table's columns and so picks rows. Amounts are summed over the
rows picked (none: 0); anything else must hold in each row picked, and there must be one. A pair of
numbers means anything between them; an infinite end of a price range is a blank in the answer.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]

CASE_KEYS = {"tolerance", "uses", "command_line", "fixed_price", "answer"}
TOTALS = ("welfare", "duty_revenue", "total_cost")


@dataclass(frozen=True)
class Kind:
    """How a list of expected rows is read: its result table, what names a row, what is measured."""

    table: str
    names: tuple[str, ...]
    amounts: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


KINDS = {
    "price": Kind("prices", ("period", "place", "good"), (), ("price", "low", "high", "traded")),
    "flow": Kind("flows", ("period", "leg", "good"), ("quantity",)),
    "rent": Kind("rents", ("period", "leg", "good"), ("income",), ("rent",)),
    "sale": Kind("sales", ("period", "place", "good", "agent"), ("quantity",), ("price",)),
    "purchase": Kind("purchases", ("period", "place", "good", "agent"), ("quantity",), ("price",)),
    "run": Kind("runs", ("period", "plant"), ("quantity",)),
    "stock": Kind("stocks", ("period", "place", "good"), ("quantity",)),
    "limit": Kind(
        "limits", ("period", "table", "name", "good"), ("used", "income"), ("limit", "rent")
    ),
    "consignment": Kind(
        "consignments",
        ("period", "good", "origin", "destination", "legs"),
        ("quantity",),
        ("cost", "days", "duty"),
    ),
    "trade": Kind("trade", ("period", "reporter", "partner", "good"), ("quantity", "value")),
}

TABLES = tuple(kind.table for kind in KINDS.values())


@dataclass(frozen=True)
class Expected:
    """One answer that a case expects.

    Attributes
    ----------
    scenarios : applied in this order
    totals : welfare, duty_revenue, total_cost where given
    rows : kind -> expected rows
    """

    scenarios: tuple[str, ...]
    totals: Mapping[str, float]
    rows: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True)
class Case:
    """A golden case."""

    name: str
    folder: Path
    tolerance: float
    uses: tuple[str, ...]
    command_line: bool
    fixed_price: float | None
    answers: tuple[Expected, ...]


@dataclass(frozen=True)
class Answer:
    """What a clearing says: totals and result tables as plain rows, and the bids it answers."""

    totals: Mapping[str, float]
    tables: Mapping[str, tuple[Row, ...]]
    bids: tuple[Row, ...]


def read_cases(root: Path) -> tuple[Case, ...]:
    """Every case under `root`, by name.

    Raises
    ------
    ValueError : a key that means nothing, or a row that picks or measures nothing
    """
    return tuple(_read_case(path.parent) for path in sorted(root.glob("*/expected.toml")))


def _read_case(folder: Path) -> Case:
    data = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    _only(folder.name, data, CASE_KEYS)
    answers = tuple(_read_answer(folder.name, block) for block in data["answer"])
    if not answers:
        raise ValueError(f"{folder.name}: no answer is expected")
    return Case(
        name=folder.name,
        folder=folder,
        tolerance=float(data["tolerance"]),
        uses=tuple(data["uses"]),
        command_line=bool(data.get("command_line", False)),
        fixed_price=data.get("fixed_price"),
        answers=answers,
    )


def _read_answer(case: str, block: Mapping[str, Any]) -> Expected:
    _only(case, block, {"scenario", *TOTALS, *KINDS})
    scenario = block.get("scenario", [])
    rows = {name: tuple(block[name]) for name in KINDS if name in block}
    for name, listed in rows.items():
        kind = KINDS[name]
        measured = {*kind.amounts, *kind.values}
        for row in listed:
            _only(f"{case}: {name}", row, {*kind.names, *measured})
            if not measured & set(row):
                raise ValueError(f"{case}: {name} {dict(row)} expects nothing")
    return Expected(
        scenarios=(scenario,) if isinstance(scenario, str) else tuple(scenario),
        totals={name: float(block[name]) for name in TOTALS if name in block},
        rows=rows,
    )


def _only(where: str, found: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(found) - known)
    if unknown:
        raise ValueError(f"{where}: unknown {', '.join(unknown)}")


def differences(case: Case, expected: Expected, answer: Answer) -> Iterator[str]:
    """Where an answer differs from what is expected, a line each."""
    for name, want in expected.totals.items():
        got = _total_cost(case, answer) if name == "total_cost" else answer.totals[name]
        yield from _differs(case, name, want, got)
    for name, listed in expected.rows.items():
        kind = KINDS[name]
        for row in listed:
            yield from _row_differences(case, name, kind, row, answer.tables[kind.table])


def _row_differences(
    case: Case, name: str, kind: Kind, want: Row, table: tuple[Row, ...]
) -> Iterator[str]:
    picks = {column: want[column] for column in kind.names if column in want}
    label = f"{name} {picks}"
    rows = [row for row in table if all(row[column] == value for column, value in picks.items())]
    for column in kind.amounts:
        if column in want:
            total = sum(float(row[column]) for row in rows)
            yield from _differs(case, f"{label} {column}", want[column], total)
    for column in kind.values:
        if column not in want:
            continue
        if not rows and not (column == "rent" and want[column] == 0):
            yield f"{label} {column}: no such row"
        for row in rows:
            yield from _differs(case, f"{label} {column}", want[column], row[column])


def _differs(case: Case, label: str, want: Any, got: Any) -> Iterator[str]:
    if isinstance(want, bool):
        if got is not want:
            yield f"{label}: expected {want}, got {got}"
        return
    low, high = want if isinstance(want, list) else (want, want)
    if got is None and low == high and math.isinf(low):
        return
    if got is None or not (_at_least(case, got, low) and _at_least(case, -got, -high)):
        yield f"{label}: expected {want}, got {got}"


def _at_least(case: Case, got: float, bound: float) -> bool:
    if math.isinf(bound) or math.isinf(got):
        return got >= bound
    return got >= bound - case.tolerance * (1 + abs(bound))


def _total_cost(case: Case, answer: Answer) -> float:
    """Worth of the fixed demand, at the price that stands for it, less welfare."""
    if case.fixed_price is None:
        raise ValueError(f"{case.name}: total_cost needs fixed_price")
    fixed = {_trader(bid) for bid in answer.bids if bid["price"] == case.fixed_price}
    other = {_trader(bid) for bid in answer.bids if bid["price"] != case.fixed_price}
    if not fixed or fixed & other:
        raise ValueError(f"{case.name}: fixed demand cannot be told from other bids")
    bought = sum(
        float(row["quantity"]) for row in answer.tables["purchases"] if _trader(row) in fixed
    )
    return case.fixed_price * bought - answer.totals["welfare"]


def _trader(row: Row) -> tuple[Any, ...]:
    return row["place"], row["good"], row["agent"] or None
