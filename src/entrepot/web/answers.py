"""Addresses of runs: begin, watch, cancel, and what the answer says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from threading import Event
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import HTMLResponse, Response, StreamingResponse

from entrepot.results.facilitation import facilitation
from entrepot.results.staircase import staircase
from entrepot.results.write import account
from entrepot.study.toml import to_toml
from entrepot.web.atlas import Atlas, about, answer, comparison, result_table
from entrepot.web.causes import changed_inputs, difference_table
from entrepot.web.changes import Changes
from entrepot.web.charts import (
    chart_of,
    charts_of,
    journey_of,
    map_of,
    map_of_change,
    svg_of,
    svg_of_change,
)
from entrepot.web.problems import Refused
from entrepot.web.runs import Run, edited
from entrepot.web.shelf import atlas_of
from entrepot.web.twins import in_json, parted, rows, twin
from entrepot.web.work import OVER

router = APIRouter(prefix="/runs")
Known = Annotated[Atlas, Depends(atlas_of)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Asked = Annotated[str, Query(min_length=1, max_length=4000)]

POLL, ALIVE = 0.1, 15.0
"""Seconds between two looks at a run, and between two signs of life where nothing changes."""

PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""For the report alone, whose own page narrows it to the one script it carries, by its hash."""


class Wanted(BaseModel):
    """What to clear: scenarios of the study, applied in this order, and changes made after them."""

    model_config = ConfigDict(extra="forbid")

    scenarios: list[Name] = Field(default_factory=list, max_length=16)
    changes: list[Changes] = Field(default_factory=list, max_length=64)


class Kept(BaseModel):
    """Changes to be kept as a scenario file."""

    model_config = ConfigDict(extra="forbid")

    title: Name
    changes: list[Changes] = Field(min_length=1, max_length=64)


@router.post("", status_code=HTTPStatus.ACCEPTED)
def begin(wanted: Wanted, atlas: Known) -> dict[str, Any]:
    """Clear the study under scenarios, unless that has been done or is under way."""
    told = atlas.runs.start(wanted.scenarios, wanted.changes).told()
    if wanted.changes and atlas.keep is not None:
        atlas.keep.put_changes({"study": atlas.kept_as, **wanted.model_dump()})
    return told


@router.get("")
def every(atlas: Known) -> list[dict[str, Any]]:
    """All runs that are remembered."""
    return [run.told() for run in atlas.runs.all()]


def run_named(run: str, atlas: Known) -> Run:
    """The run that an address names."""
    return atlas.runs.get(run)


def base_named(base: str, atlas: Known) -> Run:
    """The run that another is compared with."""
    return atlas.runs.get(base)


Named = Annotated[Run, Depends(run_named)]
Base = Annotated[Run, Depends(base_named)]


@router.post("/scenario.toml")
def scenario_file(kept: Kept, atlas: Known) -> Response:
    """Changes as a scenario file, to be put into the study's folder `scenarios`."""
    study = edited(atlas.study, kept.changes, kept.title)
    (name,) = (each for each in study.scenarios if each not in atlas.study.scenarios)
    return Response(to_toml(study.scenarios[name].as_dict()), media_type="application/toml")


@router.get("/{run}")
def look(run: Named) -> dict[str, Any]:
    """A run, and the account of its answer where it is done."""
    done = run.clearing
    return {**run.told(), "account": None if done is None else account(done)}


@router.post("/{run}/cancel")
def cancel(run: str, atlas: Known) -> dict[str, Any]:
    """Stop a run; one that is over stays as it is."""
    return atlas.runs.cancel(run).told()


@router.get("/{run}/events")
async def events(run: Named, atlas: Known) -> StreamingResponse:
    """What a run is doing, as server-sent events, until it is over."""
    return StreamingResponse(
        _events(run, atlas.runs.ending),
        media_type="text/event-stream",
        headers={"cache-control": "no-store"},
    )


async def _events(run: Run, ending: Event) -> AsyncIterator[str]:
    last, quiet = "", 0.0
    while True:
        told = json.dumps(run.told(), ensure_ascii=False)
        if told != last:
            yield f"event: run\ndata: {told}\n\n"
            last, quiet = told, 0.0
        if run.state in OVER or ending.is_set():
            return
        await asyncio.sleep(POLL)
        quiet += POLL
        if quiet >= ALIVE:
            yield ": still there\n\n"
            quiet = 0.0


@router.get("/{run}/tables/{file}")
def table(file: str, run: Named) -> Response:
    """A table of the answer, in the form that the ending of its address says."""
    name, form = parted(file)
    return twin(name, form, result_table(run, name), run.study, about(run))


