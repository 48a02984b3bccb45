"""Runs that fail, are cancelled, are too many, or lose their worker."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest

from entrepot.errors import ScenarioError
from entrepot.web import runs
from entrepot.web.problems import Refused
from entrepot.web.runs import Run, Runs
from tests.unit.web.atlas import a_client, a_study, run_of

SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")
DIES = (sys.executable, "-c", "raise SystemExit(3)")


def wait(run: Run, done: Callable[[Run], bool]) -> None:
    until = time.monotonic() + 30
    while not done(run):
        assert time.monotonic() < until, run.told()
        time.sleep(0.01)


def test_a_cancelled_run_ends_its_process() -> None:
    found = Runs(a_study(), SLEEPS)
    run = found.start([])
    wait(run, lambda each: each.work.process is not None)
    process = run.work.process
    assert process is not None

    found.cancel(run.id)

    assert process.wait(10) != 0
    wait(run, lambda each: each.work.process is None)
    assert run.state == "cancelled"


def test_a_cancelled_run_can_be_asked_for_again() -> None:
    found = Runs(a_study(), SLEEPS)
    first = found.start([])
    found.cancel(first.id)

    again = found.start([])

    assert again is not first
    assert again.id == first.id
    found.close()


def test_a_run_waits_for_its_turn_and_can_be_cancelled_there() -> None:
    found = Runs(a_study(), SLEEPS)
    first = found.start([])
    wait(first, lambda each: each.state == "running")
    second = found.start(["wide"])

    assert second.state == "waiting"
    found.cancel(second.id)
    found.close()
    assert second.work.process is None


def test_a_worker_that_dies_is_told() -> None:
    found = Runs(a_study(), DIES)
    run = found.start([])
    wait(run, lambda each: each.state == "failed")

    assert run.work.problem is not None
    assert run.work.problem["detail"].startswith("the worker stopped before its answer")


def test_too_many_runs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_WAITING", 1)
    found = Runs(a_study(), SLEEPS)
    found.start([])

    with pytest.raises(Refused, match="1 runs are waiting"):
        found.start(["wide"])
    found.close()


def test_the_run_not_used_for_longest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_KEPT", 1)
    found = Runs(a_study(), DIES)
    first = found.start([])
    wait(first, lambda each: each.state == "failed")
    second = found.start(["wide"])
    wait(second, lambda each: each.state == "failed")

    assert found.all() == [second]
    with pytest.raises(Refused, match="ask for its scenarios again"):
        found.get(first.id)


def test_the_same_inputs_asked_for_by_two_names_are_cleared_once() -> None:
    found = Runs(a_study(), SLEEPS)
    edit = {"table": "legs", "where": {"leg": "check"}, "set": {"capacity": 2000}}
    mine, theirs = found.start([], [edit]), found.start(["wide"])

    assert mine.work is theirs.work
    assert (mine.study.applied, theirs.study.applied) == (("edited",), ("wide",))
    assert found.get(mine.id) is mine
    assert found.get(theirs.id) is theirs
    # A name that fits both is no name.
    with pytest.raises(Refused, match="there is no run"):
        found.get(mine.input)
    found.close()


def test_scenarios_are_checked_before_anything_runs() -> None:
    found = Runs(a_study(), SLEEPS)

    for names in (["lost"], ["nothing"]):
        with pytest.raises(ScenarioError):
            found.start(names)
    assert not found.all()


def test_a_market_without_an_answer_is_told_in_its_own_words() -> None:
    with a_client() as client:
        told = run_of(client, "obliged")

    assert told["state"] == "failed"
    assert told["problem"]["kind"] == "InfeasibleError"
