"""PIES, the energy equilibrium of Hogan (1975): a demand that no single curve can state.

Coal from two mines and crude from two fields, in steps; two refineries that make light and heavy
oil; two markets; mining and drilling that share limited capital and steel. Demand for each fuel
depends on the prices of all three, q_i = q0_i prod_j (p_j / p0_j)^e_ij, and the elasticities e_ij
are not symmetric, so that no welfare has this demand as its derivative. The study format has own
elasticities only; the equilibrium is a fixed point: hold the other fuels' prices, clear, repeat.

W. W. Hogan, Energy policy models for Project Independence, Computers & Operations Research 2 (1975)
251-271; N. H. Josephy, Newton's method for generalized equations (1979); the data are those of the
GAMS library model pies, the equilibria those of PATH. Hogan's printed tables stopped at a symmetric
approximation and are off by up to 2 per cent.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

import entrepot

FUELS = ("coal", "light", "heavy")
MARKETS = ("j1", "j2")

# Quantity and price of the demand's reference point, the same in both markets.
REFERENCE = {"coal": (1000.0, 12.0), "light": (1200.0, 16.0), "heavy": (1000.0, 12.0)}
ELASTICITY = {
    "coal": {"coal": -0.75, "light": 0.1, "heavy": 0.2},
    "light": {"coal": 0.1, "light": -0.5, "heavy": 0.2},
    "heavy": {"coal": 0.2, "light": 0.1, "heavy": -0.5},
}

# Capacity, cost, capital and steel per unit of each step.
STEPS: dict[tuple[str, str], list[tuple[float, float, float, float]]] = {
    ("coal", "c1"): [(300, 5, 1, 1), (300, 6, 5, 2), (400, 8, 10, 3)],
    ("coal", "c2"): [(200, 4, 1, 1), (300, 5, 5, 4), (600, 7, 6, 5)],
    ("crude", "o1"): [(1100, 1, 0, 0), (1200, 1.5, 10, 4)],
    ("crude", "o2"): [(1300, 1.25, 0, 0), (1100, 1.5, 15, 2)],
}
RESOURCES = {"capital": 35000.0, "steel": 12000.0}
FREIGHT = {
    **{("c1", "j1"): 1, ("c1", "j2"): 2.5, ("c2", "j1"): 0.75, ("c2", "j2"): 2.75},
    **{("o1", "r1"): 2, ("o1", "r2"): 3, ("o2", "r1"): 4, ("o2", "r2"): 2},
    **{("r1", "j1"): 1, ("r1", "j2"): 1.2, ("r2", "j1"): 1, ("r2", "j2"): 1.5},
}
# Light and heavy oil out of one unit of crude, and its cost.
REFINERIES = {"r1": (0.6, 0.4, 6.5), "r2": (0.5, 0.5, 5.0)}

STANDS_STILL = 1e-7
MOST_ROUNDS = 100
TOLERANCE = 1e-3

Prices = dict[tuple[str, str], float]


def market_tables(limited: bool) -> dict[str, list[dict[str, Any]]]:
    """Everything but the bids.

    Steps that use capital or steel are plants, the others are offers. Capital and steel lie at one
    place with free ways to all mines and fields, so that their limits are shared.
    """
    sites = ("c1", "c2", "o1", "o2")
    offers: list[dict[str, Any]] = [
        {"place": "stock", "good": good, "quantity": limit if limited else None, "price": 0.0}
        for good, limit in RESOURCES.items()
    ]
    recipes: list[dict[str, Any]] = []
    plants: list[dict[str, Any]] = []
    for (good, place), steps in STEPS.items():
        for number, (capacity, cost, capital, steel) in enumerate(steps, start=1):
            if not capital and not steel:
                offer = {"place": place, "good": good, "quantity": capacity, "price": cost}
                offers.append(offer)
                continue
            name = f"{place}-{number}"
            amounts = {good: 1.0, "capital": -capital, "steel": -steel}
            recipes += [{"recipe": name, "good": g, "amount": a} for g, a in amounts.items()]
            plant = {"plant": name, "place": place, "recipe": name}
            plants.append({**plant, "capacity": capacity, "cost": cost})
    for place, (light, heavy, cost) in REFINERIES.items():
        # Amounts are per unit of the main product, which is light oil here.
        amounts = {"light": 1.0, "heavy": heavy / light, "crude": -1 / light}
        recipes += [{"recipe": place, "good": g, "amount": a} for g, a in amounts.items()]
        plants.append({"plant": place, "place": place, "recipe": place, "cost": cost / light})
    ways = {**FREIGHT, **{("stock", site): 0 for site in sites}}
    return {
        "countries": [{"country": "AA"}],
        "places": [
            {"place": place, "country": "AA"} for place in ("stock", *sites, *REFINERIES, *MARKETS)
        ],
        "goods": [{"good": good} for good in (*RESOURCES, "crude", *FUELS)],
        "legs": [
            {"leg": f"{a}_{b}", "origin": a, "destination": b, "mode": "rail", "cost": cost}
            for (a, b), cost in ways.items()
        ],
        "offers": offers,
        "recipes": recipes,
        "plants": plants,
    }


def demand(fuel: str, market: str, prices: Prices, of: tuple[str, ...] = FUELS) -> float:
    """Demand for a fuel at the prices of some fuels, those of the others at their reference."""
    quantity = REFERENCE[fuel][0]
    for other in of:
        ratio = prices[market, other] / REFERENCE[other][1]
        quantity *= ratio ** ELASTICITY[fuel][other]
    return quantity


def bids_at(prices: Prices) -> list[dict[str, Any]]:
    """Each fuel's own-price curve, shifted by the prices of the other two."""
    return [
        {
            "place": market,
            "good": fuel,
            "quantity": demand(fuel, market, prices, tuple(f for f in FUELS if f != fuel)),
            "price": REFERENCE[fuel][1],
            "elasticity": ELASTICITY[fuel][fuel],
        }
        for market, fuel in product(MARKETS, FUELS)
    ]