@router.get("/{run}/map.json")
def map_values(run: Named, atlas: Known) -> Response:
    """What flows where: spots, lines between them, bands by good."""
    return kept(run, "map.json", lambda: {**map_of(atlas, run), "about": about(run)})


@router.get("/{run}/map.svg")
def map_drawn(run: Named, atlas: Known) -> Response:
    """The same as a drawing."""
    return _svg(svg_of(atlas, run))


@router.get("/{run}/charts.json")
def charts_told(run: Named, atlas: Known) -> list[dict[str, str]]:
    """Who ships to whom, and time and cost along the way: captions of the charts in order."""
    return [{"caption": each.caption} for each in charts_of(atlas, run)]


@router.get("/{run}/charts/{number}.svg")
def chart_drawn(run: Named, number: int, atlas: Known) -> Response:
    """One of the charts."""
    return _svg(chart_of(charts_of(atlas, run), number))


@router.get("/{run}/journey.svg")
def journey_drawn(
    run: Named,
    atlas: Known,
    good: Asked,
    legs: Asked,
    period: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Time and cost along any journey: `legs` in order, with ; between them."""
    return _svg(journey_of(atlas, run, good, legs, period).svg)


@router.get("/{run}/journey.json")
def journey_told(
    run: Named,
    atlas: Known,
    good: Asked,
    legs: Asked,
    period: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """The steps of a journey, and the trade-facilitation indicators of it."""
    clearing = answer(run)
    return {
        "caption": journey_of(atlas, run, good, legs, period).caption,
        "steps": rows(staircase(clearing, good, legs, period)),
        "indicators": rows(facilitation(clearing, good, legs, period)),
        "about": about(run),
    }


@router.get("/{run}/report.html")
def report_page(
    run: Named,
    atlas: Known,
    other: Annotated[list[Name] | None, Query(max_length=8)] = None,
) -> HTMLResponse:
    """The report on the answer, compared with other runs, as one file to be taken away."""
    from entrepot.report.report import report

    others = [answer(atlas.runs.get(name)) for name in other or []]
    page = report(answer(run), others, basemap=atlas.own_basemap)
    return HTMLResponse(page, headers={"content-security-policy": PAGE_POLICY})


@router.get("/{run}/against/{base}/tables/{file}")
def difference(file: str, run: Named, base: Base, atlas: Known) -> Response:
    """A table of the differences of two answers: second less first, with their causes."""
    name, form = parted(file)
    if name == "inputs":
        return twin(name, form, changed_inputs(base, run), run.study, about(base, run))
    tables = comparison(base, run).tables()
    if name not in tables:
        known = ", ".join((*tables, "inputs"))
        raise Refused(
            HTTPStatus.NOT_FOUND, f"a comparison has no table {name[:64]!r}; it has {known}"
        )
    if form == "geojson":
        raise Refused(HTTPStatus.NOT_FOUND, "only tables of one answer can be drawn on a map")
    found = difference_table(atlas, base, run, name)
    return twin(name, form, found, run.study, about(base, run))


@router.get("/{run}/against/{base}/charts.json")
def changes_told(run: Named, base: Base, atlas: Known) -> list[dict[str, str]]:
    """Who gains and who loses: the caption of each chart."""
    return [{"caption": each.caption} for each in charts_of(atlas, base, run)]


@router.get("/{run}/against/{base}/charts/{number}.svg")
def change_chart_drawn(run: Named, base: Base, number: int, atlas: Known) -> Response:
    """One of the charts of the change."""
    return _svg(chart_of(charts_of(atlas, base, run), number))


@router.get("/{run}/against/{base}/map.json")
def change_values(run: Named, base: Base, atlas: Known) -> Response:
    """Where more flows than in the base, and where less."""
    told = ("map.json", base.id)
    return kept(run, told, lambda: {**map_of_change(atlas, base, run), "about": about(base, run)})


@router.get("/{run}/against/{base}/map.svg")
def change_drawn(run: Named, base: Base, atlas: Known) -> Response:
    """The same as a drawing."""
    return _svg(svg_of_change(atlas, base, run))


def kept(run: Run, key: Any, make: Callable[[], Any]) -> Response:
    """What may be large, written once: as plain values it needs no converting."""
    content = run.once(("json", key), lambda: in_json(make()))
    return Response(content, media_type="application/json")


def _svg(content: str | None) -> Response:
    if content is None:
        raise Refused(HTTPStatus.NOT_FOUND, "there is no such drawing")
    return Response(content, media_type="image/svg+xml")
