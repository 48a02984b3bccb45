"""Transfers: what going from one leg to the next costs, or that it cannot be done."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table
from entrepot.schema.delays import POWER_OF_THE_LOAD

TRANSFERS = Table(
    name="transfers",
    doc="A penalty or a ban on going from one leg to the next at the place where they meet: gauge, "
    "border, turn.",
    own=(
        Column(
            "from_leg",
            "name",
            "Leg that arrives.",
            required=True,
            refers_to=("legs",),
            follows=True,
        ),
        Column(
            "to_leg", "name", "Leg that leaves.", required=True, refers_to=("legs",), follows=True
        ),
        Column("cost", "number", "Price of the change.", unit="money per unit", default=0.0),
        Column("days", "number", "Time it takes.", unit="days", default=0.0, at_least=0),
        Column("allowed", "flag", "Whether the change is possible.", default=True),
        Column(
            "capacity",
            "number",
            "Most that can make the change, all goods together, each loading it as it loads "
            "`to_leg`; blank: no limit.",
            unit="units per period",
            at_least=0,
        ),
        *POWER_OF_THE_LOAD,
        Column(
            "delay_curve",
            "name",
            "Routing: a curve whose `price` is the days the change takes at the load `quantity`, "
            "in place of `days` and of the delay, as for `legs`.",
            refers_to=("curves",),
        ),
    ),
    key=("from_leg", "to_leg"),
)
