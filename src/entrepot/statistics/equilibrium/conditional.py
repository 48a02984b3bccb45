"""Conditional general equilibrium: trade is diverted, outputs and expenditures stay.

Every country sells and buys in all what it did; only with whom changes, through the multilateral
resistances (Yotov, Y., Piermartini, R., Monteiro, J. and Larch, M. 2016, "An advanced guide to
trade policy analysis", chapter 2; Anderson, J. and van Wincoop, E. 2003, American Economic Review
93(1)). New trade is the old, by the factors, scaled by rows and columns to the old totals, found
by scaling one side after the other (Deming, W. and Stephan, F. 1940). Nothing is said of prices
or incomes: that takes `full`, whose figures are not to be mixed with these.
"""

from __future__ import annotations

import numpy as np

from entrepot.errors import CertificateError
from entrepot.statistics.equilibrium.answer import Counterfactual, answer, change
from entrepot.statistics.equilibrium.shocks import checked_factors
from entrepot.statistics.equilibrium.world import Floats, World

MOST = 100_000
ACCURATE = 1e-13


def conditional(world: World, factors: Floats) -> Counterfactual:
    """Trade after a change of costs, with outputs and expenditures as they were.

    Parameters
    ----------
    factors : on trade at given prices (N, N)

    Returns
    -------
    Its table has (country, exports, exports_conditional, imports_conditional,
    home_share_conditional): exports abroad before, and changes in percent (of the share of
    expenditure at home, in percent of itself)

    Raises
    ------
    StatisticsError : factors that are no positive numbers
    CertificateError : markets do not clear to 1e-8
    """
    base = world.flows * checked_factors(world, factors)
    of_buyers, steps = scaled(base, world.output, world.expenditure)
    of_sellers = world.output / (base @ of_buyers)
    flows = of_sellers[:, None] * base * of_buyers
    abroad = ~np.eye(len(flows), dtype=bool)
    columns = {
        "exports": (world.flows * abroad).sum(axis=1),
        "exports_conditional": change((flows * abroad).sum(1), (world.flows * abroad).sum(1)),
        "imports_conditional": change((flows * abroad).sum(0), (world.flows * abroad).sum(0)),
        "home_share_conditional": change(np.diag(flows), np.diag(world.flows)),
    }
    return answer(
        world, flows, columns, kind="conditional", closure="outputs and expenditures stay",
        theta=None, totals=(world.output, world.expenditure), steps=steps,
    )  # fmt: skip


def scaled(base: Floats, rows: Floats, columns: Floats) -> tuple[Floats, int]:
    """Factors of columns that, with those of rows, give a matrix its totals; and the steps taken.

    Raises
    ------
    CertificateError : they are not found
    """
    factors = np.ones(len(columns))
    for step in range(1, MOST):
        now = columns / (base.T @ (rows / (base @ factors)))
        moved = float(np.abs(now / factors - 1.0).max())
        factors = now
        if moved <= ACCURATE:
            return factors, step
    raise CertificateError(f"markets do not clear after {MOST:,} steps; no answer is given")
