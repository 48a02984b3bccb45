"""A world of several sectors with input-output links and tariffs, as it stands.

What is not in the tables follows from them, so that the world before a change is an equilibrium:
output is what is sold, final demand is what is bought and not used up, income is what final demand
spends, and a deficit is what income is more than value added and tariff revenue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.errors import StatisticsError
from entrepot.statistics.equilibrium.world import Floats


@dataclass(frozen=True, eq=False)
class Sectors:
    """Trade of N countries in S sectors.

    Attributes
    ----------
    countries, sectors : (N,), (S,)
    trade : what each sector of row sells to column, before tariffs (S, N, N)
    inputs : share of output that each country's sector spends on each sector's goods, tariffs
        paid: (N, S used, S using); what is left of one is value added
    tariffs : share of the price before it that column levies on row (S, N, N)
    theta : trade elasticity of each sector (S,)
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    trade: Floats
    inputs: Floats
    tariffs: Floats
    theta: Floats

    @property
    def value_added(self) -> Floats:
        """Share of value added in output (N, S)."""
        return np.asarray(1.0 - self.inputs.sum(axis=1))


@dataclass(frozen=True, eq=False)
class Accounts:
    """What follows from a world of sectors, in money.

    Attributes
    ----------
    paid : what column pays for row's goods, tariffs included (S, N, N)
    output, bought : of each country and sector (N, S)
    final : what final demand buys (N, S)
    earned, revenue, income, deficit : value added, tariff revenue, what final demand spends, and
        what of it is neither (N,)
    """

    paid: Floats
    output: Floats
    bought: Floats
    final: Floats
    earned: Floats
    revenue: Floats
    income: Floats
    deficit: Floats


def accounts(world: Sectors) -> Accounts:
    """What follows from the tables.

    Raises
    ------
    StatisticsError : shapes that do not fit, figures that cannot be, a sector that uses more of
        some goods than its country buys: all problems at once
    """
    _check_shapes(world)
    problems = _impossible(world)
    if problems:
        raise StatisticsError("cannot be a world: " + "; ".join(problems))
    paid = world.trade * (1.0 + world.tariffs)
    output = world.trade.sum(axis=2).T
    bought = paid.sum(axis=1).T
    used = np.einsum("nsu,nu->ns", world.inputs, output)
    final = bought - used
    size = np.maximum(bought, used)
    short = final < -1e-9 * size.sum(axis=1, keepdims=True)
    if short.any():
        at = [(world.countries[n], world.sectors[s]) for n, s in np.argwhere(short)[:4]]
        told = ", ".join(f"{country}'s of {sector}" for country, sector in at)
        raise StatisticsError(
            f"in {int(short.sum())} cells more is used up than is bought, such as {told}; "
            "lower the input shares or add the missing purchases"
        )
    final = np.maximum(final, 0.0)
    income = final.sum(axis=1)
    if not (income > 0).all():
        none = [c for c, i in zip(world.countries, income, strict=True) if not i > 0]
        raise StatisticsError(f"{', '.join(none[:8])} have no final demand; add what they buy")
    earned = (world.value_added * output).sum(axis=1)
    revenue = (world.trade * world.tariffs).sum(axis=(0, 1))
    return Accounts(paid, output, bought, final, earned, revenue, income, income - earned - revenue)


def _check_shapes(world: Sectors) -> None:
    n, s = len(world.countries), len(world.sectors)
    for name, shape in (
        ("trade", (s, n, n)), ("inputs", (n, s, s)), ("tariffs", (s, n, n)), ("theta", (s,)),
    ):  # fmt: skip
        found = getattr(world, name).shape
        if found != shape:
            raise StatisticsError(f"{name} has shape {found}; {n} countries and {s} sectors need "
                                  f"{shape}")  # fmt: skip


def _impossible(world: Sectors) -> list[str]:
    problems = []
    if not (np.isfinite(world.trade).all() and (world.trade >= 0).all()):
        problems.append("trade is negative or no number somewhere")
    if not (np.isfinite(world.tariffs).all() and (world.tariffs > -1).all()):
        problems.append("a tariff is no number, or takes more than the price")
    if not (np.isfinite(world.inputs).all() and (world.inputs >= 0).all()):
        problems.append("an input share is negative or no number")
    elif not (world.value_added > 0).all():
        problems.append("some sector's inputs take all of its output; value added must be left")
    if not (np.isfinite(world.theta).all() and (world.theta > 0).all()):
        problems.append("a trade elasticity is not above 0")
    if not problems and not (world.trade.sum(axis=(0, 2)) > 0).all():
        problems.append("a country sells nothing")
    return problems
