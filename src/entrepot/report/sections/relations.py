"""How the countries of the study stand to each other, as a network over time, with its parts."""

from __future__ import annotations

import datetime as dt

import polars as pl

from entrepot.drawing.ties import Moment, Tie, draw_ties
from entrepot.report.content import Chart, Section, Table, Text, table
from entrepot.report.subject import Subject
from entrepot.statistics.relations.alignment import DOMAINS, alignment, turning_days
from entrepot.telling.columns import Heading

MOST = 4
"""Pictures; of many days on which something changes, the last and those before it evenly."""

ANY_DAY = dt.date(2000, 1, 1)
"""Asked about where no relation has a date, so that all of them hold always."""


def relations(subject: Subject) -> Section | None:
    """Networks at the days on which ties change, and the ties as they stand at the last."""
    say, study = subject.say, subject.base.study
    rows, blocs = study.table("relations"), study.table("blocs")
    if rows.is_empty():
        return None
    days = _chosen(turning_days(rows)) or [ANY_DAY]
    found = {
        day: alignment(rows, blocs, day).table.filter(pl.col("between") == "countries")
        for day in days
    }
    last = found[days[-1]]
    if all(each.is_empty() for each in found.values()):
        return None
    return Section(
        "relations",
        say("relations.title"),
        [
            Text(say("relations.intro")),
            Text(say("relations.evidence"), quiet=True),
            _chart(subject, found),
            _table(subject, days[-1], last),
        ],
    )


def _chosen(days: list[dt.date]) -> list[dt.date]:
    """At most so many of the days, evenly, with the last."""
    if len(days) <= MOST:
        return days
    step = (len(days) - 1) / (MOST - 1)
    return [days[round(n * step)] for n in range(MOST)]


def _chart(subject: Subject, found: dict[dt.date, pl.DataFrame]) -> Chart:
    say, country = subject.say, subject.names.country
    ends = {end for each in found.values() for name in ("a", "b") for end in each[name]}
    # Two countries of one name would be one spot.
    told = {code: country(code) for code in sorted(ends)}
    twice = {name for name in told.values() if list(told.values()).count(name) > 1}
    named = {code: f"{name} ({code})" if name in twice else name for code, name in told.items()}
    moments = [
        Moment(
            say("relations.on", day=day.isoformat()),
            [
                Tie(named[a], named[b], value)
                for a, b, value in each.select("a", "b", "alignment").iter_rows()
            ],
        )
        for day, each in found.items()
    ]
    svg = draw_ties(
        moments,
        sorted(named.values()),
        name="relations-network",
        title=say("relations.title"),
        description=say("relations.description"),
        signs=(say("relations.friendly_line"), say("relations.hostile_line")),
        stamped=subject.stamp(say("relations.unit")),
    )
    return Chart(svg, say("relations.chart"))


def _table(subject: Subject, day: dt.date, last: pl.DataFrame) -> Table:
    say, names = subject.say, subject.names
    figures = ("alignment", "friendly", "hostile", *DOMAINS)
    headings = [
        Heading(say("relations.a")),
        Heading(say("relations.b")),
        *(
            Heading(say(f"relations.{name}"), figures=True, digits=2, optional=True)
            for name in figures
        ),
        Heading(say("relations.ties")),
    ]
    titles = _titles(subject)
    rows = [
        [
            names.country(row["a"]),
            names.country(row["b"]),
            *(row[name] for name in figures),
            "; ".join(titles[name] for name in row["named"].split("; ")),
        ]
        for row in last.sort("alignment", "a", "b", descending=[True, False, False]).iter_rows(
            named=True
        )
    ]
    return table(say("relations.caption", day=day.isoformat()), headings, rows)


def _titles(subject: Subject) -> dict[str, str]:
    """What each relation is called, with where it comes from."""
    told = {}
    rows = subject.base.study.table("relations").select("relation", "title").iter_rows()
    for relation, title in rows:
        source = subject.cited.of("relations", relation)
        told[relation] = (
            f"{title or relation} {source}" if source is not None else title or relation
        )
    return told
