"""Duties: what crossing into a country costs, by good, origin and destination."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

DUTIES = Table(
    name="duties",
    doc="A duty on goods of an origin bought or processed in a destination. Where several fit, the "
    "most specific good wins, then the most specific origin, then destination; equally specific "
    "rows that fit the same trade are an error. In force in the periods whose first day lies from "
    "`since` to `until`, both days included, and in every period without a date.",
    own=(
        Column("duty", "name", "Name of the duty.", required=True, example="cet-31"),
        Column(
            "good",
            "text",
            "A good, a prefix of its HS code, or `*`.",
            default="*",
            refers_to=("goods", "hs", "*"),
        ),
        Column(
            "origin",
            "text",
            "Country or bloc of origin, or `*`.",
            default="*",
            refers_to=("countries", "blocs", "*"),
        ),
        Column(
            "destination",
            "text",
            "Country or bloc of purchase, or `*`.",
            default="*",
            refers_to=("countries", "blocs", "*"),
        ),
        Column(
            "ad_valorem", "number", "Share of the CIF price.", unit="share", default=0.0, at_least=0
        ),
        Column("specific", "number", "Amount per unit.", unit="money per unit", default=0.0),
        Column("since", "date", "First day in force; blank: always."),
        Column("until", "date", "Last day on which it is still in force; blank: for ever."),
    ),
    key=("duty", "good", "origin", "destination", "since"),
    spans=(("since", "until"),),
)
