"""Which two countries would gain most from an agreement: every pair in turn, prices and all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np
import polars as pl

from entrepot.errors import CertificateError, StatisticsError
from entrepot.statistics.certificate import Measure
from entrepot.statistics.equilibrium.answer import IDENTITY, TOLERANCE, clearing_residual
from entrepot.statistics.equilibrium.full import CLOSURES, Closure, clearing_prices, traded
from entrepot.statistics.equilibrium.shocks import agreement
from entrepot.statistics.equilibrium.world import World


def every_pair(
    world: World,
    effect: float,
    theta: float,
    *,
    had: Iterable[frozenset[str]] = (),
    among: Iterable[str] | None = None,
    closure: Closure = "multiplicative",
    progress: Callable[[str], None] | None = None,
) -> Measure:
    """An agreement between each two countries that have none, one at a time.

    Parameters
    ----------
    effect : of an agreement on trade at given prices, in logarithms
    theta, closure : as in `full`
    had : pairs that have an agreement already
    among : pairs with one of these countries only; all where None
    progress : told now and then how many are done

    Returns
    -------
    Table (a, b, real_expenditure_full_a, real_expenditure_full_b, trade_full, others_full), by
    what both gain together, largest first: changes of welfare in percent, of the trade between the
    two in percent, and of the mean welfare of all others (weighted by expenditure) in percent

    Raises
    ------
    QuestionError : a country that is not in the world
    StatisticsError : every pair has an agreement already; as `full`
    CertificateError : in some pair's world markets do not clear to 1e-8
    """
    agreed = set(had)
    wanted = None if among is None else {world.countries[world.at(name)] for name in among}
    pairs = [
        (i, j)
        for i, j in combinations(range(len(world.countries)), 2)
        if frozenset((world.countries[i], world.countries[j])) not in agreed
        and (wanted is None or wanted & {world.countries[i], world.countries[j]})
    ]
    if not pairs:
        raise StatisticsError("every pair has an agreement already; none is left to ask about")
    rows, worst = [], 0.0
    for done, (i, j) in enumerate(pairs):
        if progress is not None and done % 50 == 0:
            progress(f"{done:,} of {len(pairs):,} pairs")
        row, residual = _pair(world, i, j, effect, theta, closure)
        rows.append(row)
        worst = max(worst, residual)
    if not worst <= TOLERANCE:
        raise CertificateError(f"scan: markets do not clear (off by {worst:.3g}); none is given")
    table = pl.DataFrame(rows)
    both = pl.col("real_expenditure_full_a") + pl.col("real_expenditure_full_b")
    return Measure(
        "pairs",
        table.sort(both, "a", "b", descending=[True, False, False]),
        f"in the world of each pair {IDENTITY}",
        worst,
        (f"closure: {CLOSURES[closure]}; trade elasticity {theta:g}; effect {effect:g}",),
    )


def _pair(
    world: World, i: int, j: int, effect: float, theta: float, closure: Closure
) -> tuple[dict[str, object], float]:
    names = (world.countries[i], world.countries[j])
    factors = agreement(world, names, effect)
    found = clearing_prices(world, factors, theta, closure)
    flows = traded(world, factors, theta, found)
    welfare = 100.0 * (found.expenditure / world.expenditure / found.consumer - 1.0)
    between = world.flows[i, j] + world.flows[j, i]
    after = flows[i, j] + flows[j, i]
    weights = world.expenditure.copy()
    weights[[i, j]] = 0.0
    row: dict[str, object] = {
        "a": names[0],
        "b": names[1],
        "real_expenditure_full_a": float(welfare[i]),
        "real_expenditure_full_b": float(welfare[j]),
        "trade_full": 100.0 * float(after / between - 1.0) if between > 0 else None,
        "others_full": float(np.average(welfare, weights=weights)) if weights.any() else None,
    }
    return row, clearing_residual(flows, found.producer * world.output, found.expenditure)
