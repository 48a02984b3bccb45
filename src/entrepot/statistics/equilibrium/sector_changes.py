"""What changes in a world of several sectors: new tariffs and factors on trade.

A cost that changes by the factor t in a sector has the factor t^-theta on its trade at given
prices; an effect b, such as gravity's of an agreement, has exp(b). Trade at home does not change.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics.equilibrium.sectors import Sectors
from entrepot.statistics.equilibrium.welfare import Change
from entrepot.statistics.equilibrium.world import Floats, World
from entrepot.tables.nearest import did_you_mean


def of_rows(world: Sectors, rows: pl.DataFrame) -> Change:
    """The change that rows tell.

    Parameters
    ----------
    rows : (sector, exporter, importer, tariff, cost): new tariffs, and factors on the cost of
        trade; what is blank stays, and a blank sector is each sector that has no row of its own

    Raises
    ------
    QuestionError : names that the world does not have
    StatisticsError : a change of trade at home, or none at all
    """
    tariffs, factors = world.tariffs.copy(), np.ones_like(world.trade)
    wide_first = rows.sort(pl.col("sector").is_not_null(), maintain_order=True)
    for sector, exporter, importer, tariff, cost in wide_first.select(
        "sector", "exporter", "importer", "tariff", "cost"
    ).iter_rows():
        i, j = (at(world.countries, name, "country") for name in (exporter, importer))
        if i == j:
            raise StatisticsError(f"{exporter} to itself cannot change; trade at home stays")
        for s in chosen(world, None if sector is None else [sector]):
            if tariff is not None:
                tariffs[s, i, j] = tariff
            if cost is not None:
                factors[s, i, j] = cost ** -world.theta[s]
    if np.array_equal(tariffs, world.tariffs) and (factors == 1.0).all():
        raise StatisticsError("the changes change nothing; give a new tariff or a cost")
    return Change(tariffs, factors)


def of_pairs(
    world: Sectors,
    exporters: Sequence[str],
    importers: Sequence[str],
    sectors: Sequence[str] | None,
    *,
    tariff: float | None = None,
    cost: float | None = None,
) -> Change:
    """A new tariff, or a factor on costs, of these exporters at these importers.

    Parameters
    ----------
    sectors : all where None

    Raises
    ------
    QuestionError : names that the world does not have
    StatisticsError : a cost that is not above 0, or between nobody
    """
    pairs = [(a, b) for a in exporters for b in importers if a != b]
    for name in (*exporters, *importers):
        at(world.countries, name, "country")
    if not pairs:
        raise StatisticsError("a country levies no tariff on itself, and trade at home keeps its "
                              "costs; name two")  # fmt: skip
    if cost is not None and not cost > 0:
        raise StatisticsError(f"costs change by a factor above 0, not by {cost}")
    names = [world.sectors[s] for s in chosen(world, sectors)]
    rows = [(s, a, b, tariff, cost) for s in names for a, b in pairs]
    columns = {"sector": pl.String, "exporter": pl.String, "importer": pl.String,
               "tariff": pl.Float64, "cost": pl.Float64}  # fmt: skip
    return of_rows(world, pl.DataFrame(rows, schema=columns, orient="row"))


def of_factors(world: Sectors, factors: Floats, sectors: Sequence[str] | None) -> Change:
    """The same factors on trade (N, N) in these sectors, all where None; tariffs stay.

    Raises
    ------
    QuestionError : a sector that the world does not have
    """
    moved = np.ones_like(world.trade)
    moved[chosen(world, sectors)] = factors
    return Change(world.tariffs, moved)


def together(world: Sectors) -> World:
    """All sectors as one, before tariffs: what one-sector shocks are told of."""
    return World(world.countries, world.trade.sum(axis=0))


def chosen(world: Sectors, sectors: Sequence[str] | None) -> list[int]:
    """Where sectors stand; all where None.

    Raises
    ------
    QuestionError : one is not in the world
    """
    if sectors is None:
        return list(range(len(world.sectors)))
    return [at(world.sectors, name, "sector") for name in dict.fromkeys(sectors)]


def at(known: Sequence[str], name: str, what: str) -> int:
    """Where a name stands.

    Raises
    ------
    QuestionError : it does not
    """
    if name not in known:
        told = f"one of {', '.join(known[:8])}"
        raise QuestionError(f"no {what} {name!r} trades here; {did_you_mean(name, known, told)}")
    return known.index(name)
