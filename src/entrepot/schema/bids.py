"""Bids: what buyers would buy, and up to which price."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table
from entrepot.schema.orders import AGENT, CURVE, GOOD, PERIOD, PLACE, PRICE, SLOPE

BIDS = Table(
    name="bids",
    doc="What a buyer would buy at a place. Neither slope nor elasticity: up to `quantity` at "
    "`price` or less. `slope` b: at `price - b q`. `elasticity` e < 0: constant elasticity through "
    "(`quantity`, `price`).",
    own=(
        PLACE,
        GOOD,
        AGENT,
        Column(
            "quantity",
            "number",
            "Most that is wanted; may be blank only with `slope` or `curve`.",
            unit="units per period",
            at_least=0,
            example="800",
        ),
        PRICE,
        SLOPE,
        Column(
            "elasticity",
            "number",
            "Elasticity of demand, negative; needs `quantity` and a positive `price`.",
            below=0,
        ),
        CURVE,
        PERIOD,
        Column(
            "origins",
            "list",
            "Countries or blocs of origin that the buyer accepts; blank: all.",
            refers_to=("countries", "blocs"),
        ),
    ),
)
