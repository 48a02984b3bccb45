"""Decisions of the commission."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

DECISIONS = Table(
    name="decisions",
    doc="Something the commission decided.",
    own=(
        Column("decision", "name", "Unique name.", required=True),
        Column("session", "name", "Session at which it was taken.", refers_to=("sessions",)),
        Column("date", "date", "Day on which it was taken."),
        Column("title", "text", "In a few words.", required=True),
        Column("text", "text", "In full."),
    ),
    key=("decision",),
)
