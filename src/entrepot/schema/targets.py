"""Targets: trade that governments have said they want."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

TARGETS = Table(
    name="targets",
    doc="A stated aim for the trade of two countries by a day.",
    own=(
        Column("target", "name", "Unique name.", required=True),
        Column("reporter", "text", "One side.", required=True, refers_to=("countries", "blocs")),
        Column(
            "partner", "text", "The other side.", required=True, refers_to=("countries", "blocs")
        ),
        Column("date", "date", "By when.", required=True),
        Column(
            "value",
            "number",
            "Turnover aimed at.",
            unit="money per year",
            required=True,
            at_least=0,
        ),
        Column("title", "text", "Name for people."),
    ),
    key=("target",),
)
