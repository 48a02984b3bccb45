"""Corridors: named sets of legs."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

CORRIDORS = Table(
    name="corridors",
    doc="One leg of a corridor: results are summed over it and scenarios change it as a whole.",
    own=(
        Column("corridor", "name", "Name of the corridor.", required=True, example="north-south"),
        Column("leg", "name", "A leg of it.", required=True, refers_to=("legs",), follows=True),
        Column("title", "text", "Name of the corridor for people."),
    ),
    key=("corridor", "leg"),
)
