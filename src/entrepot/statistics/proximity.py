"""Proximity of products, and how dense a country's exports are around each.

    phi_kl = (M'M)_kl / max(k_k, k_l)         density_ck = sum over l of M_cl phi_lk / sum of phi_lk

the smaller of both chances to export one product with an advantage given the other (Hidalgo,
Klinger, Barabási and Hausmann 2007, "The Product Space Conditions the Development of Nations",
Science 317). Advantages M and ubiquities k_k as in `entrepot.statistics.complexity`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.complexity import structure
from entrepot.statistics.grid import Floats


def proximity(
    trade: pl.DataFrame,
    period: str | None = None,
    digits: int | None = None,
    least: float = 0.0,
) -> Measure:
    """Proximity of every two products that some country exports together.

    Returns
    -------
    Table (a, b, proximity), each pair once, the closest first

    Raises
    ------
    StatisticsError, CertificateError : as `entrepot.statistics.complexity.complexity`, and where
        proximity is not the smaller of both conditional chances
    """
    found = structure(trade, period, digits, least)
    phi = near(found.has)
    together = found.has.T @ found.has
    chances = together / found.ubiquity
    a, b = np.nonzero(np.triu(phi, 1) > 0)
    table = pl.DataFrame(
        {
            "a": [found.goods[k] for k in a],
            "b": [found.goods[k] for k in b],
            "proximity": phi[a, b],
        },
        schema={"a": pl.String, "b": pl.String, "proximity": pl.Float64},
    ).sort("proximity", "a", "b", descending=[True, False, False])
    identity = "proximity is the smaller of both conditional chances, the same both ways"
    sides = (np.stack([phi, phi]), np.stack([np.minimum(chances, chances.T), phi.T]))
    return certified("proximity", table, identity, sides, scale=1.0, notes=found.notes)


def density(
    trade: pl.DataFrame,
    period: str | None = None,
    digits: int | None = None,
    least: float = 0.0,
    reporter: str | None = None,
) -> Measure:
    """How near every product is to what a country exports, between 0 and 1.

    Returns
    -------
    Table (country, hs, has, density): `has` is true where the country has an advantage already

    Raises
    ------
    StatisticsError, CertificateError : as `entrepot.statistics.complexity.complexity`, and where
        density and distance do not add up to 1
    """
    found = structure(trade, period, digits, least)
    phi = near(found.has)
    omega = around(found.has, phi)
    distance = around(1.0 - found.has, phi)
    count, goods = found.has.shape
    table = pl.DataFrame(
        {
            "country": np.repeat(found.countries, goods),
            "hs": np.tile(found.goods, count),
            "has": (found.has > 0).ravel(),
            "density": omega.ravel(),
        }
    ).sort("country", "density", "hs", descending=[False, True, False])
    if reporter is not None:
        table = table.filter(pl.col("country") == reporter)
    identity = "density and distance add up to 1"
    return certified("density", table, identity, (omega + distance, np.ones_like(omega)),
                     notes=found.notes)  # fmt: skip


def near(has: Floats) -> Floats:
    """Proximity of products, shape (K, K), 1 on the diagonal, of advantages (C, K)."""
    ubiquity = has.sum(axis=0)
    phi: Floats = (has.T @ has) / np.maximum.outer(ubiquity, ubiquity)
    return phi


def around(has: Floats, phi: Floats) -> Floats:
    """Density, shape (C, K): the share of a product's proximities that a country has."""
    omega: Floats = (has @ phi) / phi.sum(axis=0)
    return omega
