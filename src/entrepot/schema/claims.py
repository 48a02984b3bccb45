"""Claims: what the study's sources say, to be held against what the model says."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

CLAIMS = Table(
    name="claims",
    doc="A figure that one of the study's sources states.",
    own=(
        Column("claim", "name", "Unique name.", required=True),
        Column("text", "text", "What is claimed, in words."),
        Column("value", "number", "The figure.", unit="of the column `unit`"),
        Column("unit", "text", "Unit of the figure."),
        Column("low", "number", "Low end of what the source allows.", unit="of the column `unit`"),
        Column(
            "high", "number", "High end of what the source allows.", unit="of the column `unit`"
        ),
        Column("quantity", "text", "Dotted name of the result that speaks to it.", required=True),
        Column(
            "use",
            "text",
            "Whether the model starts from it, should reproduce it, or is only compared with it.",
            one_of=("input", "reproduce", "compare"),
        ),
    ),
    key=("claim",),
)
