"""What readers opened and changed outlives the server, at whatever moment it is killed."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from entrepot.cli import run
from entrepot.errors import OutputError
from entrepot.study import write_study
from entrepot.web import keep
from entrepot.web.keep import ABOUT, Keep, own_folder
from entrepot.web.problems import Refused
from tests.unit.web.atlas import a_client, a_study
from tests.unit.web.test_opened import SENT, folder_zipped, sent

ID = "0123456789abcdef01234567"


def closing(capacity: int) -> dict[str, Any]:
    return {"table": "legs", "where": {"leg": "check"}, "set": {"capacity": capacity}}


@pytest.fixture
def parcel(tmp_path: Path) -> bytes:
    write_study(a_study(), tmp_path / "mine")
    return folder_zipped(tmp_path / "mine")


@contextmanager
def a_server(study: Path, folder: Path) -> Iterator[httpx.Client]:
    """`entrepot view` as a program of its own, killed without a word in the end."""
    words = [sys.executable, "-m", "entrepot", "view", str(study), "--no-browser"]
    program = subprocess.Popen(
        [*words, "--keep", str(folder)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert program.stdout is not None
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+", program.stdout.readline())
        assert address is not None
        assert str(folder) in program.stdout.readline()
        with httpx.Client(base_url=address.group(), timeout=60) as client:
            yield client
    finally:
        program.send_signal(signal.SIGKILL)
        program.wait(30)
        program.stdout.close()


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(
    tmp_path: Path, parcel: bytes
) -> None:
    folder, study = tmp_path / "kept", tmp_path / "mine"
    with a_server(study, folder) as client:
        opened = sent(client, "Kitab ə.zip", parcel).json()
        begun = client.post(f"/api/opened/{opened['id']}/runs", json={"changes": [closing(9)]})
        assert begun.status_code == 202

    with a_server(study, folder) as client:
        assert opened in client.get("/api/opened").json()
        at = f"/api/opened/{opened['id']}"
        assert client.get(f"{at}/study").json()["input"] == opened["input"]
        (made,) = client.get(f"{at}/changes").json()
        assert made["changes"] == [closing(9)]
        again = client.post(f"{at}/runs", json={"changes": made["changes"]}).json()
        assert again["id"] == begun.json()["id"]
        assert client.get("/api/changes").json() == []


@pytest.mark.slow
def test_it_may_be_killed_at_any_moment(tmp_path: Path, parcel: bytes) -> None:
    folder, study = tmp_path / "kept", tmp_path / "mine"
    moments, acknowledged = random.Random(4), list[int]()
    for turn in range(3):
        with a_server(study, folder) as client, suppress(httpx.HTTPError):
            before = len(acknowledged)
            busy = threading.Thread(target=_press, args=(client, turn, acknowledged))
            busy.start()
            while busy.is_alive() and len(acknowledged) == before:
                time.sleep(0.005)
            # The server dies while more are being written.
            time.sleep(moments.uniform(0.0, 0.2))
        busy.join()
    kept = [each["changes"][0]["set"]["capacity"] for each in Keep(folder).changes("mine")]

    assert acknowledged
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept))


def _press(client: httpx.Client, turn: int, acknowledged: list[int]) -> None:
    with suppress(httpx.HTTPError, RuntimeError):
        for number in range(20):
            capacity = 1000 * (turn + 1) + number
            begun = client.post("/api/runs", json={"changes": [closing(capacity)]})
            if begun.status_code == 202:
                acknowledged.append(capacity)


def test_a_server_without_a_folder_keeps_nothing(parcel: bytes) -> None:
    with a_client() as client:
        client.post("/api/runs", json={"changes": [closing(9)]})

        assert client.get("/api/changes").json() == []


def test_changes_are_kept_in_order_and_once(tmp_path: Path) -> None:
    kept = Keep(tmp_path)
    one, two = ({"study": "x", "scenarios": [], "changes": [closing(n)]} for n in (1, 2))
    for number, told in enumerate((one, two, one)):
        kept.put_changes(told)
        for file in (tmp_path / "changes").iterdir():
            if json.loads(file.read_text()) == told:
                os.utime(file, (number, number))

    found = Keep(tmp_path).changes("x")
    assert [each["changes"] for each in found] == [[closing(1)], [closing(2)]]
    assert Keep(tmp_path).changes("y") == []


def test_wrong_changes_are_not_kept(tmp_path: Path) -> None:
    with a_client(keep=Keep(tmp_path)) as client:
        wrong = {"table": "legs", "where": {"leg": "nowhere"}, "remove": True}
        assert client.post("/api/runs", json={"changes": [wrong]}).status_code == 422

        assert client.get("/api/changes").json() == []


def test_what_cannot_be_kept_is_not_acknowledged(
    tmp_path: Path, parcel: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with a_client(keep=Keep(tmp_path / "kept")) as client:
        monkeypatch.setattr("os.fsync", full)
        begun = client.post("/api/runs", json={"changes": [closing(9)]})
        opened = sent(client, "mine.zip", parcel)
        for found in (begun, opened):
            assert found.status_code == 507
            assert "No space left" in found.json()["detail"]
            assert "--keep" in found.json()["detail"]
        assert client.get("/api/changes").json() == []
        assert len(client.get("/api/opened").json()) == 1
        monkeypatch.undo()
        assert sent(client, "mine.zip", parcel).status_code == 201
    assert [each.name for each in (tmp_path / "kept" / "opened").iterdir()] == [opened_id(tmp_path)]


def opened_id(tmp_path: Path) -> str:
    (study,) = Keep(tmp_path / "kept").studies()
    return str(study["id"])


def test_half_of_a_write_is_never_read_and_goes_in_the_end(tmp_path: Path) -> None:
    Keep(tmp_path)
    drafts = [tmp_path / "opened" / ".partial-1", tmp_path / "changes" / ".partial-2"]
    drafts[0].mkdir()
    (drafts[0] / "mine.zip").write_bytes(b"PK")
    drafts[1].write_text('{"study": "x"')

    assert Keep(tmp_path).studies() == Keep(tmp_path).changes("x") == []
    assert all(draft.exists() for draft in drafts)
    for draft in drafts:
        os.utime(draft, (0, 0))
    Keep(tmp_path)
    assert not any(draft.exists() for draft in drafts)


@pytest.mark.parametrize("spoil", [b"", b"PK\x03\x04", b"{"])
def test_what_somebody_spoiled_is_told(tmp_path: Path, parcel: bytes, spoil: bytes) -> None:
    with a_client(keep=Keep(tmp_path / "kept")) as client:
        opened = sent(client, "mine.zip", parcel).json()["id"]
    at = tmp_path / "kept" / "opened" / opened
    (at / "mine.zip").write_bytes(spoil)
    (tmp_path / "kept" / "changes" / f"{ID}.json").write_bytes(spoil)
    with a_client(keep=Keep(tmp_path / "kept")) as client:
        found = client.get(f"/api/opened/{opened}/study")
        assert found.status_code == 415
        assert "mine.zip is no archive that can be read" in found.json()["detail"]
        assert client.get("/api/changes").json() == []
        (at / ABOUT).write_bytes(spoil)
        assert len(client.get("/api/opened").json()) == 1


def test_what_was_deleted_is_gone(tmp_path: Path, parcel: bytes) -> None:
    kept = Keep(tmp_path / "kept")
    with a_client(keep=kept) as client:
        opened = sent(client, "mine.zip", parcel).json()["id"]
    for file in (kept.folder / "opened" / opened).iterdir():
        file.unlink()
    with a_client(keep=Keep(tmp_path / "kept")) as client:
        for name in (opened, "../../mine", "%2e%2e%2f", ID):
            assert client.get(f"/api/opened/{name}/study").status_code == 404


def test_the_oldest_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "MOST_STUDIES", 2)
    monkeypatch.setattr(keep, "MOST_CHANGES", 2)
    kept = Keep(tmp_path)
    for number in range(3):
        name = f"{number}" * 24
        kept.put_study(name, "about.json", b"x", {"name": "n", "title": "t"})
        kept.put_changes({"study": "x", "changes": [number]})
        for path in (tmp_path / "opened" / name, *(tmp_path / "changes").glob("*.json")):
            os.utime(path, (number, number) if path.stat().st_mtime > 9 else None)

    assert [each["id"][0] for each in kept.studies()] == ["2", "1"]
    assert kept.parcel("1" * 24) == ("about.json", b"x")
    assert kept.parcel("0" * 24) is None
    assert len(kept.changes("x")) == 2


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    kept = Keep(tmp_path / "kept")
    kept.put_study(ID, "x.zip", b"x", {"name": "n", "title": "t"})

    assert kept.folder.stat().st_mode & 0o077 == 0
    assert (kept.folder / "opened" / ID / "x.zip").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_study(a_study(), tmp_path / "mine")
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="nothing can be kept in"):
        Keep(tmp_path / "file")
    words = ["view", str(tmp_path / "mine"), "--no-browser", "--keep", str(tmp_path / "file")]
    assert run(words) == 1
    assert "nothing can be kept in" in capsys.readouterr().err


def test_its_own_folder_is_where_the_system_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert own_folder() == tmp_path / "entrepot" / "atlas"
    # One that is not absolute is none (XDG Base Directory Specification 0.8).
    for wrong in ("", "state"):
        monkeypatch.setenv("XDG_STATE_HOME", wrong)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setattr(sys, "platform", "linux")
        assert own_folder() == tmp_path / ".local" / "state" / "entrepot" / "atlas"


def test_names_in_any_letters_are_kept(tmp_path: Path, parcel: bytes) -> None:
    with a_client(keep=Keep(tmp_path / "kept")) as client:
        for name in ("ჰ" * 130 + ".zip", "about.json", ABOUT):
            found = client.post("/api/opened", params={"name": name}, content=parcel, headers=SENT)
            assert found.status_code == 201, found.text
            kept = Keep(tmp_path / "kept").parcel(found.json()["id"])
            assert kept is not None
            assert kept[1] == parcel


def test_refused_tells_where(tmp_path: Path) -> None:
    kept = Keep(tmp_path / "kept")
    (tmp_path / "kept" / "changes").rmdir()
    kept.put_changes({"study": "x", "changes": []})
    shutil.rmtree(tmp_path / "kept" / "changes")
    (tmp_path / "kept" / "changes").write_text("in the way")

    with pytest.raises(Refused, match=re.escape(str(tmp_path / "kept"))):
        kept.put_changes({"study": "x", "changes": []})
