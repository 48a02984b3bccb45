"""Runs: clearings of the study under scenarios, kept by their inputs and named by who asked.

The same inputs are cleared once, so an answer can never be shown against others. What an answer is
called belongs to the asking: a scenario, and changes that happen to make the same study, are two
runs with one clearing between them. Runs never change once they are done. Nothing is stored: after
a restart they are computed again.
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from http import HTTPStatus
from typing import Any, TypeVar

from entrepot.clearing.answers import Clearing
from entrepot.errors import ScenarioError
from entrepot.results.lifted import lifted_study
from entrepot.study import Study
from entrepot.study.scenario import scenario_from
from entrepot.web.problems import Refused
from entrepot.web.work import LOST, OVER, State, Work

Value = TypeVar("Value")

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
    """What was asked for: a study by name, and the clearing that answers it.

    Attributes
    ----------
    id : input hash of the study, followed by a mark of its scenarios where it has some
    study : after its scenarios
    work : the clearing, shared by all whose inputs are the same
    """

    id: str
    study: Study
    work: Work
    used: float = 0.0
    found: dict[Any, Any] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def input(self) -> str:
        """Hash of what was cleared."""
        return self.work.input

    @property
    def state(self) -> State:
        """How far the clearing is."""
        return self.work.state

    @property
    def clearing(self) -> Clearing | None:
        """The answer, where it is done, by the name under which it was asked for."""
        done = self.work.clearing
        return (
            None if done is None else self.once("clearing", lambda: replace(done, study=self.study))
        )

    def told(self) -> dict[str, Any]:
        """The run as plain values."""
        names = list(self.study.applied)
        return {
            "id": self.id,
            "input": self.input,
            "study": self.study.name,
            "scenarios": names,
            "titles": [self.study.scenarios[name].title for name in names],
            "state": self.state,
            "stage": self.work.stage,
            "seconds": round(self.work.seconds, 3),
            "problem": self.work.problem,
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
        return self._begin(
            *self._named(tuple(scenarios), json.dumps(list(changes), sort_keys=True))
        )

    def without(self, run: Run, table: str, name: str) -> Run:
        """The run of the same study as if a ban, a duty or the closing of a leg did not hold.

        Raises
        ------
        QuestionError : there is no such rule
        Refused : too many runs are waiting
        """
        return self._begin(*self._without(run, table, name))

    def get_without(self, run: Run, table: str, name: str) -> Run:
        """The same, where somebody asked for it.

        Raises
        ------
        QuestionError : there is no such rule
        Refused : nobody asked for it
        """
        study, inputs = self._without(run, table, name)
        return self.get(_name_of(inputs, study.applied))

    def _without(self, run: Run, table: str, name: str) -> tuple[Study, str]:
        held = run.clearing
        if held is None:
            raise Refused(HTTPStatus.CONFLICT, f"there is no answer: the run is {run.state}")

        def make() -> tuple[Study, str]:
            study = lifted_study(held, table, name)
            return study, study.input_hash()

        return run.once(("without", table, name), make)

    def _begin(self, study: Study, inputs: str) -> Run:
        name = _name_of(inputs, study.applied)
        with self._lock:
            run = self._runs.get(name)
            if run is None or run.state in ("failed", "cancelled"):
                run = Run(name, study, self._work(inputs, study))
                self._runs[name] = run
                self._forget()
            run.used = time.monotonic()
            return run

    def _work(self, inputs: str, study: Study) -> Work:
        """The clearing of these inputs, begun if nobody did yet; the lock is held."""
        known = {run.work.input: run.work for run in self._runs.values() if run.state not in LOST}
        if inputs in known:
            return known[inputs]
        waiting = sum(work.state not in OVER for work in known.values())
        if waiting >= MOST_WAITING or self.ending.is_set():
            why = f"{waiting} runs are waiting; wait for them or cancel some"
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, why)
        work = Work(inputs, study)
        work.begin(self._command, self._turn)
        return work

    def get(self, name: str) -> Run:
        """A run by its name, or by the first twelve letters or more of it.

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
        run.work.cancel()
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


def _name_of(inputs: str, applied: Sequence[str]) -> str:
    """The name of a run: its inputs, and a mark of the scenarios by which it was asked for."""
    if not applied:
        return inputs
    return f"{inputs}-{hashlib.sha256(json.dumps(applied).encode()).hexdigest()[:8]}"


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
