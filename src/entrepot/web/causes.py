"""Causes of differences in words, as a column of the tables that compare two answers."""

from __future__ import annotations

import polars as pl

from entrepot.results.causes import Cause, Causes
from entrepot.results.inputs import ADDED, REMOVED
from entrepot.telling.catalogue import Catalogue
from entrepot.telling.figures import digits_for, figure
from entrepot.telling.names import Names
from entrepot.web.atlas import Atlas, answer, comparison
from entrepot.web.runs import Run

WITHOUT = ("totals", "modes", "goods")
"""Sums over everything: no row of the study is theirs."""


def difference_table(atlas: Atlas, base: Run, other: Run, name: str) -> pl.DataFrame:
    """One table of a comparison, with the causes of each row in words, most direct first."""
    frame = comparison(base, other).tables()[name]
    if name in WITHOUT:
        return frame

    def told() -> pl.DataFrame:
        names = Names(base.study, other.study)
        found = [
            "; ".join(_told(each, atlas.say, names) for each in of_row)
            for of_row in _causes(base, other).of(name)
        ]
        return frame.with_columns(cause=pl.Series(found, dtype=pl.String))

    return other.once(("causes", base.id, name), told)


def changed_inputs(base: Run, other: Run) -> pl.DataFrame:
    """What the studies of two answers have different."""
    return _causes(base, other).inputs


def _causes(base: Run, other: Run) -> Causes:
    one, two = answer(base), answer(other)
    return other.once(("why", base.id), lambda: Causes(one, two, comparison(base, other)))


def _told(cause: Cause, say: Catalogue, names: Names) -> str:
    if cause.kind == "input":
        what = names.limit(cause.table, cause.name) if cause.table in LEGS else cause.name
        if cause.column in (ADDED, REMOVED):
            return say(f"cause.{cause.column}", name=what)
        blank = say("cause.blank")
        values = {"before": cause.before or blank, "after": cause.after or blank}
        return say("cause.input", name=what, column=cause.column, **values)
    if cause.kind == "journey":
        start, end = (names.place(each) for each in cause.name.split(";"))
        return say("cause.journey", origin=start, destination=end, change=_signed(cause.change))
    if cause.kind == "gain":
        return f"{say(f'welfare.{cause.table}')} {_signed(cause.change)}"
    digits = digits_for([cause.before, cause.after])  # type: ignore[list-item]
    values = {
        "before": figure(float(cause.before or 0.0), digits),
        "after": figure(float(cause.after or 0.0), digits),
    }
    if cause.kind == "rent":
        return say("cause.rent", name=names.leg(cause.name), **values)
    part = say(f"atlas.part.{cause.table}")
    return say("cause.part", part=part, name=names.anything(cause.name), **values)


LEGS = ("legs", "leg_goods")


def _signed(value: float) -> str:
    return figure(value, digits_for([value]), signed=True)
