"""GMNS, the General Modeling Network Specification, to tables of a study.

Format: `zephyr-data-specs/GMNS`, `docs/spec`. Read are ``node.csv`` and ``link.csv``, and where
they are there ``movement.csv``, ``config.csv``, ``use_definition.csv`` and ``demand.csv`` (zone to
zone, as the assignment programs of the field write it). Columns of our own, which the specification
allows and `entrepot export gmns` writes, take the place of what is worked out from the standard
ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entrepot.errors import QuestionError, StudyError
from entrepot.schema import table_named
from entrepot.sources.foreign_csv import Reader, Sheet
from entrepot.sources.gmns_movements import SECONDS_A_DAY, Row, name_of, transfers_of
from entrepot.tables.nearest import did_you_mean
from entrepot.units import UnitError, factor

GOOD, COUNTRY = "vehicle", "network"
HOURS_A_DAY = 24.0
SPEEDS = {"mph": "mile/hour", "kph": "km/hour", "kmh": "km/hour", "km/h": "km/hour"}


@dataclass(frozen=True)
class GmnsOptions:
    """What the files leave open.

    Attributes
    ----------
    use : links that do not allow this use are left out; all are taken where it is not given
    hours : in a period; capacities are by the hour and lane
    cost_per_km : money per unit and km, on top of the tolls
    value_of_time : money per unit and day of the vehicles, where `use_definition` does not say
    length_unit, speed_unit : where there is no ``config.csv``
    """

    use: str | None = None
    hours: float = 1.0
    cost_per_km: float = 0.0
    value_of_time: float = 1.0
    length_unit: str | None = None
    speed_unit: str | None = None


def read_gmns(folder: Path | str, options: GmnsOptions | None = None) -> dict[str, Any]:
    """Read a GMNS network: nodes become places, links legs, movements transfers.

    Undirected links are two-way legs. At a node with movements, only these are possible; their
    penalties are seconds. Days on a link are its length over its free speed (or ``vdf_fftt``, in
    minutes), capacities those of an hour and lane times lanes and `options.hours`; ``vdf_alpha``
    and ``vdf_beta`` make the delay. A toll is a cost. ``demand.csv`` becomes consignments between
    the nodes of its zones; a network on which nothing moves is no study. Names become lower-case;
    what a name may not hold becomes ``-``.

    Returns
    -------
    ``title``, ``currency`` (None where not told) and ``tables``, each a list of rows.

    Raises
    ------
    StudyError : everything in the files that cannot be read or does not fit together
    QuestionError : options that make no sense
    """
    options = options or GmnsOptions()
    _must_make_sense(options)
    reader = Reader(Path(folder))
    config = reader.sheet("config", ())
    told = config.rows[0][1] if config.rows else {}
    nodes = reader.sheet("node", ("node_id",), needed=True)
    links = reader.sheet("link", ("link_id", "from_node_id", "to_node_id", "directed"), needed=True)
    goods = _goods(reader, options)
    places = _places(reader, nodes)
    legs, allowed = _legs(reader, links, places, told, options)
    transfers = transfers_of(
        reader, legs, {name_of(row.get("link_id", "")) for _, row in links.rows}, places
    )
    consignments = _consignments(reader, places, goods)
    if reader.problems:
        raise StudyError(str(folder), reader.problems)
    countries = dict.fromkeys(row["country"] for row in places.values())
    tables: dict[str, list[Row]] = {
        "countries": [{"country": country} for country in countries],
        "places": [{k: v for k, v in row.items() if k != "zone"} for row in places.values()],
        "goods": list(goods.values()),
        "legs": list(legs.values()),
        "transfers": transfers,
        "leg_goods": [
            {"leg": leg, "good": good, "allowed": False}
            for leg, uses in allowed.items()
            for good in goods
            if uses and good not in uses
        ]
        if options.use is None and set(goods) != {GOOD}
        else [],
        "consignments": consignments,
    }
    title = told.get("dataset_name") or Path(folder).name
    return {"title": title, "currency": told.get("currency") or None, "tables": tables}


def _must_make_sense(options: GmnsOptions) -> None:
    least = {"hours": options.hours, "cost per km": options.cost_per_km}
    least["value of time"] = options.value_of_time
    wrong = [name for name, value in least.items() if not 0 <= value < math.inf]
    if options.hours == 0:
        wrong.append("hours")
    if wrong:
        raise QuestionError(f"{' and '.join(wrong)} must be finite and above 0, costs 0 or more")


def _take(reader: Reader, sheet: Sheet, line: int, column: str, text: str, known: object) -> str:
    """A new name; one that is there already is a problem."""
    name = name_of(text)
    assert isinstance(known, dict)
    if not text:
        reader.wrong(sheet.file, line, column, None, "is blank", "every row has its own")
    elif name in known:
        reader.wrong(sheet.file, line, column, text, f"is {name!r} as another row", "rename one")
    return name


def _goods(reader: Reader, options: GmnsOptions) -> dict[str, Row]:
    """Our own goods out of ``use_definition.csv``; the vehicles where it has none of ours."""
    sheet = reader.sheet("use_definition", ())
    goods: dict[str, Row] = {}
    for line, row in sheet.rows:
        if "value_of_time" in sheet.columns:
            name = _take(reader, sheet, line, "use", row.get("use", ""), goods)
            goods[name] = {
                "good": name,
                "name": row.get("description") or None,
                "unit": row.get("unit") or None,
                "hs": row.get("hs") or None,
                "value_of_time": reader.number(sheet, line, row, "value_of_time"),
            }
    vehicle = {"good": GOOD, "unit": "vehicle", "value_of_time": options.value_of_time}
    return goods or {GOOD: vehicle}


def _places(reader: Reader, sheet: Sheet) -> dict[str, Row]:
    kinds = (table_named("places").column("kind") or table_named("places").own[3]).one_of
    places: dict[str, Row] = {}
    for line, row in sheet.rows:
        name = _take(reader, sheet, line, "node_id", row.get("node_id", ""), places)
        x = reader.number(sheet, line, row, "x_coord", -math.inf)
        y = reader.number(sheet, line, row, "y_coord", -math.inf)
        degrees = x is not None and y is not None and abs(x) <= 180 and abs(y) <= 90
        kind = row.get("node_type", "")
        places[name] = {
            "place": name,
            "name": row.get("name") or None,
            "country": row.get("country") or COUNTRY,
            "kind": kind if kind in kinds else None,
            "latitude": y if degrees else None,
            "longitude": x if degrees else None,
            "unlocode": row.get("unlocode") or None,
            "through": reader.flag(sheet, line, row, "through"),
            "zone": row.get("zone_id") or None,
        }
    return places


def _legs(
    reader: Reader,
    sheet: Sheet,
    places: Mapping[str, Row],
    told: Mapping[str, str],
    options: GmnsOptions,
) -> tuple[dict[str, Row], dict[str, set[str]]]:
    """The legs, and the uses that each allows (none named: all)."""
    km = _unit(reader, sheet, told, "length", "long_length", options.length_unit, "km")
    speed = _unit(reader, sheet, told, "free_speed", "speed", options.speed_unit, "km/hour")
    modes = next(column.one_of for column in table_named("legs").own if column.name == "mode")
    legs: dict[str, Row] = {}
    allowed: dict[str, set[str]] = {}
    for line, row in sheet.rows:
        uses = {part.strip().lower() for part in row.get("allowed_uses", "").split(",")} - {""}
        uses = set() if "all" in uses else uses
        if options.use is not None and uses and options.use.lower() not in uses:
            continue
        name = _take(reader, sheet, line, "link_id", row.get("link_id", ""), legs)
        ends = [name_of(row.get(column, "")) for column in ("from_node_id", "to_node_id")]
        for column, end in zip(("from_node_id", "to_node_id"), ends, strict=True):
            if end not in places:
                cure = did_you_mean(end, places, "add it to node.csv")
                reader.wrong(sheet.file, line, column, row.get(column), "is no node", cure)
        directed = reader.flag(sheet, line, row, "directed")
        mode = (row.get("mode") or row.get("facility_type", "")).lower()
        legs[name] = {
            "leg": name,
            "origin": ends[0],
            "destination": ends[1],
            "mode": mode if mode in modes else "road",
            "two_way": directed is False,
            "opens": row.get("opens") or None,
            "closes": row.get("closes") or None,
        } | _figures(reader, sheet, line, row, (km, speed), options)
        allowed[name] = uses
    return legs, allowed


def _figures(
    reader: Reader,
    sheet: Sheet,
    line: int,
    row: Mapping[str, str],
    units: tuple[float, float],
    options: GmnsOptions,
) -> Row:
    """Length, cost, days, capacity and delay of a link."""

    def number(column: str, least: float = 0.0) -> float | None:
        return reader.number(sheet, line, row, column, least)

    length, speed = number("length"), number("free_speed")
    km = None if length is None else length * units[0]
    days, minutes = number("days"), number("vdf_fftt")
    if days is None and minutes is not None:
        days = minutes * 60 / SECONDS_A_DAY
    if days is None and km is not None and speed:
        days = km / (speed * units[1]) / HOURS_A_DAY
    cost = number("cost", -math.inf)
    if cost is None:
        cost = (number("toll") or 0.0) + options.cost_per_km * (km or 0.0)
    capacity, by_hour, lanes = number("period_capacity"), number("capacity"), number("lanes")
    if capacity is None and by_hour is not None:
        capacity = by_hour * (1.0 if lanes is None else lanes) * options.hours
    alpha, power = number("delay_alpha"), number("delay_power")
    return {
        "length_km": km,
        "cost": cost,
        "days": days or 0.0,
        "capacity": capacity,
        "delay_alpha": number("vdf_alpha") if alpha is None else alpha,
        "delay_power": number("vdf_beta") if power is None else power,
    }


def _unit(
    reader: Reader,
    sheet: Sheet,
    told: Mapping[str, str],
    column: str,
    key: str,
    given: str | None,
    target: str,
) -> float:
    """How many of our unit one of the files' is; a unit that nobody tells is a problem."""
    if not any(row.get(column) for _, row in sheet.rows):
        return 1.0
    unit = given or told.get(key)
    if not unit:
        cure = f"write it as {key} in config.csv, or name it when importing"
        reader.wrong("config.csv", None, key, None, f"says in no unit what {column} is in", cure)
        return 1.0
    try:
        return factor(SPEEDS.get(unit.lower(), unit), target)
    except UnitError as error:
        reader.wrong("config.csv", None, key, unit, str(error), f"write it like {target}")
        return 1.0


