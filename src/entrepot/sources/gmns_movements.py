"""Movements of a GMNS network, from link to link at a node, as transfers."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from typing import Any

from entrepot.sources.foreign_csv import Reader, Sheet

Row = dict[str, Any]

SECONDS_A_DAY = 86_400.0


def name_of(text: str) -> str:
    """An identifier as a name of a study: lower-case letters, digits and ``_ . -``."""
    return re.sub(r"[^a-z0-9_.-]+", "-", text.lower()).strip("-") or "-"


def transfers_of(
    reader: Reader, legs: Mapping[str, Row], links: Collection[str], places: Mapping[str, Row]
) -> list[Row]:
    """Movements as transfers; at a node that has any, those that are not listed are forbidden.

    Movements over `links` of the file that are no legs, as their use is left out, are left out too.
    """
    sheet = reader.sheet("movement", ("node_id", "ib_link_id", "ob_link_id"))
    found: dict[tuple[str, str], Row] = {}
    nodes: dict[str, None] = {}
    for line, row in sheet.rows:
        node = name_of(row.get("node_id", ""))
        if node not in places:
            reader.wrong(sheet.file, line, "node_id", row.get("node_id"), "is no node", "name one")
            continue
        named = [name_of(row.get(column, "")) for column in ("ib_link_id", "ob_link_id")]
        if any(name in links and name not in legs for name in named):
            nodes[node] = None
            continue
        ends = {
            "ib_link_id": _at(legs, named[0], node, "destination"),
            "ob_link_id": _at(legs, named[1], node, "origin"),
        }
        for column, leg in ends.items():
            if leg is None:
                message = f"is no link that meets node {node} that way"
                cure = "name a link of link.csv that arrives (ib) or leaves (ob) there"
                reader.wrong(sheet.file, line, column, row.get(column), message, cure)
        one, other = ends["ib_link_id"], ends["ob_link_id"]
        if one is None or other is None:
            continue
        nodes[node] = None
        told = {"from_leg": one, "to_leg": other} | _turn(reader, sheet, line, row)
        found.setdefault((one, other), told)
    whole = "allowed" not in sheet.columns
    arriving, leaving = (_meeting(legs, end) for end in ("destination", "origin"))
    missing = [
        {"from_leg": one, "to_leg": other, "allowed": False}
        for node in nodes
        for one in arriving.get(node, ())
        for other in leaving.get(node, ())
        if whole and (one, other) not in found
    ]
    return [*found.values(), *missing]


def _turn(reader: Reader, sheet: Sheet, line: int, row: Mapping[str, str]) -> Row:
    """What a movement says of going on from its one link to the other."""
    seconds = reader.number(sheet, line, row, "penalty") or 0.0
    days = reader.number(sheet, line, row, "days")
    return {
        "cost": reader.number(sheet, line, row, "cost", -math.inf),
        "days": seconds / SECONDS_A_DAY if days is None else days,
        "allowed": reader.flag(sheet, line, row, "allowed"),
        "capacity": reader.number(sheet, line, row, "period_capacity"),
        "delay_alpha": reader.number(sheet, line, row, "delay_alpha"),
        "delay_power": reader.number(sheet, line, row, "delay_power"),
    }


def _at(legs: Mapping[str, Row], name: str, node: str, end: str) -> str | None:
    """The leg, or its way back, that arrives at or leaves a node; None where neither does."""
    if name not in legs:
        return None
    row = legs[name]
    if row[end] == node:
        return name
    back = "origin" if end == "destination" else "destination"
    return f"{name}~" if row["two_way"] and row[back] == node else None


def _meeting(legs: Mapping[str, Row], end: str) -> dict[str, list[str]]:
    """The legs and ways back that have an end at each node."""
    found: dict[str, list[str]] = {}
    for name, row in legs.items():
        for node in dict.fromkeys((row["origin"], row["destination"])):
            leg = _at(legs, name, node, end)
            if leg is not None:
                found.setdefault(node, []).append(leg)
    return found
