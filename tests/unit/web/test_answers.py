"""What the atlas answers: runs, tables in every form, reasons, differences, maps."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import polars as pl
import pytest

import entrepot
from entrepot.results.write import result_tables
from entrepot.study import read_study
from tests.unit.web.atlas import a_client, a_study, over, run_of


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with a_client(shown=[["wide"]]) as found:
        yield found


@pytest.fixture(scope="module")
def base(client: httpx.Client) -> str:
    return str(run_of(client)["id"])


@pytest.fixture(scope="module")
def wide(client: httpx.Client) -> str:
    return str(run_of(client, "wide")["id"])


def test_a_run_is_named_by_its_inputs(base: str, wide: str) -> None:
    assert base == a_study().input_hash()
    assert wide.startswith(a_study().scenario("wide").input_hash())


def test_the_same_inputs_are_one_run(client: httpx.Client, base: str) -> None:
    again = client.post("/api/runs", json={"scenarios": []}).json()

    assert again["id"] == base
    assert again["state"] == "done"


def test_a_run_says_what_it_is(client: httpx.Client, wide: str) -> None:
    told = client.get(f"/api/runs/{wide}").json()

    assert told["scenarios"] == ["wide"]
    assert told["titles"] == ["A wide <border>"]
    assert told["account"]["status"] == "optimal"
    assert told["problem"] is None
    assert wide in [each["id"] for each in client.get("/api/runs").json()]


def test_progress_is_told_until_the_end(client: httpx.Client, base: str) -> None:
    with client.stream("GET", f"/api/runs/{base}/events") as response:
        text = "".join(response.iter_text())

    assert response.headers["content-type"].startswith("text/event-stream")
    assert json.loads(text.split("data: ")[-1])["state"] == "done"


@pytest.mark.parametrize("name", ["flows", "prices", "consignments", "trade", "limits"])
def test_a_table_is_the_same_in_every_form(client: httpx.Client, base: str, name: str) -> None:
    expected = result_tables(entrepot.clear(a_study()))[name]
    at = f"/api/runs/{base}/tables/{name}"

    told = client.get(f"{at}.json").json()
    assert [column["name"] for column in told["columns"]] == expected.columns
    assert told["rows"] == expected.to_dicts()
    assert told["answers"] == [{"scenarios": [], "input": base}]
    assert client.get(f"{at}.csv").text == expected.write_csv()
    assert pl.read_parquet(io.BytesIO(client.get(f"{at}.parquet").content)).equals(expected)
    assert client.get(f"{at}.xlsx").content[:2] == b"PK"


def test_flows_and_prices_are_drawn_as_geojson(client: httpx.Client, base: str) -> None:
    found = client.get(f"/api/runs/{base}/tables/flows.geojson")

    assert found.headers["content-type"] == "application/geo+json"
    assert found.json()["features"][0]["geometry"]["type"] == "LineString"
    refused = client.get(f"/api/runs/{base}/tables/trade.geojson")
    assert refused.status_code == 404
    assert "flows and prices can" in refused.json()["detail"]


def test_every_table_is_there(client: httpx.Client, base: str) -> None:
    for name in ("claims", "corridors", "goods", "modes", "restrictions", "welfare"):
        assert client.get(f"/api/runs/{base}/tables/{name}.json").status_code == 200


def test_a_price_is_explained(client: httpx.Client, base: str) -> None:
    asked = {"place": "baku", "good": "potash"}
    told = client.get(f"/api/runs/{base}/explain", params=asked).json()

    assert sum(row["amount"] for row in told["rows"]) == pytest.approx(told["price"])
    assert told["about"]["currency"] == "USD"


def test_an_unused_way_is_explained(client: httpx.Client, base: str) -> None:
    told = client.get(f"/api/runs/{base}/why-not", params={"route": "new"}).json()

    assert told["rows"][0]["status"] == "unused"
    assert "new is not used" in told["text"]


def test_two_answers_are_compared(client: httpx.Client, base: str, wide: str) -> None:
    told = client.get(f"/api/runs/{wide}/against/{base}/tables/totals.json").json()
    study = a_study()
    change = entrepot.clear(study.scenario("wide")).welfare - entrepot.clear(study).welfare

    assert told["rows"][0]["measure"] == "welfare"
    assert told["rows"][0]["change"] == pytest.approx(change)
    assert [each["scenarios"] for each in told["answers"]] == [[], ["wide"]]


def test_maps_are_told_and_drawn(client: httpx.Client, base: str, wide: str) -> None:
    told = client.get(f"/api/runs/{base}/map.json").json()
    kinds = {kind["good"] for kind in told["kinds"]}

    assert kinds == {"potash", "gas"}
    assert all(len(spot["at"]) == 2 for spot in told["spots"])
    assert all(band[3] > 0 for band in told["bands"])
    assert client.get(f"/api/runs/{base}/map.svg").text.startswith("<svg")
    changed = client.get(f"/api/runs/{wide}/against/{base}/map.json").json()
    assert changed["bands"]
    drawn = client.get(f"/api/runs/{wide}/against/{base}/map.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "<border>" not in drawn.text


def test_the_study_is_told_with_its_sources(client: httpx.Client) -> None:
    told = client.get("/api/study").json()
    legs = client.get("/api/study/legs.json").json()["rows"]
    names = client.get("/api/names").json()

    assert told["input"] == a_study().input_hash()
    assert told["shown"] == [["wide"]]
    assert {each["name"] for each in told["scenarios"]} == {"wide", "lost", "obliged"}
    assert legs[0]["cost_basis"] == "estimate"
    assert "example.org" in legs[0]["source"]
    assert names["good"]["gas"]["unit"] == "1000m3"
    assert client.get("/api/catalogue").json()["language"] == "en"


def test_changes_of_ones_own_are_cleared_and_kept(client: httpx.Client, base: str) -> None:
    change = {"table": "legs", "where": {"leg": "check"}, "set": {"capacity": 2000}}
    begun = client.post("/api/runs", json={"changes": [change]}).json()

    assert begun["scenarios"] == ["edited"]
    assert begun["input"] == a_study().scenario("wide").input_hash()
    kept = client.post("/api/runs/scenario.toml", json={"title": "Mine", "changes": [change]})
    assert tomllib.loads(kept.text) == {"title": "Mine", "change": [change]}


def test_an_answer_is_called_by_who_asks_for_it() -> None:
    change = {"table": "legs", "where": {"leg": "check"}, "set": {"capacity": 2000}}
    with a_client() as client:
        mine = client.post("/api/runs", json={"changes": [change]}).json()["id"]
        assert over(client, mine)["state"] == "done"
        # The scenario does the same: it is not cleared again, and keeps its own name.
        theirs = client.post("/api/runs", json={"scenarios": ["wide"]}).json()
        assert theirs["state"] == "done"

        for run, name, title in ((theirs["id"], "wide", "A wide"), (mine, "edited", "edited")):
            assert client.get(f"/api/runs/{run}").json()["scenarios"] == [name]
            assert title in client.get(f"/api/runs/{run}/report.html").text
            archive = client.get(f"/api/runs/{run}/results.zip")
            assert f"evil-{name}-results.zip" in archive.headers["content-disposition"]
            with zipfile.ZipFile(io.BytesIO(archive.content)) as found:
                assert json.loads(found.read("results/clearing.json"))["scenario"] == [name]
        report = client.get(f"/api/runs/{theirs['id']}/report.html").text
        assert "edited" not in report


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"table": "legz", "remove": True}, "did you mean"),
        ({"table": "legs", "where": {"leg": "nowhere"}, "remove": True}, "matches no row"),
        ({"table": "legs", "where": {"leg": "check"}, "set": {"capacity": -1}}, "capacity"),
        ({}, "table"),
    ],
)
def test_wrong_changes_are_told(client: httpx.Client, change: object, why: str) -> None:
    found = client.post("/api/runs", json={"changes": [change]})

    assert found.status_code == 422
    assert why in found.json()["detail"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ('{"table": "legs", "where": {"leg": "check"}, "set": {"note": "\\ud800"}}', "surrogate"),
        ('{"table": "countries", "add": [{"country": "XX", "name": "\\ud800"}]}', "surrogate"),
        ('{"table": "legs", "\\ud800": 1}', "surrogate"),
        ('{"table": "legs", "scale": {"cost": NaN}}', "nan is no number"),
        ('{"table": "legs", "scale": {"cost": -Infinity}}', "-inf is no number"),
        ('{"table": "legs", "scale": {"cost": 1e999}}', "inf is no number"),
        ('{"table": "legs", "where": {"leg": null}, "remove": true}', "null is no value here"),
        ('{"table": "legs", "where": {"leg": [[[[1]]]]}, "remove": true}', "nested deeper"),
        (f'{{"table": "legs", "where": {"[" * 900}{"]" * 900}}}', "nested deeper"),
    ],
)
@pytest.mark.parametrize("address", ["", "/scenario.toml"])
def test_changes_that_no_file_can_hold_are_told(
    client: httpx.Client, change: str, why: str, address: str
) -> None:
    title = '"title": "t", ' if address else ""
    found = client.post(
        f"/api/runs{address}",
        content=f'{{{title}"changes": [{change}]}}',
        headers={"content-type": "application/json"},
    )

    assert found.status_code == 422, found.text
    assert why in found.json()["detail"]


def test_a_number_that_no_column_can_hold_is_refused(client: httpx.Client) -> None:
    change = {"table": "legs", "where": {"leg": "check"}, "set": {"capacity": int("9" * 400)}}
    found = client.post("/api/runs", json={"changes": [change]})

    assert found.status_code == 422
    assert "capacity" in found.json()["detail"]


def test_blank_cells_of_a_new_row_are_left_out(client: httpx.Client) -> None:
    change = {"table": "countries", "add": [{"country": "XX", "name": None}]}
    kept = client.post("/api/runs/scenario.toml", json={"title": "Mine", "changes": [change]})

    assert tomllib.loads(kept.text)["change"][0]["add"] == [{"country": "XX"}]


@pytest.mark.parametrize(
    "address",
    ["journey.svg?good=potash&legs=;;", "journey.json?good=potash&legs=;", "why-not?route=;"],
)
def test_a_way_without_a_leg_is_no_way(client: httpx.Client, base: str, address: str) -> None:
    found = client.get(f"/api/runs/{base}/{address}")

    assert found.status_code == 404
    assert "names no leg" in found.json()["detail"]


def test_charts_of_the_report_stand_alone(client: httpx.Client, base: str, wide: str) -> None:
    for at in (f"/api/runs/{base}", f"/api/runs/{wide}/against/{base}"):
        told = client.get(f"{at}/charts.json").json()
        assert told
        assert client.get(f"{at}/charts/0.svg").text.startswith("<svg")
        assert client.get(f"{at}/charts/{len(told)}.svg").status_code == 404


def test_many_readers_at_once_get_the_same(client: httpx.Client, base: str, wide: str) -> None:
    paths = [
        f"/api/runs/{base}/map.json",
        f"/api/runs/{base}/why-not?route=coast&good=potash",
        f"/api/runs/{base}/explain?place=port&good=gas",
        f"/api/runs/{wide}/tables/consignments.csv",
        f"/api/runs/{wide}/against/{base}/tables/welfare.json",
        "/api/study/legs.csv",
    ]
    alone = {path: client.get(path) for path in paths}
    with ThreadPoolExecutor(12) as readers:
        together = list(readers.map(client.get, paths * 8))

    assert {each.status_code for each in together} == {200}
    for path, found in zip(paths * 8, together, strict=True):
        assert found.content == alone[path].content


def test_the_report_can_be_taken_away(client: httpx.Client, base: str, wide: str) -> None:
    page = client.get(f"/api/runs/{base}/report.html", params={"other": [wide]})

    assert page.text.startswith("<!DOCTYPE html>")
    assert "A wide &lt;border&gt;" in page.text or "A wide &#60;border&#62;" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_an_answer_and_its_study_are_taken_away(
    client: httpx.Client, wide: str, tmp_path: Path
) -> None:
    archive = client.get(f"/api/runs/{wide}/results.zip")
    with zipfile.ZipFile(io.BytesIO(archive.content)) as found:
        names = {Path(name).name for name in found.namelist()}
        flows = pl.read_csv(found.read("results/flows.csv"))
    assert names >= {"clearing.json", "flows.csv", "prices.csv", "trade.csv"}
    assert "evil-wide-results.zip" in archive.headers["content-disposition"]

    book = client.get(f"/api/runs/{wide}/results.xlsx").content
    assert pl.read_excel(io.BytesIO(book), sheet_name="flows").height == flows.height
    (tmp_path / "study.xlsx").write_bytes(client.get(f"/api/runs/{wide}/study.xlsx").content)
    assert read_study(tmp_path / "study.xlsx").input_hash() == wide.partition("-")[0]


def test_a_run_knows_what_its_changes_added(client: httpx.Client) -> None:
    places = a_study().table("places")["place"].to_list()
    row = {
        "leg": "mine-alone",
        "origin": places[0],
        "destination": places[1],
        "mode": "road",
        "cost": 1,
    }
    change = {"table": "legs", "add": [row]}
    begun = client.post("/api/runs", json={"changes": [change]}).json()
    over(client, begun["id"])

    names = client.get(f"/api/runs/{begun['id']}/names").json()
    assert names["leg"]["mine-alone"]["mode"] == "road"
    assert "mine-alone" not in client.get("/api/names").json()["leg"]
    legs = client.get(f"/api/runs/{begun['id']}/study/legs.json").json()
    assert "mine-alone" in [each["leg"] for each in legs["rows"]]
    assert legs["input"] == begun["input"]
    assert client.get(f"/api/runs/{begun['id']}/study/legz.json").status_code == 404


def test_forms_can_be_made_from_what_a_table_declares(client: httpx.Client) -> None:
    tables = {each["name"]: each for each in client.get("/api/study").json()["tables"]}
    legs = {each["name"]: each for each in tables["legs"]["columns"]}

    assert legs["origin"]["refers_to"] == ["places"]
    assert "rail" in legs["mode"]["one_of"]
    assert legs["cost"]["unit"] == "USD per unit"
    assert (legs["days"]["default"], legs["days"]["at_least"]) == (0.0, 0)


def test_orders_plants_and_limits_say_why(client: httpx.Client, base: str) -> None:
    orders = client.get(f"/api/runs/{base}/tables/orders.json").json()["rows"]
    study = a_study()
    assert len(orders) == study.table("offers").height + study.table("bids").height

    plant = {"plant": "p1", "place": "baku", "recipe": "r", "capacity": 5, "cost": 1e6}
    recipe = [
        {"recipe": "r", "good": "potash", "amount": 1},
        {"recipe": "r", "good": "potash.2", "amount": -1},
    ]
    goods = study.table("goods")["good"].to_list()
    recipe[1]["good"] = next(good for good in goods if good != "potash")
    quota = {"quota": "q1", "good": "potash", "quantity": 10}
    changes = [
        {"table": table, "add": add}
        for table, add in (("recipes", recipe), ("plants", [plant]), ("quotas", [quota]))
    ]
    run = client.post("/api/runs", json={"changes": changes}).json()["id"]
    assert over(client, run)["state"] == "done"
    at = f"/api/runs/{run}"
    assert client.get(f"{at}/why-plant", params={"plant": "p1"}).json()["state"] == "idle"
    found = client.get(f"{at}/why-limit", params={"table": "quotas", "name": "q1"}).json()
    assert found["limits"][0]["rent"] > 0
    assert sum(row["quantity"] for row in found["rows"]) == pytest.approx(10)
    assert client.get(f"{at}/why-plant", params={"plant": "p2"}).status_code == 404


def test_a_rule_tells_what_it_changes(client: httpx.Client, base: str) -> None:
    ban = {"ban": "b1", "good": "potash", "origin": "*", "destination": "*", "via": "check"}
    changes = [{"table": "bans", "add": [ban]}]
    run = client.post("/api/runs", json={"changes": changes}).json()["id"]
    assert over(client, run)["state"] == "done"
    asked = {"table": "bans", "name": "b1"}
    early = client.get(f"/api/runs/{run}/why-rule", params=asked)
    assert early.status_code == 404
    assert "there is no run" in early.json()["detail"]

    free = client.post(f"/api/runs/{run}/without", json=asked).json()
    assert over(client, free["id"])["state"] == "done"
    assert free["input"] == base
    assert free["titles"][-1] == "without ban b1"
    told = client.get(f"/api/runs/{run}/why-rule", params=asked).json()
    assert told["matters"]
    assert told["totals"][0]["change"] > 0
    assert "Without it, everything else as it is" in told["text"]
    assert [each["scenarios"][-1:] for each in told["about"]["answers"]] == [
        ["edited"],
        ["without-b1"],
    ]
    for wrong in ({"table": "bans", "name": "b2"}, {"table": "goods", "name": "potash"}):
        assert client.post(f"/api/runs/{run}/without", json=wrong).status_code == 404
        assert client.get(f"/api/runs/{run}/why-rule", params=wrong).status_code == 404


def test_differences_tell_their_causes(client: httpx.Client, base: str, wide: str) -> None:
    at = f"/api/runs/{wide}/against/{base}/tables"
    inputs = client.get(f"{at}/inputs.json").json()["rows"]
    assert [(row["table"], row["name"], row["column"]) for row in inputs] == [
        ("legs", "check", "capacity")
    ]
    flows = client.get(f"{at}/flows.json").json()["rows"]
    told = {row["leg"]: row["cause"] for row in flows if row["change"]}
    assert "capacity" in told["check"]
    assert client.get(f"{at}/totals.csv").text.startswith("measure,unit,base,other,change\n")


def test_any_price_is_taken_apart_in_both_answers(
    client: httpx.Client, base: str, wide: str
) -> None:
    at = f"/api/runs/{wide}/against/{base}"
    prices = client.get(f"{at}/tables/prices.json").json()["rows"]
    for row in prices:
        if row["base"] is None or row["other"] is None:
            continue
        asked = {name: row[name] for name in ("place", "good", "period")}
        parts = client.get(f"{at}/explain", params=asked).json()["rows"]
        for end in ("base", "other", "change"):
            assert sum(part[end] for part in parts) == pytest.approx(row[end], abs=1e-6)
    assert client.get(f"{at}/explain?place=nowhere&good=potash").status_code == 404


def test_any_journey_is_drawn_with_its_indicators(client: httpx.Client, base: str) -> None:
    rows = client.get(f"/api/runs/{base}/tables/consignments.json").json()["rows"]
    row = next(row for row in rows if ";" in row["legs"])
    asked = {"good": row["good"], "legs": row["legs"], "period": row["period"]}
    drawn = client.get(f"/api/runs/{base}/journey.svg", params=asked)
    assert drawn.headers["content-type"] == "image/svg+xml"
    told = client.get(f"/api/runs/{base}/journey.json", params=asked).json()
    assert [each["leg"] for each in told["steps"] if each["leg"]] == row["legs"].split(";")
    assert len(told["indicators"]) == 6
    for wrong in ({"good": "gold"}, {"legs": "no-such-leg"}):
        found = client.get(f"/api/runs/{base}/journey.svg", params={**asked, **wrong})
        assert found.status_code == 404, found.text
