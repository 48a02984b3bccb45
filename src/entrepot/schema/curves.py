"""Curves: marginal prices, or days of a leg or transfer under load, point by point."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

CURVES = Table(
    name="curves",
    doc="A point of a marginal-price curve, straight between points, in order of quantity; the "
    "first price holds from zero up to the first quantity. Prices never fall along an offer's "
    "curve and never rise along a bid's. As the `delay_curve` of a leg or a transfer: the "
    "days that it takes at a load, never falling, loads rising from point to point.",
    own=(
        Column("curve", "name", "Name of the curve.", required=True, example="mine-1"),
        Column(
            "quantity",
            "number",
            "Amount traded in all; of a delay, the load.",
            unit="units per period",
            required=True,
            at_least=0,
            example="500",
        ),
        Column(
            "price",
            "number",
            "Price of the next unit there; of a delay, days.",
            unit="money per unit",
            required=True,
            example="280",
        ),
    ),
    key=("curve", "quantity", "price"),
)
