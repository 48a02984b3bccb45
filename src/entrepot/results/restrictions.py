"""What keeps trade back by rule or by date: told openly, row by row, with its source."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.network.freight import leg_capacity
from entrepot.network.market import Market

RESTRICTIONS = {
    "kind": pl.String,
    "name": pl.String,
    "good": pl.String,
    "origin": pl.String,
    "destination": pl.String,
    "what": pl.String,
    "since": pl.String,
    "until": pl.String,
    "in_force": pl.Boolean,
    "source": pl.String,
    "note": pl.String,
}


def restrictions(clearing: Clearing) -> pl.DataFrame:
    """Bans, duties, quotas and commitments of the study, and legs that are closed.

    Returns
    -------
    Frame (kind, name, good, origin, destination, what, since, until, in_force, source, note): kind
    is `ban`, `duty`, `quota`, `commitment` or `closed leg`; `what` is the country or leg by which
    a ban forbids to go, the rate of a duty, the amount of a quota or commitment, or why a leg is
    closed; `in_force` is whether it holds in any period of the answer.
    """
    market = clearing.state.stack.market
    rows = [*_bans(market), *_duties(market), *_amounts(market), *_closed(market)]
    return pl.DataFrame(rows, schema=RESTRICTIONS, orient="row")


def _holds(market: Market, row: dict[str, object]) -> bool:
    since, until = row["since"], row["until"]
    return any(
        market.in_force(since, until, period)  # type: ignore[arg-type]
        for period in range(len(market.periods))
    )


def _bans(market: Market) -> Iterator[tuple[object, ...]]:
    for row in market.study.table("bans").iter_rows(named=True):
        yield (
            "ban", row["ban"], row["good"], row["origin"], row["destination"], row["via"],
            _day(row["since"]), _day(row["until"]), _holds(market, row), row["source"], row["note"],
        )  # fmt: skip


def _duties(market: Market) -> Iterator[tuple[object, ...]]:
    currency = market.study.settings.currency
    for row in market.study.table("duties").iter_rows(named=True):
        rates = []
        if row["ad_valorem"] or not row["specific"]:
            rates.append(f"{100 * (row['ad_valorem'] or 0.0):g} %")
        if row["specific"]:
            rates.append(f"{row['specific']:,g} {currency}")
        yield (
            "duty", row["duty"], row["good"], row["origin"], row["destination"],
            " + ".join(rates), _day(row["since"]), _day(row["until"]),
            _holds(market, row), row["source"], row["note"],
        )  # fmt: skip


def _amounts(market: Market) -> Iterator[tuple[object, ...]]:
    """Quotas hold trade down, commitments hold it up; a commitment in words only binds nothing."""
    for row in market.study.table("quotas").iter_rows(named=True):
        yield (
            "quota", row["quota"], row["good"], row["origin"], row["destination"],
            f"{row['quantity']:,.0f}", None, None, True, row["source"], row["note"],
        )  # fmt: skip
    for row in market.study.table("commitments").iter_rows(named=True):
        bound = row["good"] is not None and row["quantity"] is not None
        yield (
            "commitment", row["commitment"], row["good"], row["origin"], row["destination"],
            f"{row['quantity']:,.0f}" if bound else None, None, None, bound, row["source"],
            row["note"],
        )  # fmt: skip


def _closed(market: Market) -> Iterator[tuple[object, ...]]:
    """Legs that are not open in some period, or have no capacity."""
    capacity = leg_capacity(market)
    table = market.study.table("legs")
    for number, row in enumerate(table.iter_rows(named=True)):
        shut = [
            not market.is_open(row["opens"], row["closes"], period)
            for period in range(len(market.periods))
        ]
        empty = capacity[number] <= 0
        if not any(shut) and not empty:
            continue
        yield (
            "closed leg", row["leg"], None, row["origin"], row["destination"],
            "no capacity" if empty and not any(shut) else None,
            _day(row["closes"]), _day(row["opens"]), True, row["source"], row["note"],
        )  # fmt: skip


def _day(date: object) -> str | None:
    return None if date is None else str(date)
