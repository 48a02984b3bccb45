"""Addresses of the study: its settings, tables, names and scenarios, with sources and ranges."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from entrepot.drawing.palette import colours
from entrepot.schema import TABLES
from entrepot.schema.declare import Table
from entrepot.study import Study
from entrepot.telling.names import Names
from entrepot.web.answers import Named, kept
from entrepot.web.atlas import Atlas
from entrepot.web.problems import Refused
from entrepot.web.shelf import atlas_of
from entrepot.web.twins import in_json, parted, twin

router = APIRouter()
Known = Annotated[Atlas, Depends(atlas_of)]


@router.get("/study")
def study(atlas: Known) -> dict[str, Any]:
    """The study as it stands: settings, tables, scenarios and what everything is called."""
    found = atlas.study
    return {
        "name": found.name,
        "input": found.input_hash(),
        "settings": found.settings.model_dump(mode="json"),
        "tables": [_declared(found, table) for table in TABLES],
        "scenarios": [
            {"name": name, **scenario.as_dict()} for name, scenario in found.scenarios.items()
        ],
        "shown": [list(names) for names in atlas.shown],
    }


@router.get("/names")
def names(atlas: Known) -> Response:
    """What people call the places, goods, legs, corridors and countries of the study."""
    content = atlas.once("names", lambda: in_json(names_in(atlas.study, atlas)))
    return Response(content, media_type="application/json")


@router.get("/runs/{run}/names")
def run_names(run: Named, atlas: Known) -> Response:
    """The same of a run, whose scenarios and changes may have added some."""
    return kept(run, "names", lambda: names_in(run.study, atlas))


def names_in(found: Study, atlas: Atlas) -> dict[str, Any]:
    """What people call everything in a study; goods keep their colours."""
    say = Names(found)
    more = colours(found.table("goods")["good"].to_list())
    legs = found.table("legs").select("leg", "mode", "origin", "destination").unique("leg")
    return {
        "place": _places(found, say),
        "good": {
            good: {
                "name": say.short_good(good),
                "unit": say.unit(good),
                "colour": atlas.colours.get(good, more[good]),
            }
            for good in found.table("goods")["good"]
        },
        "leg": {
            leg: {"name": say.leg(leg), "mode": mode, "ends": [origin, destination]}
            for leg, mode, origin, destination in legs.sort("leg").iter_rows()
        },
        "corridor": {
            corridor: say.corridor(corridor)
            for corridor in found.table("corridors")["corridor"].unique(maintain_order=True)
        },
        "country": {
            country: say.country(country)
            for country in found.table("places")["country"].unique(maintain_order=True)
        },
    }


@router.get("/changes")
def changes(atlas: Known) -> list[dict[str, Any]]:
    """Changes that readers made to the study, the latest first, those before a restart too."""
    return [] if atlas.keep is None else atlas.keep.changes(atlas.kept_as)


@router.get("/basemap.json")
def own_basemap(request: Request) -> Response:
    """The basemap that the atlas was started with; nothing where the page has its own."""
    content: bytes | None = request.app.state.basemap
    if content is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return Response(content, media_type="application/json")


@router.get("/catalogue")
def catalogue(atlas: Known) -> dict[str, str]:
    """Every sentence of the page."""
    return dict(atlas.say.sentences)


@router.get("/study/{file}")
def table(file: str, atlas: Known) -> Response:
    """A table of the study, every row with its source, note, ranges and basis."""
    return table_in(atlas.study, file, atlas.study.input_hash())


@router.get("/runs/{run}/study/{file}")
def run_table(file: str, run: Named) -> Response:
    """The same of a run: as its scenarios and changes left it."""
    return table_in(run.study, file, run.input)


def table_in(found: Study, file: str, inputs: str) -> Response:
    """One table of a study, in the form that the ending of its name says."""
    name, form = parted(file)
    if name not in found.tables:
        known = ", ".join(found.tables)
        raise Refused(HTTPStatus.NOT_FOUND, f"a study has no table {name[:64]!r}; it has {known}")
    if form == "geojson":
        raise Refused(HTTPStatus.NOT_FOUND, "only tables of an answer can be drawn on a map")
    return twin(name, form, found.table(name), found, {"study": found.name, "input": inputs})


def _places(found: Study, say: Names) -> dict[str, str]:
    """Places by their short names; where several share one, by all of it, or with their own."""
    whole = dict(found.table("places").select("place", "name").iter_rows())
    short, full = (Counter(map(told, whole)) for told in (say.place, whole.get))

    def told(place: str) -> str:
        if short[say.place(place)] == 1:
            return say.place(place)
        name = whole[place]
        return name if name and full[name] == 1 else f"{say.place(place)} ({place})"

    return {place: told(place) for place in whole}


def _declared(found: Study, table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "meaning": table.doc,
        "rows": found.table(table.name).height,
        "key": list(table.key),
        "columns": [
            {
                "name": column.name,
                "kind": column.kind,
                "unit": column.unit.replace("money", found.settings.currency),
                "meaning": column.meaning,
                "required": column.required,
                "default": column.default,
                "refers_to": list(column.refers_to),
                "one_of": list(column.one_of),
                "at_least": column.at_least,
                "at_most": column.at_most,
                "example": column.example,
            }
            for column in table.columns
        ],
    }
