"""The shipped study's tables against the figures and promises they were built from."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from entrepot.study import Study, check_study, read_study

FOLDER = Path(__file__).parents[2] / "studies" / "caspian"

SCENARIOS = {
    "north-south",
    "btk",
    "georgian-ports",
    "baltic-scarce",
    "suez-closed",
    "all-corridors",
}

# Freight in USD/t of potash from Soligorsk, as the sources of the study add up, and the places that
# fix the route. Klaipeda carries 3 USD for the border, which their sum of 50.7 leaves out.
ROUTES = {
    "St Petersburg to Santos": (72.2, ["ru-st-petersburg", "ru-st-petersburg.quay", "br-santos"]),
    "Ust-Luga to Santos": (61.2, ["ru-ust-luga", "ru-ust-luga.quay", "br-santos"]),
    "Klaipeda to Santos": (53.7, ["by-gudogai", "lt-klaipeda.quay", "br-santos"]),
    "Murmansk to Santos": (83.2, ["ru-murmansk", "ru-murmansk.quay", "br-santos"]),
    "Novorossiysk to Santos": (79.8, ["ru-novorossiysk", "ru-novorossiysk.quay", "br-santos"]),
    "Novorossiysk to Nhava Sheva": (70.0, ["ru-novorossiysk.quay", "in-nhava-sheva"]),
    "Poti to Santos": (119.2, ["ru-samur", "az-yalama", "ge-poti.quay", "br-santos"]),
    "Poti to Nhava Sheva": (109.4, ["ru-samur", "az-yalama", "ge-poti.quay", "in-nhava-sheva"]),
    "Baku-Tbilisi-Kars to Santos": (
        161.9,
        ["ru-samur", "ge-akhalkalaki", "tr-iskenderun.quay", "br-santos"],
    ),
    "Astara and Bandar Abbas to Nhava Sheva": (
        120.1,
        ["ru-samur", "az-astara", "ir-astara", "ir-rasht", "ir-bandar-abbas", "in-nhava-sheva"],
    ),
    "Azov to Derince": (55.5, ["ru-azov.quay", "tr-derince.landed"]),
    "Container train to Chongqing": (43.4, ["by-minsk", "cn-chongqing"]),
    "Baku": (48.1, ["az-baku"]),
}

# Thousand tonnes of Belarusian potash in 2023 by direction (Huseynov 2024).
DIRECTIONS = {
    "potash-st-petersburg": 6647,
    "potash-china-rail": 1623,
    "potash-black-sea": 650,
    "potash-russia": 273,
    "potash-azov": 144,
    "potash-barents": 74,
    "potash-caspian": 38,
    "potash-kz-az": 2.6,
}


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(FOLDER)


def test_nothing_is_wrong_with_the_study() -> None:
    assert [str(problem) for problem in check_study(FOLDER)] == []


@pytest.mark.parametrize("route", ROUTES)
def test_freight_adds_up_to_the_sources(study: Study, route: str) -> None:
    freight, stops = ROUTES[route]
    legs = _freight(study, "potash")

    found = sum(_cheapest(legs, a, b) for a, b in itertools.pairwise(["by-soligorsk", *stops]))

    assert found == pytest.approx(freight, abs=0.6)


def test_southern_ways_cost_more_than_baltic_ones(study: Study) -> None:
    legs = _freight(study, "potash")
    baltic = _cheapest(legs, "by-soligorsk", "ru-st-petersburg.quay")
    baltic += _cheapest(legs, "ru-st-petersburg.quay", "br-santos")

    for quay in ("ge-poti.quay", "ge-batumi.quay", "tr-iskenderun.quay"):
        southern = _cheapest(legs, "by-soligorsk", "ru-samur") + _cheapest(legs, "ru-samur", quay)
        assert southern + _cheapest(legs, quay, "br-santos") > baltic + 30


def test_rasht_astara_saves_what_the_sources_say(study: Study) -> None:
    stops = ["ru-samur", "az-astara", "ir-astara", "ir-rasht", "ir-bandar-abbas", "in-nhava-sheva"]
    built = _freight(study.scenario("north-south"), "potash")

    found = sum(_cheapest(built, a, b) for a, b in itertools.pairwise(["by-soligorsk", *stops]))

    assert found == pytest.approx(114.6, abs=0.6)


def test_eight_directions_stand_in_observed(study: Study) -> None:
    observed = study.table("observed").filter(pl.col("use") == "calibrate")
    found = dict(zip(observed["observation"], observed["quantity"] / 1000, strict=True))

    assert found == pytest.approx(DIRECTIONS)
    assert sum(found.values()) == pytest.approx(9451.6)


def test_mines_offer_what_was_exported(study: Study) -> None:
    offers = study.table("offers").filter(pl.col("good") == "potash")

    assert offers["quantity"].sum() == pytest.approx(9_451_600)


def test_bids_ask_for_what_was_bought(study: Study) -> None:
    bids = study.table("bids").filter(pl.col("good") == "potash")
    country = pl.col("place").str.slice(0, 2)

    assert bids["quantity"].sum() == pytest.approx(9_451_600, rel=0.001)
    assert bids.filter(country == "cn")["quantity"].sum() == pytest.approx(3_500_000)
    assert bids.filter(country == "ru")["quantity"].sum() == pytest.approx(273_000)


def test_slots_of_st_petersburg_are_those_of_2023(study: Study) -> None:
    slots = study.table("leg_goods").filter(
        pl.col("leg").is_in(["port-bronka", "port-st-petersburg", "port-ust-luga"])
        & (pl.col("good") == "potash")
    )

    assert slots["capacity"].sum() == pytest.approx(6_647_000)


def test_required_scenarios_are_there_and_change_something(study: Study) -> None:
    assert set(study.scenarios) >= SCENARIOS

    for name in study.scenarios:
        changed = study.scenario(name)
        assert study.scenarios[name].title
        assert changed.input_hash() != study.input_hash()


@pytest.mark.parametrize("pair", list(itertools.combinations(sorted(SCENARIOS), 2)))
def test_scenarios_compose(study: Study, pair: tuple[str, str]) -> None:
    study.scenario(*pair)
    study.scenario(*reversed(pair))


def test_projects_not_built_are_closed_in_2023(study: Study) -> None:
    legs = study.table("legs")
    late = legs.filter(pl.col("opens") > pl.date(2023, 1, 1))["leg"].to_list()

    assert {"rail-ir-astara-rasht", "rail-rasht-anzali", "port-taman", "port-anaklia"} <= set(late)
    assert legs.filter(pl.col("leg") == "port-primorsk")["capacity"].item() == 0


def test_closed_ways_are_bans_with_dates(study: Study) -> None:
    bans = study.table("bans")
    potash = bans.filter(pl.col("good") == "potash")["via"].drop_nulls()

    assert bans["since"].null_count() == 0
    assert {"LT", "PL"} <= set(";".join(potash).split(";"))


def test_every_figure_has_source_and_basis(study: Study) -> None:
    wanted = {
        "legs": ["length_km", "cost", "days", "capacity"],
        "leg_goods": ["cost", "capacity"],
        "goods": ["value_of_time"],
        "offers": ["quantity", "price", "elasticity"],
        "bids": ["quantity", "price", "elasticity"],
        "duties": ["ad_valorem"],
        "plants": ["capacity", "cost"],
        "projects": ["capacity", "capital"],
        "observed": ["quantity"],
        "commitments": ["quantity"],
    }
    for table, columns in wanted.items():
        frame = study.table(table)
        assert frame["source"].null_count() == 0, table
        for column in columns:
            bare = frame.filter(pl.col(column).is_not_null() & pl.col(f"{column}_basis").is_null())
            assert bare.is_empty(), (table, column)


def test_costs_of_legs_have_a_range(study: Study) -> None:
    legs = study.table("legs")

    assert legs["cost_low"].null_count() == 0
    assert (legs["cost_low"] < legs["cost_high"]).all()


def test_a_tonne_passes_a_corridor_once(study: Study) -> None:
    """Past one leg of a corridor no other leg of the same corridor lies on the way to a buyer."""
    legs = study.table("legs")
    ends = {row["leg"]: (row["origin"], row["destination"]) for row in legs.iter_rows(named=True)}
    freight = _freight(study, "potash")
    buyers = study.table("bids").filter(pl.col("good") == "potash")["place"].unique().to_list()
    for corridor in ("st-petersburg", "black-sea", "azov", "barents", "caspian", "georgian-ports"):
        members = study.table("corridors").filter(pl.col("corridor") == corridor)["leg"].to_list()
        for leg in members:
            reached = _costs(freight, ends[leg][1])
            direct = {buyer: reached[buyer] for buyer in buyers if buyer in reached}
            without = {
                place: [edge for edge in edges if edge[2] not in members]
                for place, edges in freight.items()
            }
            again = _costs(without, ends[leg][1])

            assert all(again.get(buyer) == pytest.approx(direct[buyer]) for buyer in direct), leg


Edges = Mapping[str, list[tuple[str, float, str]]]


def _freight(study: Study, good: str) -> Edges:
    """For each place the legs that leave it for a good in 2023: where to, cost, name."""
    legs = study.table("legs").filter(
        pl.col("opens").is_null() | (pl.col("opens") <= pl.date(2023, 1, 1))
    )
    own = {
        row["leg"]: row
        for row in study.table("leg_goods").filter(pl.col("good") == good).iter_rows(named=True)
    }
    edges: dict[str, list[tuple[str, float, str]]] = {}
    for row in legs.filter(pl.col("mode") != "pipeline").iter_rows(named=True):
        special = own.get(row["leg"])
        if special is not None and not special["allowed"]:
            continue
        cost = row["cost"] if special is None or special["cost"] is None else special["cost"]
        edges.setdefault(row["origin"], []).append((row["destination"], cost, row["leg"]))
        if row["two_way"]:
            edges.setdefault(row["destination"], []).append((row["origin"], cost, row["leg"]))
    return edges


def _costs(edges: Edges, start: str) -> dict[str, float]:
    """Least freight from a place to every place it reaches (Dijkstra 1959)."""
    costs: dict[str, float] = {}
    waiting = [(0.0, start)]
    while waiting:
        cost, place = heapq.heappop(waiting)
        if place in costs:
            continue
        costs[place] = cost
        for beyond, more, _ in edges.get(place, []):
            heapq.heappush(waiting, (cost + more, beyond))
    return costs


def _cheapest(edges: Edges, start: str, end: str) -> float:
    return _costs(edges, start)[end]
