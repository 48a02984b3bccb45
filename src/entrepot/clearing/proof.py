"""Checks an answer without the solver: an optimum proves itself.

If all balances balance, no limit is passed, and prices and rents exist at which nothing with room
gains, nothing that runs loses and no rent is paid on a limit with room, then no other levels are
worth more (complementary slackness; Koopmans 1951, Samuelson 1952). `check` works these sums out
from the program's arrays alone and names the worst violation in the market's words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.clearing.program import Program, sizes

Floats = npt.NDArray[np.float64]

# Relative to the largest level, and to the largest price: what an answer may be off.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Violation:
    """The worst breach of one condition.

    Attributes
    ----------
    condition : balances, bounds, limits, gains, losses or rents
    size : in units per period (balances, bounds, limits) or money per unit (the others)
    relative : size over the largest level or price of the answer
    index : balance, activity or limit
    """

    condition: str
    size: float
    relative: float
    index: int


def check(program: Program, level: Floats, price: Floats, rent: Floats) -> list[Violation]:
    """The worst breach of every condition, the worst first.

    Where a price is nan (nothing bounds it) the activities that touch it prove nothing and are
    left out; they must be idle.
    """
    most = program.quantity_scale(level)
    known = np.isfinite(price)
    dearest = program.price_scale(price)
    used = program.limit @ level
    gain = program.gain(np.where(known, price, 0.0), rent, level)
    unknown = _unknown(program, known)
    near = TOLERANCE * most
    room = program.upper - level > np.maximum(near, TOLERANCE * np.minimum(program.upper, most))
    runs = level - program.lower > near
    gain = np.where(unknown, np.where(runs, np.inf, 0.0), gain)
    loose = np.minimum(program.limit_upper - used, used - program.limit_lower) > near * 10
    wrong_way = np.where(np.isposinf(program.limit_upper), rent, 0.0)
    wrong_way = np.maximum(wrong_way, np.where(np.isneginf(program.limit_lower), -rent, 0.0))
    breaches = [
        _worst("balances", np.abs(program.balance @ level + program.given), most),
        _worst("bounds", np.maximum(program.lower - level, level - program.upper), most),
        _worst("limits", np.maximum(used - program.limit_upper, program.limit_lower - used), most),
        _worst("gains", np.where(room, gain, 0.0), dearest),
        _worst("losses", np.where(runs, -gain, 0.0), dearest),
        _worst("rents", np.maximum(np.where(loose, np.abs(rent), 0.0), wrong_way), dearest),
    ]
    return sorted(breaches, key=lambda breach: -breach.relative)


def duality_gap(program: Program, level: Floats, price: Floats, rent: Floats) -> float:
    """Relative gap between what the levels are worth and what the prices say they could be."""
    known = np.isfinite(price)
    gain = program.gain(np.where(known, price, 0.0), rent, level)
    gain = np.where(_unknown(program, known), 0.0, gain)
    upper = np.where(np.isfinite(program.upper), program.upper, level)
    slack = np.maximum(gain, 0) @ (upper - level) + np.maximum(-gain, 0) @ (level - program.lower)
    used = program.limit @ level
    idle_up = np.where(np.isfinite(program.limit_upper), program.limit_upper - used, 0.0)
    idle_low = np.where(np.isfinite(program.limit_lower), used - program.limit_lower, 0.0)
    slack += np.maximum(rent, 0) @ idle_up + np.maximum(-rent, 0) @ idle_low
    size = max(
        float(np.abs(program.worth) @ level),
        program.quantity_scale(level) * program.price_scale(price),
    )
    return float(abs(slack) / size)


def _unknown(program: Program, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Activities that touch a balance whose price nothing bounds, shape (n,)."""
    if known.all():
        return np.zeros(len(program.worth), dtype=bool)
    return np.asarray(sizes(program.balance).T @ (~known).astype(float) > 0)


def _worst(condition: str, breach: Floats, scale: float) -> Violation:
    if not len(breach):
        return Violation(condition, 0.0, 0.0, -1)
    index = int(np.argmax(breach))
    size = max(float(breach[index]), 0.0)
    return Violation(condition, size, size / scale, index)
