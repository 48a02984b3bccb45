"""Bans: what may not be traded, or may not pass."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table
from entrepot.schema.rules import DESTINATION, GOOD, ORIGIN, SINCE, UNTIL

BANS = Table(
    name="bans",
    doc="Goods of an origin that may not be bought in a destination or, with `via`, may not pass a "
    "country or a leg. All that is given must fit. In force in the periods whose first day lies "
    "from `since` to `until`, both days included, and in every period without a date.",
    own=(
        Column("ban", "name", "Name of the ban.", required=True, example="potash-lt"),
        GOOD,
        ORIGIN,
        DESTINATION,
        Column(
            "via",
            "list",
            "Countries transited or legs used; blank: the trade itself is banned.",
            refers_to=("countries", "legs"),
        ),
        SINCE,
        UNTIL,
    ),
    key=("ban", "good", "origin", "destination", "via", "since"),
    spans=(("since", "until"),),
)
