"""`entrepot route`, in the terminal and in files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.unit.cli.conftest import Called

Call = Callable[..., Called]

CONSIGNMENTS = "consignment,good,origin,destination,quantity\nfirst,salt,works,town,30\n"


@pytest.fixture
def consigned(salt: Path) -> Path:
    """The salt study with a consignment and a second, slower way."""
    (salt / "consignments.csv").write_text(CONSIGNMENTS, encoding="utf-8")
    with (salt / "legs.csv").open("a", encoding="utf-8") as legs:
        legs.write("canal,works,town,river,15,\n")
    return salt


def test_route_tells_routes_and_legs(call: Call, consigned: Path) -> None:
    called = call("route", consigned)

    assert called.status == 0
    assert [line.rstrip() for line in called.out.splitlines()] == [
        "Salt for the town",
        "choice cheapest; objective 450.0 USD a period; gap below 1e-12",
        "",
        "Salt: 30.00 t consigned",
        "from        to         t   % of it   freight, USD/t   days   route",
        "──────────────────────────────────────────────────────────────────",
        "Saltworks   Town   15.00      50.0            15.00    0.0   river",
        "Saltworks   Town   15.00      50.0            15.00    0.0   road",
        "",
        "What the legs carry",
        "leg                      carries, t",
        "───────────────────────────────────",
        "river Saltworks - Town        15.00",
        "road Saltworks - Town         15.00",
    ]


def test_route_follows_a_curve_of_days(call: Call, consigned: Path) -> None:
    legs = "leg,origin,destination,mode,cost,days,delay_curve\n"
    legs += "road,works,town,road,15,1,crowd\ncanal,works,town,river,15,2,\n"
    (consigned / "legs.csv").write_text(legs, encoding="utf-8")
    points = "curve,quantity,price\ncrowd,5,1\ncrowd,15,3\n"
    (consigned / "curves.csv").write_text(points, encoding="utf-8")
    (consigned / "goods.csv").write_text("good,name,value_of_time\nsalt,Salt,2\n", encoding="utf-8")

    called = call("route", consigned, "--choice", "equilibrium")

    assert called.status == 0
    rows = [line.split() for line in called.out.splitlines()]
    assert ["road", "Saltworks", "-", "Town", "10.00"] in rows
    assert ["river", "Saltworks", "-", "Town", "20.00"] in rows


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx", "geojson"])
def test_route_writes_the_result_folder(
    call: Call, consigned: Path, tmp_path: Path, form: str
) -> None:
    out = tmp_path / "routes"

    called = call("route", consigned, "--out", out, "--format", form)

    assert called.status == 0
    report = json.loads((out / "route.json").read_text())
    assert (report["choice"], report["objective"], report["gap"]) == ("cheapest", 450, 0)
    assert set(report) >= {"iterations", "seconds", "settings", "scenario", "versions", "notes"}
    assert any(file.suffix == f".{form}" for file in out.iterdir())


def test_the_tables_have_the_columns_of_the_contract(
    call: Call, consigned: Path, tmp_path: Path
) -> None:
    out = tmp_path / "routes"

    call("route", consigned, "--out", out)

    flows, routes = (pl.read_csv(out / f"{name}.csv") for name in ("flows", "routes"))
    assert flows.columns == ["period", "leg", "good", "quantity"]
    told = ["consignment", "route", "legs", "share", "quantity", "cost", "days"]
    assert routes.columns == told


def test_a_folder_that_exists_is_kept_and_overwritten_only_when_asked(
    call: Call, consigned: Path, tmp_path: Path
) -> None:
    out = tmp_path / "answer"
    call("clear", consigned, "--out", out)

    assert call("route", consigned, "--out", out).status == 1
    assert (out / "clearing.json").exists()

    assert call("route", consigned, "--out", out, "--overwrite").status == 0
    assert sorted(file.name for file in out.iterdir()) == ["flows.csv", "route.json", "routes.csv"]


def test_a_study_without_consignments_is_cleared_and_its_trade_routed(
    call: Call, salt: Path, tmp_path: Path
) -> None:
    called = call("route", salt, "--scenario", "wide-road", "--out", tmp_path / "routes")

    assert called.status == 0
    assert "Salt for the town: A wide road" in called.out
    routes = pl.read_csv(tmp_path / "routes" / "routes.csv")
    assert routes.select("consignment", "legs", "quantity").rows() == [
        ("salt.works.town", "salt-road", 100.0)
    ]


def test_an_unknown_choice_is_a_word_that_is_not_understood(call: Call, consigned: Path) -> None:
    called = call("route", consigned, "--choice", "dearest")

    assert called.status == 2
    assert "cheapest" in called.err
