"""Product diversification: which products a country could begin with, and where they would sell.

    density_ik · E_ij · D_jk        ranked, of products in which i has no advantage yet

Export potential with the supply that is seen replaced by the density of the product space around a
product: how much of what is made together with it the country exports already (Decreux and Spies
2016, the product diversification indicator; density as in `entrepot.statistics.proximity`). What
is not sold yet has no value to be told in money, so the order is the answer: `rank`, and `score`
beside the best. E and D are those of export potential, with its corrections.

The authors leave out products that grow or lie in the ground of few countries; here they are told
like all others, for which codes these are is not in the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics.advantage import balassa
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.complexity import near
from entrepot.statistics.potential.corrections import Corrections
from entrepot.statistics.potential.export import Potential, assess
from entrepot.statistics.potential.thresholds import Thresholds, refuse_unknown
from entrepot.statistics.potential.world import Floats, world_of
from entrepot.statistics.proximity import around

IDENTITY = (
    "without projections potentials add up to the trade of every country, and density with "
    "distance to 1"
)


def diversification(
    trade: pl.DataFrame,
    reporter: str,
    partner: str | None = None,
    periods: Sequence[str] = (),
    digits: int | None = None,
    corrections: Corrections | None = None,
    thresholds: Thresholds | None = None,
    mirror: bool = False,
) -> Measure:
    """Products that a country could begin to export, the best first.

    Parameters
    ----------
    partner : the market; all markets together without it
    others : as of `entrepot.statistics.potential.export.potential`

    Returns
    -------
    Table (rank, hs, score, density, demand, exports): `score` beside the best, between 0 and 1;
    `demand` what the market buys, or all markets, as projected; `exports` what is sold already

    Raises
    ------
    StatisticsError : as of `potential`, and where the country has an advantage in all, or in none
    QuestionError : a country that does not trade, or one on both sides
    CertificateError : an identity does not hold
    """
    world = world_of(trade, periods, digits, mirror)
    return ranked(assess(world, corrections, thresholds), reporter, partner)


def ranked(found: Potential, reporter: str, partner: str | None) -> Measure:
    """The table of `diversification`."""
    countries = found.world.countries
    refuse_unknown(found.world, reporter, partner)
    if reporter == partner:
        raise QuestionError(f"{reporter} cannot be its own market; name another")
    i = countries.index(reporter)
    abroad = [at for at in range(len(countries)) if at != i]
    markets = [countries.index(partner)] if partner else abroad
    has, omega, distance = _near_to(found, i)
    if not has.any():
        raise StatisticsError(f"{reporter} has an advantage in no product to begin from")
    supply = np.zeros_like(found.supply)
    supply[i] = omega
    score = replace(found, supply=supply).cells_of([i], markets)[0].sum(axis=(0, 1))
    new = np.flatnonzero(~has & (score > 0))
    if not len(new):
        whom = partner or "any market"
        raise StatisticsError(f"{reporter} has no product left to begin with in {whom}")
    demand, sold = found.demand[markets].sum(axis=0), found.world.exports()[i]
    goods = pl.Series(found.world.goods)
    table = pl.DataFrame(
        {
            "hs": goods.gather(new),
            "score": score[new] / score[new].max(),
            "density": omega[new],
            "demand": demand[new],
            "exports": sold[new],
        }
    ).sort("score", "hs", descending=[True, False])
    table = table.with_row_index("rank", offset=1).with_columns(pl.col("rank").cast(pl.Int64))
    left, right = (
        np.concatenate(pair)
        for pair in zip(found.sides, (omega + distance, np.ones_like(omega)), strict=True)
    )
    return certified("diversification", table, IDENTITY, (left, right), notes=found.world.notes)


def _near_to(found: Potential, i: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]],
                                                Floats, Floats]:  # fmt: skip
    """What a country has an advantage in, and density and distance of all products, (K,) each.

    A product that nobody has an advantage in is near to none: density 0, distance 1.
    """
    value = found.world.exports()
    sells, sold = value.sum(axis=1) > 0, value.sum(axis=0) > 0
    has = np.zeros(value.shape)
    has[np.ix_(sells, sold)] = balassa(value[np.ix_(sells, sold)]) >= 1.0
    made = has.sum(axis=0) > 0
    phi = near(has[:, made])
    omega, distance = np.zeros(len(made)), np.ones(len(made))
    omega[made] = around(has[i : i + 1, made], phi)[0]
    distance[made] = around(1.0 - has[i : i + 1, made], phi)[0]
    return has[i] > 0, omega, distance
