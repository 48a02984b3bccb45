"""How far prices can move while the same answer stays the best one.

Where many prices clear the same trades the answer quotes one of them, but trade begins at the end
of the range. A new way from i to j loses ``price at i + cost - price at j``; it comes into use when
it loses nothing at any of the optimal prices, so the most that it loses at any of them is by how
much it is too dear. That is a linear program over the face of optimal prices (complementary
slackness, as in `entrepot.clearing.face`): prices of balances and rents of full limits shift, idle
activities may not begin to gain, full ones not to lose, and those with room do neither.

Only goods tied to the one that is asked about, by recipes or by full limits, take part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entrepot.clearing.answers import State
from entrepot.clearing.face import standing
from entrepot.clearing.program import Program
from entrepot.clearing.solvers.port import NoAnswer, Solver
from entrepot.network.columns import Floats, Ints
from entrepot.results.priced import Priced

# Times the highest price: what could shift so far has no end.
WIDE = 1e3


@dataclass(frozen=True)
class Leeway:
    """The optimal prices around an answer, of one good and of those tied to it.

    Attributes
    ----------
    program : over shifts of prices and rents; its worths are still to be filled in
    balance : place of each balance among the shifts, -1 for balances of other goods, shape (m,)
    limit : place of each limit among the shifts, -1 for those that do not shift, shape (k,)
    wide : a shift so far has no end
    """

    program: Program
    balance: Ints
    limit: Ints
    wide: float

    def most(
        self, balances: Mapping[int, float], limits: Mapping[int, float], solver: Solver
    ) -> float:
        """Greatest weighted sum of shifts, in the program's units; inf where nothing ends it."""
        worth = np.zeros(len(self.program.worth))
        for place, weights in ((self.balance, balances), (self.limit, limits)):
            for number, weight in weights.items():
                if place[number] >= 0:
                    worth[place[number]] += weight
        asked = Program(**{**vars(self.program), "worth": worth})
        try:
            found = solver.solve(asked).level
        except NoAnswer as reason:
            if reason.reason == "unbounded":
                return float("inf")
            raise
        most = float(worth @ found)
        return most if most < self.wide / 2 else float("inf")


def leeway(priced: Priced, good: int) -> Leeway:
    """The optimal prices of a good and of those tied to it, in all periods."""
    state = priced.state
    stand = standing(state.program, state.level)
    goods = _tied(priced, good, stand.saturated)
    mine = np.isin(priced.where.good, list(goods))
    columns = np.flatnonzero(abs(state.program.balance).T @ mine.astype(float) > 0)
    columns = columns[(stand.idle | stand.full | stand.room)[columns]]
    using = state.program.limit[:, columns]
    limits = np.flatnonzero(stand.saturated & (np.diff(using.tocsr().indptr) > 0))
    balances = np.flatnonzero(mine)
    rows = sparse.hstack(
        [state.program.balance[balances][:, columns].T, -using.tocsr()[limits].T], format="csc"
    )
    low, high = _bounds(state, columns, stand.idle[columns], stand.full[columns])
    rent, wide = state.prices.rent[limits], WIDE * _dearest(state)
    program = Program(
        worth=np.zeros(rows.shape[1]),
        slope=np.zeros(rows.shape[1]),
        lower=np.concatenate([np.full(len(balances), -wide), _lowest(state, limits, wide) - rent]),
        upper=np.concatenate([np.full(len(balances), wide), _highest(state, limits, wide) - rent]),
        balance=sparse.csc_array((0, rows.shape[1])),
        given=np.empty(0),
        limit=sparse.csc_array(rows),
        limit_lower=low,
        limit_upper=high,
    )
    return Leeway(
        program=program,
        balance=_places(len(mine), balances, 0),
        limit=_places(len(stand.saturated), limits, len(balances)),
        wide=wide,
    )


def _tied(priced: Priced, good: int, saturated: npt.NDArray[np.bool_]) -> set[int]:
    """The good and all whose prices move with its own: through recipes or full limits."""
    program, goods = priced.state.program, len(priced.state.stack.market.goods)
    of_good = sparse.csr_array(
        (np.ones(len(priced.where.good)), (priced.where.good, np.arange(len(priced.where.good)))),
        shape=(goods, len(priced.where.good)),
    )
    touches = sparse.csr_array(of_good @ abs(program.balance))
    full = sparse.csr_array(abs(program.limit))[np.flatnonzero(saturated)]
    links = [touches, sparse.csr_array(touches @ full.T)]
    found = {good}
    while True:
        here = np.zeros(goods)
        here[list(found)] = 1.0
        reached = sum(link @ ((link.T @ here) > 0).astype(float) for link in links)
        grown = found | set(np.flatnonzero(np.asarray(reached) > 0).tolist())
        if grown == found:
            return found
        found = grown


def _bounds(
    state: State, columns: Ints, idle: npt.NDArray[np.bool_], full: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """How far the gain of each activity may shift from what it is at the prices found."""
    price = state.prices.price
    gain = state.program.gain(np.nan_to_num(price), state.prices.rent, state.level)[columns]
    unknown = (~np.isfinite(price)).astype(float)
    guessed = abs(state.program.balance[:, columns]).T @ unknown > 0
    spare = np.where(guessed, -gain, np.maximum(np.where(idle, -gain, gain), 0.0))
    low = np.where(idle, -np.inf, np.where(full, -spare, 0.0))
    return low, np.where(full, np.inf, np.where(idle, spare, 0.0))


def _lowest(state: State, limits: Ints, wide: float) -> Floats:
    """Least rent of each limit: nothing, unless it is an obligation."""
    return np.where(np.isneginf(state.program.limit_lower[limits]), 0.0, -wide)


def _highest(state: State, limits: Ints, wide: float) -> Floats:
    return np.where(np.isposinf(state.program.limit_upper[limits]), 0.0, wide)


def _dearest(state: State) -> float:
    known = np.abs(state.prices.price[np.isfinite(state.prices.price)])
    worth = float(np.abs(state.program.worth).max(initial=0.0))
    return max(float(known.max(initial=0.0)), worth, 1e-300)


def _places(count: int, numbers: Ints, first: int) -> Ints:
    places = np.full(count, -1, dtype=np.int64)
    places[numbers] = first + np.arange(len(numbers))
    return places
