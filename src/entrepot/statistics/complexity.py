"""Complexity of countries and of products, from who exports what with an advantage.

With M_ck = 1 where RCA_ck >= 1, diversity k_c = sum over k of M_ck and ubiquity k_k = sum over c,

    ECI: second eigenvector of  D_c⁻¹ M D_k⁻¹ M'    PCI: second eigenvector of  D_k⁻¹ M' D_c⁻¹ M

both of mean 0 and standard deviation 1, ECI with the sign that makes it go with diversity and PCI
with the sign of the mean ECI of who exports it (Hidalgo and Hausmann 2009, "The building blocks of
economic complexity", PNAS 106; Hausmann et al. 2014, The Atlas of Economic Complexity, technical
box 2.1). Mealy, Farmer and Teytelboym (2019, Science Advances 5) show what the vector orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.advantage import balassa
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.grid import Floats, grid
from entrepot.statistics.known import instead_of
from entrepot.statistics.shared import Shared, Trade

SEPARATE = 1e-9
"""Eigenvalues closer than this are one: their vectors are not determined."""
EIGENVECTOR = "both indices are eigenvectors of the eigenvalue found"


@dataclass(frozen=True, eq=False)
class Complexity:
    """What complexity is computed from, and the indices.

    Attributes
    ----------
    countries, goods : names, lengths C and K
    has : 1 where the country has an advantage in the product, shape (C, K)
    diversity, ubiquity : rows and columns of `has` added up, shapes (C,) and (K,)
    eci, pci : shapes (C,) and (K,)
    sides : both sides of the equations that prove them
    notes : what is left out
    """

    countries: list[str]
    goods: list[str]
    has: Floats
    diversity: Floats
    ubiquity: Floats
    eci: Floats
    pci: Floats
    sides: tuple[Floats, Floats]
    notes: tuple[str, ...]

    @cached_property
    def phi(self) -> Floats:
        """Proximity of products, shape (K, K)."""
        return near(self.has)


def complexity(found: Complexity) -> Measure:
    """ECI of every country, of what `structure` found.

    Returns
    -------
    Table (country, eci, diversity), the most complex first

    Raises
    ------
    CertificateError : the index is no eigenvector
    """
    table = pl.DataFrame(
        {"country": found.countries, "eci": found.eci, "diversity": found.diversity.astype(int)}
    ).sort("eci", "country", descending=[True, False])
    return certified("complexity", table, EIGENVECTOR, found.sides, notes=found.notes)


def product_complexity(found: Complexity) -> Measure:
    """PCI of every product; errors as of `complexity`.

    Returns
    -------
    Table (hs, pci, ubiquity), the most complex first
    """
    table = pl.DataFrame(
        {"hs": found.goods, "pci": found.pci, "ubiquity": found.ubiquity.astype(int)}
    ).sort("pci", "hs", descending=[True, False])
    return certified("product-complexity", table, EIGENVECTOR, found.sides, notes=found.notes)


def structure(
    trade: Trade,
    period: str | None = None,
    digits: int | None = None,
    least: float = 0.0,
) -> Complexity:
    """Advantages and indices of the exporters of a period: what all measures of complexity take.

    Parameters
    ----------
    least : leave out countries that export less, in money; small ones disturb the order of all

    Raises
    ------
    StatisticsError : no such period, only totals, fewer than three countries or products with an
        advantage, or blocks that share no product, of which no index compares one with the other
    """
    if isinstance(trade, Shared):
        key = ("structure", period, digits, least)
        return trade.once(key, lambda rows: _structure(trade, period, digits, least))
    return _structure(trade, period, digits, least)


def _structure(trade: Trade, period: str | None, digits: int | None, least: float) -> Complexity:
    cells = grid(trade, "exporter", period, digits)
    large = cells.value.sum(axis=1) >= least
    value = cells.value[large]
    sold = value.sum(axis=0) > 0
    value = value[:, sold]
    if not value.size:
        raise StatisticsError(f"no country exports {least:g} or more")
    has = (balassa(value) >= 1.0).astype(np.float64)
    able, made = has.sum(axis=1) > 0, has.sum(axis=0) > 0
    has = has[able][:, made]
    countries = np.array(cells.countries)[large][able]
    goods = np.array(cells.goods)[sold][made]
    if min(has.shape) < 3:
        raise StatisticsError(
            f"complexity needs three countries and products, here are {has.shape[0]} and "
            f"{has.shape[1]}"
        )
    eci, pci, sides = indices(has)
    left_out = len(cells.countries) - len(countries)
    notes = (f"{left_out} countries that export less than {least:g} are left out",)
    return Complexity(
        [str(each) for each in countries], [str(each) for each in goods], has,
        has.sum(axis=1), has.sum(axis=0), eci, pci, sides,
        (notes if left_out else ()) + cells.notes,
    )  # fmt: skip


def refuse_unknown(found: Complexity, country: str) -> None:
    """Refuse a country that is not compared.

    Raises
    ------
    StatisticsError : it is not
    """
    if country not in found.countries:
        cure = instead_of(country, found.countries)
        raise StatisticsError(f"{country!r} is not among the countries compared; {cure}")


def indices(has: Floats) -> tuple[Floats, Floats, tuple[Floats, Floats]]:
    """ECI (C,), PCI (K,) of advantages (C, K), and both sides of their equations.

    The matrix of countries is similar to a symmetric one, whose eigenvectors are found stably.

    Raises
    ------
    StatisticsError : the second eigenvalue is not single
    """
    diversity, ubiquity = has.sum(axis=1), has.sum(axis=0)
    root = np.sqrt(diversity)
    half = has / root[:, None] / np.sqrt(ubiquity)
    values, vectors = np.linalg.eigh(half @ half.T)
    second = float(values[-2])
    if values[-1] - second < SEPARATE or second - values[-3] < SEPARATE or second < SEPARATE:
        raise StatisticsError(
            "countries fall apart into blocks that share no product, or all export the same: "
            "no index orders them; take more countries, or coarser products"
        )
    order = vectors[:, -2] / root
    with_diversity = float((order - order.mean()) @ (diversity - diversity.mean()))
    order = order if with_diversity >= 0 else -order
    of_goods = (has / ubiquity).T @ order
    to_goods, to_countries = (has / ubiquity).T, has / diversity[:, None]
    left = np.concatenate([to_countries @ of_goods, to_goods @ (to_countries @ of_goods)])
    right = second * np.concatenate([order, of_goods])
    return _standard(order), _standard(of_goods), (left, right)


def near(has: Floats) -> Floats:
    """Proximity of products, shape (K, K), 1 on the diagonal, of advantages (C, K)."""
    ubiquity = has.sum(axis=0)
    phi: Floats = (has.T @ has) / np.maximum.outer(ubiquity, ubiquity)
    return phi


def _standard(vector: Floats) -> Floats:
    standard: Floats = (vector - vector.mean()) / vector.std()
    return standard
