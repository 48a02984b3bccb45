"""Why a market has no clearing, in the words of its tables.

Offers and bids can always stay unfilled; what can fail is what must happen: commitments to
deliver, and stocks that must be somewhere. `_shortfalls` clears again with every such duty
breakable at a penalty and names what would be broken by how much, what is full on the way and the
cheapest single cure; `_conflict` drops rows one by one until every one left is needed for the
contradiction (a deletion filter: Chinneck 2008, ch. 6).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entrepot.clearing.program import Answer, Program
from entrepot.clearing.solvers.port import NoAnswer, Solver
from entrepot.clearing.stack import Stack, Survey, stack_up
from entrepot.errors import EntrepotError, InfeasibleError, SolverError, UnboundedError

Floats = npt.NDArray[np.float64]

SHOWN = 8


def explain_no_answer(found: Survey, reason: NoAnswer, solver: Solver) -> EntrepotError:
    """The error to raise for a solver's failure."""
    if reason.reason == "failed":
        return SolverError(f"the solver stopped without an answer ({reason.detail})")
    stack = stack_up(found)
    program = replace(stack.program(), slope=np.zeros(stack.count))
    if reason.reason == "unbounded":
        return UnboundedError(_without_limit(stack, program, solver))
    lines = _shortfalls(stack, program, solver)
    if not lines:
        return SolverError(f"the solver found no clearing and no conflict ({reason.detail})")
    return InfeasibleError("\n".join(lines))


def _elastic(program: Program, penalty: float) -> Program:
    """The program with every balance and limit breakable at a penalty per unit."""
    m, k = program.balance.shape[0], program.limit.shape[0]
    obliged = np.flatnonzero(np.isfinite(program.limit_lower))
    stocked = np.flatnonzero(program.given > 0)
    extra = len(obliged) + len(stocked)
    more_balance = sparse.csc_array(
        (-np.ones(len(stocked)), (stocked, np.arange(len(stocked)) + len(obliged))),
        shape=(m, extra),
    )
    more_limit = sparse.csc_array(
        (np.ones(len(obliged)), (obliged, np.arange(len(obliged)))), shape=(k, extra)
    )
    return replace(
        program,
        worth=np.concatenate([program.worth, np.full(extra, -penalty)]),
        slope=np.zeros(len(program.worth) + extra),
        lower=np.concatenate([program.lower, np.zeros(extra)]),
        upper=np.concatenate([program.upper, np.full(extra, np.inf)]),
        balance=sparse.csc_array(sparse.hstack([program.balance, more_balance])),
        limit=sparse.csc_array(sparse.hstack([program.limit, more_limit])),
    )


def _shortfalls(stack: Stack, program: Program, solver: Solver) -> list[str]:
    worth = np.abs(program.worth)
    penalty = 1e3 * max(float(worth.max(initial=1.0)), 1.0)
    answer = solver.solve(_elastic(program, penalty))
    broken = answer.level[stack.count :]
    obliged = np.flatnonzero(np.isfinite(program.limit_lower))
    stocked = np.flatnonzero(program.given > 0)
    small = 1e-7 * max(float(answer.level.max(initial=0.0)), 1e-300)
    lines = ["the market cannot keep all its obligations:"]
    for i, k in enumerate(obliged.tolist()):
        if broken[i] > small:
            promised = float(program.limit_lower[k])
            period = stack.market.periods[stack.limits.period[k]]
            lines.append(
                f"  {stack.limits.table[k]} {stack.limits.name[k]!r} promises {promised:g} "
                f"in period {period!r} and is short by {broken[i]:g}"
            )
    for i, b in enumerate(stocked.tolist()):
        if broken[len(obliged) + i] > small:
            lines.append(
                f"  the initial stock {_balance(stack, b)} has nowhere to go: "
                f"{broken[len(obliged) + i]:g} too much"
            )
    if len(lines) == 1:
        return []
    dear = _full_on_the_way(stack, program, answer, penalty)
    if dear:
        lines.append(f"  full on the way: {', '.join(room.name for room in dear[:SHOWN])}")
        lines.append(f"  the cheapest single change that helps: raise {dear[0].name}")
    else:
        lines.append("  nothing is full on the way: nothing is offered that could be delivered")
    conflict = _conflict(stack, program, dear, solver)
    if len(conflict) > 1:
        lines.append(
            "  these rows contradict each other; relaxing any one of them enough cures it:"
        )
        lines += [f"    {row}" for row in conflict]
    return lines


@dataclass(frozen=True)
class _Room:
    """Room that obligations lack: a limit of several activities, or the bound of one."""

    name: str
    rent: float
    limit: int | None
    activity: int | None


