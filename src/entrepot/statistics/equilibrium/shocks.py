"""What changes in a counterfactual, as a factor on the trade of each pair at given prices.

A factor is exp(b dz): by how much trade would change if prices stayed as they are, which is the
partial effect that gravity estimates. A trade cost that changes by the factor t has the factor
t^-theta. Trade at home keeps its costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from entrepot.errors import StatisticsError
from entrepot.statistics.equilibrium.world import Floats, World

MOST = 100.0
"""An effect in logarithms: beyond this nothing would be left, or no end of it."""


def factor_of(effect: float) -> float:
    """By how much trade changes at given prices.

    Raises
    ------
    StatisticsError : an effect that is no number, or no logarithm of anything that trade could do
    """
    if not (np.isfinite(effect) and abs(effect) <= MOST):
        raise StatisticsError(
            f"an effect is a logarithm between -{MOST:g} and {MOST:g} (0.4 is trade by the factor "
            f"exp(0.4) = 1.49), not {effect:g}"
        )
    return float(np.exp(effect))


def nothing(world: World) -> Floats:
    """No change: factors of 1 (N, N)."""
    return np.ones_like(world.flows)


def agreement(
    world: World, members: Sequence[str], effect: float, without: Iterable[frozenset[str]] = ()
) -> Floats:
    """An agreement between countries: trade between any two of them by the factor exp(effect).

    Parameters
    ----------
    effect : the estimate of an agreement, in logarithms
    without : pairs that have one already

    Raises
    ------
    QuestionError : a country is not in the world
    StatisticsError : fewer than two members, or an effect that cannot be
    """
    if len(set(members)) < 2:
        raise StatisticsError("an agreement needs two countries or more")
    at = [world.at(name) for name in dict.fromkeys(members)]
    had, factor = set(without), factor_of(effect)
    factors = nothing(world)
    for i in at:
        for j in at:
            pair = frozenset((world.countries[i], world.countries[j]))
            if i != j and pair not in had:
                factors[i, j] = factor
    return factors


def border(world: World, effect: float, countries: Sequence[str] | None = None) -> Floats:
    """Borders that change: trade abroad by the factor exp(effect); of some countries only, if any.

    Closing is a large negative effect; removing an estimated border b is the effect -b.

    Raises
    ------
    QuestionError : a country is not in the world
    StatisticsError : an effect that cannot be
    """
    factors = np.full_like(world.flows, factor_of(effect))
    np.fill_diagonal(factors, 1.0)
    if countries is not None:
        theirs = np.zeros(len(world.countries), dtype=np.bool_)
        theirs[[world.at(name) for name in countries]] = True
        factors[~theirs[:, None] & ~theirs[None, :]] = 1.0
    return factors


def cost(
    world: World, exporters: Sequence[str], importers: Sequence[str], factor: float, theta: float
) -> Floats:
    """Costs of trade from some countries to others that change by a factor, such as 1.1.

    Raises
    ------
    QuestionError : a country is not in the world
    StatisticsError : a factor that is not above 0
    """
    if not factor > 0:
        raise StatisticsError(f"costs change by a factor above 0, not by {factor}")
    factors = nothing(world)
    for i in (world.at(name) for name in exporters):
        for j in (world.at(name) for name in importers):
            if i != j:
                factors[i, j] = factor**-theta
    return factors


def checked_factors(world: World, factors: Floats) -> Floats:
    """Factors that fit the world.

    Raises
    ------
    StatisticsError : another shape, or a factor that is no positive number
    """
    if factors.shape != world.flows.shape:
        raise StatisticsError(f"factors are {factors.shape}, trade is {world.flows.shape}")
    if not (np.isfinite(factors).all() and (factors > 0).all()):
        raise StatisticsError("every factor on trade is a number above 0")
    return factors
