"""What every order, plant and limit meets; proved by changing what it says must change."""

from __future__ import annotations

import polars as pl
import pytest

from entrepot.clearing.clear import clear
from entrepot.errors import QuestionError
from entrepot.results.orders import orders
from entrepot.results.passing import passing
from entrepot.results.plants import plant_margin, plants
from entrepot.study import Study, study_from_tables

BIT = 0.01


@pytest.fixture(scope="module")
def study() -> Study:
    places = [
        {"place": place, "country": country}
        for place, country in (("mine", "AA"), ("town", "BB"), ("mill", "BB"), ("island", "CC"))
    ]
    return study_from_tables(
        "orders",
        {
            "places": places,
            "goods": [{"good": "ore"}, {"good": "steel"}],
            "legs": [
                {
                    "leg": "rail",
                    "origin": "mine",
                    "destination": "town",
                    "mode": "rail",
                    "cost": 10,
                },
                {"leg": "spur", "origin": "town", "destination": "mill", "mode": "rail", "cost": 2},
                {"leg": "back", "origin": "mill", "destination": "town", "mode": "rail", "cost": 3},
            ],
            "offers": [
                {"place": "mine", "good": "ore", "agent": "old", "quantity": 60, "price": 20},
                {"place": "mine", "good": "ore", "agent": "new", "quantity": 60, "price": 25},
                {"place": "mine", "good": "ore", "agent": "dear", "quantity": 60, "price": 50},
            ],
            "bids": [
                {"place": "town", "good": "ore", "agent": "keen", "quantity": 100, "price": 90},
                {"place": "town", "good": "ore", "agent": "poor", "quantity": 40, "price": 33},
                {"place": "island", "good": "ore", "agent": "far", "quantity": 1, "price": 900},
                {"place": "town", "good": "steel", "agent": "shop", "quantity": 10, "price": 60},
            ],
            "recipes": [
                {"recipe": "smelt", "good": "steel", "amount": 1},
                {"recipe": "smelt", "good": "ore", "amount": -1.5},
            ],
            "plants": [
                {"plant": "works", "place": "mill", "recipe": "smelt", "capacity": 9, "cost": 5}
            ],
        },
    )


def one(frame: pl.DataFrame, **where: object) -> dict[str, object]:
    found = frame.filter(*(pl.col(name) == value for name, value in where.items()))
    return found.row(0, named=True)


def traded(study: Study, agent: str) -> float:
    return float(one(orders(clear(study)), agent=agent)["quantity"])  # type: ignore[arg-type]


def test_every_order_is_told(study: Study) -> None:
    found = orders(clear(study))

    assert found.height == 7
    states = dict(found.select("agent", "state").iter_rows())
    assert states == {
        "old": "filled",
        "new": "partly",
        "dear": "unfilled",
        "keen": "filled",
        "poor": "unfilled",
        "far": "unreachable",
        "shop": "unfilled",
    }
    poor, dear, far = (one(found, agent=agent) for agent in ("poor", "dear", "far"))
    assert (poor["limit"], poor["price"], poor["gap"]) == (33, 35, 2)
    assert (dear["limit"], dear["price"], dear["gap"]) == (50, 25, 25)
    assert (far["price"], far["gap"], far["left"]) == (None, None, 1)


def test_an_order_that_gives_way_by_its_gap_is_filled(study: Study) -> None:
    for table, agent, sign in (("bids", "poor", 1.0), ("offers", "dear", -1.0)):
        row = one(orders(clear(study)), agent=agent)
        limit, gap = float(row["limit"]), float(row["gap"])  # type: ignore[arg-type]
        for more, trades in ((-BIT, False), (BIT, True)):
            price = limit + sign * (gap + more)
            changed = study.change(table, where={"agent": agent}, set={"price": price})
            assert (traded(changed, agent) > 0) == trades, (agent, more)


def test_an_idle_plant_runs_once_it_is_cheaper_by_its_loss(study: Study) -> None:
    answer = clear(study)
    row = one(plants(answer), plant="works")
    why = plant_margin(answer, "works")

    # 1.5 ore at 37, and 5 to run, for steel that fetches 57 once it is back in town.
    assert (row["state"], row["quantity"], row["margin"]) == ("idle", 0, pytest.approx(-3.5))
    assert why.rows["value"].sum() == pytest.approx(-3.5)
    assert "It would lose 3.50 USD per unit" in why.text()
    for cost, runs in ((1.5 + BIT, False), (1.5 - BIT, True)):
        changed = clear(study.change("plants", where={"plant": "works"}, set={"cost": cost}))
        assert (one(plants(changed), plant="works")["quantity"] > 0) == runs  # type: ignore[operator]
    shut = clear(study.change("plants", where={"plant": "works"}, set={"capacity": 0, "cost": 0}))
    assert one(plants(shut), plant="works")["state"] == "unbuilt"
    assert "One unit of it would earn 1.50 USD" in plant_margin(shut, "works").text()


def test_a_quota_tells_who_passes_and_what_room_is_worth(study: Study) -> None:
    quota = {"quota": "half", "good": "ore", "destination": "BB", "quantity": 50}
    bound = study.change("quotas", add=[quota])
    answer = clear(bound)
    found = passing(answer, "quotas", "half")

    (limit,) = found.limits.iter_rows(named=True)
    more = clear(bound.change("quotas", where={"quota": "half"}, set={"quantity": 51}))
    assert limit["rent"] == pytest.approx(more.welfare - answer.welfare)
    (row,) = found.rows.iter_rows(named=True)
    assert (row["good"], row["origin"], row["place"], row["quantity"]) == ("ore", "AA", "town", 50)
    assert row["paid"] == pytest.approx(limit["rent"])
    assert f"One more unit of room is worth {limit['rent']:,.2f} USD." in found.text()
    wide = passing(clear(bound.change("quotas", scale={"quantity": 9})), "quotas", "half")
    assert "has room left" in wide.text()


def test_what_is_not_there_is_a_question_that_has_no_answer(study: Study) -> None:
    answer = clear(study)
    for ask in (
        lambda: passing(answer, "quotas", "none"),
        lambda: passing(answer, "legs", "rail"),
        lambda: plant_margin(answer, "work"),
    ):
        with pytest.raises(QuestionError):
            ask()
