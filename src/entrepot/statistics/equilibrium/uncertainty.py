"""Intervals of a counterfactual, from how surely its effects are known.

Slopes are drawn from the normal distribution of their estimates, the counterfactual is computed for
each draw, and the 2.5th and 97.5th percent of every figure are told beside it. The interval holds
the doubt of the estimate alone: trade, the elasticity and the model are taken as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.equilibrium.answer import Counterfactual
from entrepot.statistics.equilibrium.caliendo_parro import SectorAnswer
from entrepot.statistics.equilibrium.world import Floats

LOW, HIGH = 2.5, 97.5
LEAST = 20
Told = TypeVar("Told", Counterfactual, SectorAnswer)


def with_intervals(
    compute: Callable[[float], Told],
    effect: float,
    error: float,
    *,
    draws: int,
    seed: int,
    progress: Callable[[str], None] | None = None,
) -> Told:
    """A counterfactual with intervals: each column that changes is followed by its _low and _high.

    Parameters
    ----------
    compute : the counterfactual for an effect
    effect, error : the estimate and its standard error
    draws : how many, 20 or more
    seed : of the draws; the same seed gives the same intervals
    progress : told now and then how many are done

    Raises
    ------
    StatisticsError : an error that is not above 0, too few draws; as `compute`
    CertificateError : in the world of some draw markets do not clear
    """
    if not (np.isfinite(error) and error > 0):
        raise StatisticsError(f"an interval needs a standard error above 0, not {error}")
    if draws < LEAST:
        raise StatisticsError(f"{draws} draws tell no interval; take {LEAST} or more")
    centre: Told = compute(effect)
    names = [name for name in centre.table.columns if name.endswith(f"_{centre.kind}")]
    drawn = np.random.default_rng(seed).normal(effect, error, draws)
    values: Floats = np.empty((draws, centre.table.height, len(names)))
    worst = centre.residual
    for number, value in enumerate(drawn):
        if progress is not None and number % 50 == 0:
            progress(f"{number:,} of {draws:,} draws")
        found = compute(float(value))
        values[number] = found.table.select(names).to_numpy()
        worst = max(worst, found.residual)
    low, high = np.percentile(values, (LOW, HIGH), axis=0)
    columns: list[pl.Series] = []
    for series in centre.table:
        columns.append(series)
        if series.name in names:
            at = names.index(series.name)
            columns.append(pl.Series(f"{series.name}_low", low[:, at]))
            columns.append(pl.Series(f"{series.name}_high", high[:, at]))
    note = (
        f"low and high: 95 % of {draws:,} draws of an effect of {effect:.4g} with standard error "
        f"{error:.4g} (seed {seed}); the doubt of trade, elasticity and model is not in them"
    )
    return replace(centre, table=pl.DataFrame(columns), residual=worst, notes=(*centre.notes, note))
