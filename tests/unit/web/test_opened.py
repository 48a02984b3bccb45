"""Studies that readers bring: workbooks, archives and networks, sound, wrong and hostile."""

from __future__ import annotations

import io
import stat
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import polars as pl
import pytest

from entrepot.study import write_study
from entrepot.web import guard, parcels, shelf
from entrepot.web.parcels import unpack
from entrepot.web.problems import Refused
from entrepot.web.reader import read_apart
from tests.unit.web.atlas import a_client, a_study

SENT = {"content-type": "application/octet-stream"}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with a_client() as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    yield
    assert list((tmp_path / "temporary").iterdir()) == []


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return into.getvalue()


def folder_zipped(folder: Path, above: str = "") -> bytes:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return zipped(
        {f"{above}{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files}
    )


def sent(client: httpx.Client, name: str, content: bytes) -> httpx.Response:
    return client.post("/api/opened", params={"name": name}, content=content, headers=SENT)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write_study(a_study(), tmp_path / "mine")
    return tmp_path / "mine"


@pytest.mark.parametrize("above", ["", "mine/", "deep/below/mine/"])
def test_a_folder_is_opened_beside_the_first_study(
    client: httpx.Client, written: Path, above: str
) -> None:
    found = sent(client, "mine.zip", folder_zipped(written, above))
    assert found.status_code == 201, found.text
    opened = f"/api/opened/{found.json()['id']}"

    begun = client.post(f"{opened}/runs", json={"scenarios": ["wide"]}).json()
    while (told := client.get(f"{opened}/runs/{begun['id']}").json())["state"] != "done":
        assert told["state"] in ("waiting", "running"), told
    assert told["study"] == "mine"
    assert client.get(f"{opened}/study").json()["name"] == "mine"
    assert client.get("/api/study").json()["name"] == "evil"
    assert client.get(f"/api/runs/{begun['id']}").status_code == 404
    assert "mine" in [each["name"] for each in client.get("/api/opened").json()]


def test_the_same_study_stands_there_once(client: httpx.Client, written: Path) -> None:
    one, two = (sent(client, "mine.zip", folder_zipped(written)) for _ in range(2))

    assert one.json() == two.json()


def test_a_workbook_is_opened(client: httpx.Client, tmp_path: Path) -> None:
    write_study(a_study(), tmp_path / "book.xlsx", "xlsx")
    found = sent(client, "../../a b/Kitab: ə.xlsx", (tmp_path / "book.xlsx").read_bytes())

    assert found.status_code == 201, found.text
    assert found.json()["name"] == "Kitab- ə"
    assert found.json()["input"] == a_study().input_hash()
    assert sorted(found.json()["scenarios"]) == ["lost", "obliged", "wide"]


def test_a_network_in_gmns_is_opened(client: httpx.Client) -> None:
    files = {
        "net/node.csv": "node_id,x_coord,y_coord,zone_id\n1,49.8,40.4,1\n2,51.4,35.7,2\n",
        "net/link.csv": "link_id,from_node_id,to_node_id,directed,length\n1,1,2,1,500\n",
        "net/config.csv": "dataset_name,long_length\nA net,km\n",
        "net/demand.csv": "o_zone_id,d_zone_id,volume\n1,2,10\n",
    }
    found = sent(client, "net.zip", zipped(files))

    assert found.status_code == 201, found.text
    assert found.json()["title"] == "A net"

    del files["net/demand.csv"]
    (problem,) = sent(client, "net.zip", zipped(files)).json()["problems"]
    assert problem["file"] == "demand.csv"
    assert "such as the row 1,2,100" in problem["remedy"]


def test_everything_wrong_is_told_at_once_and_nothing_is_lost(
    client: httpx.Client, written: Path
) -> None:
    before = client.get("/api/opened").json()
    legs = (written / "legs.csv").read_text()
    (written / "legs.csv").write_text(legs.replace("rail", "raill"))
    (written / "goods.csv").write_text("good,nam\npotash,Potash\n")
    found = sent(client, "mine.zip", folder_zipped(written))

    assert found.status_code == 422
    problems = found.json()["problems"]
    assert {each["file"] for each in problems} >= {"legs.csv", "goods.csv"}
    assert any(each["row"] and each["column"] == "mode" for each in problems)
    assert "/tmp" not in found.text
    assert client.get("/api/opened").json() == before


@pytest.mark.parametrize(
    ("settings", "why"),
    [("a = " + "[" * 20_000, "nested too deep"), ("a = " + "9" * 5_000, "no such number")],
)
def test_settings_that_cannot_be_read_are_told(
    client: httpx.Client, settings: str, why: str
) -> None:
    found = sent(client, "mine.zip", zipped({"study.toml": settings, "places.csv": "place\na\n"}))

    assert found.status_code == 422
    assert why in found.json()["detail"]


def test_no_more_problems_are_told_than_anybody_reads(client: httpx.Client, written: Path) -> None:
    lines = "".join(f"p{number},raill\n" for number in range(800))
    (written / "legs.csv").write_text(f"leg,mode\n{lines}")
    told = sent(client, "mine.zip", folder_zipped(written)).json()

    assert len(told["problems"]) == 500
    assert told["detail"].endswith("more")


@pytest.mark.parametrize(
    "name", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "a\\..\\evil.csv", "C:/evil.csv"]
)
def test_names_that_lead_elsewhere_are_refused(client: httpx.Client, name: str) -> None:
    found = sent(client, "mine.zip", zipped({"study.toml": "", name: "x", f"{name}2": "x"}))

    assert found.status_code == 422
    assert [each["value"] for each in found.json()["problems"]] == [name, f"{name}2"]
    assert "leads out of the archive" in found.json()["detail"]


