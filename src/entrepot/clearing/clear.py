"""Clearing: the level of every activity such that all balances balance and welfare is greatest.

The spatial price equilibrium of Samuelson (1952) and Takayama and Judge (1971), with activities
after Koopmans (1951). Duties on the value depend on the prices they change: the payment of the
last round is kept as a specific duty until prices stand still (Nagurney, Nicholson and Bishop
1996 give the equilibrium as a variational inequality; the fixed point converges by a factor of
ten to a hundred a round at usual rates).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.clearing.activities.customs import duty_rates
from entrepot.clearing.answers import Clearing, State, read_answer
from entrepot.clearing.diagnose import explain_no_answer
from entrepot.clearing.optimum import Optimum, solve_market
from entrepot.clearing.prices import Prices, settle_prices
from entrepot.clearing.program import Answer
from entrepot.clearing.proof import TOLERANCE, check, duality_gap
from entrepot.clearing.solvers.clarabel_qp import Clarabel
from entrepot.clearing.solvers.highs import Highs
from entrepot.clearing.solvers.port import NoAnswer, Solver
from entrepot.clearing.stack import Stack, Survey, survey
from entrepot.clearing.ties import settle_ties
from entrepot.errors import ProofError
from entrepot.study import Study

Floats = npt.NDArray[np.float64]

# Of the highest price: duties that move less than this stand still.
DUTIES_STILL, COARSE_DUTIES = 1e-9, 1e-5
MOST_ROUNDS, MOST_COARSE = 200, 20


def clear(
    study: Study,
    *,
    progress: Callable[[str], None] | None = None,
    linear: Solver | None = None,
    quadratic: Solver | None = None,
) -> Clearing:
    """Clear a study's market.

    Parameters
    ----------
    study : checked tables
    progress : called with a line of text at each stage
    linear, quadratic : solvers for programs with constant and with falling worths; HiGHS and
        Clarabel unless given

    Returns
    -------
    The clearing, proved optimal from its tables.

    Raises
    ------
    InfeasibleError, UnboundedError : the market has no clearing; says which rows conflict
    SolverError : the solver stopped without an answer
    ProofError : the answer fails the check; names the worst violation
    """
    say = progress if progress is not None else _silent
    linear = linear if linear is not None else Highs()
    quadratic = quadratic if quadratic is not None else Clarabel()
    began = time.perf_counter()
    say("drawing the market up")
    found = survey(study)
    try:
        solved = _settle_duties(found, linear, quadratic, say)
        say("sharing ties")
        answer, prices = settled(solved.optimum, solved.prices, linear, quadratic)
    except NoAnswer as reason:
        raise explain_no_answer(found, reason, linear) from reason
    say("proving the answer")
    program = solved.optimum.program
    state = State(solved.optimum.stack, program, answer.level, prices)
    worst = prove(state)
    report = {
        "curve_rounds": solved.optimum.rounds,
        "price_error": solved.optimum.price_error,
        "duty_rounds": solved.rounds,
        "duty_residual": solved.residual,
        "worst_violation": worst,
    }
    return read_answer(
        study,
        state,
        status="optimal" if solved.residual <= DUTIES_STILL else "duties did not converge",
        gap=duality_gap(program, answer.level, prices.price, prices.rent),
        seconds=time.perf_counter() - began,
        settings={"linear": linear.name, "quadratic": quadratic.name},
        report=report,
    )


def prove(state: State) -> float:
    """The worst relative violation that the proof finds in an answer.

    Raises
    ------
    ProofError : it is too large
    """
    prices = state.prices
    worst = check(state.program, state.level, prices.price, prices.rent)[0]
    if worst.relative > TOLERANCE:
        raise ProofError(
            f"the answer fails its check: {worst.condition} off by {worst.size:.3g} "
            f"at {state.describe(worst)}; please report this study"
        )
    return worst.relative


def _silent(_: str) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True)
class _Settled:
    """An optimum whose duties stand still, or the last one tried."""

    optimum: Optimum
    prices: Prices
    rounds: int
    residual: float


def _settle_duties(
    found: Survey, linear: Solver, quadratic: Solver, say: Callable[[str], None]
) -> _Settled:
    """Clear again with the last prices' duties until the prices stand still.

    Undamped first; when the residual has risen twice, half steps. Where curves make a round dear,
    the first rounds are coarse.
    """
    paid = np.empty(0)
    points, step, rises, last = None, 1.0, 0, np.inf
    coarse = has_ad_valorem(found) and _is_curved(found)
    for number in range(1, MOST_ROUNDS + 1):
        say("solving" if number == 1 else f"settling duties, round {number}")
        optimum = solve_market(found, points, paid, linear, quadratic, say, coarse)
        points = optimum.points
        share = duty_shares(optimum.stack)
        if coarse:
            price = optimum.answer.price
        else:
            prices = settle_prices(optimum.program, optimum.answer, linear, quadratic)
            price = prices.price
            if not share.any():
                return _Settled(optimum, prices, number, 0.0)
        cif = cif_prices(optimum.stack, price)
        used = paid if len(paid) else np.zeros_like(cif)
        dearest = max(float(np.abs(cif).max(initial=0.0)), 1e-300)
        residual = float((share * np.abs(cif - used)).max()) / dearest
        if residual <= DUTIES_STILL and not coarse:
            break
        rises += residual >= last
        step = 0.5 if rises >= 2 else 1.0
        last = residual
        paid = used + step * (cif - used)
        if coarse and (residual <= COARSE_DUTIES or number >= MOST_COARSE):
            coarse, rises, last = False, 0, np.inf
    return _Settled(optimum, prices, number, residual)


def has_ad_valorem(found: Survey) -> bool:
    """Whether any duty is a share of the value."""
    return bool((found.market.study.table("duties")["ad_valorem"].fill_null(0.0) > 0).any())


def _is_curved(found: Survey) -> bool:
    """Whether any order's price changes with its quantity."""
    return any(
        (orders.slope > 0).any() or (orders.curve >= 0).any() or (orders.elasticity != 0).any()
        for orders in (found.offers, found.bids)
    )


