"""Clearing one market many times, its figures a little different each time.

Elastic curves are cut into stairs around the quantity that cleared last, finest there, and the
linear program over them is solved from where the last one ended; then the stairs grow finer and
duties on the value are reckoned anew, until both stand still. What ends there is an optimum to
0.001 % of quantities and prices, a tenth of the work of `clear`, which goes on to twelve digits.
The rules on ties and prices and the proof are those of every clearing.

Where it begins is passed in, so an answer depends on its study and its beginning alone, never on
what else was cleared by the same process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from entrepot.clearing.answers import State
from entrepot.clearing.clear import (
    cif_prices,
    clear,
    duty_shares,
    has_ad_valorem,
    prove,
    settled,
)
from entrepot.clearing.curves import REACH, Orders
from entrepot.clearing.diagnose import explain_no_answer
from entrepot.clearing.optimum import Optimum
from entrepot.clearing.prices import settle_prices
from entrepot.clearing.program import Answer, Program
from entrepot.clearing.solvers.port import NoAnswer, Resuming, Solver
from entrepot.clearing.stack import Stack, Survey, stack_up, survey
from entrepot.study import Study

Floats = npt.NDArray[np.float64]

ACCURACY = 1e-5
"""Relative: the width of the finest stairs, and how far what duties follow may still move."""

FIRST_WIDTH, WIDEST = 0.2, 0.2
STAIRS = 24
"""On each side of the quantity that cleared last, to the ends of the reach of a curve."""
FINER, NEAR, NEAR_ENOUGH = 64.0, 64.0, 16.0
"""How much finer the stairs grow, how many of them the optimum may lie away for that, and how many
of the finest at the end."""
MOST_ROUNDS = 60


@dataclass(frozen=True)
class Beginning:
    """Where a clearing ended, for another one to begin.

    Attributes
    ----------
    filled : of "offers" and "bids": what cleared of each order over its quantity, shape (R,)
    cif : CIF price of each balance, shape (m,); empty where none has been found yet
    basis : where the solver ended, None where it has not begun
    """

    filled: dict[str, Floats]
    cif: Floats
    basis: object


def clear_again(
    study: Study, beginning: Beginning | None, linear: Resuming, quadratic: Solver
) -> tuple[State, Beginning | None]:
    """Clear a study's market from where another clearing of its kind ended.

    Parameters
    ----------
    beginning : None where there was none; then this one is somewhat slower
    linear, quadratic : solvers

    Returns
    -------
    The engine's arrays behind the clearing, proved; and where it ended. Studies with orders whose
    price changes along straight lines, and those whose duties do not stand still, are cleared the
    usual way.

    Raises
    ------
    InfeasibleError, UnboundedError, SolverError, ProofError : as `clear` does
    """
    found = survey(study)
    if _needs_more(found):
        return clear(study, linear=linear, quadratic=quadratic).state, None
    try:
        ended = _optimum(found, beginning, linear)
        if ended is None:
            return clear(study, linear=linear, quadratic=quadratic).state, None
        optimum, end = ended
        prices = settle_prices(optimum.program, optimum.answer, linear, quadratic)
        answer, prices = settled(optimum, prices, linear, quadratic)
    except NoAnswer as reason:
        raise explain_no_answer(found, reason, linear) from reason
    state = State(optimum.stack, optimum.program, answer.level, prices)
    prove(state)
    return state, end


def _needs_more(found: Survey) -> bool:
    """Whether prices fall along straight lines, or duties follow prices that steps leave open."""
    orders = (found.offers, found.bids)
    straight = any(
        ((each.slope > 0) & (each.elasticity == 0)).any() or (each.curve >= 0).any()
        for each in orders
    )
    elastic = any(len(each.elastic()) for each in orders)
    return straight or (has_ad_valorem(found) and not elastic)


def _optimum(
    found: Survey, beginning: Beginning | None, linear: Resuming
) -> tuple[Optimum, Beginning] | None:
    """The optimum over the finest stairs; None where curves and duties do not stand still."""
    orders = {"offers": found.offers, "bids": found.bids}
    at = {table: _quantities(each, table, beginning) for table, each in orders.items()}
    cif = beginning.cif if beginning is not None else np.empty(0)
    basis = beginning.basis if beginning is not None else None
    width, share = FIRST_WIDTH, None
    follows = has_ad_valorem(found)
    for number in range(1, MOST_ROUNDS + 1):
        points = {
            table: {r: _stairs(each, r, at[table][r], width) for r in each.elastic().tolist()}
            for table, each in orders.items()
        }
        stack = stack_up(found, points, cif)
        program = _level(stack.program())
        answer, basis = linear.solve_from(program, basis)
        at, moved = _cleared(orders, stack, answer, at)
        if share is None:
            share = duty_shares(stack) if follows else np.zeros(len(answer.price))
        before, cif = cif, cif_prices(stack, answer.price)
        fine = width <= ACCURACY and moved <= NEAR_ENOUGH * ACCURACY
        if fine and _stirred(share, before, cif) <= ACCURACY:
            end = Beginning({t: at[t] / _size(each) for t, each in orders.items()}, cif, basis)
            return Optimum(stack, program, answer, points, number, ACCURACY), end
        width = max(width / FINER, ACCURACY) if moved <= NEAR * width else min(2 * width, WIDEST)
    return None


def _quantities(orders: Orders, table: str, beginning: Beginning | None) -> Floats:
    """Where the stairs of each order are finest at first: where as much of it cleared before."""
    if beginning is None or len(beginning.filled[table]) != len(orders.row):
        return _size(orders)
    return np.maximum(beginning.filled[table] * _size(orders), _least(orders))


def _size(orders: Orders) -> Floats:
    return np.where(np.isfinite(orders.quantity) & (orders.quantity > 0), orders.quantity, 1.0)


def _least(orders: Orders) -> Floats:
    return np.array(
        [orders.least(r) if orders.elasticity[r] else 0.0 for r in range(len(orders.row))]
    )


def _stairs(orders: Orders, order: int, middle: float, width: float) -> Floats:
    """Quantities between the stairs of an elastic curve, always as many.

    The nearest stairs are `width` wide, relatively, and each next one is wider by one factor, so
    that the last ends where the curve's reach does.
    """
    reach = np.log(REACH) * min(1.0, abs(float(orders.elasticity[order])))
    first = min(width, reach / (2 * STAIRS))
    factor = _factor(reach / first)
    away = first * (factor ** np.arange(1, STAIRS + 1) - 1) / (factor - 1)
    return np.asarray(middle * np.exp(np.concatenate([-away[::-1], [0.0], away])))


def _factor(length: float) -> float:
    """By what each stair is wider than the last, for all of them to have a length together."""
    low, high = 1.0 + 1e-9, 1e3
    for _ in range(60):
        factor = np.sqrt(low * high)
        if (factor**STAIRS - 1) / (factor - 1) < length:
            low = factor
        else:
            high = factor
    return float(factor)


def _level(program: Program) -> Program:
    """The program with every straight piece of a curve level at the price of its middle."""
    sloped = program.slope > 0
    middle = np.where(sloped, program.upper, 0.0) / 2
    worth = program.worth - program.slope * middle
    return replace(program, worth=worth, slope=np.zeros_like(worth))


def _cleared(
    orders: Mapping[str, Orders], stack: Stack, answer: Answer, last: Mapping[str, Floats]
) -> tuple[dict[str, Floats], float]:
    """What cleared of each order, and how far that is from the last time, relatively, at most."""
    found: dict[str, Floats] = {}
    moved = 0.0
    sides = (
        ("offers", "selling", stack.draft.offered),
        ("bids", "buying", stack.draft.bid),
    )
    for table, kind, groups in sides:
        each = orders[table]
        filled = groups.share(stack.levels(kind, answer.level), len(each.row))
        found[table] = np.maximum(filled, _least(each))
        elastic = each.elastic()
        ratio = found[table][elastic] / last[table][elastic]
        moved = max(moved, float(np.abs(np.log(ratio)).max(initial=0.0)))
    return found, moved


def _stirred(share: Floats, before: Floats, after: Floats) -> float:
    """How far duties moved, relative to the highest price."""
    if not share.any():
        return 0.0
    last = before if len(before) else np.zeros_like(after)
    return float((share * np.abs(after - last)).max()) / max(float(np.abs(after).max()), 1e-300)
