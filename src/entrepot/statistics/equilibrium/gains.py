"""Gains from trade by the share of expenditure at home alone.

Arkolakis, C., Costinot, A. and Rodriguez-Clare, A. (2012), "New trade models, same old gains?",
American Economic Review 102(1), 94-130: in a class of models that holds the quantitative ones,
real income changes by lambda^(-1 / theta), where lambda is by how much the share of expenditure
that stays at home changes. What a country would lose in autarky is 1 - lambda^(1 / theta), and the
gains of trade over autarky are the same seen from there. Of several sectors with input-output
links (Costinot, A. and Rodriguez-Clare, A. 2014, "Trade theory with numbers", Handbook of
International Economics 4, section 3.3) what is left is the product of lambda_k^(x_k / theta_k),
where x is what all sectors must make for a unit of final demand: x = b + inputs x.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.equilibrium.sectors import Sectors, accounts
from entrepot.statistics.equilibrium.world import World


def gains(world: World, theta: float) -> Measure:
    """What each country would lose without trade.

    Parameters
    ----------
    theta : trade elasticity, above 0

    Returns
    -------
    Table (country, home_share, gains): the share of expenditure at home, and the real income that
    autarky would take, in percent of real income now

    Raises
    ------
    StatisticsError : an elasticity that is not above 0
    """
    if not (np.isfinite(theta) and theta > 0):
        raise StatisticsError(f"the trade elasticity is a number above 0, not {theta}")
    home = np.diag(world.flows) / world.expenditure
    lost = 100.0 * (1.0 - home ** (1.0 / theta))
    table = pl.DataFrame({"country": list(world.countries), "home_share": home, "gains": lost})
    back = (1.0 - lost / 100.0) ** theta
    identity = "of the real income left, to the power of theta, the share at home follows"
    return certified("gains", table, identity, (back, home))


def gains_of_sectors(world: Sectors) -> Measure:
    """What each country would lose without trade, where goods are made of goods.

    Returns
    -------
    Table as of `gains`, where the share at home is of all expenditure; who makes nothing of a good
    that is needed would lose all

    Raises
    ------
    StatisticsError : a world that cannot be
    """
    base = accounts(world)
    at = np.arange(len(world.countries))
    home = np.ones_like(base.bought)
    np.divide(base.paid[:, at, at].T, base.bought, out=home, where=base.bought > 0)
    shares = base.final / base.income[:, None]
    links = np.eye(len(world.sectors)) - world.inputs
    needed = np.linalg.solve(links, shares[:, :, None])[:, :, 0]
    exponents = np.where(needed > 0, needed, 0.0) / world.theta
    with np.errstate(divide="ignore"):
        logs = np.where(exponents > 0, exponents * np.log(home), 0.0).sum(axis=1)
    table = pl.DataFrame(
        {
            "country": list(world.countries),
            "home_share": base.paid[:, at, at].sum(axis=0) / base.bought.sum(axis=1),
            "gains": -100.0 * np.expm1(logs),
        }
    )
    notes = []
    if base.revenue.any():
        notes.append("the formula is of trade without tariffs; their revenue plays no part in it")
    if (np.abs(base.deficit) > 1e-6 * base.income).any():
        notes.append("the formula is of trade without deficits; --balanced lets them go first")
    back = needed - np.einsum("nsu,nu->ns", world.inputs, needed)
    identity = "what is made, less what is used up in making it, is final demand"
    return certified("gains", table, identity, (back, shares), notes=notes)
