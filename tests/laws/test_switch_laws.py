"""Laws of switch prices: a leg is used just below its own and not just above it."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from entrepot.clearing.clear import clear
from entrepot.errors import UnboundedError
from entrepot.results.why_not import why_not
from entrepot.study import Study
from tests.laws.strategies import Tables, markets, study
from tests.unit.results.test_switch_prices import cheaper

law = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    print_blob=True,
)
LEAST = 0.002


def one_period(tables: Tables) -> Tables:
    """The tables without periods and stores: a change of cost would act in all of them at once."""
    kept = {name: rows for name, rows in tables.items() if name not in ("periods", "warehouses")}
    for name in ("offers", "bids"):
        blank = {"period": None}
        kept[name] = [row | blank for row in kept[name]]
    return kept


def is_used(market: Study, leg: str, good: str) -> bool:
    """Whether a good uses a leg; goods that are paid to go in a circle without end do too."""
    try:
        flows = clear(market).flows
    except UnboundedError:
        return True
    return flows.filter(leg=leg, good=good)["quantity"].sum() > 1e-6


@law
@given(markets(), st.randoms(use_true_random=False))
def test_a_leg_is_used_below_its_switch_price_and_not_above(tables: Tables, chance: Any) -> None:
    market = study(one_period(tables))
    answered = clear(market)
    legs, goods = answered.state.stack.market.network.legs, answered.state.stack.market.goods
    pairs = [(leg, good) for leg in dict.fromkeys(legs) for good in goods]
    chance.shuffle(pairs)
    rows = (row for pair in pairs for row in why_not(answered, *pair).rows.to_dicts())
    row = next((row for row in rows if row["status"] == "unused" and row["switch"] > LEAST), None)
    assume(row is not None)
    assert row is not None
    leg, good, switch = row["route"], row["good"], row["switch"]
    margin = max(0.01 * switch, LEAST)

    assert row["too_dear"] is None or row["too_dear"] >= switch - 1e-6
    assert is_used(cheaper(market, leg, good, switch + margin), leg, good)
    assert not is_used(cheaper(market, leg, good, switch - margin), leg, good)
