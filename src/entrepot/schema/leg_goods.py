"""Leg goods: what differs for one good on one leg."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

LEG_GOODS = Table(
    name="leg_goods",
    doc="What differs for one good on one leg. A value given here replaces the leg's own.",
    own=(
        Column(
            "leg",
            "name",
            "The leg, or `leg~` for the way back of a two-way leg.",
            required=True,
            refers_to=("legs",),
            follows=True,
        ),
        Column("good", "name", "The good.", required=True, refers_to=("goods",)),
        Column(
            "cost", "number", "Price of moving one unit; blank: the leg's.", unit="money per unit"
        ),
        Column("days", "number", "Time on the way; blank: the leg's.", unit="days", at_least=0),
        Column(
            "capacity",
            "number",
            "Most of this good alone; blank: no limit of its own.",
            unit="units per period",
            at_least=0,
        ),
        Column(
            "use",
            "number",
            "Share of the leg's capacity that one unit takes.",
            default=1.0,
            at_least=0,
        ),
        Column("allowed", "flag", "Whether the good may use the leg.", default=True),
    ),
    key=("leg", "good"),
)
