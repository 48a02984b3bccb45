"""The full equilibrium as the Advanced Guide computes it, stopped by the book's own rule.

Yotov, Y., Piermartini, R., Monteiro, J. and Larch, M. (2016), "An advanced guide to trade policy
analysis", chapter 2, alternates a gravity fit with an update of factory-gate prices, and stops when
the last change of prices differs from the one before by less than 0.01. Its printed tables are the
state at that point. It is here so that they can be reproduced and set beside `full`: markets are
off by several percent where it stops, and run to its own fixed point it is still no equilibrium,
since nothing makes what importers spend add up to their expenditure. `off` tells by how much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.statistics.equilibrium.answer import change, clearing_residual
from entrepot.statistics.equilibrium.conditional import scaled
from entrepot.statistics.equilibrium.shocks import checked_factors
from entrepot.statistics.equilibrium.world import Floats, World

STOP = 0.01
MOST = 2_000


@dataclass(frozen=True, eq=False)
class BookTable:
    """What the book's procedure gives, which is no equilibrium.

    Attributes
    ----------
    table : (country, exports_book, price_book, price_index_book, real_output_book), in percent
    off : by how much markets fail to clear, relative
    steps : taken
    """

    table: pl.DataFrame
    off: float
    steps: int


def book(
    world: World, factors: Floats, theta: float, *, reference: str, stop: float = STOP
) -> BookTable:
    """The table as the book's procedure leaves it.

    Parameters
    ----------
    factors : on trade at given prices (N, N)
    reference : country whose price index is the unit
    stop : least change that goes on

    Raises
    ------
    QuestionError : the reference is not in the world
    StatisticsError : factors that are no positive numbers
    """
    base = world.flows * checked_factors(world, factors)
    output, spent, at = world.output, world.expenditure, world.at(reference)
    ratio = spent / output
    # In the book's terms relative to the baseline: exporter and importer effects, both
    # resistances, and the reference's expenditure.
    sellers, buyers = _effects(base, output, spent, at)
    outward, inward, of_reference = 1.0 / sellers, 1.0 / buyers, 1.0
    trade = sellers[:, None] * base * buyers
    price, last = sellers ** (-1.0 / theta), np.zeros(len(output))
    step_out, step_in = np.ones(len(output)), np.ones(len(output))
    steps, done = 0, False
    while not done and steps < MOST:
        steps += 1
        trade = trade * np.outer(price, price) / np.outer(step_out, step_in)
        now_sellers, now_buyers = _effects(base, trade.sum(axis=1), trade.sum(axis=0), at)
        trade = now_sellers[:, None] * base * now_buyers
        income = trade.sum(axis=1)
        expenditure = ratio * income
        now_reference = float(expenditure[at] / spent[at])
        grown = (now_sellers / sellers) / (now_reference / of_reference)
        now_out = income / output * now_reference / now_sellers
        now_in = expenditure / spent / (now_buyers * now_reference)
        step_out, step_in = now_out / outward, now_in / inward
        moved = price - last
        last, price = price, grown ** (-1.0 / theta)
        sellers, outward, inward, of_reference = now_sellers, now_out, now_in, now_reference
        done = moved.std(ddof=1) <= stop and abs(float(moved.max())) <= stop
    whole = (sellers / of_reference) ** (-1.0 / theta)
    grown_out = whole * of_reference / sellers
    flows = base * np.outer(whole, whole) / np.outer(grown_out, inward)
    table = _printed(world, flows, whole, inward ** (-1.0 / theta))
    return BookTable(table, clearing_residual(flows, whole * output, whole * spent), steps)


def _printed(world: World, flows: Floats, price: Floats, index: Floats) -> pl.DataFrame:
    """Changes in percent, from flows (N, N), factory-gate prices and price indices (N,)."""
    abroad = ~np.eye(len(flows), dtype=bool)
    one = np.ones(len(flows))
    return pl.DataFrame(
        {
            "country": list(world.countries),
            "exports_book": change((flows * abroad).sum(1), (world.flows * abroad).sum(1)),
            "price_book": change(price, one),
            "price_index_book": change(index, one),
            "real_output_book": change(price / index, one),
        }
    )


def _effects(base: Floats, rows: Floats, columns: Floats, at: int) -> tuple[Floats, Floats]:
    """Effects of sellers and buyers that give a matrix its totals; that of the reference is 1."""
    buyers, _ = scaled(base, rows, columns)
    buyers = buyers / buyers[at]
    return rows / (base @ buyers), buyers
