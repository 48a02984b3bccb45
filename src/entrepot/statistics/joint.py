"""Joint offers to third markets: what two countries could sell together that neither could alone.

With S, E, D as in export potential (`entrepot.statistics.potential`), a and b pool what they can
make, and what both make goes by the access of whoever sells to the market more easily:

    alone: P_i = S_i E_ij D_j        together: P = (S_a + S_b) max(E_aj, E_bj) D_j

or, where each keeps to its own access, P = P_a + P_b: supply of the same product is pooled, and no
more. No recipe or plant has to join the two.

A market of a product is listed where P passes all thresholds and neither P_a nor P_b does: in
money, as a share of what the market buys, and as the least lot that it takes, in the product's
unit, told in money by the unit value of what it buys. What is offered there beyond actual sales, at
most what the market buys of others, takes part of what the two sell elsewhere or can make more, and
no capacity is offered twice: the offers make their sum the greatest, and a market whose offer would
stay below the threshold is left out, the smallest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.known import instead_of
from entrepot.statistics.linear import Columns, Floats, Solved, least
from entrepot.statistics.lots import unit_values
from entrepot.statistics.potential.corrections import Corrections
from entrepot.statistics.potential.export import Potential, assess
from entrepot.statistics.potential.thresholds import Thresholds
from entrepot.statistics.potential.world import world_of

Names = npt.NDArray[np.str_]
IDENTITY = (
    "together is both alone and what shared access adds, and the prices of capacity leave no gap: "
    "no more can be offered"
)
NONE = "no market passes the thresholds together that neither passes alone"
SCHEMA = {
    "market": pl.String, "hs": pl.String, "imports": pl.Float64, "threshold": pl.Float64,
    "alone_reporter": pl.Float64, "alone_partner": pl.Float64, "together": pl.Float64,
    "gain": pl.Float64, "offered": pl.Float64, "access": pl.String, "share": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """What counts as an offer, and what can be offered.

    Attributes
    ----------
    value : the least potential, money a period
    share : the least share of what the market buys
    lot : the least amount, in the product's unit, tonnes for weights
    access : `easier`, of whoever sells to the market more easily, for all; or `own`, each its own
    ramp : share of its sales of a product by which each country can make more
    committed : share of its sales that stay where they are
    """

    value: float = 1_000_000.0
    share: float = 0.05
    lot: float = 0.0
    access: Literal["easier", "own"] = "easier"
    ramp: float = 0.2
    committed: float = 0.8


def joint(
    trade: pl.DataFrame,
    reporter: str,
    partner: str,
    periods: Sequence[str] = (),
    digits: int | None = None,
    scale: Scale | None = None,
    corrections: Corrections | None = None,
) -> Measure:
    """Markets where two countries together pass thresholds that neither passes alone.

    Returns
    -------
    Table (market, hs, imports, threshold, alone_reporter, alone_partner, together, gain, offered,
    access, share), the largest offer first: the thresholds in money, potentials of each alone and
    of both together, `gain` by how much together is more than both, `offered` what can be offered
    beyond what is sold, `access` whose way to the market is taken, `share` that of the reporter in
    the pooled supply

    Raises
    ------
    QuestionError : one country twice, or one that trades nothing
    StatisticsError : no such period, only totals
    CertificateError : an identity does not hold
    """
    terms = scale or Scale()
    world = world_of(trade, periods, digits)
    found = assess(world, corrections, Thresholds(0.0, 0.0))
    a, b = _places(found, reporter, partner)
    alone, trades = found.cells_of([a, b], list(range(len(found.world.countries))))
    access = found.ease[[a, b]]
    if terms.access == "easier":
        access = np.broadcast_to(access.max(axis=0), access.shape)
    pooled = found.supply[[a, b]][:, None, :] * access[:, :, None] * found.demand[None, :, :]
    together, sold = pooled.sum(axis=0), trades.sum(axis=0)
    bought = found.world.imports()
    floor = np.maximum(terms.value, terms.share * bought)
    notes = [*found.world.notes]
    if terms.lot > 0:
        worth = unit_values(trade, found.world, periods, digits)
        notes += _without_amounts(np.isnan(worth) & (bought > 0) & (together >= floor))
        floor = np.maximum(floor, np.where(np.isnan(worth), np.inf, terms.lot * worth))
    third = np.ones(len(found.world.countries), dtype=bool)
    third[[a, b]] = False
    new = (together >= floor) & (alone < floor).all(axis=0) & third[:, None]
    j, k = np.nonzero(new)
    # A potential may be more than the market buys; an offer cannot.
    more = np.maximum(0.0, np.minimum(together, bought) - sold)[j, k]
    exports = found.world.exports()[[a, b]].sum(axis=0)
    capacity = exports * (terms.ramp + 1.0 - terms.committed)
    offered, solved = _offers(k, more, capacity, floor[j, k])
    ways = np.full(len(found.world.countries), "both")
    if terms.access == "easier":
        ways = np.where(found.ease[a] >= found.ease[b], reporter, partner)
    table = _table(found, (a, b), (j, k), (alone, together, floor), offered, ways)
    # Each country's supply by the access taken is what it has alone and what that access adds.
    supply = found.supply[[a, b]][:, k]
    added = (supply * (access - found.ease[[a, b]])[:, j] * found.demand[j, k]).sum(axis=0)
    sides = (
        np.concatenate([found.sides[0], alone.sum(axis=0)[j, k] + added, [solved.cost]]),
        np.concatenate([found.sides[1], together[j, k], [solved.bound]]),
    )
    if not table.height:
        notes.append(NONE)
    return certified("joint", table, IDENTITY, sides, notes=notes)


def _without_amounts(unknown: npt.NDArray[np.bool_]) -> list[str]:
    """A note on markets whose lot is not known."""
    many = int(unknown.sum())
    return [f"{many} products of markets have no amounts, so that no lot is known"] if many else []


def _table(
    found: Potential,
    pair: tuple[int, int],
    cells: tuple[Columns, Columns],
    potentials: tuple[Floats, Floats, Floats],
    offered: Floats,
    ways: Names,
) -> pl.DataFrame:
    """The offers as rows, the largest first."""
    j, k = cells
    alone, together, floor = potentials
    supply = found.supply[[*pair]][:, k]
    return pl.DataFrame(
        {
            "market": [found.world.countries[at] for at in j],
            "hs": [found.world.goods[at] for at in k],
            "imports": found.world.imports()[j, k],
            "threshold": floor[j, k],
            "alone_reporter": alone[0][j, k],
            "alone_partner": alone[1][j, k],
            "together": together[j, k],
            "gain": together[j, k] - alone.sum(axis=0)[j, k],
            "offered": offered,
            "access": ways[j].tolist(),
            "share": supply[0] / supply.sum(axis=0),
        },
        schema=SCHEMA,
    ).sort("offered", "together", "market", "hs", descending=[True, True, False, False])


def _places(found: Potential, reporter: str, partner: str) -> tuple[int, int]:
    if reporter == partner:
        raise QuestionError(f"{reporter} cannot be its own partner; name two countries")
    for name in (reporter, partner):
        if name not in found.world.countries:
            cure = instead_of(name, found.world.countries)
            raise StatisticsError(f"no trade of {name!r}; {cure}")
    return found.world.countries.index(reporter), found.world.countries.index(partner)


def _offers(
    goods: Columns,
    more: Floats,
    capacity: Floats,
    floor: Floats,
) -> tuple[Floats, Solved]:
    """Offers within what both can make, none below its threshold or 0; shape of `more`."""
    upper = more.copy()
    enough = np.minimum(floor, more) * (1.0 - 1e-9)
    kinds = np.unique(goods)
    rows = [(np.flatnonzero(goods == k), np.ones(int((goods == k).sum()))) for k in kinds]
    # Larger markets first where capacity is short.
    rank = np.argsort(np.argsort(-more)) / max(1, len(more))
    while True:
        solved = least(-1.0 + 1e-6 * rank, rows, capacity[kinds], upper)
        small = (solved.level > 0) & (solved.level < enough)
        if not small.any():
            return solved.level, solved
        for columns, _ in rows:
            low = columns[small[columns]]
            if len(low):
                upper[low[np.argmin(more[low])]] = 0.0
