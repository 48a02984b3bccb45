"""Consignments: fixed demand for routing."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

CONSIGNMENTS = Table(
    name="consignments",
    doc="A fixed amount to be moved from one place to another, for routing.",
    own=(
        Column("consignment", "name", "Unique name.", required=True, example="potash-1"),
        Column("good", "name", "The good.", required=True, refers_to=("goods",)),
        Column("origin", "name", "Where it leaves.", required=True, refers_to=("places",)),
        Column(
            "destination", "name", "Where it must arrive.", required=True, refers_to=("places",)
        ),
        Column("quantity", "number", "Amount.", unit="units per period", required=True, at_least=0),
    ),
    key=("consignment",),
)
