"""The columns that rules on trade share: which trade they are about, and when."""

from __future__ import annotations

from entrepot.schema.declare import Column

GOOD = Column(
    "good",
    "text",
    "A good, a prefix of its HS code, or `*`.",
    default="*",
    refers_to=("goods", "hs", "*"),
)
ORIGIN = Column(
    "origin",
    "text",
    "Country or bloc of origin, or `*`.",
    default="*",
    refers_to=("countries", "blocs", "*"),
)
DESTINATION = Column(
    "destination",
    "text",
    "Country or bloc of purchase, or `*`.",
    default="*",
    refers_to=("countries", "blocs", "*"),
)
SINCE = Column("since", "date", "First day in force; blank: always.")
UNTIL = Column("until", "date", "Last day on which it is still in force; blank: for ever.")
