"""A market as the linear program that any solver takes, and HiGHS run on it without entrepot.

The columns are the flows of goods that may use a leg (leg by leg), the offers, the bids and the
plants; the rows are the balances (place by place) and the capacities of the legs that have one.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from benchmarks.markets import Floats, Ints, Market

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Program:
    """Least ``cost @ x`` with ``0 <= x <= upper`` and ``lower <= matrix @ x <= most``.

    Attributes
    ----------
    cost, upper : shape (n,)
    matrix : shape (m, n)
    lower, most : shape (m,)
    """

    cost: Floats
    upper: Floats
    matrix: sparse.csc_array
    lower: Floats
    most: Floats


def flow_columns(market: Market) -> tuple[Ints, Ints]:
    """Leg and good of each flow, in the order of the columns."""
    leg, good = np.nonzero(market.allowed)
    return leg, good


def program_of(market: Market) -> Program:
    """The whole market, straight from its arrays."""
    leg, good = flow_columns(market)
    offers, bids, goods = market.offers, market.bids, market.goods
    counts = [len(leg), len(offers.price), len(bids.price), len(market.plant_place)]
    first = np.concatenate([[0], np.cumsum(counts)])
    flow, sell, buy = (np.arange(first[i], first[i + 1]) for i in range(3))
    amount = market.recipe[market.plant_recipe]
    plant, made = np.nonzero(amount)
    limited = np.isfinite(market.capacity)
    balances = market.places * goods
    limit = balances - 1 + np.cumsum(limited)
    held = limited[leg]
    rows = [
        market.tail[leg] * goods + good,
        market.head[leg] * goods + good,
        limit[leg[held]],
        offers.place * goods + offers.good,
        bids.place * goods + bids.good,
        market.plant_place[plant] * goods + made,
    ]
    columns = [flow, flow, flow[held], sell, buy, first[3] + plant]
    values = [
        np.full(counts[0], -1.0),
        np.ones(counts[0]),
        market.use[good[held]],
        np.ones(counts[1]),
        np.full(counts[2], -1.0),
        amount[plant, made],
    ]
    shape = (balances + int(limited.sum()), int(first[-1]))
    entries = (np.concatenate(rows), np.concatenate(columns))
    time = market.value_of_time[good] * market.days[leg]
    return Program(
        cost=np.concatenate(
            [market.cost[leg, good] + time, offers.price, -bids.price, market.plant_cost]
        ),
        upper=np.concatenate(
            [np.full(counts[0], np.inf), offers.quantity, bids.quantity, market.plant_capacity]
        ),
        matrix=sparse.csc_array((np.concatenate(values), entries), shape=shape),
        lower=np.concatenate([np.zeros(balances), np.full(limited.sum(), -np.inf)]),
        most=np.concatenate([np.zeros(balances), market.capacity[limited]]),
    )


def highs(program: Program, method: str) -> highspy.Highs:
    """The program in HiGHS, on one thread, with `method` simplex or ipx."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = program.matrix.shape
    lp.col_cost_, lp.col_upper_ = program.cost, program.upper
    lp.col_lower_ = np.zeros(len(program.cost))
    lp.row_lower_, lp.row_upper_ = program.lower, program.most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = program.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = program.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = program.matrix.data
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    model.setOptionValue("solver", method)
    model.passModel(lp)
    return model


def solve(model: highspy.Highs) -> tuple[float, Floats]:
    """Run HiGHS: the least cost and the levels.

    Raises
    ------
    RuntimeError : HiGHS ends without an optimum
    """
    model.run()
    status = model.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS: {model.modelStatusToString(status)}")
    return model.getInfo().objective_function_value, np.asarray(model.getSolution().col_value)


def loads(market: Market, level: Floats) -> Floats:
    """What each leg carries, in units of its capacity, shape (L,)."""
    leg, good = flow_columns(market)
    flow = level[: len(leg)]
    return np.bincount(leg, flow * market.use[good], minlength=len(market.tail)).astype(float)
