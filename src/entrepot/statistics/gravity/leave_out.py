"""Rows that no estimate can use: levels without trade, and rows alone at their level.

A level without trade is fitted by an effect of minus infinity, and its rows tell nothing of the
slopes; a row alone at its level is fitted by that effect whatever the slopes are (Correia, S.
2015, "Singletons, cluster-robust standard errors and fixed effects: a bad mix"). Leaving some out
can make others such, so it goes on until nothing changes.
"""

from __future__ import annotations

import numpy as np

from entrepot.errors import StatisticsError
from entrepot.statistics.gravity.effects import Codes
from entrepot.statistics.gravity.kernels import Flags, Floats
from entrepot.statistics.gravity.rows import Rows

NO_TRADE = "no trade at this level"
ALONE = "alone at this level"
SEPARATED = "separated by covariates and effects"


def left_out(rows: Rows, *, of_trade: bool) -> Rows:
    """The rows that can be used.

    Parameters
    ----------
    of_trade : levels without trade are left out too, as a Poisson regression needs

    Raises
    ------
    StatisticsError : nothing is left
    """
    keep = np.ones(len(rows.outcome), dtype=np.bool_)
    counts: dict[tuple[str, str], int] = {}
    while True:
        before = int(keep.sum())
        for name, codes in rows.effects.items():
            reasons = [(ALONE, lonely(codes, keep))]
            if of_trade:
                reasons.insert(0, (NO_TRADE, empty(codes, rows.outcome, keep)))
            for reason, gone in reasons:
                gone &= keep
                counts[reason, name] = counts.get((reason, name), 0) + int(gone.sum())
                keep &= ~gone
        if int(keep.sum()) == before:
            break
    if not keep.any():
        raise StatisticsError(
            "cannot be estimated: every row is alone at a level of "
            f"{' or '.join(rows.effects)}, or without trade there; take fewer effects"
        )
    told = [(reason, name, count) for (reason, name), count in counts.items() if count]
    return rows if keep.all() else rows.only(keep, *told)


def lonely(codes: Codes, keep: Flags) -> Flags:
    """Rows that are alone at their level; a single level is a constant and counts for all."""
    counts = np.bincount(codes, weights=None if keep.all() else keep)
    if len(counts) == 1:
        return np.zeros(len(codes), dtype=np.bool_)
    return np.asarray(counts[codes] == 1)


def empty(codes: Codes, trade: Floats, keep: Flags) -> Flags:
    """Rows at levels without trade."""
    sums = np.bincount(codes, weights=trade if keep.all() else np.where(keep, trade, 0.0))
    return np.asarray(sums[codes] == 0)
