"""Countries: names for the codes, and the made-up regions of problems that have no countries."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

COUNTRIES = Table(
    name="countries",
    doc="A country or, in a study of made-up regions, a region that trades as one. "
    "Listing a country is optional where its code is ISO 3166-1 alpha-2.",
    own=(
        Column(
            "country",
            "text",
            "ISO 3166-1 alpha-2 code, or the name of a made-up region.",
            required=True,
            pattern=r"[^;:*#\s][^;:*#]*",
            example="AZ",
        ),
        Column("name", "text", "Name for people."),
    ),
    key=("country",),
)
