"""Sessions of the commission: who met, when."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

SESSIONS = Table(
    name="sessions",
    doc="A meeting of the commission.",
    own=(
        Column("session", "name", "Unique name.", required=True),
        Column("date", "date", "First day.", required=True),
        Column("title", "text", "Name for people."),
        Column("place", "text", "Where it met."),
    ),
    key=("session",),
)
