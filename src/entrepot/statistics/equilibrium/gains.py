"""Gains from trade by the share of expenditure at home alone.

Arkolakis, C., Costinot, A. and Rodriguez-Clare, A. (2012), "New trade models, same old gains?",
American Economic Review 102(1), 94-130: in a class of models that holds the quantitative ones,
real income changes by lambda^(-1 / theta), where lambda is by how much the share of expenditure
that stays at home changes. What a country would lose in autarky is 1 - lambda^(1 / theta), and the
gains of trade over autarky are the same seen from there.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.certificate import Measure, certified
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
