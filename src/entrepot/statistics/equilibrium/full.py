"""Full general equilibrium of one sector: prices, incomes and trade after a change of trade costs.

The endowment model of Armington, which Eaton and Kortum's and Krugman's share: with theta the trade
elasticity (sigma - 1), shares s_ij = X_ij / E_j, factors k_ij, and hats for after over before,

    P_j^-theta = sum_i s_ij k_ij w_i^-theta        w_i Y_i = sum_j s_ij k_ij (w_i / P_j)^-theta E'_j

(Dekle, R., Eaton, J. and Kortum, S. 2008, "Global rebalancing with gravity", IMF Staff Papers
55(3); Costinot, A. and Rodriguez-Clare, A. 2014, Handbook of International Economics 4). What
expenditure does is the *closure*:

- ``additive``: E' = w Y + D, each country keeps its deficit as an amount;
- ``multiplicative``: E' = f w Y (E / Y), each keeps the ratio of expenditure to output, with one f
  for all, so that the world spends what it earns. Without f markets cannot clear.

The price of a country goes up by (demand / supply)^(1 / (1 + theta)) until all markets clear.
Figures are in units of the numeraire: the world's output, or a country's price index. Real figures
do not depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from entrepot.errors import CertificateError, StatisticsError
from entrepot.statistics.equilibrium.answer import Counterfactual, answer, change
from entrepot.statistics.equilibrium.shocks import checked_factors
from entrepot.statistics.equilibrium.world import Floats, World

Closure = Literal["additive", "multiplicative"]
CLOSURES: dict[str, str] = {
    "additive": "additive: deficits keep their amount",
    "multiplicative": "multiplicative: ratios of expenditure to output keep, totals preserved",
}
MOST = 20_000
ACCURATE = 1e-12


@dataclass(frozen=True, eq=False)
class Prices:
    """What clears markets, each after over before (N,).

    Attributes
    ----------
    producer, consumer : prices of what a country makes, and of what it buys
    expenditure : its amount after
    steps : of the search
    """

    producer: Floats
    consumer: Floats
    expenditure: Floats
    steps: int


def full(
    world: World,
    factors: Floats,
    theta: float,
    *,
    closure: Closure = "multiplicative",
    numeraire: str | None = None,
) -> Counterfactual:
    """Prices, incomes and trade after a change of trade costs.

    Parameters
    ----------
    factors : on trade at given prices (N, N)
    theta : trade elasticity, above 0
    closure : what expenditure does
    numeraire : country whose price index stays; the world's output where None

    Returns
    -------
    Its table has (country, exports, exports_full, imports_full, home_share_full, price_full,
    price_index_full, real_output_full, real_expenditure_full): exports abroad before, then
    changes in percent. `price_full` is of what the country makes; `real_expenditure_full` is
    welfare.

    Raises
    ------
    StatisticsError : factors or elasticity that cannot be; a deficit that cannot be paid
    QuestionError : a numeraire that is not in the world
    CertificateError : markets do not clear to 1e-8
    """
    found = clearing_prices(world, checked_factors(world, factors), theta, closure)
    unit = 1.0 if numeraire is None else 1.0 / float(found.consumer[world.at(numeraire)])
    flows = unit * traded(world, factors, theta, found)
    output = unit * found.producer * world.output
    abroad = ~np.eye(len(flows), dtype=bool)
    before = world.flows
    one = np.ones(len(flows))
    columns = {
        "exports": (before * abroad).sum(axis=1),
        "exports_full": change((flows * abroad).sum(axis=1), (before * abroad).sum(axis=1)),
        "imports_full": change((flows * abroad).sum(axis=0), (before * abroad).sum(axis=0)),
        "home_share_full": change(
            np.diag(flows) / flows.sum(axis=0), np.diag(before) / world.expenditure
        ),
        "price_full": change(unit * found.producer, one),
        "price_index_full": change(unit * found.consumer, one),
        "real_output_full": change(found.producer / found.consumer, one),
        "real_expenditure_full": change(
            found.expenditure / world.expenditure / found.consumer, one
        ),
    }
    return answer(
        world, flows, columns, kind="full", closure=CLOSURES[closure], theta=theta,
        totals=(output, unit * found.expenditure), steps=found.steps,
    )  # fmt: skip


def clearing_prices(world: World, factors: Floats, theta: float, closure: Closure) -> Prices:
    """Prices at which all markets clear, the world's output as numeraire.

    Raises
    ------
    StatisticsError : an elasticity not above 0, an unknown closure, a deficit that cannot be paid
    CertificateError : they are not found
    """
    if not (np.isfinite(theta) and theta > 0):
        raise StatisticsError(f"the trade elasticity is a number above 0, not {theta}")
    if closure not in CLOSURES:
        raise StatisticsError(f"{closure!r} is no closure; one of {', '.join(CLOSURES)}")
    output, spent = world.output, world.expenditure
    deficit, whole = spent - output, float(output.sum())
    weights = world.flows / spent * factors
    price = np.ones(len(output))
    for step in range(1, MOST):
        strength = price**-theta
        index = strength @ weights
        income = price * output
        if closure == "additive":
            expenditure = income + deficit
            if not (expenditure > 0).all():
                broke = [c for c, e in zip(world.countries, expenditure, strict=True) if not e > 0]
                raise StatisticsError(
                    f"{', '.join(broke)} cannot keep the surplus as an amount; "
                    "take the multiplicative closure"
                )
        else:
            expenditure = price * spent
            expenditure *= income.sum() / expenditure.sum()
        demand = strength * (weights @ (expenditure / index))
        ratio = demand / income
        if np.abs(ratio - 1.0).max() <= ACCURATE:
            return Prices(price, index ** (-1.0 / theta), expenditure, step)
        price = price * ratio ** (1.0 / (1.0 + theta))
        price *= whole / float(price @ output)
    raise CertificateError(f"markets do not clear after {MOST:,} steps; no answer is given")


def traded(world: World, factors: Floats, theta: float, found: Prices) -> Floats:
    """What everyone sells to everyone at these prices (N, N)."""
    shares = world.flows / world.expenditure * factors * found.producer[:, None] ** -theta
    return np.asarray(shares * found.consumer**theta * found.expenditure)
