"""What plants earn at the prices of an answer: why one runs, and what keeps another idle.

One unit of a plant's main product earns what its outputs fetch where it stands, less what its
inputs cost there, less its running cost. A plant that earns more than nothing runs at its full
capacity and the rest is its rent; one that would earn less stands idle.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.clearing.answers import NEGLIGIBLE, Clearing, finish
from entrepot.results.priced import Priced, price_ways
from entrepot.results.quoted import must_be_known, which_period
from entrepot.results.traders import FULL

COLUMNS = {
    "period": pl.String,
    "plant": pl.String,
    "place": pl.String,
    "recipe": pl.String,
    "state": pl.String,
    "quantity": pl.Float64,
    "limit": pl.Float64,
    "margin": pl.Float64,
}
PARTS = {
    "part": pl.String,
    "good": pl.String,
    "amount": pl.Float64,
    "price": pl.Float64,
    "value": pl.Float64,
}


@dataclass(frozen=True)
class PlantMargin:
    """What one unit of a plant's main product earns.

    Attributes
    ----------
    period, plant, place : what is told of
    state : `full`, `partly`, `idle` or `unbuilt` (no capacity)
    margin : money per unit of the main product, None where a price is missing
    currency : of all money
    rows : (part, good, amount, price, value): what is `made` and `used` per unit of the main
        product, its price at the place, and what that comes to; the running `cost`; adds up to the
        margin. Price and value are null where the good has no price there
    """

    period: str
    plant: str
    place: str
    state: str
    margin: float | None
    currency: str
    rows: pl.DataFrame

    def text(self) -> str:
        """The sum in plain words."""
        lines = [f"{self.plant} at {self.place}, {self.period}: {_STATES[self.state]}"]
        for part, good, amount, price, value in self.rows.iter_rows():
            told = "no price" if value is None else f"{value:,.2f}"
            what = "running cost" if part == "cost" else f"{abs(amount):g} {good} {part}"
            at = "" if part == "cost" or price is None else f" at {price:,.2f}"
            lines.append(f"  {told:>12}  {what}{at}")
        if self.margin is None:
            lines.append("A price is missing, so nobody knows what it would earn.")
        elif self.state == "unbuilt":
            lines.append(f"One unit of it would earn {self.margin:,.2f} {self.currency}.")
        elif self.state == "idle":
            lines.append(
                f"It would lose {-self.margin:,.2f} {self.currency} per unit: its cost must fall "
                "by that much, or prices move as far, before it runs."
            )
        else:
            lines.append(f"It earns {self.margin:,.2f} {self.currency} per unit.")
        return "\n".join(lines)


_STATES = {
    "full": "runs at full capacity",
    "partly": "runs, and could run more",
    "idle": "stands idle",
    "unbuilt": "has no capacity in this period",
}


def plants(clearing: Clearing) -> pl.DataFrame:
    """All plants of a study, idle ones among them.

    Returns
    -------
    Frame (period, plant, place, recipe, state, quantity, limit, margin): `state` is `full`,
    `partly`, `idle` or `unbuilt` (no capacity); `quantity` runs and `limit` the capacity, in units
    of the main product per period, null where unlimited; `margin` in money per unit of it, null
    where a price is missing.
    """
    priced = price_ways(clearing.state)
    part, _ = clearing.state.stack.part("processing")
    rows = [_row(priced, run) for run in range(part.count)]
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return finish(frame, clearing.state, ["period", "plant"])


def plant_margin(clearing: Clearing, plant: str, period: str | None = None) -> PlantMargin:
    """Take apart what a plant earns.

    Raises
    ------
    QuestionError : a name that the study does not have, or no period where it has several
    """
    priced = price_ways(clearing.state)
    market = clearing.state.stack.market
    table = market.study.table("plants")
    must_be_known(plant, table["plant"].unique().to_list(), "plant")
    t = which_period(market.periods, period)
    part, _ = clearing.state.stack.part("processing")
    names = table["plant"].to_list()
    run = next(
        run
        for run in range(part.count)
        if names[part.row[run]] == plant and int(part.period[run]) == t
    )
    told = dict(zip(COLUMNS, _row(priced, run), strict=True))
    rows = list(_parts(priced, run))
    return PlantMargin(
        period=market.periods[t],
        plant=plant,
        place=str(told["place"]),
        state=str(told["state"]),
        margin=told["margin"],  # type: ignore[arg-type]
        currency=clearing.study.settings.currency,
        rows=pl.DataFrame(rows, schema=PARTS, orient="row"),
    )


def _row(priced: Priced, run: int) -> tuple[object, ...]:
    market = priced.state.stack.market
    part, _ = priced.state.stack.part("processing")
    levels = priced.state.levels("processing")
    level, upper = float(levels[run]), float(part.upper[run])
    running = level > max(NEGLIGIBLE * float(levels.max(initial=0.0)), priced.least)
    state = "idle" if upper > 0 else "unbuilt"
    if running:
        state = "full" if level >= upper * (1 - FULL) else "partly"
    values = [value for *_, value in _parts(priced, run)]
    margin = None if any(value is None for value in values) else math.fsum(values)  # type: ignore[arg-type]
    if margin is not None and abs(margin) <= priced.same:
        margin = 0.0
    facts = market.study.table("plants").select("plant", "place", "recipe").row(int(part.row[run]))
    return (
        market.periods[part.period[run]],
        *facts,
        state,
        level if running else 0.0,
        upper if math.isfinite(upper) else None,
        margin,
    )


def _parts(
    priced: Priced, run: int
) -> Iterator[tuple[str, str, float, float | None, float | None]]:
    part, _ = priced.state.stack.part("processing")
    market = priced.state.stack.market
    for entry in np.flatnonzero(part.more_column == run).tolist():
        amount, balance = float(part.more_amount[entry]), int(part.more_balance[entry])
        price = float((priced.outlet if amount > 0 else priced.delivered)[balance])
        good = market.goods[int(priced.where.good[balance])]
        known = math.isfinite(price)
        made = "made" if amount > 0 else "used"
        yield made, good, amount, price if known else None, price * amount if known else None
    cost = float(part.worth[run])
    if cost:
        yield "cost", "", 1.0, -cost, cost
