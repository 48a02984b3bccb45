"""Why a limit binds: who passes it, and what one more unit of room is worth.

The rent of a limit is its shadow price: by how much welfare would rise with one unit more. Whoever
passes pays it, in the difference of prices between here and there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.errors import QuestionError
from entrepot.results.priced import Priced, price_ways
from entrepot.tables.nearest import did_you_mean

ROWS = {
    "period": pl.String,
    "good": pl.String,
    "origin": pl.String,
    "by": pl.String,
    "place": pl.String,
    "quantity": pl.Float64,
    "paid": pl.Float64,
}


@dataclass(frozen=True)
class Passing:
    """A limit and who passes it.

    Attributes
    ----------
    table, name : of the limit
    currency : of all money
    limits : rows of the clearing's `limits` that are its own: full, with what one unit more of room
        is worth; empty where there is room left
    rows : (period, good, origin, by, place, quantity, paid): what passes, by country of origin,
        leg (blank at customs) and place where it arrives; units per period, and money per unit that
        it pays for this limit
    """

    table: str
    name: str
    currency: str
    limits: pl.DataFrame
    rows: pl.DataFrame

    def text(self) -> str:
        """The answer in plain words."""
        lines = []
        for row in self.limits.iter_rows(named=True):
            head = f"{self.table} {self.name}, {row['period']}: {row['used']:,.0f} of "
            lines.append(f"{head}{row['limit']:,.0f} used")
            if row["rent"]:
                worth = f"{abs(row['rent']):,.2f} {self.currency}"
                lines.append(
                    f"One more unit of room is worth {worth}."
                    if row["rent"] > 0
                    else f"One unit less to be kept is worth {worth}."
                )
            else:
                lines.append("It is full, but one more unit of room would change nothing.")
        if self.limits.is_empty():
            lines.append(f"{self.table} {self.name} has room left: it holds nothing back.")
        for row in self.rows.iter_rows(named=True):
            by = f" by {row['by']}" if row["by"] else ""
            lines.append(
                f"  {row['quantity']:>14,.0f}  {row['good']} from {row['origin']}{by} into "
                f"{row['place']}, pays {row['paid']:,.2f} per unit"
            )
        return "\n".join(lines)


def passing(clearing: Clearing, table: str, name: str) -> Passing:
    """Who passes a quota or commitment, and what its room is worth.

    Raises
    ------
    QuestionError : the study has no such limit
    """
    study = clearing.study
    if table not in ("quotas", "commitments"):
        raise QuestionError(f"{table!r} has no limits of its own; ask for quotas or commitments")
    known = study.table(table)[table.removesuffix("s")].unique().sort().to_list()
    if name not in known:
        cure = did_you_mean(name, known, f"there are {', '.join(known)}" if known else "none")
        raise QuestionError(f"the study has no {table.removesuffix('s')} {name!r}; {cure}")
    mine = (pl.col("table") == table) & (pl.col("name") == name)
    return Passing(
        table=table,
        name=name,
        currency=study.settings.currency,
        limits=clearing.limits.filter(mine),
        rows=_rows(price_ways(clearing.state), table, name),
    )


def _rows(priced: Priced, table: str, name: str) -> pl.DataFrame:
    stack, ways, where = priced.state.stack, priced.ways, priced.where
    market, layers = stack.market, stack.layers
    limits = stack.limits
    numbers = [
        k for k, each in enumerate(zip(limits.table, limits.name, strict=True))
        if each == (table, name)
    ]  # fmt: skip
    matrix = priced.state.program.limit.tocsr()[numbers]
    paid = np.asarray(matrix.T @ priced.state.prices.rent[numbers])
    touched = np.asarray(abs(matrix).sum(axis=0)).ravel() > 0
    found = []
    for way in np.flatnonzero(touched[ways.column] & priced.used).tolist():
        tail, head = int(ways.tail[way]), int(ways.head[way])
        layer = int(where.layer[tail])
        found.append(
            (
                market.periods[where.period[tail]],
                market.goods[where.good[tail]],
                ";".join(layers.countries[layer]) if layer >= 0 else "",
                priced.leg(way),
                priced.place(head),
                float(priced.flow[way]),
                float(paid[ways.column[way]]) / priced.weight(tail),
            )
        )
    keys = ["period", "good", "origin", "by", "place", "paid"]
    frame = pl.DataFrame(found, schema=ROWS, orient="row")
    return (
        frame.group_by(keys)
        .agg(pl.col("quantity").sum())
        .select(*ROWS)
        .sort(
            ["period", "quantity", "good", "origin", "by", "place"],
            descending=[False, True, False, False, False, False],
        )
    )
