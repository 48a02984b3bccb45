"""Random studies for the laws: small, with round numbers, so that ties and ranges are common."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from entrepot.study import Study, study_from_tables

Tables = dict[str, list[dict[str, Any]]]

PLACES = ("a", "b", "c", "d", "e")
COUNTRIES = ("AA", "BB", "CC")
GOODS = ("salt", "flour", "bread")


def whole(low: int, high: int, step: int = 1) -> st.SearchStrategy[float]:
    """Whole numbers as floats."""
    return st.integers(low // step, high // step).map(lambda n: float(n * step))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value or a blank."""
    return st.none() | strategy


@st.composite
def orders(draw: st.DrawFn, places: tuple[str, ...], goods: tuple[str, ...], bid: bool) -> Any:
    """One row of ``offers`` or ``bids``: a step, or a straight or elastic curve."""
    row: dict[str, Any] = {
        "place": draw(st.sampled_from(places)),
        "good": draw(st.sampled_from(goods)),
        "agent": draw(st.sampled_from(("one", "two"))),
        "price": draw(whole(10, 60, 5) if bid else whole(-5, 50, 5)),
        "quantity": draw(whole(5, 40, 5)),
        "slope": None,
        "elasticity": None,
    }
    shape = draw(st.sampled_from(("step", "step", "step", "slope", "elastic")))
    if shape == "slope":
        row["slope"] = draw(st.sampled_from((0.25, 0.5, 1.0)))
    if shape == "elastic":
        row["price"] = max(row["price"], 5.0)
        row["elasticity"] = draw(st.sampled_from((0.5, 1.0, 2.0))) * (-1 if bid else 1)
    return row


@st.composite
def legs(draw: st.DrawFn, places: tuple[str, ...]) -> Any:
    """Up to eight legs, some two-way, some with capacity."""
    pairs = [(a, b) for a in places for b in places if a != b]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=8))
    return [
        {
            "leg": f"l{i}",
            "origin": a,
            "destination": b,
            "mode": "rail",
            "cost": draw(whole(0, 10)),
            "days": draw(whole(0, 2)),
            "capacity": draw(maybe(whole(0, 30, 5))),
            "two_way": draw(st.booleans()),
        }
        for i, (a, b) in enumerate(chosen)
    ]


@st.composite
def markets(draw: st.DrawFn, smooth: bool = True, ruled: bool = True) -> Tables:
    """Tables of a market; `smooth` allows curves, `ruled` duties, bans, quotas and origins."""
    places = PLACES[: draw(st.integers(2, 5))]
    goods = GOODS[: draw(st.integers(1, 3))]
    tables: Tables = {
        "places": [
            {
                "place": p,
                "country": draw(st.sampled_from(COUNTRIES)),
                "through": draw(st.sampled_from((True, True, True, False))),
            }
            for p in places
        ],
        "goods": [
            {"good": g, "hs": f"{i + 1}010", "value_of_time": float(i)} for i, g in enumerate(goods)
        ],
        "legs": draw(legs(places)),
        "offers": draw(st.lists(orders(places, goods, False), min_size=1, max_size=6)),
        "bids": draw(st.lists(orders(places, goods, True), min_size=1, max_size=6)),
    }
    if not smooth:
        for row in tables["offers"] + tables["bids"]:
            row["slope"] = row["elasticity"] = None
    if len(goods) == 3:
        tables["recipes"] = [
            {"recipe": "bake", "good": "bread", "amount": 1.0},
            {"recipe": "bake", "good": "flour", "amount": -0.5},
            {"recipe": "bake", "good": "salt", "amount": -0.5},
        ]
        tables["plants"] = [
            {"plant": "bakery", "place": draw(st.sampled_from(places)), "recipe": "bake",
             "capacity": draw(maybe(whole(5, 40, 5))), "cost": draw(whole(0, 5))}
        ]  # fmt: skip
    if draw(st.booleans()):
        tables["periods"] = [{"period": "p1"}, {"period": "p2", "weight": 2.0}]
        tables["warehouses"] = [
            {"place": places[0], "good": goods[0], "capacity": draw(maybe(whole(0, 20, 5))),
             "cost": draw(whole(0, 3)), "loss": draw(st.sampled_from((0.0, 0.0, 0.25))),
             "initial": draw(maybe(whole(0, 0)))}
        ]  # fmt: skip
        for row in tables["offers"] + tables["bids"]:
            row["period"] = draw(st.sampled_from((None, "p1", "p2")))
    if ruled:
        _add_rules(draw, tables, goods)
    return tables


def _add_rules(draw: st.DrawFn, tables: Tables, goods: tuple[str, ...]) -> None:
    country = st.sampled_from(COUNTRIES)
    good = st.sampled_from((*goods, "*", "10"))
    if draw(st.booleans()):
        tables["duties"] = [
            {"duty": "d", "good": draw(good), "origin": draw(st.sampled_from((*COUNTRIES, "*"))),
             "destination": draw(country), "specific": draw(maybe(whole(0, 8))),
             "ad_valorem": draw(maybe(st.sampled_from((0.05, 0.1, 0.25))))}
        ]  # fmt: skip
    if draw(st.integers(0, 3)) == 0:
        tables["bans"] = [
            {"ban": "n", "good": draw(good), "origin": draw(maybe(country)),
             "destination": draw(maybe(country)), "via": draw(maybe(country))}
        ]  # fmt: skip
    if draw(st.integers(0, 3)) == 0:
        tables["quotas"] = [
            {"quota": "q", "good": draw(good), "origin": draw(maybe(country)),
             "destination": draw(maybe(country)), "quantity": draw(whole(0, 20, 5))}
        ]  # fmt: skip
    if draw(st.integers(0, 3)) == 0:
        for row in tables["bids"]:
            row["origins"] = draw(st.sampled_from((None, "AA", "AA;BB")))


def study(tables: Tables) -> Study:
    """The study of some tables."""
    given = {name: rows for name, rows in tables.items() if rows}
    return study_from_tables("law", given, title="A law's study")
