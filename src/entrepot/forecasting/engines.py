"""Where draws are made: in this process, in others on this machine, or on a cluster.

An engine is given a question once and gives draws back as they are made, in whatever order. All
engines give the same draws.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

from entrepot.errors import EngineError
from entrepot.forecasting.draws import Draw, Question, make_draw

SCHEME = "dask://"
AHEAD = 3
"""Draws that wait for each worker, so that none is idle."""
ANSWERS_WITHIN = "10s"
"""For a scheduler to answer, or it is taken to be away."""


class Engine(Protocol):
    """Makes draws."""

    def draws(self, question: Question, numbers: Sequence[int]) -> Iterator[Draw]:
        """The draws of these numbers, each once, as they are made."""
        ...


class Here:
    """In this process, one after the other."""

    def draws(self, question: Question, numbers: Sequence[int]) -> Iterator[Draw]:
        """The draws in order."""
        for number in numbers:
            yield make_draw(question, number)


class Processes:
    """In so many processes of this machine, each given the question once."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def draws(self, question: Question, numbers: Sequence[int]) -> Iterator[Draw]:
        """The draws as they are made.

        Raises
        ------
        EngineError : a process died
        """
        pool = ProcessPoolExecutor(
            max_workers=self.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_receive,
            initargs=(question,),
        )
        waiting: set[Future[Draw]] = set()
        left = iter(numbers)
        try:
            while True:
                for number in left:
                    waiting.add(pool.submit(_make, number))
                    if len(waiting) >= self.workers * AHEAD:
                        break
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in done)
        except BrokenProcessPool as error:
            raise EngineError(
                "a process that made draws died, most likely for want of memory; "
                "ask for fewer with --workers"
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


class Dask:
    """On the workers of a Dask cluster, which must have the same entrepot installed."""

    def __init__(self, address: str) -> None:
        self.address = address.removeprefix(SCHEME)

    def draws(self, question: Question, numbers: Sequence[int]) -> Iterator[Draw]:
        """The draws as they are made.

        Raises
        ------
        EngineError : `distributed` is not installed, the scheduler does not answer, or a draw
            was lost
        """
        try:
            import distributed
        except ImportError as error:
            raise EngineError(
                "clusters need the package distributed: pip install 'entrepot[cluster]'"
            ) from error
        try:
            client = distributed.Client(  # type: ignore[no-untyped-call]
                f"tcp://{self.address}", timeout=ANSWERS_WITHIN
            )
        except (OSError, ValueError) as error:
            raise EngineError(
                f"no scheduler answers at {SCHEME}{self.address}; start one with `dask scheduler` "
                "and `dask worker`, and name its address"
            ) from error
        with client:
            yield from _on_cluster(distributed, client, question, numbers)


def _on_cluster(
    distributed: Any, client: Any, question: Question, numbers: Sequence[int]
) -> Iterator[Draw]:
    if not client.scheduler_info()["workers"]:
        raise EngineError(
            f"the cluster at {client.scheduler.address} has no workers; start some with "
            "`dask worker`"
        )
    given = client.scatter(question, broadcast=True, hash=False)
    futures = client.map(_make_for, numbers, question=given, pure=False)
    try:
        for each in distributed.as_completed(futures):
            if each.status == "error":
                raise EngineError(f"a draw was lost on the cluster: {each.exception()}")
            yield each.result()
            each.release()
    finally:
        client.cancel(futures)


def engine_for(on: str | None, workers: int | None) -> Engine:
    """The engine that is meant: a cluster's address, or a number of processes, all cores if None.

    Raises
    ------
    EngineError : an address that is none, or a number of workers below one
    """
    if on is not None:
        host, _, port = on.removeprefix(SCHEME).rpartition(":")
        if not on.startswith(SCHEME) or not host or not port.isdigit():
            raise EngineError(f"{on!r} is not the address of a cluster; write {SCHEME}HOST:PORT")
        return Dask(on)
    count = cores() if workers is None else workers
    if count < 1:
        raise EngineError(f"draws need at least one worker, not {count}")
    return Here() if count == 1 else Processes(count)


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_given: list[Question] = []


def _receive(question: Question) -> None:
    """Take the question in a new process, leave Ctrl-C to the parent, and end when it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _given[:] = [question]


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _make(number: int) -> Draw:
    return make_draw(_given[0], number)


def _make_for(number: int, question: Question) -> Draw:
    return make_draw(question, number)
