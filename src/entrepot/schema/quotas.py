"""Quotas: the most that may be traded."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table
from entrepot.schema.rules import DESTINATION, GOOD, ORIGIN

QUOTAS = Table(
    name="quotas",
    doc="The most of a good that may go from an origin to a destination, or over a leg, in each "
    "period.",
    own=(
        Column("quota", "name", "Unique name.", required=True, example="butter-eu"),
        GOOD,
        ORIGIN,
        DESTINATION,
        Column(
            "leg", "name", "Only what moves over this leg; blank: by any way.", refers_to=("legs",)
        ),
        Column(
            "quantity", "number", "The most.", unit="units per period", required=True, at_least=0
        ),
    ),
    key=("quota",),
)
