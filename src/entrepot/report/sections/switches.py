"""Switch prices: by how much unused routes would have to become cheaper."""

from __future__ import annotations

from entrepot.report.content import Section, Text, table
from entrepot.report.subject import Subject
from entrepot.results.worth_asking import worth_asking
from entrepot.telling.columns import Heading

MOST = 10
"""Routes asked about; each takes the solver about half a second on the shipped study."""


def switches(subject: Subject) -> Section | None:
    """The unused routes that come nearest to being used."""
    say, names = subject.say, subject.names
    found = worth_asking(subject.base, MOST)
    if found.is_empty():
        return None
    headings = [
        Heading(say("column.period"), optional=True),
        Heading(say("column.corridor")),
        Heading(say("column.by")),
        Heading(say("column.good")),
        Heading(say("switch.state")),
        Heading(say("switch.cost"), figures=True, digits=2),
        Heading(say("switch.switch"), figures=True, digits=2),
        Heading(say("column.unit")),
        Heading(say("switch.journey"), optional=True),
        Heading(say("switch.rival"), optional=True),
        Heading(say("column.source"), optional=True),
    ]
    rows = [
        [
            subject.period(row["period"]),
            names.corridor(row["corridor"]) if row["corridor"] != row["route"] else "–",
            names.leg(row["route"]),
            names.short_good(row["good"]),
            row["why"] or say(f"switch.{row['status']}"),
            row["cost"],
            row["too_dear"],
            f"{subject.currency}/{row['unit']}",
            _journey(subject, row["origin"], row["destination"], row["journey"]),
            _journey(subject, row["rival_origin"], row["destination"], row["rival"]),
            subject.cited.of_leg(row["route"], row["good"]),
        ]
        for row in found.iter_rows(named=True)
    ]
    return Section(
        "switches",
        say("switch.title"),
        [Text(say("switch.intro")), table(say("switch.caption"), headings, rows)],
    )


def _journey(
    subject: Subject, origin: str | None, destination: str | None, legs: str | None
) -> str | None:
    if origin is None or destination is None or legs is None:
        return None
    names = subject.names
    return f"{names.place(origin)} – {names.place(destination)}: {names.route(legs)}"