def equilibrium(*, limited: bool) -> tuple[entrepot.Clearing, Prices]:
    """Clear with the last prices' cross effects until prices stand still."""
    tables = market_tables(limited)
    prices = {(market, fuel): REFERENCE[fuel][1] for market, fuel in product(MARKETS, FUELS)}
    for _ in range(MOST_ROUNDS):
        study = entrepot.study_from_tables("pies", tables | {"bids": bids_at(prices)})
        cleared = entrepot.clear(study)
        quoted = {(p, g): price for p, g, price in at_places(cleared)}
        moved = max(abs(quoted[key] - prices[key]) / prices[key] for key in prices)
        prices = {key: quoted[key] for key in prices}
        if moved < STANDS_STILL:
            return cleared, prices
    raise AssertionError(f"prices still move by {moved} after {MOST_ROUNDS} rounds")


def at_places(cleared: entrepot.Clearing) -> list[tuple[str, str, float]]:
    return list(cleared.prices.select("place", "good", "price").iter_rows())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limited", "prices", "quantities"),
    [
        (
            True,
            {
                "coal": (11.69731196, 13.69731199),
                "light": (15.82662355, 16.02662356),
                "heavy": (11.8906674, 12.39066739),
            },
            {
                "coal": (1016.373, 911.516),
                "light": (1201.275, 1222.78),
                "heavy": (998.3787, 1010.663),
            },
        ),
        (
            False,
            {
                "coal": (9.44561476, 10.94561476),
                "light": (12.0956833, 12.42939341),
                "heavy": (9.09794394, 9.59794394),
            },
            {
                "coal": (1100.948, 999.0523),
                "light": (1274.921, 1290.095),
                "heavy": (1064.584, 1070.4),
            },
        ),
    ],
    ids=["limited capital and steel", "unlimited"],
)
def test_prices_and_demand_are_those_of_the_equilibrium(
    limited: bool,
    prices: dict[str, tuple[float, float]],
    quantities: dict[str, tuple[float, float]],
) -> None:
    cleared, found = equilibrium(limited=limited)

    bought = {(p, g): q for p, g, q in cleared.purchases.select("place", "good", "quantity").rows()}
    for fuel, (number, market) in product(FUELS, enumerate(MARKETS)):
        assert found[market, fuel] == pytest.approx(prices[fuel][number], abs=TOLERANCE)
        assert bought[market, fuel] == pytest.approx(quantities[fuel][number], abs=TOLERANCE)
        assert demand(fuel, market, found) == pytest.approx(bought[market, fuel], rel=1e-6)
    if limited:
        worth = {good: price for place, good, price in at_places(cleared) if place == "stock"}
        assert worth["capital"] == pytest.approx(0.26725249, abs=TOLERANCE)
        assert worth["steel"] == pytest.approx(0.17492903, abs=TOLERANCE)
        flows = {
            (leg, g): q for leg, g, q in cleared.flows.select("leg", "good", "quantity").rows()
        }
        assert flows["o1_r1", "crude"] == pytest.approx(2075.069217, abs=TOLERANCE)
        assert flows["o2_r2", "crude"] == pytest.approx(2358.027687, abs=TOLERANCE)