def duty_shares(stack: Stack) -> Floats:
    """Greatest share of its CIF price that each balance pays at a border, shape (m,)."""
    market, layers = stack.market, stack.layers
    customs, _ = stack.part("customs")
    pools = list(stack.balances.pools)
    share = np.zeros(stack.balances.count)
    known: dict[tuple[int, str, int], float] = {}
    for i in range(customs.count):
        t, place, good, _ = pools[customs.row[i]]
        layer, country = int(customs.layer[i]), market.network.countries[place]
        key = (layer, country, t)
        if key not in known:
            known[key] = duty_rates(market, good, layers.countries[layer][0], country, t)[0]
        share[customs.takes[i]] = max(share[customs.takes[i]], known[key])
    return share


def cif_prices(stack: Stack, price: Floats) -> Floats:
    """Price of each balance in money per unit, 0 where nothing bounds it."""
    balances = stack.balances
    weight = np.ones(balances.count)
    each = balances.layers * balances.nodes
    for t in range(balances.periods):
        weight[t * each : (t + 1) * each] = stack.market.weights[t]
    return np.maximum(np.nan_to_num(price, posinf=0.0, neginf=0.0), 0.0) / weight


def settled(
    optimum: Optimum, prices: Prices, linear: Solver, quadratic: Solver
) -> tuple[Answer, Prices]:
    """The levels that the tie rule picks, and the prices around them."""
    stack, program, answer = optimum.stack, optimum.program, optimum.answer
    orders = np.zeros(stack.count, dtype=bool)
    bought = np.zeros(stack.count, dtype=bool)
    orders[stack.part("selling")[1]] = True
    bought[stack.part("buying")[1]] = True
    level = settle_ties(program, answer, prices, orders | bought, bought, linear, quadratic)
    if np.array_equal(level, answer.level):
        return answer, prices
    answer = Answer(level, answer.price, answer.rent)
    return answer, settle_prices(program, answer, linear, quadratic)
