"""Addresses of reasons: prices, routes, plants, limits and rules of an answer taken apart."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from entrepot.results.causes import price_parts
from entrepot.results.explain import explain
from entrepot.results.lifted import lifted
from entrepot.results.passing import passing
from entrepot.results.plants import plant_margin
from entrepot.results.why_not import why_not
from entrepot.web.answers import Asked, Base, Known, Name, Named
from entrepot.web.atlas import about, answer
from entrepot.web.twins import plain, rows

router = APIRouter(prefix="/runs")


class Rule(BaseModel):
    """A row of the study that forbids, charges or closes."""

    model_config = ConfigDict(extra="forbid")

    table: Name
    name: Name


@router.get("/{run}/explain")
def why_this_price(
    run: Named,
    place: Asked,
    good: Asked,
    period: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """A price taken apart along the journey of the unit that sets it."""
    found = explain(answer(run), place, good, period)
    kept = ("period", "place", "good", "price", "low", "high", "traded", "unit", "currency")
    told = {name: plain(getattr(found, name)) for name in kept}
    return {
        **told,
        "rows": rows(found.rows),
        "notes": list(found.notes),
        "text": found.text(),
        "about": about(run),
    }


@router.get("/{run}/why-not")
def why_not_this_way(
    run: Named,
    route: Asked,
    good: Annotated[str | None, Query(max_length=200)] = None,
    period: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """Why a leg, a route or a corridor is not used, and what would bring it into use."""
    clearing = answer(run)
    found = run.once(
        ("why-not", route, good, period), lambda: why_not(clearing, route, good, period)
    )
    return {
        "asked": found.asked,
        "currency": found.currency,
        "rows": rows(found.rows),
        "rivals": rows(found.rivals),
        "text": found.text(),
        "about": about(run),
    }


@router.get("/{run}/why-plant")
def why_this_plant(
    run: Named, plant: Asked, period: Annotated[str | None, Query(max_length=200)] = None
) -> dict[str, Any]:
    """What a plant earns, part by part."""
    found = plant_margin(answer(run), plant, period)
    kept = ("period", "plant", "place", "state", "margin", "currency")
    told = {name: plain(getattr(found, name)) for name in kept}
    return {**told, "rows": rows(found.rows), "text": found.text(), "about": about(run)}


@router.get("/{run}/why-limit")
def why_this_limit(run: Named, table: Asked, name: Asked) -> dict[str, Any]:
    """Who passes a quota or a commitment, and what room in it is worth."""
    found = passing(answer(run), table, name)
    told = {"limits": rows(found.limits), "rows": rows(found.rows), "currency": found.currency}
    return {**told, "text": found.text(), "about": about(run)}


@router.post("/{run}/without", status_code=HTTPStatus.ACCEPTED)
def begin_without(run: Named, rule: Rule, atlas: Known) -> dict[str, Any]:
    """Clear the same study as if a ban, a duty or the closing of a leg did not hold."""
    return atlas.runs.without(run, rule.table, rule.name).told()


@router.get("/{run}/why-rule")
def why_this_rule(run: Named, table: Asked, name: Asked, atlas: Known) -> dict[str, Any]:
    """What a ban, a duty or a closed leg changes, once the study is cleared without it."""
    free = atlas.runs.get_without(run, table, name)
    found = lifted(answer(run), answer(free), table, name)
    frames = ("rows", "totals", "countries", "prices", "flows")
    told = {each: rows(getattr(found, each)) for each in frames}
    more = {"currency": found.currency, "matters": found.matters, "text": found.text()}
    return {**told, **more, "about": about(run, free)}


@router.get("/{run}/against/{base}/explain")
def why_this_price_changes(
    run: Named,
    base: Base,
    place: Asked,
    good: Asked,
    period: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """Any price in both answers, taken apart side by side: second less first."""
    key = ("parts", base.id, place, good, period)
    found = run.once(key, lambda: price_parts(answer(base), answer(run), place, good, period))
    return {"rows": rows(found), "about": about(base, run)}
