"""Projects and observations: names that another column explains, and lists of numbers."""

from __future__ import annotations

from collections.abc import Mapping

from entrepot.errors import Problem
from entrepot.tables.check_references import COUNTRY_CODE
from entrepot.tables.nearest import did_you_mean
from entrepot.tables.sheet import Sheet


def check_projects(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """What projects add exists, their lists can be read, and what was observed exists."""
    sheet = sheets["projects"]
    return _adds(sheet, sheets) + _ramps(sheet) + _shares(sheet) + _targets(sheets)


def _names(sheets: Mapping[str, Sheet], *tables: str) -> frozenset[str]:
    found: set[str] = set()
    for table in tables:
        sheet = sheets[table]
        found |= set(sheet[sheet.table.key[0]].drop_nulls().to_list())
    return frozenset(found)


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def _adds(sheet: Sheet, sheets: Mapping[str, Sheet]) -> list[Problem]:
    if not sheet.frame.height:
        return []
    known = _names(sheets, "plants", "legs", "corridors")
    problems = []
    for index, (kind, adds) in enumerate(sheet.frame.select("kind", "adds").iter_rows()):
        if kind == "other":
            continue
        for name in _parts(adds):
            if name not in known:
                message = f"{name!r} is not a plant, leg or corridor of the study"
                cure = did_you_mean(name, known, "add the plant or leg that the project builds")
                problems.append(sheet.problem(index, "adds", message, cure))
    return problems


def _share(text: str) -> float | None:
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def _ramps(sheet: Sheet) -> list[Problem]:
    cure = "write shares from 0 to 1, such as 0.3;0.7;1"
    return [
        sheet.problem(index, "ramp", f"{part!r} is not a share", cure)
        for index, text in enumerate(sheet["ramp"])
        for part in _parts(text)
        if _share(part) is None
    ]


def _shares(sheet: Sheet) -> list[Problem]:
    problems = []
    for index, text in enumerate(sheet["shares"]):
        total = 0.0
        for part in _parts(text):
            country, _, share = part.partition(":")
            paid = _share(share.strip())
            if not country.strip() or paid is None:
                message = f"{part!r} is not a country and its share"
                cure = "write country:share;country:share, such as AZ:0.5;BY:0.5"
                problems.append(sheet.problem(index, "shares", message, cure))
            else:
                total += paid
        if total > 1 + 1e-9:
            message, cure = f"add up to {total:g}", "let the shares add up to 1 at most"
            problems.append(sheet.problem(index, "shares", message, cure))
    return problems


def _targets(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """An observed leg is a leg, a corridor a corridor; a destination may be a country or bloc."""
    sheet = sheets["observed"]
    if not sheet.frame.height:
        return []
    legs = _names(sheets, "legs")
    known = {
        "leg": legs | {f"{leg}~" for leg in legs},
        "corridor": _names(sheets, "corridors"),
        "place": _names(sheets, "places"),
        "destination": _names(sheets, "places", "countries", "blocs"),
    }
    problems = []
    for index, (kind, target) in enumerate(sheet.frame.select("kind", "target").iter_rows()):
        if kind is None or target is None or target in known[kind]:
            continue
        if kind == "destination" and COUNTRY_CODE.fullmatch(target):
            continue
        cure = did_you_mean(target, known[kind], f"name a {kind} of the study")
        problems.append(sheet.problem(index, "target", f"is not a {kind} of the study", cure))
    return problems
