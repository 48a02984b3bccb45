"""The engine and a naive program written from the design's words agree on what trade is worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from entrepot.clearing.clear import clear
from entrepot.errors import StudyError
from entrepot.study import study_from_tables
from tests.laws.second_opinion import Opinion, Tables

COUNTRIES = ("AA", "BB", "CC", "DD")
GOODS = ("ore", "coal", "steel")


class Chance:
    """Draws of tables."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def one(self, *values: Any) -> Any:
        return values[int(self.random.integers(len(values)))]

    def whole(self, low: int, high: int) -> float:
        return float(self.random.integers(low, high + 1))

    def is_so(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def maybe(self, share: float, value: Any) -> Any:
        return value if self.is_so(share) else None

    def pattern(self) -> str | None:
        """A good as a rule names it."""
        return self.one(None, "*", "26", "2601", "27", *GOODS)  # type: ignore[no-any-return]

    def who(self) -> str | None:
        """A country or bloc as a rule names it."""
        return self.one(None, "*", "union", *COUNTRIES)  # type: ignore[no-any-return]


def draw(seed: int) -> Tables:
    """A market with every kind of row: half the draws have each kind of rule."""
    chance = Chance(seed)
    places = [f"p{i}" for i in range(int(chance.whole(3, 6)))]
    periods = chance.one([], [], [{"period": "one"}, {"period": "two", "weight": 2.0}])
    named = [None, *(row["period"] for row in periods)]
    tables: Tables = {
        "places": [
            {"place": p, "country": chance.one(*COUNTRIES), "through": not chance.is_so(0.2)}
            for p in places
        ],
        "goods": [
            {"good": g, "hs": hs, "value_of_time": v}
            for g, hs, v in zip(GOODS, ("260111", "270112", "720711"), (0.0, 1.0, 2.0), strict=True)
        ],
        "blocs": [{"bloc": "union", "country": c} for c in ("AA", "BB")],
        "legs": [
            {
                "leg": f"l{i}", "origin": a, "destination": b, "mode": "rail",
                "cost": chance.whole(0, 9), "days": chance.whole(0, 3),
                "capacity": chance.maybe(0.4, chance.whole(0, 25)), "two_way": chance.is_so(0.4),
            }
            for i in range(int(chance.whole(3, 10)))
            for a, b in [chance.random.choice(places, 2, replace=False).tolist()]
        ],
        "offers": [
            {
                "place": chance.one(*places), "good": chance.one(*GOODS),
                "price": chance.whole(-5, 40), "quantity": chance.whole(1, 40),
                "origin": chance.maybe(0.15, chance.one(*COUNTRIES)), "period": chance.one(*named),
            }
            for _ in range(int(chance.whole(2, 7)))
        ],
        "bids": [
            {
                "place": chance.one(*places), "good": chance.one(*GOODS),
                "price": chance.whole(5, 80), "quantity": chance.whole(1, 40),
                "origins": chance.maybe(0.2, chance.one("AA", "union", "CC;DD")),
                "period": chance.one(*named),
            }
            for _ in range(int(chance.whole(2, 7)))
        ],
        "recipes": [
            {"recipe": "smelt", "good": "steel", "amount": 1.0},
            {"recipe": "smelt", "good": "ore", "amount": -1.5},
            {"recipe": "smelt", "good": "coal", "amount": -0.5},
        ],
    }  # fmt: skip
    tables["periods"] = periods
    _add_more(chance, tables, places)
    _add_rules(chance, tables)
    return {name: rows for name, rows in tables.items() if rows}


def _add_more(chance: Chance, tables: Tables, places: list[str]) -> None:
    legs = [row["leg"] for row in tables["legs"]]
    if chance.is_so(0.6):
        tables["plants"] = [
            {"plant": "mill", "place": chance.one(*places), "recipe": "smelt",
             "capacity": chance.maybe(0.7, chance.whole(1, 20)), "cost": chance.whole(0, 6)}
        ]  # fmt: skip
    if chance.is_so(0.5):
        keys = {(chance.one(*legs), chance.one(*GOODS)) for _ in range(3)}
        tables["leg_goods"] = [
            {"leg": leg, "good": good, "cost": chance.maybe(0.5, chance.whole(0, 9)),
             "days": chance.maybe(0.3, chance.whole(0, 3)),
             "capacity": chance.maybe(0.4, chance.whole(0, 15)),
             "use": chance.maybe(0.4, chance.one(0.5, 2.0)), "allowed": not chance.is_so(0.3)}
            for leg, good in sorted(keys)
        ]  # fmt: skip
    if chance.is_so(0.5):
        ends = [(row["leg"], row["origin"], row["destination"]) for row in tables["legs"]]
        ends += [
            (r["leg"] + "~", r["destination"], r["origin"]) for r in tables["legs"] if r["two_way"]
        ]
        meeting = [(a, b) for a, _, here in ends for b, there, _ in ends if here == there]
        turns = {chance.one(*meeting) for _ in range(4)} if meeting else set()
        tables["transfers"] = [
            {"from_leg": one, "to_leg": other, "cost": chance.whole(0, 9),
             "days": chance.maybe(0.3, chance.whole(0, 3)), "allowed": not chance.is_so(0.3),
             "capacity": chance.maybe(0.4, chance.whole(0, 15))}
            for one, other in sorted(turns)
        ]  # fmt: skip
    if tables["periods"] and chance.is_so(0.7):
        open_ = [row["place"] for row in tables["places"] if row["through"]]
        if open_:
            tables["warehouses"] = [
                {"place": chance.one(*open_), "good": chance.one(*GOODS),
                 "capacity": chance.maybe(0.5, chance.whole(0, 20)), "cost": chance.whole(0, 3),
                 "loss": chance.one(0.0, 0.25)}
            ]  # fmt: skip


def _add_rules(chance: Chance, tables: Tables) -> None:
    legs = [row["leg"] for row in tables["legs"]]
    if chance.is_so(0.5):
        tables["duties"] = [
            {"duty": f"d{i}", "good": chance.pattern(), "origin": chance.who(),
             "destination": chance.who(), "specific": chance.whole(0, 12)}
            for i in range(int(chance.whole(1, 4)))
        ]  # fmt: skip
    if chance.is_so(0.5):
        tables["bans"] = [
            {"ban": f"b{i}", "good": chance.pattern(), "origin": chance.who(),
             "destination": chance.who(),
             "via": chance.one(None, chance.one(*COUNTRIES), chance.one(*legs))}
            for i in range(int(chance.whole(1, 3)))
        ]  # fmt: skip
    if chance.is_so(0.5):
        tables["quotas"] = [
            {"quota": f"q{i}", "good": chance.pattern(), "origin": chance.who(),
             "destination": chance.who(), "leg": chance.maybe(0.4, chance.one(*legs)),
             "quantity": chance.whole(0, 15)}
            for i in range(int(chance.whole(1, 3)))
        ]  # fmt: skip


def agrees(seed: int) -> bool:
    """Whether both find the same worth; True for tables that are no study."""
    tables = draw(seed)
    try:
        study = study_from_tables("opinion", tables, title="A second opinion")
    except StudyError:
        return True
    found, naive = clear(study), Opinion(tables).welfare()
    # Duties are a transfer: they stay inside welfare, but decide what is traded.
    worth = found.welfare - found.duty_revenue
    assert worth == pytest.approx(naive, rel=1e-7, abs=1e-6), f"draw({seed})"
    return True


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_the_engine_and_a_naive_program_agree(first: int) -> None:
    assert all(agrees(seed) for seed in range(first, first + 10))
