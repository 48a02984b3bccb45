"""Blocs: groups of countries that duties, quotas and bans may name."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

BLOCS = Table(
    name="blocs",
    doc="One country's membership in a bloc. It counts in the periods whose first day lies from "
    "`since` to `until`, both days included, and in every period without a date.",
    own=(
        Column("bloc", "name", "Name of the bloc.", required=True, example="eaeu"),
        Column(
            "country", "text", "The member.", required=True, refers_to=("countries",), example="BY"
        ),
        Column("since", "date", "First day of membership; blank: always."),
        Column("until", "date", "Last day on which it is still a member; blank: for ever."),
    ),
    key=("bloc", "country", "since"),
    spans=(("since", "until"),),
)
