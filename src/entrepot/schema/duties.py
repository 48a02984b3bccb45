"""Duties: what crossing into a country costs, by good, origin and destination."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table
from entrepot.schema.rules import DESTINATION, GOOD, ORIGIN, SINCE, UNTIL

DUTIES = Table(
    name="duties",
    doc="A duty on goods of an origin bought or processed in a destination. Where several fit, the "
    "most specific good wins, then the most specific origin, then destination; equally specific "
    "rows that fit the same trade are an error. In force in the periods whose first day lies from "
    "`since` to `until`, both days included, and in every period without a date.",
    own=(
        Column("duty", "name", "Name of the duty.", required=True, example="cet-31"),
        GOOD,
        ORIGIN,
        DESTINATION,
        Column(
            "ad_valorem", "number", "Share of the CIF price.", unit="share", default=0.0, at_least=0
        ),
        Column("specific", "number", "Amount per unit.", unit="money per unit", default=0.0),
        SINCE,
        UNTIL,
    ),
    key=("duty", "good", "origin", "destination", "since"),
    spans=(("since", "until"),),
)