def test_links_and_locked_files_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("places.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(Exception, match="is a link"):
        unpack("x.zip", into.getvalue(), tmp_path)

    locked = bytearray(zipped({"study.toml": "x"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Exception, match="password"):
        unpack("x.zip", bytes(locked), tmp_path)


def test_an_archive_that_grows_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels, "MOST_BYTES", 1_000_000)
    bomb = zipped({"study.toml": b"\0" * 2_000_000})
    with pytest.raises(Refused, match="holds more than"):
        unpack("bomb.zip", bomb, tmp_path)

    # One that lies about its size is told by what comes out.
    lying = bytearray(bomb)
    at = lying.index(b"PK\x01\x02") + 24
    lying[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Refused, match="is no archive that can be read"):
        unpack("bomb.zip", bytes(lying), tmp_path)
    many = zipped({f"{number}.csv": "" for number in range(parcels.MOST_FILES + 1)})
    with pytest.raises(Refused, match="holds more than"):
        unpack("many.zip", many, tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b"\0" * 100])
def test_what_is_no_archive_is_refused(client: httpx.Client, content: bytes) -> None:
    found = sent(client, "x.xlsx", content)

    assert found.status_code == 415
    assert "is no archive that can be read" in found.json()["detail"]


def test_an_archive_of_something_else_holds_no_study(client: httpx.Client) -> None:
    found = sent(client, "photos.zip", zipped({"a.jpg": b"x", "b.xlsx": zipped({"c.xlsx": b""})}))

    assert found.status_code == 422
    assert "the folder holds no study" in found.json()["detail"]


def test_other_sites_and_large_bodies_are_refused(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for headers, status in (
        ({"origin": "https://evil.example"}, 403),
        ({"content-type": "text/plain"}, 415),
    ):
        found = client.post("/api/opened?name=x", content=b"x", headers={**SENT, **headers})
        assert found.status_code == status, found.text
    assert client.post("/api/runs", content=b"x" * 70_000).status_code == 413
    assert sent(client, "x.zip", b"x" * 70_000).status_code == 415
    monkeypatch.setattr(guard, "LARGEST_PARCEL", 1_000)
    assert sent(client, "x.zip", b"x" * 1_001).status_code == 413


def test_a_reader_that_fails_is_told(tmp_path: Path) -> None:
    for script in ("raise SystemExit(1)", "import os; os.abort()"):
        with pytest.raises(Refused, match="more memory or time"):
            read_apart(tmp_path / "x", (sys.executable, "-c", script))


def test_the_study_opened_first_is_forgotten(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST_OPENED", 1)
    content = folder_zipped(written)
    with a_client() as client:
        ids = [sent(client, name, content).json()["id"] for name in ("one.zip", "two.zip")]

        assert client.get(f"/api/opened/{ids[0]}/study").status_code == 404
        assert client.get(f"/api/opened/{ids[1]}/study").status_code == 200


def test_what_is_wrong_in_a_workbook_is_told_by_cell(client: httpx.Client, tmp_path: Path) -> None:
    study = a_study()
    legs = study.table("legs").with_columns(mode=pl.lit("raill"))
    write_study(replace(study, tables={**study.tables, "legs": legs}), tmp_path / "b.xlsx", "xlsx")
    found = sent(client, "b.xlsx", (tmp_path / "b.xlsx").read_bytes())

    assert found.status_code == 422
    assert found.json()["problems"][0]["cell"] == "legs!D3"
