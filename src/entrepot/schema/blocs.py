"""Blocs: groups of countries that duties, quotas and bans may name."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

BLOCS = Table(
    name="blocs",
    doc="One country's membership in a bloc.",
    own=(
        Column("bloc", "name", "Name of the bloc.", required=True, example="eaeu"),
        Column(
            "country", "text", "The member.", required=True, refers_to=("countries",), example="BY"
        ),
        Column("since", "date", "First day of membership; blank: always."),
        Column("until", "date", "Last day of membership; blank: for ever."),
    ),
    key=("bloc", "country", "since"),
    spans=(("since", "until"),),
)
