"""Corrections of export potential: each is named, optional, and nothing where it is not given.

| name | corrects | from |
|---|---|---|
| outlook | supply by growth of the exporter's GDP; demand by population, and by GDP a head to the power of the income elasticity | Decreux and Spies (2016) |
| reexports | supply by exports over imports of the product where these are more | the same |
| tariffs | demand by ((1 + mean tariff of the market) / (1 + tariff on the exporter)) to the power of the elasticity of substitution | the same |

The global tariff advantage that the authors also divide supply by is left out: its formula could
not be had from them.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.potential.tariffs import checked, tariffs_on
from entrepot.statistics.potential.world import Floats, Sparse, World

OUTLOOK = {"country": pl.String, "gdp": pl.Float64, "population": pl.Float64}


@dataclass(frozen=True, eq=False)
class Corrections:
    """What potential is corrected for.

    Attributes
    ----------
    outlook : frame (country, gdp, population): factors of growth to the horizon, 1 is no growth
    income : elasticity of demand by GDP a head, of all products or by code
    reexports : whether what passes through is taken from supply
    tariffs : frame (importer, exporter, hs, tariff), a share of the value; `exporter` and `hs` may
        be `*`, `hs` may be the beginning of a code. The longest `hs` wins, then the exporter named.
    substitution : elasticity between suppliers, of all products or by code; needed with tariffs
    """

    outlook: pl.DataFrame | None = None
    income: float | Mapping[str, float] = 1.0
    reexports: bool = False
    tariffs: pl.DataFrame | None = None
    substitution: float | Mapping[str, float] | None = None


def supply_of(world: World, given: Corrections) -> Floats:
    """Projected shares of world markets, shape (N, K); each product's add up to 1."""
    exports = world.exports()
    if given.outlook is not None:
        exports = exports * _factors(world, given.outlook)[0][:, None]
    if given.reexports:
        sold, bought = world.exports(), world.imports()
        exports = exports * np.minimum(1.0, np.divide(sold, bought, out=np.ones_like(sold),
                                                      where=bought > 0))  # fmt: skip
    world_total = exports.sum(axis=0)
    none = np.zeros_like(exports)
    share: Floats = np.divide(exports, world_total, out=none, where=world_total > 0)
    return share


def demand_of(world: World, given: Corrections) -> tuple[Floats, Sparse]:
    """Projected imports in money, shape (N, K), and the factors of single suppliers."""
    demand = world.imports()
    if given.outlook is not None:
        gdp, population = _factors(world, given.outlook)
        income = _by_good(world, given.income)
        demand = demand * population[:, None] * (gdp / population)[:, None] ** income
    if given.tariffs is None:
        return demand, Sparse.empty()
    if given.substitution is None:
        raise StatisticsError(
            "tariffs need an elasticity of substitution between suppliers: --substitution"
        )
    sigma = _by_good(world, given.substitution)
    found = tariffs_on(world.countries, world.goods, given.tariffs)
    single = found.single
    own = found.general[world.importer, world.good]
    paid = single.of(world.cells(), own)
    mean = _mean_tariff(world, paid, found.general)
    j, k = single.cell % len(world.countries), single.cell // len(world.countries) ** 2
    factor = ((1.0 + found.general[j, k]) / (1.0 + single.amount)) ** sigma[k]
    demand = demand * ((1.0 + mean) / (1.0 + found.general)) ** sigma
    return demand, Sparse(single.cell, factor)


def _mean_tariff(world: World, paid: Floats, general: Floats) -> Floats:
    """Tariffs of markets weighed by what they buy, shape (N, K); the general one where nothing."""
    n, k = general.shape
    at = world.importer.astype(np.int64) * k + world.good
    weight = np.bincount(at, world.value, n * k)
    total = np.bincount(at, world.value * paid, n * k)
    mean = np.divide(total, weight, out=general.ravel().copy(), where=weight > 0)
    return mean.reshape(n, k)


def _factors(world: World, rows: pl.DataFrame) -> tuple[Floats, Floats]:
    """Growth of GDP and of population by country, shapes (N,)."""
    told = checked(rows, OUTLOOK, "outlook")
    by_country = {country: (gdp, population) for country, gdp, population in told.iter_rows()}
    missing = [name for name in world.countries if name not in by_country]
    if missing:
        raise StatisticsError(
            f"outlook has no row for {', '.join(missing[:12])}; add them, with factor 1 where "
            "nothing is known"
        )
    found = np.array([by_country[name] for name in world.countries])
    return found[:, 0], found[:, 1]


def _by_good(world: World, given: float | Mapping[str, float]) -> Floats:
    if not isinstance(given, Mapping):
        return np.full(len(world.goods), float(given))
    missing = [good for good in world.goods if good not in given]
    if missing:
        raise StatisticsError(f"no elasticity of {', '.join(missing[:12])}; add them")
    return np.array([given[good] for good in world.goods])
