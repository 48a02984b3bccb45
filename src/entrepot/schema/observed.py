"""Observed: flows that were measured, to calibrate or to validate with."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

OBSERVED = Table(
    name="observed",
    doc="A measured flow.",
    own=(
        Column("observation", "name", "Unique name.", required=True),
        Column(
            "kind",
            "text",
            "What was measured.",
            required=True,
            one_of=("leg", "corridor", "place", "destination"),
        ),
        Column(
            "target",
            "text",
            "The leg, corridor or place; a destination may also be a country or bloc.",
            required=True,
        ),
        Column("good", "name", "The good.", required=True, refers_to=("goods",)),
        Column(
            "origin",
            "text",
            "Country, bloc or place where the good came from; blank: all.",
            refers_to=("countries", "blocs", "places", "*"),
        ),
        Column("quantity", "number", "Amount.", unit="units per period", required=True, at_least=0),
        Column("use", "text", "What the figure is for.", one_of=("calibrate", "validate")),
        Column(
            "period", "name", "Period of the figure; blank: every period.", refers_to=("periods",)
        ),
    ),
    key=("observation",),
)
