"""Clearing again, from where another clearing ended, says what clearing says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from entrepot.clearing.again import clear_again
from entrepot.clearing.answers import Clearing, State, read_answer
from entrepot.clearing.clear import clear
from entrepot.clearing.solvers.clarabel_qp import Clarabel
from entrepot.clearing.solvers.highs import Highs
from entrepot.errors import MarketError
from entrepot.study import Study
from tests.laws.strategies import Tables, markets, study

NEAR = 2e-4


def read(market: Study, state: State) -> Clearing:
    return read_answer(market, state, status="", gap=0.0, seconds=0.0, settings={}, report={})


@given(markets())
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.generate],
)
def test_the_same_quantities_prices_and_welfare(tables: Tables) -> None:
    market, linear, quadratic = study(tables), Highs(), Clarabel()
    try:
        once = clear(market)
    except MarketError as error:
        with pytest.raises(type(error)):
            clear_again(market, None, linear, quadratic)
        return
    state, end = clear_again(market, None, linear, quadratic)
    again, _ = clear_again(market, end, linear, quadratic)

    for found in (read(market, state), read(market, again)):
        size = max(abs(once.welfare), float(once.purchases["quantity"].sum()), 1.0)
        assert abs(found.welfare - once.welfare) <= NEAR * size
        for table in ("sales", "purchases"):
            before, after = (getattr(each, table)["quantity"].sum() for each in (once, found))
            assert np.isclose(before, after, NEAR, NEAR)
        keys = ["period", "place", "good", "traded"]
        prices = once.prices.filter("traded").join(found.prices, on=keys, suffix="_again")
        assert np.allclose(prices["price"], prices["price_again"], rtol=1e-3, atol=1e-2)
