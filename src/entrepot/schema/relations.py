"""Relations: how countries stand to each other."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

RELATIONS = Table(
    name="relations",
    doc="A tie or an event between two countries or blocs.",
    own=(
        Column("relation", "name", "Unique name.", required=True),
        Column("a", "text", "One side.", required=True, refers_to=("countries", "blocs")),
        Column("b", "text", "The other side.", required=True, refers_to=("countries", "blocs")),
        Column(
            "domain",
            "text",
            "What it concerns.",
            one_of=("trade", "transport", "political", "mediation", "membership", "other"),
        ),
        Column("date", "date", "First day."),
        Column("until", "date", "Last day; blank: it lasts."),
        Column("weight", "number", "From -1 (hostile) to +1 (allied).", at_least=-1, at_most=1),
        Column("title", "text", "Name for people."),
    ),
    key=("relation",),
    spans=(("date", "until"),),
)
