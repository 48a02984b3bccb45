"""What a map shows beside flows: bans and quotas where they hold, and a basemap of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from entrepot.cli import run
from entrepot.drawing.own_basemap import read_own_basemap
from tests.unit.web.atlas import a_client, a_study, over, run_of

LAND = {"type": "Polygon", "coordinates": [[[40, 35], [60, 35], [60, 45], [40, 35]]]}


def drawn(client: httpx.Client, changes: list[dict[str, object]]) -> dict[str, object]:
    begun = client.post("/api/runs", json={"changes": changes}).json()
    assert over(client, begun["id"])["state"] == "done"
    found: dict[str, object] = client.get(f"/api/runs/{begun['id']}/map.json").json()
    return found


def test_rules_are_drawn_on_their_legs_or_at_their_countries() -> None:
    study = a_study()
    home, other = study.table("places")["country"].unique(maintain_order=True).to_list()[:2]
    leg = study.table("legs")["leg"][0]
    bans = [
        {"ban": "by-leg", "good": "potash", "origin": "XX", "via": leg},
        {"ban": "by-land", "good": "potash", "origin": "XX", "via": other},
        {"ban": "over", "good": "potash", "origin": "XX", "until": "1999-12-31"},
    ]
    quota = {"quota": "most", "good": "potash", "destination": home, "quantity": 1e9}
    countries = [{"country": "XX"}]
    changes: list[dict[str, object]] = [
        {"table": table, "add": add}
        for table, add in (("countries", countries), ("bans", bans), ("quotas", [quota]))
    ]
    with a_client() as client:
        found = drawn(client, changes)
    rules = {each["name"]: each for each in found["rules"]}  # type: ignore[attr-defined]

    assert rules["by-leg"]["lines"]
    assert rules["by-leg"]["at"] == []
    assert rules["by-land"]["lines"] == []
    assert len(rules["by-land"]["at"]) == 1
    assert "by way of" in rules["by-land"]["told"]
    assert rules["most"]["kind"] == "quota"
    assert len(rules["most"]["at"]) == 1


def test_a_basemap_of_ones_own_takes_the_place_of_the_pages(tmp_path: Path) -> None:
    file = tmp_path / "land.geojson"
    file.write_text(json.dumps(LAND | {"type": "Feature", "geometry": LAND}))
    with a_client(basemap=read_own_basemap(file)) as client:
        assert client.get("/api/basemap.json").json()["geometry"] == LAND
        own = told(client)
    with a_client() as client:
        assert client.get("/api/basemap.json").status_code == 204
        shipped = told(client)
    # What the server draws stands on it too.
    assert own[0] != shipped[0]
    assert "the file land.geojson" in own[1]
    assert "the file land.geojson" not in shipped[1]


def told(client: httpx.Client) -> tuple[str, str]:
    run = run_of(client)["id"]
    return tuple(client.get(f"/api/runs/{run}/{file}").text for file in ("map.svg", "report.html"))  # type: ignore[return-value]


def test_view_says_what_is_wrong_with_a_basemap(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(["view", "caspian", "--no-browser", "--basemap", str(tmp_path / "no.json")])

    assert status == 1
    assert "no.json cannot be read" in capsys.readouterr().err
