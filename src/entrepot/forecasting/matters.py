"""Which input's range matters most: shares of a figure's variance, from the same draws.

Inputs are independent of each other, so the share of an input is its first-order effect (Sobol
1993). It is estimated by the square of the rank correlation (Saltelli et al. 2008, section 1.2.6),
less what chance alone gives: given-data estimators with cells (Plischke, Borgonovo and Smith 2013)
need many more draws than this to see one input among a thousand, and what moves a market by steps
is monotone in its inputs. With P inputs and N draws the largest of the correlations of inputs that
do nothing is known; a share below that *floor* is not told apart from nothing and left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtri
from scipy.stats import rankdata

from entrepot.forecasting.draws import Question
from entrepot.forecasting.tables import Sample
from entrepot.study.ranges import all_scores

Floats = npt.NDArray[np.float64]

CHANCE = 0.05
"""That an input which does nothing is taken for one that matters, over all inputs together."""

LEAST_DRAWS = 20
"""A figure that fewer draws have says nothing of what moves it."""

MATTERS = {
    "scenario": pl.String,
    "measure": pl.String,
    "name": pl.String,
    "good": pl.String,
    "period": pl.String,
    "table": pl.String,
    "column": pl.String,
    "row": pl.String,
    "rows": pl.Int64,
    "correlation": pl.Float64,
    "share": pl.Float64,
    "floor": pl.Float64,
}


def matters_table(
    question: Question, samples: Mapping[str, Sample], numbers: list[int]
) -> pl.DataFrame:
    """The inputs that move each figure of each version, the largest share first.

    Parameters
    ----------
    numbers : of the draws in the samples
    """
    rows = []
    for scenario, each in samples.items():
        inputs = question.inputs(scenario)
        if not inputs:
            continue
        chance = all_scores(inputs, question.seed, max(numbers) + 1)[numbers]
        for figure in each.figures:
            values = each.of(figure)
            there = np.isfinite(values)
            if (
                there.sum() < LEAST_DRAWS
                or np.ptp(values[there]) <= 1e-9 * abs(values[there]).max()
            ):
                continue
            correlation = rank_correlation(chance[there], values[there])
            least = noise_floor(len(inputs), int(there.sum()))
            share = _without_chance(correlation**2, int(there.sum()))
            for number in np.argsort(-share, kind="stable").tolist():
                if correlation[number] ** 2 <= least:
                    break
                told = inputs[number]
                rows.append(
                    {
                        "scenario": scenario,
                        **figure._asdict(),
                        "table": told.table,
                        "column": told.column,
                        "row": told.row,
                        "rows": told.rows,
                        "correlation": float(correlation[number]),
                        "share": float(share[number]),
                        "floor": least,
                    }
                )
    return pl.DataFrame(rows, schema=MATTERS)


def noise_floor(inputs: int, draws: int) -> float:
    """The squared rank correlation that none of so many idle inputs passes, by 95 %."""
    each = CHANCE / inputs / 2
    return float(min(ndtri(each) ** 2 / (draws - 1), 1.0))


def rank_correlation(inputs: Floats, values: Floats) -> Floats:
    """Spearman's correlation of each column of inputs with the values, shape (P,)."""
    ranks, target = rankdata(inputs, axis=0), rankdata(values)
    ranks -= ranks.mean(axis=0)
    target -= target.mean()
    size = np.sqrt((ranks**2).sum(axis=0) * (target**2).sum())
    return np.asarray(target @ ranks / size)


def _without_chance(squared: Floats, draws: int) -> Floats:
    """Squared correlations less the part that chance alone gives (Ezekiel 1930)."""
    return np.asarray(np.maximum(1 - (1 - squared) * (draws - 1) / (draws - 2), 0.0))
