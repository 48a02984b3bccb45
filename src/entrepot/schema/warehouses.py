"""Warehouses: goods kept from one period to the next."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

WAREHOUSES = Table(
    name="warehouses",
    doc="Room for one good at one place, from each period to the next.",
    own=(
        Column("place", "name", "Where it stands.", required=True, refers_to=("places",)),
        Column("good", "name", "What it keeps.", required=True, refers_to=("goods",)),
        Column(
            "capacity", "number", "Most that it holds; blank: no limit.", unit="units", at_least=0
        ),
        Column(
            "cost",
            "number",
            "Price of keeping one unit for one period.",
            unit="money per unit",
            default=0.0,
        ),
        Column(
            "loss",
            "number",
            "Share lost in one period.",
            unit="share",
            default=0.0,
            at_least=0,
            at_most=1,
        ),
        Column(
            "initial",
            "number",
            "Stock before the first period.",
            unit="units",
            default=0.0,
            at_least=0,
        ),
    ),
    key=("place", "good"),
)
