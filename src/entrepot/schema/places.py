"""Places: where goods are sold, bought, made, stored, or change legs."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

PLACES = Table(
    name="places",
    doc="A point where goods are sold, bought, processed, stored or handed from leg to leg.",
    own=(
        Column("place", "name", "Unique name.", required=True, example="baku"),
        Column("name", "text", "Name for people.", example="Baku"),
        Column(
            "country",
            "text",
            "Country it lies in.",
            required=True,
            refers_to=("countries",),
            example="AZ",
        ),
        Column(
            "kind",
            "text",
            "What it is.",
            one_of=("mine", "plant", "city", "port", "border", "junction", "market"),
            example="port",
        ),
        Column(
            "latitude",
            "number",
            "Degrees north.",
            unit="degrees",
            at_least=-90,
            at_most=90,
            example="40.4",
        ),
        Column(
            "longitude",
            "number",
            "Degrees east.",
            unit="degrees",
            at_least=-180,
            at_most=180,
            example="49.9",
        ),
        Column(
            "unlocode",
            "text",
            "UN/LOCODE without the space.",
            pattern=r"[A-Z]{2}[A-Z2-9]{3}",
            example="AZBAK",
        ),
        Column("through", "flag", "Whether journeys may pass through it.", default=True),
    ),
    key=("place",),
)
