"""One optimum of a market: cut the curves, solve, look where the curves cleared, cut finer there.

Steps need one linear program. Straight curves need one quadratic program. An elastic curve is
straight pieces around the quantity last cleared; each round sets them closer, so that the error
of the price falls with the square of their distance. Prices of a quadratic answer are those of an
interior point: a last linear program, with every curve held where it cleared, puts levels and
prices on exact ground.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entrepot.clearing.curves import Orders, points_around
from entrepot.clearing.program import Answer, Program
from entrepot.clearing.solvers.port import NoAnswer, Solver
from entrepot.clearing.stack import FIRST_SPREAD, Groups, Stack, Survey, first_points, stack_up

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Points = Mapping[str, dict[int, Floats]]

# Relative: how near an elastic curve is pinned at the end; its price is then right to the square.
LAST_SPREAD = 1e-4
MOST_ROUNDS = 40
# Relative: widths of the finest stairs, and how many of them the optimum may lie away.
FIRST_WIDTH, LAST_WIDTH, WIDEST = 1e-7, 1e-10, 0.25
COARSE = 1e-5
NEAR_STEPS = 20.0
MOST_STAIRS = 60


@dataclass(frozen=True)
class Optimum:
    """A stack solved.

    Attributes
    ----------
    points : the elastic curves' points, to start the next solve from
    rounds : how often the curves were cut
    price_error : greatest relative distance between an elastic curve and the pieces that stood
        for it, at the quantity that cleared
    """

    stack: Stack
    program: Program
    answer: Answer
    points: Points
    rounds: int
    price_error: float


def solve_market(
    found: Survey,
    points: Points | None,
    cif: Floats,
    linear: Solver,
    quadratic: Solver,
    progress: Callable[[str], None],
    coarse: bool = False,
) -> Optimum:
    """The optimum at given CIF prices, its curves followed until they stand still.

    A coarse one follows them for one round only and leaves the quadratic solver's rounding in.
    """
    at = points if points is not None else first_points(found)
    elastic = len(found.offers.elastic()) + len(found.bids.elastic())
    spread = FIRST_SPREAD
    for number in range(1, MOST_ROUNDS + 1):
        stack = stack_up(found, at, cif)
        program = stack.program()
        settled = not coarse and (not elastic or spread <= LAST_SPREAD)
        if program.is_linear:
            answer = linear.solve(program)
        else:
            answer = _solve_curved(program, linear, quadratic, LAST_WIDTH if settled else COARSE)
        if not elastic:
            break
        at, moved, spread, error = _closer(found, stack, answer.level, at)
        progress(f"following elastic curves, round {number}: quantities moved by {moved:.1e}")
        if coarse or (settled and moved <= LAST_SPREAD):
            break
    return Optimum(stack, program, answer, at, number, error if elastic else 0.0)


def _closer(
    found: Survey, stack: Stack, level: Floats, at: Points
) -> tuple[dict[str, dict[int, Floats]], float, float, float]:
    """Points set closer around what cleared; how far that is from the last, relatively."""
    closer: dict[str, dict[int, Floats]] = {}
    moved, widest, error = 0.0, 0.0, 0.0
    sides: tuple[tuple[str, str, Orders, Groups], ...] = (
        ("offers", "selling", found.offers, stack.draft.offered),
        ("bids", "buying", found.bids, stack.draft.bid),
    )
    for table, kind, orders, groups in sides:
        filled = groups.share(stack.levels(kind, level), len(orders.row))
        closer[table] = {}
        for r in orders.elastic().tolist():
            old = at[table][r]
            middle = old[len(old) // 2]
            quantity = max(float(filled[r]), orders.least(r))
            step = abs(float(np.log(quantity / middle)))
            spread = min(max(LAST_SPREAD, 2 * step), FIRST_SPREAD)
            moved, widest = max(moved, step), max(widest, spread)
            error = max(error, _gap(orders, r, old, quantity))
            closer[table][r] = points_around(orders, r, quantity, spread)
    return closer, moved, widest, error


def _gap(orders: Orders, r: int, at: Floats, quantity: float) -> float:
    """Relative distance of an elastic curve from its pieces at a quantity."""
    marginal = orders.price[r] * (at / orders.quantity[r]) ** (1 / orders.elasticity[r])
    true = orders.price_at(r, quantity)
    return abs(float(np.interp(quantity, at, marginal)) / true - 1)


def _solve_curved(program: Program, linear: Solver, quadratic: Solver, fine: float) -> Answer:
    """The optimum of a program with falling worths, exact but for a relative width of `fine`.

    The quadratic solver's point is only where the search begins: straight worths are cut into
    stairs, finest around it, and the linear program over the stairs says where the optimum is.
    While that moves, the stairs grow wider; when it stands, finer, until their width is nothing.
    """
    try:
        answer, width = quadratic.solve(program), FIRST_WIDTH
        if fine >= COARSE:
            return answer
    except NoAnswer:
        size, rows = len(program.worth), program.balance.shape[0]
        answer, width = Answer(np.zeros(size), np.full(rows, np.nan), np.empty(0)), WIDEST
    stood = False
    for _ in range(MOST_STAIRS):
        answer, steps = _on_stairs(program, answer, width, linear)
        stood |= steps <= NEAR_STEPS or width >= WIDEST
        if not stood:
            width = min(width * 64, WIDEST)
        elif width <= fine:
            break
        else:
            width = max(width / 64, fine)
    return answer


def _on_stairs(
    program: Program, last: Answer, width: float, linear: Solver
) -> tuple[Answer, float]:
    """The optimum over stairs around the last one, and how many stair widths it lies from there.

    Straight pieces far from the margin are level: only what could be the margin is cut.
    """
    sloped = np.flatnonzero(program.slope > 0)
    dearest = float(np.abs(program.worth).max(initial=1.0))
    slope, worth = program.slope[sloped], program.worth[sloped]
    most = np.minimum(program.upper[sloped], (np.abs(worth) + 10 * dearest) / slope)
    middle = np.clip(last.level[sloped], 0.0, most)
    step = width * np.maximum(middle, 1e-3 * most)
    reach = 4.0 ** np.arange(int(np.ceil(np.log(2e3 / width) / np.log(4))) + 1)
    away = np.concatenate([-reach[::-1], [0.0], reach])
    cuts = np.clip(middle[:, None] + step[:, None] * away[None, :], 0.0, most[:, None])
    unused, used = _far_from_margin(program, last, sloped, most, width)
    cuts[unused | used, 1:-1] = 0.0
    cuts[:, 0], cuts[:, -1] = 0.0, most
    wide = np.diff(cuts, axis=1)
    price = worth[:, None] - slope[:, None] * (cuts[:, 1:] + cuts[:, :-1]) / 2
    price[unused] = worth[unused, None]
    price[used] = (worth - slope * most)[used, None]
    owner = np.broadcast_to(sloped[:, None], wide.shape)[wide > 0]
    flat = np.flatnonzero(program.slope == 0)
    columns = np.concatenate([flat, owner])
    answer = linear.solve(
        replace(
            program,
            worth=np.concatenate([program.worth[flat], price[wide > 0]]),
            slope=np.zeros(len(columns)),
            lower=np.zeros(len(columns)),
            upper=np.concatenate([program.upper[flat], wide[wide > 0]]),
            balance=sparse.csc_array(program.balance[:, columns]),
            limit=sparse.csc_array(program.limit[:, columns]),
        )
    )
    found = np.bincount(columns, answer.level, minlength=len(program.worth)).astype(np.float64)
    steps = float((np.abs(found[sloped] - middle) / step).max(initial=0.0))
    return replace(answer, level=found), steps


def _far_from_margin(
    program: Program, last: Answer, sloped: Ints, most: Floats, width: float
) -> tuple[Flags, Flags]:
    """Straight pieces that the last price passes by a wide berth: wholly unused, wholly used."""
    if width >= WIDEST or np.isnan(last.price).any():
        return np.zeros(len(sloped), dtype=bool), np.zeros(len(sloped), dtype=bool)
    part = program.balance[:, sloped]
    first = program.worth[sloped] + part.T @ last.price
    end = first - program.slope[sloped] * most
    berth = max(1e3 * width, 1e-3) * np.abs(part.T @ last.price)
    return np.asarray(first < -berth), np.asarray(end > berth)
