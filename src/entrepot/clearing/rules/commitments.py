"""Commitments: what one country must deliver to another, whatever the market would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from entrepot.clearing.rules.quotas import imports, origin_treatment, rows_on
from entrepot.clearing.rules.rule import Limits, Rule, Treatment, join_limits
from entrepot.network.market import Market

if TYPE_CHECKING:
    from entrepot.clearing.stack import Stack


def by_origin(market: Market, good: int) -> Treatment | None:
    """Origins that the same commitments count."""
    return origin_treatment(market, rows_on(market, "commitments", good))


def limits(stack: Stack) -> Limits:
    """At least the promised quantity, for each binding commitment and each period it holds in."""
    table = stack.market.study.table("commitments")
    rows = table.rows(named=True)
    parts = []
    for t, held in stack.market.rows_by_period("commitments"):
        for r in held.tolist():
            row = rows[r]
            if row["quantity"] is None or row["good"] is None:
                continue
            counted = imports(stack, row, t)
            parts.append(
                Limits(
                    table=["commitments"],
                    name=[row["commitment"]],
                    period=np.array([t]),
                    lower=np.array([row["quantity"]], dtype=float),
                    upper=np.array([np.inf]),
                    row=np.zeros(len(counted), dtype=np.int64),
                    column=counted,
                    use=np.ones(len(counted)),
                )
            )
    return join_limits(parts)


RULE = Rule(name="commitments", by_origin=by_origin, limits=limits)
