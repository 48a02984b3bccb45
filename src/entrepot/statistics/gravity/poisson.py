"""Poisson pseudo-maximum likelihood with fixed effects, by Newton's method.

Santos Silva, J. and Tenreyro, S. (2006), "The log of gravity", Review of Economics and Statistics
88(4), 641-658: trade = exp(x b + effects) + error is estimated consistently by the first-order
conditions of a Poisson regression, whatever the distribution. These say that fitted trade equals
observed trade in every level of every effect, and weighted by every covariate.

A Newton step is a weighted regression of the working residual on covariates and effects (Correia,
S., Guimaraes, P. and Zylkin, T. 2020, "Fast Poisson estimation with high-dimensional fixed
effects", Stata Journal 20(1), 95-115). Here the group's level is solved for exactly at every step,
by division; steps are as inexact as the conditions still are (Dembo, R., Eisenstat, S. and
Steihaug, T. 1982, "Inexact Newton methods", SIAM Journal on Numerical Analysis 19(2)), so early
ones cost few passes; and projections of covariates begin where the last ones ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from entrepot.errors import CertificateError
from entrepot.statistics.gravity.collinear import check_collinear
from entrepot.statistics.gravity.effects import Effects
from entrepot.statistics.gravity.kernels import Flags, Floats
from entrepot.statistics.gravity.search import FINAL, Search
from entrepot.statistics.gravity.weighted import Weighted

ACCURATE = 1e-10
"""Steps end when every condition holds as closely, relative to the trade in it."""

ENOUGH = 1e-9
MOST_STEPS, HOPELESS = 200, 30
"""Steps in all, and without halving what conditions are off by."""

Progress = Callable[[str], None]


class SeparationFoundError(Exception):
    """Some rows without trade fall without end; `falling` says which of the sorted rows."""

    def __init__(self, falling: Flags) -> None:
        self.falling = falling
        super().__init__("separation")


@dataclass(frozen=True, eq=False)
class Fit:
    """What the rows, as sorted, are fitted by.

    Attributes
    ----------
    slopes : of the covariates (K,)
    fitted : trade (n,), in the units of the trade given
    scale : mean trade, in these units
    levels : kept levels of each covariate's projection (K, L)
    bread : weighted products of what is left of the covariates (K, K), for a mean trade of 1
    worst : the largest relative difference of a condition
    steps, passes : of Newton's method, and over the weights
    """

    slopes: Floats
    fitted: Floats
    scale: float
    levels: Floats
    bread: Floats
    worst: float
    steps: int
    passes: int


def fit_poisson(
    effects: Effects,
    trade: Floats,
    covariates: Floats,
    names: tuple[str, ...],
    *,
    looked_for: bool = False,
    progress: Progress | None = None,
) -> Fit:
    """Fit trade by covariates and effects.

    Parameters
    ----------
    effects : of n rows
    trade : at least 0 (n,), in the order of `effects`; every level has some
    covariates : (K, n) in the same order
    names : of the covariates, for errors
    looked_for : rows that fall have been looked at and are no separation
    progress : told of every step

    Raises
    ------
    StatisticsError : a covariate is collinear with the effects or other covariates
    CertificateError : the conditions do not hold, or covariates cannot be told from the effects
    SeparationFoundError : rows without trade fall without end
    """
    scale = float(trade.mean())
    search = Search(effects, trade / scale, covariates, names)
    best, stalled = np.inf, 0
    for step in range(1, MOST_STEPS + 1):
        worst = search.conditions()
        if progress is not None:
            progress(f"step {step}: conditions hold to {worst:.1e}")
        best, stalled = (worst, 0) if worst < best / 2 else (best, stalled + 1)
        if worst <= ACCURATE or (stalled >= 3 and worst <= ENOUGH) or stalled >= HOPELESS:
            break
        falling = search.step()
        if falling is not None and (worst < 1e-2 or step % 15 == 0) and not looked_for:
            raise SeparationFoundError(falling)
    if not worst <= ENOUGH:
        raise CertificateError(
            f"the conditions of PPML hold to {worst:.1e} only after {step} steps; "
            "no estimate is given"
        )
    weighted = Weighted(effects, search.fitted)
    levels, passes = weighted.project(covariates, search.levels, FINAL, strict=True)
    bread = weighted.moments(covariates, levels)
    check_collinear(bread, search.fitted, covariates, names)
    return Fit(
        search.slopes, search.fitted * scale, scale, levels, bread, worst, step,
        search.passes + passes,
    )  # fmt: skip
