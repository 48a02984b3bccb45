"""Which tie: one point of the face of optimal levels, whatever the solver and the row order.

Any optimal prices say which activities may run at all: those that gain nothing at them. Among the
levels left open (decision on ties in docs/decisions) the volume bought is made greatest, then
orders share in proportion to their quantities (least sum of squares of fills over quantities),
then movements, runs and stocks take the smallest norm: parallel ways share, and goods do not go
round in circles. Only the parts of the market where something is open are solved again.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from entrepot.clearing.determined import undetermined
from entrepot.clearing.face import Arcs, arcs
from entrepot.clearing.least import least_squares
from entrepot.clearing.prices import Prices
from entrepot.clearing.program import Answer, Program, sizes
from entrepot.clearing.solvers.port import NoAnswer, Solver

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

# Of the typical price: a gain below it is no gain.
NO_GAIN = 1e-8


def settle_ties(
    program: Program,
    answer: Answer,
    prices: Prices,
    orders: Flags,
    bought: Flags,
    linear: Solver,
    quadratic: Solver,
) -> Floats:
    """Levels that the rule picks among the optimal ones, shape (n,).

    Parameters
    ----------
    orders : activities that are offers or bids, shape (n,)
    bought : activities that are bids, shape (n,)
    """
    price, rent = np.nan_to_num(prices.price, nan=np.nan), prices.rent
    known = np.isfinite(price)
    gain = program.gain(np.where(known, price, 0.0), rent, answer.level)
    reach = sizes(program.balance).T @ (~known).astype(float) > 0
    scale = program.price_scale(price)
    open_ = (np.abs(gain) <= NO_GAIN * scale) & ~reach & (program.upper > program.lower)
    open_ &= program.slope == 0
    chosen = _in_cycles(program, arcs(program), open_)
    chosen[chosen] = _left_open(program, rent, np.flatnonzero(chosen))
    if not chosen.any():
        return answer.level
    part, columns = _restrict(program, answer, rent, chosen)
    level = answer.level.copy()
    try:
        level[columns] = _choose(
            part, answer.level[columns], orders[columns], bought[columns], linear, quadratic
        )
    except NoAnswer:
        return answer.level
    return level


def _in_cycles(program: Program, shape: Arcs, open_: Flags) -> Flags:
    """Open activities of the parts of the market where they leave a choice.

    Open arcs without a cycle (the ground counting as one balance) leave none: their levels follow
    from the balances.
    """
    m = program.balance.shape[0]
    simple = open_ & shape.simple
    rows = np.concatenate([shape.tail[simple], np.arange(m + 1)])
    heads = np.concatenate([shape.head[simple], np.arange(m + 1)])
    tied = np.flatnonzero(open_ & ~shape.simple)
    for j in tied.tolist():
        start, end = program.balance.indptr[j], program.balance.indptr[j + 1]
        members = program.balance.indices[start:end]
        rows = np.concatenate([rows, np.full(len(members), members[0])])
        heads = np.concatenate([heads, members])
    graph = sparse.coo_array((np.ones(len(rows)), (rows, heads)), shape=(m + 1, m + 1))
    count, label = connected_components(graph, directed=False)
    of_column = np.where(shape.tail < m, shape.tail, shape.head)
    of_column[tied] = [program.balance.indices[program.balance.indptr[j]] for j in tied.tolist()]
    columns = np.bincount(label[of_column[open_]], minlength=count)
    nodes = np.bincount(label, minlength=count)
    choice = columns > nodes - 1
    choice[label[of_column[tied]]] = True
    result = np.zeros(len(open_), dtype=bool)
    result[open_] = choice[label[of_column[open_]]]
    return result


def _left_open(program: Program, rent: Floats, columns: Ints) -> Flags:
    """Which of some activities the balances and the limits with a rent leave a choice."""
    full = np.flatnonzero(rent != 0)
    balance, limit = program.balance[:, columns].tocsr(), program.limit[:, columns].tocsr()
    return undetermined(sparse.vstack([balance[np.diff(balance.indptr) > 0], limit[full]]))


def _restrict(
    program: Program, answer: Answer, rent: Floats, chosen: Flags
) -> tuple[Program, Ints]:
    """The program over the chosen activities alone, the others held; full limits stay full."""
    columns = np.flatnonzero(chosen)
    held = np.where(chosen, 0.0, answer.level)
    used = program.limit @ held
    lower, upper = program.limit_lower - used, program.limit_upper - used
    full = program.limit @ answer.level - used
    lower = np.where(rent > 0, full, np.minimum(lower, full))
    upper = np.where(rent < 0, full, np.maximum(upper, full))
    limit = program.limit[:, columns]
    kept = np.diff(limit.tocsr().indptr) > 0
    balance = program.balance[:, columns]
    rows = np.diff(balance.tocsr().indptr) > 0
    # The chosen activities keep what they give to each balance now: the sum stays exact.
    given = -(balance @ answer.level[columns])
    part = Program(
        worth=np.zeros(len(columns)),
        slope=np.zeros(len(columns)),
        lower=np.minimum(program.lower[columns], answer.level[columns]),
        upper=np.maximum(program.upper[columns], answer.level[columns]),
        balance=sparse.csc_array(balance.tocsr()[rows]),
        given=given[rows],
        limit=sparse.csc_array(limit.tocsr()[kept]),
        limit_lower=lower[kept],
        limit_upper=upper[kept],
    )
    return part, columns


def _choose(
    part: Program, level: Floats, orders: Flags, bought: Flags, linear: Solver, quadratic: Solver
) -> Floats:
    """Greatest volume, then equal shares of orders, then the smallest norm of the rest."""
    free = np.ones(len(level), dtype=bool)
    if bought.any():
        part, level, free = _most_volume(part, level, bought, linear)
    if (orders & free).sum() > 1:
        bounded = np.where(np.isfinite(part.upper), part.upper, np.abs(level).sum() + 1.0)
        share = np.where(orders, bounded.max() / bounded, 0.0)
        level = _nearest_nothing(part, level, share, free, linear, quadratic)
    if (~orders & free).sum() > 1:
        even = np.ones(len(level))
        level = _nearest_nothing(part, level, even, ~orders & free, linear, quadratic)
    return level


def _most_volume(
    part: Program, level: Floats, bought: Flags, linear: Solver
) -> tuple[Program, Floats, Flags]:
    """Levels of greatest volume, and what they leave free.

    The prices of the volume say what it holds fast: activities that would gain or lose by it stay
    at their bounds, and limits with a rent stay full.
    """
    answer = linear.solve(replace(part, worth=bought.astype(float)))
    if answer.level[bought].sum() > level[bought].sum() * (1 + 1e-9):
        level = answer.level
    gain = bought + part.balance.T @ answer.price - part.limit.T @ answer.rent
    used = part.limit @ level
    fast = np.abs(answer.rent) > 1e-9
    held = replace(
        part,
        limit_lower=np.where(fast, used, part.limit_lower),
        limit_upper=np.where(fast, used, part.limit_upper),
    )
    return held, level, np.asarray(np.abs(gain) <= 1e-9)


def _nearest_nothing(
    part: Program, level: Floats, weight: Floats, free: Flags, linear: Solver, quadratic: Solver
) -> Floats:
    """Levels with the least weighted sum of squares that give every balance what they give now.

    Only `free` activities change. The question is put for the change, whose balances are exactly
    nothing: the rounding of levels cannot make it contradict itself.
    """
    mine = np.flatnonzero(free & (part.upper > part.lower))
    if not len(mine):
        return level
    at = level[mine]
    used = part.limit @ level
    limit, balance = part.limit[:, mine], part.balance[:, mine]
    kept = np.diff(limit.tocsr().indptr) > 0
    rows = np.diff(balance.tocsr().indptr) > 0
    change = Program(
        worth=np.zeros(len(mine)),
        slope=weight[mine],
        lower=np.minimum(part.lower[mine] - at, 0.0),
        upper=np.maximum(part.upper[mine] - at, 0.0),
        balance=sparse.csc_array(balance.tocsr()[rows]),
        given=np.zeros(int(rows.sum())),
        limit=sparse.csc_array(limit.tocsr()[kept]),
        limit_lower=np.minimum(part.limit_lower - used, 0.0)[kept],
        limit_upper=np.maximum(part.limit_upper - used, 0.0)[kept],
    )
    settled = level.copy()
    settled[mine] = least_squares(change, at, linear, quadratic)
    return settled
