"""`entrepot view` as a program: it says where the atlas is, serves it, and ends when asked."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from entrepot.cli import run
from entrepot.study import study_from_tables, write_study
from tests.unit.report.studies import TABLES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_study(study_from_tables("evil", TABLES), tmp_path / "evil")
    return tmp_path / "evil"


@pytest.mark.slow
def test_it_serves_until_it_is_interrupted(folder: Path) -> None:
    words = [sys.executable, "-m", "entrepot", "view", str(folder), "--no-browser"]
    program = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert program.stdout is not None
    said = program.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+/", said)
    try:
        assert address is not None, said
        page = httpx.get(address.group(), timeout=120)
        assert page.text.lower().startswith("<!doctype html>")
        run = httpx.post(f"{address.group()}api/runs", json={"scenarios": []}).json()["id"]
        told = f"{address.group()}api/runs/{run}/events"
        waiting = [threading.Thread(target=_listen, args=(told,)) for _ in range(3)]
        for each in waiting:
            each.start()
    finally:
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=30)

    assert program.returncode == 130
    assert err == "" or err.startswith("entrepot: the page of the atlas is not built")
    for each in waiting:
        each.join(10)


def _listen(address: str) -> None:
    with suppress(httpx.HTTPError):
        httpx.get(address, timeout=60)


def test_a_port_that_is_taken_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["view", str(folder), "--no-browser", "--port", "99999"]) == 1
    assert "leave --port out to take a free one" in capsys.readouterr().err


def test_a_scenario_that_is_not_there_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["view", str(folder), "--no-browser", "--scenario", "none"]) == 1
    assert "none" in capsys.readouterr().err
