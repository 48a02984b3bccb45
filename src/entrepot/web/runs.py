"""Runs: clearings of the study under scenarios, each in a process of its own, kept by their inputs.

A run is named by the hash of what went into it (`Study.input_hash`), so an answer can never be
shown against other inputs, and whoever asks for the same inputs gets the same run. Runs never
change once they are done. Nothing is stored: after a restart they are computed again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Literal, TypeVar

from entrepot.clearing.answers import Clearing
from entrepot.errors import ScenarioError
from entrepot.study import Study
from entrepot.study.scenario import scenario_from
from entrepot.web.carried import ANSWER, ERROR, STAGE, packed, receive, send, unpacked
from entrepot.web.problems import Refused, Told, refusal

Value = TypeVar("Value")
State = Literal["waiting", "running", "done", "failed", "cancelled"]
OVER: tuple[State, ...] = ("done", "failed", "cancelled")

WORKER = (sys.executable, "-P", "-m", "entrepot.web.worker")
MOST_AT_ONCE = 1
"""Clearings at the same time: one uses a whole core or more."""
MOST_KEPT = 12
"""Runs that are remembered; the one not used for longest goes first."""
MOST_WAITING = 24
EDITED = "edited"
"""Name of the scenario that a reader's own changes are."""


@dataclass(eq=False)
class Run:
    """One clearing, waiting, under way or over.

    Attributes
    ----------
    id : input hash of the study
    study : after its scenarios
    stage : what it is doing, in words
    problem : why it failed
    clearing : the answer, where it is done
    """

    id: str
    study: Study
    state: State = "waiting"
    stage: str = ""
    problem: Told | None = None
    clearing: Clearing | None = None
    seconds: float = 0.0
    used: float = 0.0
    cancelled: bool = False
    process: subprocess.Popen[bytes] | None = None
    found: dict[Any, Any] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def told(self) -> dict[str, Any]:
        """The run as plain values."""
        names = list(self.study.applied)
        return {
            "id": self.id,
            "study": self.study.name,
            "scenarios": names,
            "titles": [self.study.scenarios[name].title for name in names],
            "state": self.state,
            "stage": self.stage,
            "seconds": round(self.seconds, 3),
            "problem": self.problem,
        }

    def once(self, key: Any, make: Callable[[], Value]) -> Value:
        """What is worked out from the answer, worked out once however many ask for it."""
        with self.lock:
            if key not in self.found:
                self.found[key] = make()
            value: Value = self.found[key]
            return value


