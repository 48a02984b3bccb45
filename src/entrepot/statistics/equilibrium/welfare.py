"""Where a change of welfare comes from: terms of trade, volume of trade, costs of trade.

Caliendo, L. and Parro, F. (2015), "Estimates of the trade and welfare effects of NAFTA", Review of
Economic Studies 82(1), section 2.4: for a small change, with exports E and imports M at prices
before tariffs t, costs c, other trade costs k and income I,

    I dlnW = sum E dln c_own - sum M dln c_partner                (terms of trade)
             + sum t M (dln M - dln c_partner)                    (volume of trade)
             - sum (1 + t) M dln k                                (costs of trade)

which follows from what is spent and earned, deficits that keep their amount included. A change of
any size is gone along in logarithms, from the world before to the world after, and the parts are
added up on the way (by Gauss and Legendre's points). What that leaves, since a world in between is
not quite on that way, is told as the rest, so that parts add up to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.statistics.equilibrium.sectors import Sectors
from entrepot.statistics.equilibrium.world import Floats

POINTS = 4
"""At which the way is looked at."""


@dataclass(frozen=True, eq=False)
class Change:
    """What changes.

    Attributes
    ----------
    tariffs : after (S, N, N)
    factors : on trade at given prices (S, N, N)
    """

    tariffs: Floats
    factors: Floats


def welfare_parts(
    world: Sectors,
    change: Change,
    trade: Floats,
    cost: Floats,
    incomes: tuple[Floats, Floats],
    welfare: Floats,
) -> dict[str, Floats]:
    """The parts of every country's change of welfare, by sector (N, S), in percent.

    Parameters
    ----------
    trade : after, before tariffs (S, N, N)
    cost : hats of the costs of input bundles (N, S)
    incomes : before and after (N,)
    welfare : hats (N,)

    Returns
    -------
    terms_of_trade, volume_of_trade, trade_costs, each (N, S), and rest (N, 1); together they add
    up to the change of welfare
    """
    before, after = incomes
    there = (world.trade > 0) & (trade > 0)
    grown = np.log(np.divide(trade, world.trade, out=np.ones_like(trade), where=there))
    levied, raised = np.log1p(world.tariffs), np.log1p(change.tariffs) - np.log1p(world.tariffs)
    costs = np.log(cost).T
    dearer = -np.log(change.factors) / world.theta[:, None, None]
    abroad = ~np.eye(len(before), dtype=bool)
    parts = {name: np.zeros_like(costs) for name in ("terms_of_trade", "volume_of_trade",
                                                     "trade_costs")}  # fmt: skip
    for at, weight in zip(*_points(), strict=True):
        here = world.trade * np.exp(at * grown)
        income = before * (after / before) ** at
        bought, taxed = here / income, np.exp(levied + at * raised)
        parts["terms_of_trade"] += weight * (
            (here / income[:, None] * abroad).sum(axis=2) * costs
            - (bought * abroad * costs[:, :, None]).sum(axis=1)
        )
        parts["volume_of_trade"] += weight * (
            (bought * (taxed - 1.0) * (grown - costs[:, :, None])).sum(axis=1)
        )
        parts["trade_costs"] -= weight * (bought * taxed * dearer).sum(axis=1)
    return _in_percent(parts, np.log(welfare))


def _points() -> tuple[Floats, Floats]:
    """Points between 0 and 1, and their weights."""
    at, weights = np.polynomial.legendre.leggauss(POINTS)
    return (at + 1.0) / 2.0, weights / 2.0


def _in_percent(parts: dict[str, Floats], logs: Floats) -> dict[str, Floats]:
    """Parts (S, N) of logarithms (N,), all in one proportion, so that they still add up."""
    small = np.abs(logs) < 1e-9
    percent = 100.0 * np.where(small, 1.0, np.expm1(logs) / np.where(small, 1.0, logs))
    told = {name: each.T * percent[:, None] for name, each in parts.items()}
    whole = np.sum([each.sum(axis=1) for each in told.values()], axis=0)
    told["rest"] = (100.0 * np.expm1(logs) - whole)[:, None]
    return told
