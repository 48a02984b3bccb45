"""Vollrath's relative advantages: the world that a country is compared with is all others.

    RXA_ik = (X_ik / X_i,others) / (X_others,k / X_others,others)

where "others" are all other products and all other countries; RMA the same for imports; relative
trade advantage RTA = RXA - RMA; competitiveness RC = ln RXA - ln RMA (Vollrath 1991, "A Theoretical
Evaluation of Alternative Trade Intensity Measures of Revealed Comparative Advantage",
Weltwirtschaftliches Archiv 127).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.flows import known_country, one_period, products
from entrepot.statistics.grid import Floats, grid_of
from entrepot.statistics.shared import Trade


def vollrath(
    trade: Trade, reporter: str, period: str | None = None, digits: int | None = None
) -> Measure:
    """RXA, RMA, RTA and RC of a country by product.

    Returns
    -------
    Table (hs, exports, imports, rxa, rma, rta, rc), the largest RTA first; null where a quotient
    has no denominator (nobody else trades the product, or the country trades nothing else)

    Raises
    ------
    StatisticsError : no such period or country, only totals
    CertificateError : the four corners of an index do not add up to world trade
    """
    found = products(trade, digits)
    known_country(found.rows, reporter)
    rows = one_period(found.rows, period)
    goods = sorted(rows["hs"].unique())
    sold, bought = (grid_of(rows, side, goods=goods) for side in ("exporter", "importer"))
    (x, rxa, x_sum), (m, rma, m_sum) = (
        _relative(each.value, each.countries, reporter) for each in (sold, bought)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        rc = np.log(rxa) - np.log(rma)
    columns = {"exports": x, "imports": m, "rxa": rxa, "rma": rma, "rta": rxa - rma, "rc": rc}
    table = pl.DataFrame({"hs": goods, **columns}).with_columns(
        pl.when(pl.col(name).is_finite()).then(name).alias(name)
        for name in ("rxa", "rma", "rta", "rc")
    )
    table = table.filter((pl.col("exports") > 0) | (pl.col("imports") > 0))
    table = table.sort("rta", "hs", descending=[True, False], nulls_last=True)
    world = np.full(len(goods), float(rows["value"].sum()))
    identity = "country and others, product and others add up to world trade"
    sides = (np.concatenate([x_sum, m_sum]), np.concatenate([world, world]))
    return certified("vollrath", table, identity, sides, notes=found.notes)


def _relative(value: Floats, countries: list[str], reporter: str) -> tuple[Floats, Floats, Floats]:
    """Own trade, the quotient of quotients, and the sum of its four corners; each of shape (K,)."""
    i = countries.index(reporter) if reporter in countries else None
    own = np.zeros(value.shape[1]) if i is None else value[i]
    rest = value.sum(axis=0) - own
    own_others = own.sum() - own
    rest_others = rest.sum() - rest
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = (own / own_others) / (rest / rest_others)
    return own, quotient, own + own_others + rest + rest_others
