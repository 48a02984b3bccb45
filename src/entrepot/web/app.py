"""The application: addresses, errors as JSON, the page, and the guard before all of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from http import HTTPStatus
from threading import Event, Semaphore

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp

from entrepot import __version__
from entrepot.drawing.own_basemap import OwnBasemap
from entrepot.errors import EntrepotError
from entrepot.study import Study
from entrepot.web import answers, page, reasons, studies, takeaway
from entrepot.web.atlas import Atlas
from entrepot.web.guard import Guard
from entrepot.web.keep import Keep
from entrepot.web.problems import Told, refusal, told, unexpected, wrong_words
from entrepot.web.reader import Unsound
from entrepot.web.runs import MOST_AT_ONCE, WORKER, Runs
from entrepot.web.shelf import Shelf
from entrepot.web.shelf import router as shelves

LOCAL = "127.0.0.1"


def create_app(
    study: Study,
    shown: Sequence[Sequence[str]] = (),
    *,
    host: str = LOCAL,
    token: str | None = None,
    worker: Sequence[str] = WORKER,
    ending: Event | None = None,
    basemap: OwnBasemap | None = None,
    keep: Keep | None = None,
) -> ASGIApp:
    """The atlas of a study as an ASGI application.

    Parameters
    ----------
    study : as it stands
    shown : scenarios with which the page opens, a list for each answer
    host : the address that the server listens on
    token : what a reader must show; needed where others can reach the host
    worker : the program that clears
    ending : set when the server is to end, so that nobody waits for news any more
    basemap : drawn in place of the one that comes with the package
    keep : where opened studies and changes outlive the server; without it, nothing does
    """
    ending, turn = ending or Event(), Semaphore(MOST_AT_ONCE)

    def atlas(study: Study, opened: str = "") -> Atlas:
        under = None if basemap is None else basemap.basemap
        runs = Runs(study, worker, ending, turn)
        return Atlas(study, runs, opened=opened, keep=keep, own_basemap=under)

    first = replace(atlas(study), shown=tuple(tuple(names) for names in shown))
    shelf = Shelf(first, atlas, keep)

    @asynccontextmanager
    async def alive(_: FastAPI) -> AsyncIterator[None]:
        yield
        shelf.close()

    # The pages that FastAPI draws of its addresses come from elsewhere; the description does not.
    app = FastAPI(
        title="entrepot atlas",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=alive,
    )
    app.state.shelf = shelf
    app.state.basemap = None if basemap is None else basemap.content
    app.include_router(shelves)
    for each in (studies.router, takeaway.router, reasons.router, answers.router):
        app.include_router(each, prefix="/api")
        # The same of a study that a reader opened.
        app.include_router(each, prefix="/api/opened/{opened}", include_in_schema=False)
    page.add_to(app)
    _add_errors(app)
    return Guard(app, host, token)


def _add_errors(app: FastAPI) -> None:
    """Every error leaves as JSON in the same form."""

    @app.exception_handler(EntrepotError)
    async def ours(_: Request, error: EntrepotError) -> Response:
        return _answer(error.problem if isinstance(error, Unsound) else told(error))

    @app.exception_handler(RequestValidationError)
    async def words(_: Request, error: RequestValidationError) -> Response:
        return _answer(wrong_words(list(error.errors())))

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        return _answer(refusal(status, str(error.detail)))

    @app.exception_handler(Exception)
    async def fault(_: Request, error: Exception) -> Response:
        return _answer(unexpected(error))


def _answer(problem: Told) -> Response:
    content = json.dumps(problem, ensure_ascii=False, allow_nan=False, default=str)
    return Response(
        content.encode("utf-8", "replace"),
        status_code=problem["status"],
        media_type="application/problem+json",
    )
