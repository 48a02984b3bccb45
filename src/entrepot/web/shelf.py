"""The studies that are looked at: the one the atlas was started with, and those readers opened.

A study that was opened is named by the hash of all that it says, and never changes: whoever has its
address sees it as long as it is kept. What was sent is kept as it was sent, and is read and checked
again when it is asked for and not in memory, after a restart above all.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from entrepot.study import Study
from entrepot.web.atlas import Atlas
from entrepot.web.keep import Keep
from entrepot.web.parcels import unpack
from entrepot.web.problems import Refused
from entrepot.web.reader import read_apart

MOST_OPENED = 8
"""Studies in memory; the one opened first goes first."""
SENT = "application/octet-stream"
"""What a parcel is sent as: no page of another site can send it without asking first."""


class Shelf:
    """Every study that the atlas can show.

    Parameters
    ----------
    first : the study that the atlas was started with
    make : the atlas of another
    keep : where studies outlive the server; without it they do not
    """

    def __init__(
        self, first: Atlas, make: Callable[[Study, str], Atlas], keep: Keep | None = None
    ) -> None:
        self.first = first
        self._keep = keep
        self._make = make
        self._opened: dict[str, Atlas] = {}
        self._lock = threading.Lock()
        self._reading = threading.Lock()

    def open(self, name: str, content: bytes) -> str:
        """Open what was dropped, and give the name under which it stands.

        Raises
        ------
        Refused : too large, no study, another one is being read, or it cannot be kept
        StudyError, Unsound : everything that is wrong with it
        """
        if not self._reading.acquire(blocking=False):
            raise Refused(
                HTTPStatus.TOO_MANY_REQUESTS, "another study is being read; try again in a moment"
            )
        try:
            study = _read(name, content)
        finally:
            self._reading.release()
        opened = _named(study)
        if self._keep is not None:
            self._keep.put_study(opened, name, content, _about(opened, study))
        self._put(opened, study)
        return opened

    def get(self, name: str) -> Atlas:
        """The atlas of a study that was opened.

        Raises
        ------
        Refused : there is none
        StudyError, Unsound : what was kept is damaged
        """
        found = self._opened.get(name)
        if found is not None:
            return found
        with self._reading:
            if name not in self._opened:
                parcel = None if self._keep is None else self._keep.parcel(name)
                if parcel is None:
                    why = "was opened here but is no more; open it again"
                    raise Refused(HTTPStatus.NOT_FOUND, f"the study {name[:64]!r} {why}")
                self._put(name, _read(*parcel))
            return self._opened[name]

    def told(self) -> list[dict[str, Any]]:
        """What can be looked at, the study of the command line first, then the latest."""
        opened = reversed(list(self._opened.items()))
        found = {name: _about(name, atlas.study) for name, atlas in opened}
        if self._keep is not None:
            found = {each["id"]: each for each in self._keep.studies()} | found
        return [_about("", self.first.study), *found.values()]

    def _put(self, name: str, study: Study) -> None:
        """Remember a study; the same one stands there once."""
        with self._lock:
            if name not in self._opened:
                self._opened[name] = self._make(study, name)
                while len(self._opened) > MOST_OPENED:
                    self._opened.pop(next(iter(self._opened))).runs.stop()

    def close(self) -> None:
        """Stop everything that is under way."""
        for atlas in (self.first, *self._opened.values()):
            atlas.runs.close()


def shelf_of(request: Request) -> Shelf:
    """The shelf of the application."""
    found: Shelf = request.app.state.shelf
    return found


def atlas_of(request: Request) -> Atlas:
    """The atlas that a request is for: its address may name a study that was opened."""
    shelf = shelf_of(request)
    opened = request.path_params.get("opened")
    return shelf.first if opened is None else shelf.get(opened)


router = APIRouter(prefix="/api/opened")
Shelved = Annotated[Shelf, Depends(shelf_of)]


@router.get("")
def every(shelf: Shelved) -> list[dict[str, Any]]:
    """The studies that can be looked at."""
    return shelf.told()


@router.post("", status_code=HTTPStatus.CREATED)
async def take(
    request: Request, shelf: Shelved, name: Annotated[str, Query(min_length=1, max_length=400)]
) -> dict[str, Any]:
    """Open a workbook, or a zip archive of a study's folder or of a GMNS network."""
    if request.headers.get("content-type") != SENT:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send the file as {SENT}")
    content = await request.body()
    opened = await run_in_threadpool(shelf.open, name, content)
    return _about(opened, shelf.get(opened).study)


def _read(name: str, content: bytes) -> Study:
    """The study in what was sent, read in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="entrepot-") as folder:
        return read_apart(unpack(name, content, Path(folder)))


def _about(name: str, study: Study) -> dict[str, Any]:
    return {
        "id": name,
        "name": study.name,
        "title": study.settings.title,
        "input": study.input_hash(),
        "scenarios": list(study.scenarios),
    }


def _named(study: Study) -> str:
    scenarios = {name: each.as_dict() for name, each in study.scenarios.items()}
    told = json.dumps([study.name, study.input_hash(), scenarios], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:24]
