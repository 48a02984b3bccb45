"""A tariff in a world of one sector: its revenue goes to those who levy it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from entrepot.errors import StatisticsError
from entrepot.statistics.equilibrium.caliendo_parro import SectorAnswer, caliendo_parro
from entrepot.statistics.equilibrium.sectors import Sectors
from entrepot.statistics.equilibrium.world import World


def levied(
    world: World, exporters: Sequence[str], importers: Sequence[str], tariff: float, theta: float
) -> SectorAnswer:
    """The world after importers levy a tariff on exporters, where there was none.

    Parameters
    ----------
    tariff : share of the price before it
    theta : trade elasticity

    Raises
    ------
    QuestionError : a country is not in the world
    StatisticsError : a tariff or elasticity that cannot be, or between nobody; as `caliendo_parro`
    CertificateError : markets do not clear to 1e-8
    """
    count = len(world.countries)
    tariffs = np.zeros((1, count, count))
    for i in (world.at(name) for name in exporters):
        for j in (world.at(name) for name in importers):
            if i != j:
                tariffs[0, i, j] = tariff
    if tariff != 0 and not tariffs.any():
        raise StatisticsError("a country levies no tariff on itself; name two")
    one = Sectors(
        world.countries, ("all",), world.flows[None], np.zeros((count, 1, 1)),
        np.zeros_like(tariffs), np.array([theta]),
    )  # fmt: skip
    return caliendo_parro(one, tariffs=tariffs)
