"""Why two answers differ, row by row: what was changed there, or whose rent or price moved.

Nothing is guessed. A cause is one of

- ``input``: a cell of the study that the row is about, or a whole row of it, is another;
- ``rent``: what a unit pays for room there, where a leg is full, is another;
- ``part``: the part of a price that changed most, of both prices taken apart along the journey of
  the unit that sets them (`entrepot.results.explain`);
- ``journey``: of the journeys over a leg, the one that changed most;
- ``gain``: of the parts of a welfare, the one that changed most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.network.network import WAY_BACK
from entrepot.results.compare import Comparison
from entrepot.results.explain import explain
from entrepot.results.inputs import input_changes
from entrepot.results.journeys import consignments

Kind = Literal["input", "rent", "part", "journey", "gain"]

MOST_PRICES = 25
"""Prices that are taken apart for a table: those that changed most; `price_parts` takes any."""

MOST_INPUTS = 3
"""Changes of the study told of one row."""

PARTS = {
    "part": pl.String,
    "name": pl.String,
    "base": pl.Float64,
    "other": pl.Float64,
    "change": pl.Float64,
}

LEAST = 1e-6
"""Of what changed: a cause smaller than this is none."""


@dataclass(frozen=True)
class Cause:
    """One reason for a difference.

    Attributes
    ----------
    kind : see the top of the module
    table : of the study (inputs), the part of the price (parts) or of the welfare (gains)
    name : leg, place, country …; of a journey its origin and destination
    column : of an input
    before, after : values as they stand in the study; of rents and parts, money per unit; of
        journeys, units per period; of gains, money
    """

    kind: Kind
    table: str
    name: str
    column: str = ""
    before: str | float | None = None
    after: str | float | None = None

    @property
    def change(self) -> float:
        """After less before, 0 for inputs."""
        if isinstance(self.before, float) and isinstance(self.after, float):
            return self.after - self.before
        return 0.0


def price_parts(
    base: Clearing, other: Clearing, place: str, good: str, period: str | None = None
) -> pl.DataFrame:
    """One price in two answers, both taken apart (`entrepot.results.explain`).

    Parts of a leg or place are set against its own. The columns add up to the prices.

    Returns
    -------
    Frame (part, name, base, other, change), money per unit, the largest change first.

    Raises
    ------
    QuestionError : a place, good or period that one of them does not have
    """
    amounts: dict[tuple[str, str], list[float]] = {}
    for i, clearing in enumerate((base, other)):
        rows = explain(clearing, place, good, period).rows
        for part, name, amount in rows.select("part", "name", "amount").iter_rows():
            amounts.setdefault((part, name), [0.0, 0.0])[i] += amount
    found = [(*key, before, after, after - before) for key, (before, after) in amounts.items()]
    frame = pl.DataFrame(found, schema=PARTS, orient="row")
    return frame.sort(pl.col("change").abs(), "part", "name", descending=[True, False, False])


@dataclass(frozen=True)
class Causes:
    """Why one answer differs from another."""

    base: Clearing
    other: Clearing
    comparison: Comparison
    inputs: pl.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        found = input_changes(self.base.study, self.other.study)
        object.__setattr__(self, "inputs", found)

    def of(self, name: str) -> list[list[Cause]]:
        """The causes of each row of one table of the comparison, in its order."""
        frame = self.comparison.tables()[name]
        rows = list(frame.iter_rows(named=True))
        most = sorted(rows, key=lambda row: -abs(row["change"] or 0.0))[:MOST_PRICES]
        apart = (
            [(row["period"], row["place"], row["good"]) for row in most] if name == "prices" else []
        )
        return [list(self._found(name, row, apart)) if row["change"] else [] for row in rows]

    def _found(self, name: str, row: dict[str, Any], apart: list[Any]) -> Iterator[Cause]:
        good = row.get("good")
        if name in ("flows", "rents"):
            yield from self._inputs(("legs", "leg_goods"), {row["leg"]}, good)
            if name == "flows":
                yield from self._rent(row["leg"], row["good"], row["period"])
                yield from self._journey({row["leg"]}, row["good"], row["period"])
        elif name == "corridors":
            own = self._corridors.get(row["corridor"], set())
            legs = own | {f"{leg}{WAY_BACK}" for leg in own}
            yield from self._inputs(("legs", "leg_goods"), legs, good)
            moved = [each for leg in legs for each in self._rent(leg, row["good"], row["period"])]
            yield from sorted(moved, key=lambda each: -abs(each.change))[:1]
            yield from self._journey(legs, row["good"], row["period"])
        elif name == "limits":
            yield from self._inputs((row["table"],), {row["name"]}, good)
        elif name == "prices":
            yield from self._inputs(("offers", "bids"), {row["place"]}, good)
            if (row["period"], row["place"], row["good"]) in apart:
                yield from self._price(row["place"], row["good"], row["period"])
        elif name in ("countries", "agents"):
            key = {"countries": "country", "agents": "agent"}[name]
            yield from self._gain(key, row[key], row["change"])
        elif name == "welfare" and row["name"]:
            yield from self._inputs((row["part"],), {row["name"]}, None)

    def _inputs(
        self, tables: tuple[str, ...], names: set[str], good: str | None
    ) -> Iterator[Cause]:
        wanted = {name.removesuffix(WAY_BACK) for name in names}
        mine = self.inputs.filter(
            pl.col("table").is_in(tables) & pl.col("name").is_in(list(wanted)),
            True if good is None else pl.col("good").is_null() | (pl.col("good") == good),
        )
        for row in mine.head(MOST_INPUTS).iter_rows(named=True):
            name = row["name"] or row["row"]
            yield Cause("input", row["table"], name, row["column"], row["before"], row["after"])

    def _journey(self, legs: set[str], good: str, period: str) -> Iterator[Cause]:
        """Of the journeys over any of some legs, by their ends: the one that changed most."""
        over = pl.col("legs").list.eval(pl.element().is_in(list(legs))).list.any()
        mine = self._journeys.filter(pl.col("period") == period, pl.col("good") == good, over)
        ends = ["origin", "destination"]
        size = (pl.col("after") - pl.col("before")).abs()
        moved = (
            mine.group_by(ends)
            .agg(pl.col("before", "after").sum())
            .filter(size > LEAST * pl.max_horizontal("before", "after"))
        )
        order = moved.sort(size, *ends, descending=[True, False, False])
        for row in order.head(1).iter_rows(named=True):
            name = f"{row['origin']};{row['destination']}"
            yield Cause("journey", "", name, "", row["before"], row["after"])

    def _rent(self, leg: str, good: str | None, period: str) -> Iterator[Cause]:
        before, after = (self._rents[i].get((period, leg, good), 0.0) for i in range(2))
        if abs(after - before) > LEAST * max(abs(before), abs(after)):
            yield Cause("rent", "legs", leg, "", before, after)

    def _price(self, place: str, good: str, period: str) -> Iterator[Cause]:
        """The part that changed most."""
        parts = price_parts(self.base, self.other, place, good, period)
        size = pl.max_horizontal(pl.col("base", "other").abs())
        moved = parts.filter(pl.col("change").abs() > LEAST * size)
        for part, name, before, after, _ in moved.head(1).iter_rows():
            yield Cause("part", part, name, "", before, after)

    def _gain(self, key: str, who: str | None, change: float) -> Iterator[Cause]:
        mine = self.comparison.welfare.filter(pl.col(key).eq_missing(who))
        parts = mine.group_by("part").agg(pl.col("base", "other", "change").sum())
        size = pl.col("change").abs()
        for row in (
            parts.filter(size > LEAST * abs(change))
            .sort(size, "part", descending=[True, False])
            .head(2)
            .iter_rows(named=True)
        ):
            yield Cause("gain", row["part"], "", "", row["base"], row["other"])

    @cached_property
    def _rents(self) -> tuple[dict[Any, float], ...]:
        keyed = []
        for each in (self.base, self.other):
            rows = each.rents.select("period", "leg", "good", "rent").iter_rows()
            keyed.append({(period, leg, good): rent for period, leg, good, rent in rows})
        return tuple(keyed)

    @cached_property
    def _corridors(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for study in (self.base.study, self.other.study):
            for corridor, leg in study.table("corridors").select("corridor", "leg").iter_rows():
                found.setdefault(corridor, set()).add(leg)
        return found

    @cached_property
    def _journeys(self) -> pl.DataFrame:
        keys = ["period", "good", "origin", "destination", "legs"]
        both = [
            consignments(each).group_by(keys).agg(pl.col("quantity").sum().alias(name))
            for each, name in ((self.base, "before"), (self.other, "after"))
        ]
        joined = both[0].join(both[1], on=keys, how="full", coalesce=True)
        return joined.with_columns(
            pl.col("before", "after").fill_null(0.0), pl.col("legs").str.split(";")
        )
