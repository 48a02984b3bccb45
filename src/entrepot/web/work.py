"""One clearing in a process of its own: waiting for its turn, under way, or over."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

from entrepot.clearing.answers import Clearing
from entrepot.study import Study
from entrepot.web.carried import ANSWER, ERROR, STAGE, packed, receive, send, unpacked
from entrepot.web.problems import Told, refusal

State = Literal["waiting", "running", "done", "failed", "cancelled"]
LOST: tuple[State, ...] = ("failed", "cancelled")
OVER: tuple[State, ...] = ("done", *LOST)


@dataclass(eq=False)
class Work:
    """The clearing of a study, whoever asked for it.

    Attributes
    ----------
    input : input hash of the study
    study : as the first who asked named it
    stage : what it is doing, in words
    problem : why it failed
    clearing : the answer, where it is done
    """

    input: str
    study: Study
    state: State = "waiting"
    stage: str = ""
    problem: Told | None = None
    clearing: Clearing | None = None
    seconds: float = 0.0
    cancelled: bool = False
    process: subprocess.Popen[bytes] | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def begin(self, command: Sequence[str], turn: threading.Semaphore) -> None:
        """Clear in the background, by this program, when it is its turn."""
        threading.Thread(target=self._carry_out, args=(command, turn), daemon=True).start()

    def cancel(self) -> None:
        """Stop; what is over stays as it is."""
        with self.lock:
            if self.state not in OVER:
                self.cancelled = True
                self.state = "cancelled"
                if self.process is not None:
                    self.process.kill()

    def _carry_out(self, command: Sequence[str], turn: threading.Semaphore) -> None:
        with turn:
            began = time.monotonic()
            try:
                if self._start(command):
                    self._follow()
            except (OSError, EOFError) as error:
                self._end("failed", _stopped(str(error)))
            finally:
                self.seconds = time.monotonic() - began
                if self.process is not None:
                    self.process.kill()
                    self.process.wait()
                    for stream in (self.process.stdin, self.process.stdout):
                        _close(stream)
                    self.process = None

    def _start(self, command: Sequence[str]) -> bool:
        with self.lock:
            if self.cancelled:
                return False
            self.process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Ctrl-C in the server's terminal is the server's to answer.
                start_new_session=True,
            )
            self.state = "running"
        assert self.process.stdin is not None
        send(self.process.stdin, STAGE, packed(self.study))  # type: ignore[arg-type]
        return True

    def _follow(self) -> None:
        """Take what the worker says until it has said all."""
        assert self.process is not None
        assert self.process.stdout is not None
        while frame := receive(self.process.stdout):  # type: ignore[arg-type]
            kind, content = frame
            if kind == STAGE:
                self.stage = content.decode()
            elif kind == ANSWER:
                self.clearing = unpacked(content)
                return self._end("done", None)
            elif kind == ERROR:
                return self._end("failed", json.loads(content))
        self._end("failed", _stopped(f"exit status {self.process.wait()}"))

    def _end(self, state: State, problem: Told | None) -> None:
        with self.lock:
            if not self.cancelled:
                self.state, self.problem = state, problem


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
