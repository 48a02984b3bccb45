"""Corrections of export potential: each is named, optional, and nothing where it is not given.

| name | corrects | from |
|---|---|---|
| outlook | supply by growth of the exporter's GDP; demand by population, and by GDP a head to the power of the income elasticity | Decreux and Spies (2016) |
| reexports | supply by exports over imports of the product where these are more | the same |
| tariffs | demand by the advantage A_ijk = ((1 + mean tariff of the market) / (1 + tariff on the exporter)) to the power of the elasticity of substitution | the same |
| global_advantage | supply by the mean of A_ijk over all markets, weighed by what they buy | the same |

A share of the world market owes something to the tariffs that the exporter already meets, and with
`tariffs` alone they would count twice. The authors correct supply by the global tariff advantage;
with which weights they take the mean could not be read, so these are the weights under which it
follows from their model: if sales are s_ik A_ijk m_jk, the share that is seen in all markets but
the own is s_ik times sum of A_ijk m_jk over sum of m_jk. Then potential, before projections and
ease of trade, adds up over markets to what it adds up to without tariffs.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.potential.tariffs import checked, tariffs_on
from entrepot.statistics.potential.world import Floats, Sparse, World, added

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
    global_advantage : whether what tariffs do for an exporter in all markets is taken from supply
    """

    outlook: pl.DataFrame | None = None
    income: float | Mapping[str, float] = 1.0
    reexports: bool = False
    tariffs: pl.DataFrame | None = None
    substitution: float | Mapping[str, float] | None = None
    global_advantage: bool = False


@dataclass(frozen=True, eq=False)
class Preferences:
    """What tariffs do for suppliers in a market, beside its mean tariff: A_ijk.

    Attributes
    ----------
    general : of suppliers without a tariff of their own, shape (N, K)
    single : by which that is multiplied in single cells of `World.cells`
    """

    general: Floats
    single: Sparse

    def everywhere(self, bought: Floats) -> Floats:
        """Means over all other markets, weighed by what they buy, shape (N, K); 1 without any."""
        n, k = bought.shape
        others = bought.sum(axis=0) - bought
        favoured = self.general * bought
        mean = favoured.sum(axis=0) - favoured
        i, j, good = self.single.cell // n % n, self.single.cell % n, self.single.cell // n**2
        more = favoured[j, good] * (self.single.amount - 1.0) * (i != j)
        mean += added(i, n, good, k, more)
        found: Floats = np.divide(mean, others, out=np.ones_like(mean), where=others > 0)
        return found


def projected(world: World, given: Corrections) -> tuple[Floats, Floats]:
    """Shares of world markets, each product's adding up to 1, and imports in money, both (N, K)."""
    exports, demand = world.exports(), world.imports()
    if given.reexports:
        exports = exports * np.minimum(1.0, np.divide(exports, demand, out=np.ones_like(exports),
                                                      where=demand > 0))  # fmt: skip
    if given.outlook is not None:
        gdp, population = _factors(world, given.outlook)
        income = _by_good(world, given.income)
        exports = exports * gdp[:, None]
        demand = demand * population[:, None] * (gdp / population)[:, None] ** income
    total = exports.sum(axis=0)
    share: Floats = np.divide(exports, total, out=np.zeros_like(exports), where=total > 0)
    return share, demand


def preferences(world: World, given: Corrections) -> Preferences:
    """What tariffs do for suppliers; 1 everywhere without tariffs.

    Raises
    ------
    StatisticsError : tariffs without an elasticity, or a global advantage without tariffs
    """
    if given.tariffs is None:
        if given.global_advantage:
            raise StatisticsError(
                "a global tariff advantage needs tariffs: --tariffs FILE, or --duties of a study"
            )
        return Preferences(np.ones((len(world.countries), len(world.goods))), Sparse.empty())
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
    general = ((1.0 + mean) / (1.0 + found.general)) ** sigma
    return Preferences(general, Sparse(single.cell, factor))


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
