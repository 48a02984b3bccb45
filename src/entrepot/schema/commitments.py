"""Commitments: who owes what by when; with a good and a quantity, the market must ship it."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table
from entrepot.schema.rules import DESTINATION, ORIGIN

COMMITMENTS = Table(
    name="commitments",
    doc="A promise. With `good` and `quantity` it binds: at least that much must go from origin to "
    "destination in each period.",
    own=(
        Column("commitment", "name", "Unique name.", required=True),
        Column("decision", "name", "Decision that it follows from.", refers_to=("decisions",)),
        Column("party", "text", "Who owes it."),
        Column("title", "text", "In a few words.", required=True),
        Column("due", "date", "By when."),
        Column("good", "name", "The good to be shipped.", refers_to=("goods",)),
        ORIGIN,
        DESTINATION,
        Column(
            "quantity",
            "number",
            "The least to be shipped; blank: words only.",
            unit="units per period",
            at_least=0,
        ),
        Column(
            "period",
            "name",
            "Period in which it binds; blank: every period.",
            refers_to=("periods",),
        ),
    ),
    key=("commitment",),
)