def _consignments(reader: Reader, places: Mapping[str, Row], goods: Mapping[str, Row]) -> list[Row]:
    sheet = reader.sheet("demand", ("o_zone_id", "d_zone_id", "volume"))
    zones: dict[str, list[str]] = {}
    for name, place in places.items():
        if place["zone"] is not None:
            zones.setdefault(place["zone"], []).append(name)
    rows: dict[str, Row] = {}
    for line, row in sheet.rows:
        ends = []
        for column in ("o_zone_id", "d_zone_id"):
            zone = row.get(column, "")
            members = zones.get(zone, [])
            if len(members) != 1:
                message = (
                    "is the zone of no node" if not members else "is the zone of several nodes"
                )
                cure = "give one node of node.csv this zone_id"
                reader.wrong(sheet.file, line, column, zone, message, cure)
            ends.append(members[0] if members else zone)
        good = name_of(row.get("good") or next(iter(goods)))
        if good not in goods:
            cure = did_you_mean(good, goods, "name a use of use_definition.csv")
            reader.wrong(sheet.file, line, "good", row.get("good"), "is no use", cure)
        volume = reader.number(sheet, line, row, "volume")
        name = _take(
            reader, sheet, line, "consignment", row.get("consignment") or "-".join(ends), rows
        )
        if volume is not None and (volume > 0 or row.get("consignment")):
            rows[name] = {
                "consignment": name,
                "good": good,
                "origin": ends[0],
                "destination": ends[1],
                "quantity": volume,
            }
    if not rows and all(problem.file != sheet.file for problem in reader.problems):
        _nothing_moves(
            reader, sheet, [zone for zone, members in zones.items() if len(members) == 1]
        )
    return list(rows.values())


def _nothing_moves(reader: Reader, sheet: Sheet, zones: list[str]) -> None:
    """A network alone is no study: say what would make it one, in the files at hand."""
    columns = "the columns o_zone_id, d_zone_id and volume"
    if len(zones) > 1:
        cure = f"write {sheet.file} with {columns}, such as the row {zones[0]},{zones[1]},100"
    else:
        cure = (
            "give two nodes of node.csv or more a zone_id each, none twice, where something begins "
            f"or ends, and write {sheet.file} with {columns}"
        )
    told = "has no row with a volume" if sheet.columns else "is not there"
    message = f"{told}, so nothing moves on this network and there is nothing to compute"
    reader.wrong(sheet.file, None, None, None, message, cure)