class Runs:
    """All runs of one study.

    Parameters
    ----------
    study : as it stands
    command : the program that clears
    ending : set when the server is to end
    turn : shared by all that may not clear at the same time
    """

    def __init__(
        self,
        study: Study,
        command: Sequence[str] = WORKER,
        ending: threading.Event | None = None,
        turn: threading.Semaphore | None = None,
    ) -> None:
        self.study = study
        self.ending = ending if ending is not None else threading.Event()
        self._turn = turn if turn is not None else threading.Semaphore(MOST_AT_ONCE)
        self._command = list(command)
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()
        self._named = lru_cache(maxsize=64)(self._inputs)

    def start(self, scenarios: Sequence[str], changes: Sequence[Mapping[str, Any]] = ()) -> Run:
        """The run of the study under scenarios, in that order; begun if nobody did yet.

        Parameters
        ----------
        changes : made after the scenarios, as a scenario file states them

        Raises
        ------
        ScenarioError : a name that the study does not have, scenarios that do not fit together, or
            a change that is wrong or matches nothing
        Refused : too many runs are waiting
        """
        study, name = self._named(tuple(scenarios), json.dumps(list(changes), sort_keys=True))
        with self._lock:
            run = self._runs.get(name)
            if run is None or run.state in ("failed", "cancelled"):
                waiting = sum(each.state not in OVER for each in self._runs.values())
                if waiting >= MOST_WAITING or self.ending.is_set():
                    why = f"{waiting} runs are waiting; wait for them or cancel some"
                    raise Refused(HTTPStatus.TOO_MANY_REQUESTS, why)
                run = Run(name, study)
                self._runs[name] = run
                self._forget()
                threading.Thread(target=self._carry_out, args=(run,), daemon=True).start()
            run.used = time.monotonic()
            return run

    def get(self, name: str) -> Run:
        """A run by its input hash, or by the first twelve letters or more of it.

        Raises
        ------
        Refused : there is none
        """
        with self._lock:
            fits = [run for key, run in self._runs.items() if key == name]
            if not fits and len(name) >= 12:
                fits = [run for key, run in self._runs.items() if key.startswith(name)]
            if len(fits) != 1:
                why = f"there is no run {name[:64]!r} any more: ask for its scenarios again"
                raise Refused(HTTPStatus.NOT_FOUND, why)
            fits[0].used = time.monotonic()
            return fits[0]

    def all(self) -> list[Run]:
        """Every run that is remembered, the oldest first."""
        with self._lock:
            return list(self._runs.values())

    def cancel(self, name: str) -> Run:
        """Stop a run; one that is over stays as it is."""
        run = self.get(name)
        with run.lock:
            if run.state not in OVER:
                run.cancelled = True
                run.state = "cancelled"
                if run.process is not None:
                    run.process.kill()
        return run

    def close(self) -> None:
        """Stop everything that is under way, and begin nothing more."""
        self.ending.set()
        self.stop()

    def stop(self) -> None:
        """Stop everything that is under way."""
        for run in self.all():
            self.cancel(run.id)

    def _inputs(self, scenarios: tuple[str, ...], changes: str) -> tuple[Study, str]:
        study = edited(self.study, json.loads(changes))
        more = [name for name in study.scenarios if name not in self.study.scenarios]
        study = study.scenario(*scenarios, *more)
        return study, study.input_hash()

    def _forget(self) -> None:
        """Forget the runs used least lately; the lock is held."""
        over = sorted((r for r in self._runs.values() if r.state in OVER), key=lambda r: r.used)
        for run in over[: max(0, len(self._runs) - MOST_KEPT)]:
            del self._runs[run.id]

    def _carry_out(self, run: Run) -> None:
        with self._turn:
            began = time.monotonic()
            try:
                if self._begin(run):
                    self._follow(run)
            except (OSError, EOFError) as error:
                self._end(run, "failed", _stopped(str(error)))
            finally:
                run.seconds = time.monotonic() - began
                if run.process is not None:
                    run.process.kill()
                    run.process.wait()
                    for stream in (run.process.stdin, run.process.stdout):
                        _close(stream)
                    run.process = None

    def _begin(self, run: Run) -> bool:
        with run.lock:
            if run.cancelled:
                return False
            run.process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Ctrl-C in the server's terminal is the server's to answer.
                start_new_session=True,
            )
            run.state = "running"
        assert run.process.stdin is not None
        send(run.process.stdin, STAGE, packed(run.study))  # type: ignore[arg-type]
        return True

    def _follow(self, run: Run) -> None:
        """Take what the worker says until it has said all."""
        assert run.process is not None
        assert run.process.stdout is not None
        while frame := receive(run.process.stdout):  # type: ignore[arg-type]
            kind, content = frame
            if kind == STAGE:
                run.stage = content.decode()
            elif kind == ANSWER:
                run.clearing = unpacked(content)
                return self._end(run, "done", None)
            elif kind == ERROR:
                return self._end(run, "failed", json.loads(content))
        self._end(run, "failed", _stopped(f"exit status {run.process.wait()}"))

    def _end(self, run: Run, state: State, problem: Told | None) -> None:
        with run.lock:
            if not run.cancelled:
                run.state, run.problem = state, problem


def edited(study: Study, changes: Sequence[Mapping[str, Any]], title: str = EDITED) -> Study:
    """The study with one more scenario that makes these changes; itself where there are none.

    Raises
    ------
    ScenarioError : changes that are not written the right way, every problem of them
    """
    if not changes:
        return study
    name = EDITED
    while name in study.scenarios:
        name += "-too"
    found, problems = scenario_from(name, {"title": title, "change": list(changes)}, EDITED)
    if found is None:
        raise ScenarioError(study.name, problems)
    return replace(study, scenarios={**study.scenarios, name: found})


def _stopped(why: str) -> Told:
    return refusal(
        HTTPStatus.INTERNAL_SERVER_ERROR, f"the worker stopped before its answer: {why}", "Fault"
    )


def _close(stream: Any) -> None:
    try:
        if stream is not None:
            stream.close()
    except OSError:
        return
