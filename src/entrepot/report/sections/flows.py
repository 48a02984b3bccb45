"""What the legs carry, and how the work divides between modes."""

from __future__ import annotations

import polars as pl

from entrepot.report.content import MOST_ROWS, Section, Table, table
from entrepot.report.sections.rows import rest
from entrepot.report.subject import Subject
from entrepot.results.haulage import haulage
from entrepot.telling.columns import Heading
from entrepot.telling.figures import scale_for
from entrepot.telling.largest import largest


def flows(subject: Subject) -> Section:
    """The flows over the legs and the modal split."""
    return Section("flows", subject.say("flows.title"), [_legs(subject), _modes(subject)])


def _legs(subject: Subject) -> Table:
    say, names = subject.say, subject.names
    found = subject.base.flows
    shown = largest(found, pl.col("quantity"), MOST_ROWS)
    headings = [
        Heading(say("column.period"), optional=True),
        Heading(say("column.leg")),
        Heading(say("column.mode")),
        Heading(say("column.good")),
        Heading(say("column.quantity"), figures=True, digits=0),
        Heading(say("column.unit")),
        Heading(say("column.source"), optional=True),
    ]
    rows = [
        [
            subject.period(row["period"]),
            names.leg(row["leg"]),
            names.mode(row["leg"]),
            names.short_good(row["good"]),
            row["quantity"],
            names.unit(row["good"]),
            subject.cited.of_leg(row["leg"], row["good"]),
        ]
        for row in shown.iter_rows(named=True)
    ]
    return table(
        say("flows.caption"),
        headings,
        rows,
        note=rest(subject, found, shown, "quantity"),
        folded=len(rows) > 25,
    )


def _modes(subject: Subject) -> Table:
    say = subject.say
    modes, _ = haulage(subject.base)
    whole = pl.col("value").sum().over("period", "measure", "unit")
    split = modes.filter(pl.col("measure") == "tonne_km").with_columns(
        share=pl.when(whole > 0).then(100 * pl.col("value") / whole)
    )
    split = split.filter(pl.col("value") > 0)
    largest_of = {
        unit: scale_for(list(rows["value"]), unit) for (unit,), rows in split.group_by("unit")
    }
    headings = [
        Heading(say("column.period"), optional=True),
        Heading(say("column.mode")),
        Heading(say("column.haulage"), figures=True, mixed=True),
        Heading(say("column.unit")),
        Heading("%", figures=True, digits=1),
    ]
    rows = []
    for row in split.sort("unit", "value", descending=[False, True]).iter_rows(named=True):
        factor, word = largest_of[row["unit"]]
        work = row["value"] / factor
        told = [subject.period(row["period"]), row["mode"], work, f"{word}{row['unit']}"]
        rows.append([*told, row["share"]])
    return table(say("modes.caption"), headings, rows, note=say("modes.note"))
