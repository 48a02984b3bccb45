"""Trade: what crossed borders, observed."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

TRADE = Table(
    name="trade",
    doc="What one country reports to have traded with another in one period.",
    own=(
        Column(
            "period",
            "name",
            "Year or other stretch of time; need not be a period of the study.",
            required=True,
            example="2023",
        ),
        Column(
            "reporter",
            "text",
            "Country that reports.",
            required=True,
            refers_to=("countries", "blocs"),
            example="BY",
        ),
        Column(
            "partner",
            "text",
            "Country on the other side.",
            required=True,
            refers_to=("countries", "blocs"),
            example="AZ",
        ),
        Column(
            "flow",
            "text",
            "Direction, seen by the reporter.",
            required=True,
            one_of=("import", "export"),
            example="export",
        ),
        Column(
            "hs",
            "text",
            "Harmonized System code, or `total`.",
            required=True,
            pattern=r"(?:[0-9]{2}){1,5}|total",
            example="310420",
        ),
        Column(
            "value", "number", "Value.", unit="money", required=True, at_least=0, example="1000000"
        ),
        Column("quantity", "number", "Amount.", unit="of the column `unit`", at_least=0),
        Column("unit", "text", "Unit of the amount."),
    ),
    key=("period", "reporter", "partner", "flow", "hs", "unit"),
)
