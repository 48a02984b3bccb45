"""Quotas: how much of a good may pass a leg, or go from one country to another, in a period."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np

from entrepot.clearing.layers import NO_HEADING
from entrepot.clearing.rules.rule import Limits, Rule, Treatment, join_limits
from entrepot.network.columns import Ints
from entrepot.network.market import Market

if TYPE_CHECKING:
    from entrepot.clearing.stack import Stack


def rows_on(market: Market, table: str, good: int) -> list[dict[str, Any]]:
    """Rows of ``quotas`` or ``commitments`` that bind a good."""
    return [
        row
        for row in market.study.table(table).iter_rows(named=True)
        if row["quantity"] is not None and market.good_rank(row["good"], good) is not None
    ]


def origin_treatment(market: Market, rows: list[dict[str, Any]]) -> Treatment | None:
    """How rows that count trade between countries tell origins apart."""
    leg_only = all(row.get("leg") is not None and row["origin"] in (None, "*") for row in rows)
    if not rows or (leg_only and all(row["destination"] in (None, "*") for row in rows)):
        return None
    countries = sorted(set(market.network.countries))

    def treatment(origin: str) -> Hashable:
        return tuple(
            (
                market.country_rank(row["origin"], origin, t) is not None,
                *(market.applies(row, origin, country, t) for country in countries),
            )
            for row in rows
            for t in range(len(market.periods))
        )

    return treatment


def by_origin(market: Market, good: int) -> Treatment | None:
    """Origins that the same quotas count."""
    return origin_treatment(market, rows_on(market, "quotas", good))


def by_heading(market: Market, good: int) -> Treatment | None:
    """Destinations that quotas on a leg tell apart."""
    rows = [
        row
        for row in rows_on(market, "quotas", good)
        if row["leg"] is not None and row["destination"] not in (None, "*")
    ]
    if not rows:
        return None

    def treatment(country: str) -> Hashable:
        return tuple(
            market.country_rank(row["destination"], country, t) is not None
            for row in rows
            for t in range(len(market.periods))
        )

    return treatment


def imports(stack: Stack, row: dict[str, Any], period: int) -> Ints:
    """Customs activities that a row of ``quotas`` or ``commitments`` counts in a period."""
    market, layers = stack.market, stack.layers
    customs, columns = stack.part("customs")
    pools = list(stack.balances.pools)
    found = []
    for i in np.flatnonzero(customs.period == period).tolist():
        _, place, good, _ = pools[customs.row[i]]
        if market.good_rank(row["good"], good) is None:
            continue
        origin = layers.countries[customs.layer[i]][0]
        if market.applies(row, origin, market.network.countries[place], period):
            found.append(columns[i])
    return np.array(found, dtype=np.int64)


def _passing(stack: Stack, row: dict[str, Any], period: int) -> Ints:
    """Movements that a quota on a leg counts in a period."""
    market, layers = stack.market, stack.layers
    moving, columns = stack.part("moving")
    legs = [leg for leg, name in enumerate(market.network.legs) if name == row["leg"]]
    found = []
    for i in np.flatnonzero((moving.period == period) & np.isin(moving.row, legs)).tolist():
        layer = int(moving.layer[i])
        good, heading = int(layers.good[layer]), int(layers.heading[layer])
        members = layers.countries[layer]
        if not members or market.good_rank(row["good"], good) is None:
            continue
        if market.country_rank(row["origin"], members[0], period) is None:
            continue
        if heading != NO_HEADING:
            country = layers.heading_country[good, heading]
            if market.country_rank(row["destination"], country, period) is None:
                continue
        found.append(columns[i])
    return np.array(found, dtype=np.int64)


def limits(stack: Stack) -> Limits:
    """One limit for each quota and period."""
    parts = []
    for row in stack.market.study.table("quotas").iter_rows(named=True):
        for t in range(len(stack.market.periods)):
            counted = imports(stack, row, t) if row["leg"] is None else _passing(stack, row, t)
            if len(counted):
                parts.append(
                    Limits(
                        table=["quotas"],
                        name=[row["quota"]],
                        period=np.array([t]),
                        lower=np.array([-np.inf]),
                        upper=np.array([row["quantity"]], dtype=float),
                        row=np.zeros(len(counted), dtype=np.int64),
                        column=counted,
                        use=np.ones(len(counted)),
                    )
                )
    return join_limits(parts)


RULE = Rule(name="quotas", by_origin=by_origin, by_heading=by_heading, limits=limits)