def _balance(stack: Stack, balance: int) -> str:
    network = stack.market.network
    layer, node = divmod(
        balance % (stack.balances.layers * stack.balances.nodes), stack.balances.nodes
    )
    good = stack.market.goods[int(stack.layers.good[layer])]
    return f"of {good} at {network.places[network.node_place[node]]}"


def _full_on_the_way(stack: Stack, program: Program, answer: Answer, penalty: float) -> list[_Room]:
    """Limits whose room is worth about a broken promise, the dearest first."""
    m = program.balance.shape[0]
    gain = program.gain(answer.price[:m], answer.rent, answer.level[: stack.count])
    found = []
    for k in np.flatnonzero(answer.rent > penalty / 2).tolist():
        name = f"{stack.limits.table[k]} {stack.limits.name[k]!r}"
        name += f" (limit {program.limit_upper[k]:g})"
        found.append(_Room(name, float(answer.rent[k]), k, None))
    single = stack.single
    for k, column in zip(single.row.tolist(), single.column.tolist(), strict=True):
        if gain[column] > penalty / 2:
            name = f"{single.table[k]} {single.name[k]!r} (limit {single.upper[k]:g})"
            found.append(_Room(name, float(gain[column]), None, column))
    orders, columns = stack.part("selling")
    for i, column in enumerate(columns.tolist()):
        if gain[column] > penalty / 2:
            name = f"the offer {_balance(stack, int(orders.gives[i]))}"
            name += f" (quantity {orders.upper[i]:g})"
            found.append(_Room(name, float(gain[column]), None, column))
    return sorted(found, key=lambda room: (-room.rent, room.name))


def _conflict(stack: Stack, program: Program, dear: list[_Room], solver: Solver) -> list[str]:
    """An irreducible set of obligations and limits that contradict each other."""
    lower, upper = program.limit_lower.copy(), program.limit_upper.copy()
    room = program.upper.copy()
    bare = replace(program, worth=np.zeros(stack.count))

    def possible() -> bool:
        try:
            solver.solve(replace(bare, upper=room, limit_lower=lower, limit_upper=upper))
        except NoAnswer:
            return False
        return True

    obliged = [
        _Room(f"{stack.limits.table[k]} {stack.limits.name[k]!r}", 0.0, k, None)
        for k in range(len(lower))
        if stack.limits.table[k] in ("commitments", "quotas")
        and all(k != other.limit for other in dear)
    ]
    needed = []
    for row in obliged + dear[:SHOWN]:
        if row.limit is not None:
            was = lower[row.limit], upper[row.limit]
            lower[row.limit], upper[row.limit] = -np.inf, np.inf
        else:
            before = room[row.activity]
            room[row.activity] = np.inf
        if not possible():
            continue
        needed.append(row.name)
        if row.limit is not None:
            lower[row.limit], upper[row.limit] = was
        else:
            room[row.activity] = before
    return needed


def _without_limit(stack: Stack, program: Program, solver: Solver) -> str:
    """Which unlimited activities gain for ever: clear inside a huge box and see what fills it."""
    finite = program.upper[np.isfinite(program.upper)]
    box = 1e4 * max(float(finite.max(initial=1.0)), 1.0)
    boxed = replace(program, upper=np.minimum(program.upper, box))
    answer = solver.solve(boxed)
    runaway = np.flatnonzero(np.isinf(program.upper) & (answer.level >= box / 2)).tolist()
    lines = ["welfare has no limit: these rows together gain for ever; bound one of them:"]
    shown: list[str] = []
    for column in runaway:
        name = _activity(stack, column)
        if name not in shown:
            shown.append(name)
    lines += [f"  {name}" for name in shown[:SHOWN]]
    if len(shown) > SHOWN:
        lines.append(f"  and {len(shown) - SHOWN} more")
    return "\n".join(lines)


def _activity(stack: Stack, column: int) -> str:
    market = stack.market
    for kind, first in reversed(list(stack.first.items())):
        if column < first:
            continue
        part, i = stack.parts[kind], column - first
        if kind == "selling":
            return f"offers {_balance(stack, int(part.gives[i]))} at {-part.worth[i]:g}, unlimited"
        if kind == "buying":
            return f"bids at {part.worth[i]:g}, unlimited"
        if kind == "moving" and part.row[i] >= 0:
            good = market.goods[int(stack.layers.good[part.layer[i]])]
            return f"leg {market.network.legs[part.row[i]]} carrying {good} at {-part.worth[i]:g}"
        if kind == "processing":
            return f"plant {market.study.table('plants')['plant'][int(part.row[i])]}"
        return kind
    return "nothing"
