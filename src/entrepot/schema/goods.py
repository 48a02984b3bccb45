"""Goods: what is traded."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

GOODS = Table(
    name="goods",
    doc="Something traded, in one quality, counted in one unit.",
    own=(
        Column("good", "name", "Unique name.", required=True, example="potash"),
        Column("name", "text", "Name for people.", example="Granular potash"),
        Column(
            "hs",
            "text",
            "Harmonized System code, 2, 4, 6, 8 or 10 digits; duties may name any prefix of it.",
            pattern=r"(?:[0-9]{2}){1,5}",
            example="310420",
        ),
        Column("unit", "text", "Unit of every amount of the good.", default="t", example="t"),
        Column(
            "value_of_time",
            "number",
            "What a day on the way costs the owner of one unit.",
            unit="money per unit per day",
            default=0.0,
            at_least=0,
        ),
        Column(
            "handling",
            "text",
            "How it travels.",
            one_of=("bulk", "container", "liquid", "reefer", "vehicle"),
            example="bulk",
        ),
    ),
    key=("good",),
)
