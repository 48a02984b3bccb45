"""Days under load: the columns that legs and transfers share."""

from __future__ import annotations

from entrepot.schema.declare import Column

POWER_OF_THE_LOAD = (
    Column(
        "delay_alpha",
        "number",
        "Routing: days × (1 + alpha (load / capacity)^power); the capacity is then soft in "
        "routing and still hard in clearing.",
        at_least=0,
    ),
    Column("delay_power", "number", "Routing: the power in the delay.", at_least=0),
)
