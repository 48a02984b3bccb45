"""A study with scenarios, and the atlas of it, as tests ask it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from entrepot.study import Change, Scenario, Study, study_from_tables
from entrepot.web.app import create_app
from entrepot.web.runs import WORKER
from entrepot.web.serve import take_place
from tests.unit.report.studies import TABLES

OBLIGED = {"commitment": "k9", "title": "More than there is", "good": "potash", "quantity": 1e9}


def a_study() -> Study:
    """A study whose names try to break a page, with a scenario that clears and one that cannot."""
    plain = study_from_tables("evil", TABLES)
    wide = Change("legs", where={"leg": "check"}, set={"capacity": 2000})
    promise = Change("commitments", add=[OBLIGED])
    return Study(
        plain.name,
        plain.settings,
        plain.tables,
        {
            "wide": Scenario("wide", "A wide <border>", (wide,), "wide.toml"),
            "lost": Scenario(
                "lost", "Lost", (Change("legs", where={"leg": "nope"}, remove=True),), "lost.toml"
            ),
            "obliged": Scenario("obliged", "Obliged", (promise,), "obliged.toml"),
        },
    )


@contextmanager
def a_client(worker: Sequence[str] = WORKER, **settings: Any) -> Iterator[httpx.Client]:
    """A reader of the atlas, over a real connection."""
    place = take_place("127.0.0.1", 0)
    app = create_app(a_study(), worker=worker, **settings)
    config = uvicorn.Config(app, log_level="critical", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [place.door]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.005)
        with httpx.Client(base_url=place.address, timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        place.door.close()


def run_of(client: httpx.Client, *scenarios: str) -> dict[str, Any]:
    """A run, once it is over."""
    begun = client.post("/api/runs", json={"scenarios": scenarios})
    assert begun.status_code == 202, begun.text
    return over(client, begun.json()["id"])


def over(client: httpx.Client, run: str) -> dict[str, Any]:
    """A run when it is over."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        told: dict[str, Any] = client.get(f"/api/runs/{run}").json()
        if told["state"] in ("done", "failed", "cancelled"):
            return told
        time.sleep(0.02)
    raise AssertionError(f"the run {run} is not over")
