"""Margins of trade: many products, or much of each.

    extensive = sum over k in K_i of v_wk / sum over all k of v_wk
    intensive = sum over k in K_i of v_ik / sum over k in K_i of v_wk

where K_i are the products that country i exports and v_wk are the world's exports of k; their
product is the country's share of the world's exports (Hummels and Klenow 2005, "The Variety and
Quality of a Nation's Exports", American Economic Review 95, equations 1-3).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.grid import grid
from entrepot.statistics.shared import Trade


def margins(trade: Trade, period: str | None = None, digits: int | None = None) -> Measure:
    """The margins of every exporter in a period.

    Returns
    -------
    Table (country, products, extensive, intensive, share), the largest share first

    Raises
    ------
    StatisticsError : no such period, only totals
    CertificateError : the margins do not multiply to the share
    """
    found = grid(trade, "exporter", period, digits)
    value = found.value
    world = value.sum(axis=0)
    sold = value > 0
    covered = sold @ world
    extensive = covered / world.sum()
    intensive = value.sum(axis=1) / covered
    share = value.sum(axis=1) / world.sum()
    table = pl.DataFrame(
        {
            "country": found.countries,
            "products": sold.sum(axis=1),
            "extensive": extensive,
            "intensive": intensive,
            "share": share,
        }
    ).sort("share", "country", descending=[True, False])
    sides = (np.append(extensive * intensive, share.sum()), np.append(share, 1.0))
    identity = "extensive times intensive is the share, and shares add up to 1"
    return certified("margins", table, identity, sides, notes=found.notes)
