"""Legs: directed movements between two places by one mode."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table
from entrepot.schema.delays import POWER_OF_THE_LOAD

LEGS = Table(
    name="legs",
    doc="One directed movement between two places by one mode. A two-way leg is two legs, each "
    "with the full capacity: `leg` there and `leg~` back. A leg may have a row for each period; a "
    "row that names the period takes the place of one that does not. A leg is open in the periods "
    "whose first day lies from `opens` up to the day before `closes`, and in every period without "
    "a date.",
    own=(
        Column("leg", "name", "Unique name.", required=True, example="alat-baku"),
        Column(
            "origin",
            "name",
            "Where goods leave.",
            required=True,
            refers_to=("places",),
            example="alat",
        ),
        Column(
            "destination",
            "name",
            "Where goods arrive.",
            required=True,
            refers_to=("places",),
            example="baku",
        ),
        Column(
            "mode",
            "text",
            "How goods move.",
            required=True,
            one_of=("rail", "road", "sea", "river", "ferry", "pipeline", "transfer"),
            example="rail",
        ),
        Column("length_km", "number", "Length.", unit="km", at_least=0),
        Column(
            "cost",
            "number",
            "Price of moving one unit.",
            unit="money per unit",
            required=True,
            example="3.5",
        ),
        Column("days", "number", "Time on the way.", unit="days", default=0.0, at_least=0),
        Column(
            "capacity",
            "number",
            "Most that can move, all goods together; blank: no limit.",
            unit="units per period",
            at_least=0,
        ),
        Column("two_way", "flag", "Whether the same leg leads back as `leg~`.", default=False),
        Column("opens", "date", "First day on which it can be used; blank: always."),
        Column("closes", "date", "First day on which it can no longer be used; blank: never."),
        *POWER_OF_THE_LOAD,
        Column(
            "delay_curve",
            "name",
            "Routing: a curve whose `price` is the days the leg takes at the load `quantity`, in "
            "place of `days` and of the delay: level before the first point, straight between "
            "points, beyond the last by the last slope; the capacity is then soft in routing. Days "
            "of a good in `leg_goods` stay as far from the curve as from `days`.",
            refers_to=("curves",),
        ),
        Column("period", "name", "Period of the row; blank: every period.", refers_to=("periods",)),
    ),
    key=("leg", "period"),
    spans=(("opens", "closes"),),
)
