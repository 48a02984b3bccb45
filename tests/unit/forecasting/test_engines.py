"""Draws made elsewhere are the draws made here, and none is made twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from entrepot.errors import EngineError, OutputError
from entrepot.forecasting.draws import Draw, Question
from entrepot.forecasting.engines import Dask, Engine, Here, Processes, engine_for
from entrepot.forecasting.folder import emptied, ready
from entrepot.forecasting.forecast import Forecast, forecast
from entrepot.forecasting.write import write_forecast
from entrepot.study import write_study
from tests.unit.forecasting.small_market import two_ports

DRAWS = 24
CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(
        n_workers=int(sys.argv[1]), threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


def made(engine: Engine | None, keep: Path | None = None, draws: int = DRAWS) -> Forecast:
    return forecast(two_ports(), ["closed"], draws=draws, engine=engine, keep=keep)


def written(found: Forecast, out: Path) -> dict[str, bytes]:
    write_forecast(found, out)
    return {file.name: file.read_bytes() for file in sorted(out.iterdir()) if file.is_file()}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a forecast of this process writes."""
    return written(made(Here()), tmp_path_factory.mktemp("here"))


class Counting:
    """Makes draws here and counts them; stops after some."""

    def __init__(self, most: int = 1000) -> None:
        self.numbers: list[int] = []
        self.most = most

    def draws(self, question: Question, numbers: Sequence[int]) -> Iterator[Draw]:
        for number in numbers:
            if len(self.numbers) == self.most:
                raise KeyboardInterrupt
            self.numbers.append(number)
            yield from Here().draws(question, [number])


@pytest.fixture
def cluster(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a cluster of so many workers on this machine."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER, encoding="utf-8")
    pipe = subprocess.PIPE
    words = [sys.executable, str(script), str(request.param)]
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().replace("tcp://", "dask://")
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=30)


@pytest.mark.slow
def test_two_processes_make_the_same_draws(here: dict[str, bytes], tmp_path: Path) -> None:
    assert written(made(Processes(2)), tmp_path) == here


@pytest.mark.slow
@pytest.mark.parametrize("cluster", [2], indirect=True)
def test_a_cluster_of_two_workers_makes_the_same_draws(
    here: dict[str, bytes], tmp_path: Path, cluster: str
) -> None:
    assert written(made(engine_for(cluster, None), tmp_path / "kept"), tmp_path / "told") == here


@pytest.mark.slow
@pytest.mark.parametrize("cluster", [0], indirect=True)
def test_a_cluster_without_workers_is_told(cluster: str) -> None:
    with pytest.raises(EngineError, match="has no workers; start some with `dask worker`"):
        made(Dask(cluster))


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepot.forecasting.engines.ANSWERS_WITHIN", "1s")

    with pytest.raises(EngineError, match="no scheduler answers at dask:"):
        made(engine_for("dask://127.0.0.1:9", None))


@pytest.mark.parametrize("address", ["dask://host", "tcp://host:8786", "dask://:8786", "host:1"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(EngineError, match="write dask://HOST:PORT"):
        engine_for(address, None)


def test_no_workers_are_refused() -> None:
    with pytest.raises(EngineError, match="at least one worker, not 0"):
        engine_for(None, 0)


def test_what_was_stopped_goes_on_where_it_was(here: dict[str, bytes], tmp_path: Path) -> None:
    first, second = Counting(most=9), Counting()
    with pytest.raises(KeyboardInterrupt):
        made(first, tmp_path)

    found = made(second, tmp_path)

    assert sorted(first.numbers + second.numbers) == list(range(DRAWS))
    assert written(found, tmp_path) == here


def test_more_draws_of_the_same_inputs_are_added(tmp_path: Path) -> None:
    made(None, tmp_path)
    more = Counting()

    found = made(more, tmp_path, draws=DRAWS + 6)

    assert more.numbers == list(range(DRAWS, DRAWS + 6))
    assert found.table.equals(made(None, draws=DRAWS + 6).table)


@pytest.mark.parametrize(
    ("other", "different"),
    [({"seed": 1}, "seed"), ({"common": 0.0}, "common"), ({"scenarios": ["cheap"]}, "studies")],
)
def test_draws_of_other_inputs_are_refused(
    tmp_path: Path, other: dict[str, object], different: str
) -> None:
    made(None, tmp_path)
    asked = {"scenarios": ["closed"], "draws": DRAWS, "keep": tmp_path, **other}

    with pytest.raises(OutputError, match=f"holds draws of other {different}; name another"):
        forecast(two_ports(), **asked)  # type: ignore[arg-type]


def test_a_damaged_draw_is_told(tmp_path: Path) -> None:
    made(None, tmp_path)
    (tmp_path / "draws" / "000007.json").write_text('{"draw": 7', encoding="utf-8")

    with pytest.raises(OutputError, match=r"000007.json cannot be read as a draw; delete it"):
        made(None, tmp_path)


def test_a_folder_is_kept_unless_it_is_to_be_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"exists and is kept; .*go on with its draws"):
        ready(tmp_path, resume=False, overwrite=False)
    ready(tmp_path, resume=True, overwrite=False)
    ready(tmp_path / "new", resume=True, overwrite=False)
    (tmp_path / "draws").mkdir()
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    ready(tmp_path, resume=False, overwrite=True)
    emptied(tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.slow
def test_a_killed_run_leaves_a_folder_to_go_on_with(tmp_path: Path) -> None:
    write_study(two_ports(), tmp_path / "ports")
    words = [sys.executable, "-m", "entrepot", "forecast", str(tmp_path / "ports")]
    words += ["--scenario", "closed", "--draws", "150", "--workers", "2", "--out"]
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    with subprocess.Popen([*words, str(killed)], start_new_session=True) as process:
        while process.poll() is None and len(list(killed.glob("draws/0*.json"))) < 3:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
    kept = {file: file.stat().st_mtime_ns for file in killed.glob("draws/0*.json")}
    assert 3 <= len(kept) < 150
    assert all(json.loads(file.read_text(encoding="utf-8"))["found"] for file in kept)

    subprocess.run([*words, str(killed), "--resume"], check=True, capture_output=True)
    subprocess.run([*words, str(whole)], check=True, capture_output=True)

    assert all(file.stat().st_mtime_ns == before for file, before in kept.items())
    names = [file.relative_to(whole) for file in whole.rglob("*") if file.is_file()]
    assert len(names) == 150 + 7
    assert all((killed / name).read_bytes() == (whole / name).read_bytes() for name in names)
