"""The columns that offers and bids share."""

from __future__ import annotations

from entrepot.schema.declare import Column

PLACE = Column(
    "place",
    "name",
    "Where the good is handed over.",
    required=True,
    refers_to=("places",),
    example="baku",
)
GOOD = Column("good", "name", "The good.", required=True, refers_to=("goods",), example="potash")
AGENT = Column("agent", "text", "Who trades; results are summed by agent.")
PRICE = Column(
    "price",
    "number",
    "Limit price; with `slope` the price of the first unit; with `elasticity` the price at "
    "`quantity`. Required unless `curve` is given; may be negative.",
    unit="money per unit",
    example="300",
)
SLOPE = Column(
    "slope",
    "number",
    "How the price moves with each unit traded.",
    unit="money per unit per unit",
    at_least=0,
)
CURVE = Column(
    "curve",
    "name",
    "A marginal-price curve that stands in for `price`, `slope` and `elasticity`.",
    refers_to=("curves",),
)
PERIOD = Column("period", "name", "Period of the row; blank: every period.", refers_to=("periods",))
