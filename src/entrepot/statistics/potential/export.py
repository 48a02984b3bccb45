"""Export potential: what a country could sell of each product in each market, beside what it sells.

    P_ijk = S_ik · E_ij · D_jk           unrealised: max(0, P_ijk - v_ijk)

with S_ik the share of exporter i in world exports of product k, D_jk the imports of market j, both
projected where corrections are given, and the ease of trade E_ij = sum of v_ijk over sum of S_ik
D_jk, without projections: how much more the two trade than the shares alone would have it (Decreux
and Spies 2016, "Export Potential Assessments: a methodology to identify export opportunities for
developing countries", International Trade Centre). Values are means over the periods named; the
authors take five years.

Without projections potentials add up to actual trade between every two countries; that is checked
each time, with the projections taken away.

No array of all cells is made: P is a product of three matrices but for the cells with a tariff of
their own, so that all sums are products of matrices and sums over flows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from entrepot.errors import QuestionError, StatisticsError
from entrepot.sources.countries import WORLD
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.potential.corrections import Corrections, preferences, projected
from entrepot.statistics.potential.thresholds import Thresholds, above, refuse_unknown
from entrepot.statistics.potential.world import Floats, Sparse, World, added, picked, world_of

By = Literal["cells", "products", "markets"]
KEYS = ("exporter", "importer", "hs")
AMOUNTS = ("exports", "potential", "realised", "unrealised")
IDENTITY = (
    "without projections potentials add up to the trade of every country, and realised with "
    "unrealised to potential"
)


@dataclass(frozen=True, eq=False)
class Potential:
    """Export potential of a world of N countries and K products.

    Attributes
    ----------
    world : flows above the thresholds
    supply, demand : S and D, shapes (N, K)
    ease : E, shape (N, N)
    factor : what single cells are multiplied by on top of S E D
    of_flows : potential of the cells that trade, shape (F,)
    sides : both sides of the identity
    """

    world: World
    supply: Floats
    demand: Floats
    ease: Floats
    factor: Sparse
    of_flows: Floats
    sides: tuple[Floats, Floats]

    def cells_of(self, exporters: list[int], importers: list[int]) -> tuple[Floats, Floats]:
        """Potential and trade of some exporters in some markets, shapes (exporters, markets, K)."""
        n, k = len(self.world.countries), len(self.world.goods)
        i, j = np.array(exporters)[:, None], np.array(importers)[None, :]
        p = self.supply[i] * self.ease[i, j][:, :, None] * self.demand[j]
        cells = (np.arange(k, dtype=np.int64) * n + i[:, :, None]) * n + j[:, :, None]
        p = p * self.factor.of(cells, np.ones(cells.shape))
        flows = Sparse(self.world.cells(), self.world.value)
        return p, flows.of(cells, np.zeros(cells.shape))

    def sums(self, by: Literal["products", "markets"]) -> tuple[Floats, Floats, Floats]:
        """Potential, trade and what of it is realised, by product (N, K) or by market (N, N)."""
        world, n, k = self.world, len(self.world.countries), len(self.world.goods)
        i, j, good = self.factor.cell // n % n, self.factor.cell % n, self.factor.cell // n**2
        if by == "products":
            p, flows_to, to, width = self.supply * (self.ease @ self.demand), world.good, good, k
        else:
            p, flows_to, to, width = self.ease * (self.supply @ self.demand.T), world.importer, j, n
        v, realised = (
            added(world.exporter, n, flows_to, width, each)
            for each in (world.value, np.minimum(self.of_flows, world.value))
        )
        more = self.supply[i, good] * self.ease[i, j] * self.demand[j, good]
        more = more * (self.factor.amount - 1.0)
        return p + added(i, n, to, width, more), v, realised


def potential(
    trade: pl.DataFrame,
    reporter: str | None = None,
    partner: str | None = None,
    by: By = "cells",
    periods: Sequence[str] = (),
    digits: int | None = None,
    corrections: Corrections | None = None,
    thresholds: Thresholds | None = None,
    mirror: bool = False,
) -> Measure:
    """What could be traded beside what is.

    Parameters
    ----------
    reporter, partner : countries; with both, either direction between the two is told
    by : `cells` (exporter, market and product); `products`, over all markets (of the partner, over
        all exporters, where only it is named); or `markets`, over all products
    periods : of which the mean is taken; may be empty where there is only one
    corrections : none without them
    mirror : where both sides report a flow take the mean, not the exporter's report

    Returns
    -------
    Table (exporter, importer, hs, exports, potential, realised, unrealised, degree), less the
    columns added up over, the largest unrealised first; `degree` is unrealised over potential

    Raises
    ------
    StatisticsError : no such period, only totals, nothing above the thresholds, bad corrections
    QuestionError : cells of all countries, or a country that does not trade
    CertificateError : the identity does not hold
    """
    world = world_of(trade, periods, digits, mirror)
    return table_of(assess(world, corrections, thresholds), by, reporter, partner)


def assess(
    world: World,
    corrections: Corrections | None = None,
    thresholds: Thresholds | None = None,
    notes: tuple[str, ...] = (),
) -> Potential:
    """Potential of all countries, and what proves it; errors as of `potential`."""
    markets = {world.countries[j].upper() for j in np.flatnonzero(np.bincount(world.importer))}
    if markets <= {*WORLD}:
        raise StatisticsError("all trade goes to the world: potential needs rows by partner")
    world = replace(world, notes=(*world.notes, *notes))
    given = corrections or Corrections()
    kept = above(world, thresholds or Thresholds())
    share, bought = projected(kept, Corrections())
    actual, expected = kept.pairs(), share @ bought.T
    ease = np.divide(actual, expected, out=np.zeros_like(actual), where=expected > 0)
    supply, demand = projected(kept, given)
    favour = preferences(kept, given)
    if given.global_advantage:
        supply = supply / favour.everywhere(bought)
    demand, factor = demand * favour.general, favour.single
    i, j, k = kept.exporter, kept.importer, kept.good
    of_flows = picked(supply, i, k)
    of_flows *= picked(ease, i, j)
    of_flows *= picked(demand, j, k)
    if len(factor.cell):
        of_flows *= factor.of(kept.cells(), np.ones(len(of_flows)))
    # Without projections; added up in another order than E was made from.
    by_exporter = (share * (ease @ bought)).sum(axis=1)
    by_importer = (bought * (ease.T @ share)).sum(axis=1)
    sides = (
        np.concatenate([by_exporter, by_importer]),
        np.concatenate([actual.sum(axis=1), actual.sum(axis=0)]),
    )
    return Potential(kept, supply, demand, ease, factor, of_flows, sides)


def table_of(found: Potential, by: By, reporter: str | None, partner: str | None) -> Measure:
    """The table of `potential`."""
    refuse_unknown(found.world, reporter, partner)
    if reporter is None and partner is None:
        table = _of_world(found, by)
    else:
        table = _of_countries(found, by, reporter, partner)
    p, u = pl.col("potential"), pl.col("unrealised")
    table = table.filter(p > 0).with_columns(degree=u / p)
    if not table.height:
        sides = " and ".join(name for name in (reporter, partner) if name)
        raise StatisticsError(f"there is no export potential of {sides} above the thresholds")
    keys = [name for name in KEYS if name in table.columns]
    table = table.sort("unrealised", *keys, descending=[True, *(False for _ in keys)])
    both = (table["realised"] + table["unrealised"]).to_numpy(), table["potential"].to_numpy()
    left, right = (np.concatenate(pair) for pair in zip(found.sides, both, strict=True))
    return certified("potential", table, IDENTITY, (left, right), notes=_notes(found))


def _of_countries(
    found: Potential, by: By, reporter: str | None, partner: str | None
) -> pl.DataFrame:
    """Rows of a reporter's exports, of a partner's imports, or both ways between the two."""
    place = {name: at for at, name in enumerate(found.world.countries)}
    everyone = list(place.values())
    if reporter is not None and partner is not None:
        ways = [([place[a]], [place[b]]) for a, b in ((reporter, partner), (partner, reporter))]
    elif reporter is not None:
        ways = [([place[reporter]], everyone)]
    else:
        ways = [(everyone, [place[str(partner)]])]
    rows = pl.concat([_long(found, *way) for way in ways])
    if by == "cells":
        return rows
    keys = ["exporter", "importer"] if by == "markets" else ["hs"]
    if by == "products":
        keys = (["exporter"] if reporter else []) + (["importer"] if partner else []) + keys
    return rows.group_by(keys).agg(pl.col(name).sum() for name in AMOUNTS)


def _long(found: Potential, exporters: list[int], importers: list[int]) -> pl.DataFrame:
    """Cells with potential as rows."""
    world = found.world
    p, v = found.cells_of(exporters, importers)
    i, j, k = np.nonzero(p > 0)
    p, v = p[i, j, k], v[i, j, k]
    countries = pl.Series(world.countries)
    return pl.DataFrame(
        {
            "exporter": countries.gather(np.array(exporters)[i]),
            "importer": countries.gather(np.array(importers)[j]),
            "hs": pl.Series(world.goods).gather(k),
            "exports": v,
            "potential": p,
            "realised": np.minimum(p, v),
            "unrealised": np.maximum(0.0, p - v),
        }
    )


def _of_world(found: Potential, by: By) -> pl.DataFrame:
    if by == "cells":
        n, k = len(found.world.countries), len(found.world.goods)
        raise QuestionError(
            f"{n} x {n} x {k} cells are too many to tell: name a reporter or a partner, or ask "
            "for products or markets"
        )
    p, v, realised = found.sums(by)
    countries = pl.Series(found.world.countries)
    second = pl.Series(found.world.goods) if by == "products" else countries
    i, to = np.nonzero(p > 0)
    return pl.DataFrame(
        {
            "exporter": countries.gather(i),
            "hs" if by == "products" else "importer": second.gather(to),
            "exports": v[i, to],
            "potential": p[i, to],
            "realised": realised[i, to],
            "unrealised": np.maximum(0.0, p[i, to] - realised[i, to]),
        }
    )


def _notes(found: Potential) -> tuple[str, ...]:
    n = len(found.world.countries)
    none = int((found.ease == 0).sum()) - n
    mute = f"{none:,} of {n * (n - 1):,} pairs of countries do not trade; their potential is 0"
    return (*found.world.notes, *((mute,) if none else ()))
