"""The page: built files where they are, else the report with a word on how to build them."""

from __future__ import annotations

import time
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from entrepot.web.answers import PAGE_POLICY
from entrepot.web.atlas import answer
from entrepot.web.problems import Refused
from entrepot.web.runs import Run
from entrepot.web.shelf import atlas_of
from entrepot.web.work import OVER

BUILT = Path(__file__).with_name("built")
"""What `make web` builds from the folder `web` of the sources."""

HOW = "the page of the atlas is not built: in the sources, `make web` builds it (needs npm)"


def is_built() -> bool:
    """Whether there is a page to serve."""
    return (BUILT / "index.html").is_file()


def add_to(app: FastAPI) -> None:
    """Serve the page at the root, after all other addresses."""
    if is_built():
        app.mount("/", _Files(directory=BUILT, html=True))
    else:
        app.add_api_route("/", instead, include_in_schema=False, methods=["GET"])


def instead(request: Request) -> HTMLResponse:
    """The report of what the atlas was opened with."""
    from entrepot.report.report import report

    atlas = atlas_of(request)
    runs = [atlas.runs.start(names) for names in ((), *(names for names in atlas.shown if names))]
    base, *others = [answer(_over(run)) for run in runs]
    page = report(base, others, basemap=atlas.own_basemap)
    return HTMLResponse(page, headers={"content-security-policy": PAGE_POLICY})


def _over(run: Run) -> Run:
    while run.state not in OVER:
        time.sleep(0.05)
    return run


class _Files(StaticFiles):
    """Built files; those named by their content are kept, the page itself is asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "pages are only read")
        found = await super().get_response(path, scope)
        kept = path.startswith("assets/") and found.status_code == HTTPStatus.OK
        found.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if kept else "no-cache"
        )
        return found
