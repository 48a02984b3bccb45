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
from entrepot.statistics.complexity import Complexity, refuse_unknown
from entrepot.statistics.grid import Floats


def proximity(found: Complexity) -> Measure:
    """Proximity of every two products that some country exports together.

    Returns
    -------
    Table (a, b, proximity), each pair once, the closest first

    Raises
    ------
    CertificateError : proximity is not the smaller of both conditional chances
    """
    phi = found.phi
    together = found.has.T @ found.has
    chances = together / found.ubiquity
    a, b = np.nonzero(np.triu(phi, 1) > 0)
    # Pairs stand in the order of names; a stable sort keeps that among equals.
    order = np.argsort(-phi[a, b], kind="stable")
    a, b = a[order], b[order]
    goods = pl.Series(found.goods, dtype=pl.String)
    table = pl.DataFrame({"a": goods.gather(a), "b": goods.gather(b), "proximity": phi[a, b]})
    identity = "proximity is the smaller of both conditional chances"
    sides = (phi, np.minimum(chances, chances.T))
    return certified("proximity", table, identity, sides, scale=1.0, notes=found.notes)


def density(found: Complexity, reporter: str | None = None) -> Measure:
    """How near every product is to what a country exports, between 0 and 1.

    Returns
    -------
    Table (country, hs, has, density): `has` is true where the country has an advantage already

    Raises
    ------
    StatisticsError : no such country
    CertificateError : density and distance do not add up to 1
    """
    phi = found.phi
    omega = around(found.has, phi)
    distance = around(1.0 - found.has, phi)
    count, number = found.has.shape
    # The nearest first, and among equals by code, in which order they stand.
    order = np.argsort(-omega, axis=1, kind="stable")
    table = pl.DataFrame(
        {
            "country": pl.Series(found.countries).gather(np.repeat(np.arange(count), number)),
            "hs": pl.Series(found.goods).gather(order.ravel()),
            "has": np.take_along_axis(found.has > 0, order, axis=1).ravel(),
            "density": np.take_along_axis(omega, order, axis=1).ravel(),
        }
    )
    if reporter is not None:
        refuse_unknown(found, reporter)
        table = table.filter(pl.col("country") == reporter)
    identity = "density and distance add up to 1"
    return certified("density", table, identity, (omega + distance, np.ones_like(omega)),
                     notes=found.notes)  # fmt: skip


def around(has: Floats, phi: Floats) -> Floats:
    """Density, shape (C, K): the share of a product's proximities that a country has."""
    omega: Floats = (has @ phi) / phi.sum(axis=0)
    return omega
