"""Offers: what sellers would sell, and from which price."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table
from entrepot.schema.orders import AGENT, CURVE, GOOD, PERIOD, PLACE, PRICE, SLOPE

OFFERS = Table(
    name="offers",
    doc="What a seller would sell at a place. Neither slope nor elasticity: up to `quantity` at "
    "`price` or more. `slope` b: at `price + b q`. `elasticity` e > 0: constant elasticity through "
    "(`quantity`, `price`).",
    own=(
        PLACE,
        GOOD,
        AGENT,
        Column(
            "quantity",
            "number",
            "Most that is for sale; blank: no limit.",
            unit="units per period",
            at_least=0,
            example="1000",
        ),
        PRICE,
        SLOPE,
        Column(
            "elasticity",
            "number",
            "Elasticity of supply, positive; needs `quantity` and a positive `price`.",
            above=0,
        ),
        CURVE,
        PERIOD,
        Column(
            "origin",
            "text",
            "Country of origin of the good; blank: the country of the place.",
            refers_to=("countries",),
        ),
    ),
)
