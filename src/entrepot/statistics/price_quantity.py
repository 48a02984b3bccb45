"""Price and quantity behind a change of value: additive log-mean Divisia index.

With L(a, b) = (a - b) / ln(a / b), L(a, a) = a, and unit values p = v / q,

    v_k1 - v_k0 = L(v_k1, v_k0) ln(p_k1 / p_k0) + L(v_k1, v_k0) ln(q_k1 / q_k0)

exactly, product by product (Ang 2005, "The LMDI approach to decomposition analysis: a practical
guide", Energy Policy 33: additive LMDI-I; consistent in aggregation). Dividing the effects by
L(V_1, V_0) gives their parts in ln(V_1 / V_0). Products that begin or end have no unit value on one
side: effects of their own, as are products whose quantity is unknown or in other units.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.change import Of, two_periods
from entrepot.statistics.grid import Floats
from entrepot.statistics.shared import Trade

PARTS = ("price", "quantity", "begun", "ended", "unsplit")


def price_quantity(
    trade: Trade,
    reporter: str,
    base: str,
    period: str,
    partner: str | None = None,
    of: Of = "turnover",
    digits: int | None = None,
) -> Measure:
    """How much of a change of value is price, and how much quantity.

    Unit values stand for prices: a change of what is traded within a product shows as price.

    Returns
    -------
    Table (hs, flow, before, after, change, price, quantity, begun, ended, unsplit), in money, a
    row a product and direction, the largest change in size first

    Raises
    ------
    StatisticsError : periods or countries that are not there, only totals, nothing to compare
    CertificateError : the parts do not add up to the change
    """
    both, notes = two_periods(trade, reporter, partner, base, period, of, digits)
    v0, v1 = (both[name].to_numpy().astype(np.float64) for name in ("v0", "v1"))
    q0, q1 = (both[name].fill_null(0.0).to_numpy().astype(np.float64) for name in ("q0", "q1"))
    same_unit = (both["unit0"] == both["unit1"]).fill_null(False).to_numpy()
    parts = split(v0, v1, np.where(same_unit, q0, 0.0), np.where(same_unit, q1, 0.0))
    table = both.select(
        "hs", "flow", pl.col("v0").alias("before"), pl.col("v1").alias("after")
    ).with_columns(pl.Series("change", v1 - v0), *(pl.Series(name, parts[name]) for name in PARTS))
    table = table.sort(pl.col("change").abs(), "hs", "flow", descending=[True, False, False])
    sides = (sum(parts[name] for name in PARTS), v1 - v0)
    identity = "price, quantity, begun, ended and unsplit add up to the change of every product"
    scale = float(v0.sum() + v1.sum())
    return certified("price-quantity", table, identity, sides, scale=scale, notes=notes)


def split(v0: Floats, v1: Floats, q0: Floats, q1: Floats) -> dict[str, Floats]:
    """The parts of v1 - v0; a quantity of 0 is not known. All of shape (K,), in money."""
    went_on = (v0 > 0) & (v1 > 0)
    known = went_on & (q0 > 0) & (q1 > 0)
    one = np.ones_like(v0)
    mean = logarithmic_mean(np.where(went_on, v1, one), np.where(went_on, v0, one))
    volume = np.log(np.where(known, q1, one)) - np.log(np.where(known, q0, one))
    worth = np.log(np.where(known, v1, one)) - np.log(np.where(known, v0, one))
    return {
        "price": np.where(known, mean * (worth - volume), 0.0),
        "quantity": np.where(known, mean * volume, 0.0),
        "begun": np.where(v0 == 0, v1, 0.0),
        "ended": np.where((v1 == 0) & (v0 > 0), -v0, 0.0),
        "unsplit": np.where(went_on & ~known, v1 - v0, 0.0),
    }


def logarithmic_mean(a: Floats, b: Floats) -> Floats:
    """L(a, b) for positive arrays; where they are close, by the series of x / artanh(x).

    With x = (a - b) / (a + b), L = (a + b) / 2 · x / artanh(x).
    """
    x = (a - b) / (a + b)
    near = np.abs(x) < 1e-4
    safe = np.where(near, 0.5, x)
    ratio = np.where(near, 1.0 - x**2 / 3.0 - 4.0 * x**4 / 45.0, safe / np.arctanh(safe))
    mean: Floats = 0.5 * (a + b) * ratio
    return mean
