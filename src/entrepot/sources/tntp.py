"""TNTP, the format of the public collection of transportation test networks, to tables of a study.

A network file has a line for each link (init node, term node, capacity, length, free flow time, B,
power, speed, toll, type), a trips file a block for each origin. Format: README of
`bstabler/TransportationNetworks`, section "Data format".
"""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from entrepot.errors import Problem, StudyError

GOOD = "vehicle"
COUNTRY = "network"

LINK_NUMBERS = ("capacity", "length", "free flow time", "B", "power", "speed", "toll")
LINK_AT_LEAST = 7
"""Fields that a link must have: both nodes and all up to the power."""

_COMMENT = re.compile(rb"~[^\r\n]*")
_LABEL = re.compile(r"\s*<(?P<key>[^>]+)>\s*(?P<value>.*)")
_TRIP = re.compile(r"\s*(?P<zone>\d+)\s*:\s*(?P<trips>[^;:\s]+)\s*(?:;|$)")
_ORIGIN = re.compile(r"\s*Origin\s+(?P<zone>\d+)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Tntp:
    """What two TNTP files say, as tables of a study.

    Attributes
    ----------
    title : for `study.toml`
    tables : name of each table -> its rows
    links, trips : number of links, and of all trips between zones
    intrazonal : trips that stay in their zone and are left out
    loops : links from a node to itself, which lead nowhere and are left out
    """

    title: str
    tables: dict[str, pl.DataFrame]
    links: int
    trips: float
    intrazonal: float
    loops: int


def read_tntp(
    network: Path | str,
    trips: Path | str,
    *,
    distance_factor: float = 0.0,
    toll_factor: float = 0.0,
) -> Tntp:
    """Read a TNTP network and its trips, plain or gzipped.

    Nodes become places, links become legs with `days` = free flow time, in the file's own unit of
    time (minutes in most), delays from B and power, and `cost` = `distance_factor` × length +
    `toll_factor` × toll. The one good has a value of time of 1, so that money is counted in that
    unit of time. Nodes before the first through node may not be passed. A link whose time does not
    grow with its flow (B, power or free flow time of 0) has no delay and so no capacity here. Trips
    within a zone stay at home and are left out, and so are links from a node to itself.

    Raises
    ------
    StudyError : a file that cannot be read, with its line
    """
    network, trips = Path(network), Path(trips)
    nodes, zones, first_through, listed = _network(network)
    links = [link for link in listed if link[0] != link[1]]
    loops = len(listed) - len(links)
    wanted, intrazonal = _trips(trips, zones)
    between = float(math.fsum(row[2] for row in wanted))
    source = f"{network.name}, {trips.name}"
    note = (
        "days are in the unit of time of the file, money in the same; "
        f"{intrazonal:g} trips within zones stay at home and are left out"
    )
    places = [
        {
            "place": str(node),
            "name": f"{'Zone' if node <= zones else 'Node'} {node}",
            "country": COUNTRY,
            "kind": "market" if node <= zones else "junction",
            "through": node >= first_through,
        }
        for node in range(1, nodes + 1)
    ]
    good: dict[str, Any] = {"good": GOOD, "name": "Vehicles", "unit": "vehicle"}
    good |= {"value_of_time": 1.0, "source": source, "note": note}
    tables = {
        "countries": pl.DataFrame([{"country": COUNTRY, "name": network.name}]),
        "places": pl.DataFrame(places),
        "goods": pl.DataFrame([good]),
        "legs": _legs(links, distance_factor, toll_factor),
        "consignments": _consignments(wanted),
    }
    title = re.sub(r"_net(\.tntp)?(\.gz)?$", "", network.name)
    return Tntp(title, tables, len(links), between, intrazonal, loops)


def _legs(links: list[list[float]], distance_factor: float, toll_factor: float) -> pl.DataFrame:
    """Legs named by their nodes; a second one between the same nodes ends in ``.2``."""
    seen: dict[tuple[int, int], int] = {}
    rows = []
    for link in links:
        tail, head = int(link[0]), int(link[1])
        capacity, length, time, alpha, power, _, toll = link[2:9]
        grows = alpha > 0 and power > 0 and time > 0
        number = seen[tail, head] = seen.get((tail, head), 0) + 1
        rows.append(
            {
                "leg": f"{tail}-{head}" + (f".{number}" if number > 1 else ""),
                "origin": str(tail),
                "destination": str(head),
                "mode": "road",
                "cost": distance_factor * length + toll_factor * toll,
                "days": time if grows or power > 0 else time * (1.0 + alpha),
                "capacity": capacity if grows else None,
                "delay_alpha": alpha if grows else None,
                "delay_power": power if grows else None,
            }
        )
    numbers = ("cost", "days", "capacity", "delay_alpha", "delay_power")
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(numbers, pl.Float64))


def _consignments(wanted: list[tuple[int, int, float]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "consignment": [f"{start}-{end}" for start, end, _ in wanted],
            "good": [GOOD] * len(wanted),
            "origin": [str(start) for start, _, _ in wanted],
            "destination": [str(end) for _, end, _ in wanted],
            "quantity": [trips for _, _, trips in wanted],
        },
        schema_overrides={"quantity": pl.Float64},
    )


def _network(path: Path) -> tuple[int, int, int, list[list[float]]]:
    """Numbers of nodes and zones, first through node, and the numbers of each link."""
    lines = _lines(path)
    labels, last = _labels(path, lines)
    nodes = _count(path, labels, "NUMBER OF NODES")
    zones = _count(path, labels, "NUMBER OF ZONES")
    through = _count(path, labels, "FIRST THRU NODE") if "FIRST THRU NODE" in labels else 1
    links = []
    for number, line in enumerate(lines[last:], start=last + 1):
        text = line.split(";")[0].strip()
        if text:
            links.append(_link(path, number, text, nodes))
    if not links:
        raise _unreadable(path, None, None, "has no links", "list them after <END OF METADATA>")
    if "NUMBER OF LINKS" in labels:
        said = _count(path, labels, "NUMBER OF LINKS")
        if said != len(links):
            raise _unreadable(
                path,
                labels["NUMBER OF LINKS"][0],
                str(said),
                f"is not the number of links that follow, {len(links)}",
                "the file may be cut off: get it whole, or correct the number",
            )
    return nodes, zones, through, links


def _link(path: Path, number: int, text: str, nodes: int) -> list[float]:
    fields = text.split()
    if len(fields) < LINK_AT_LEAST:
        raise _unreadable(
            path, number, text, f"has {len(fields)} fields, a link at least {LINK_AT_LEAST}",
            "write init node, term node, capacity, length, free flow time, B, power",
        )  # fmt: skip
    for field in fields[:2]:
        if not field.isdigit() or not 1 <= int(field) <= nodes:
            cure = f"nodes are whole numbers from 1 to {nodes}"
            raise _unreadable(path, number, field, "is not a node", cure)
    values = [float(fields[0]), float(fields[1])]
    for what, field in zip(LINK_NUMBERS, fields[2:9], strict=False):
        value = _number(field)
        if value is None or (value < 0 and what != "toll"):
            cure = "write a number of 0 or more"
            raise _unreadable(path, number, field, f"is not a {what}", cure)
        values.append(value)
    return values + [0.0] * (9 - len(values))


def _trips(path: Path, zones: int) -> tuple[list[tuple[int, int, float]], float]:
    """Trips between zones as (from, to, how many), and the trips that stay in their zone."""
    lines = _lines(path)
    _, last = _labels(path, lines)
    found: dict[tuple[int, int], float] = {}
    origin = 0
    home = 0.0
    for number, line in enumerate(lines[last:], start=last + 1):
        if not line.strip():
            continue
        heading = _ORIGIN.match(line)
        if heading:
            origin = _zone(path, number, heading["zone"], zones)
            continue
        for zone, trips in _cells(path, number, line):
            end = _zone(path, number, zone, zones)
            value = _number(trips)
            if value is None or value < 0:
                cure = "write a number of 0 or more"
                raise _unreadable(path, number, trips, "is not a number of trips", cure)
            if origin == 0:
                cure = "begin the block with a line 'Origin' and its zone"
                raise _unreadable(path, number, line.strip(), "belongs to no origin", cure)
            if end == origin:
                home += value
            elif value > 0:
                found[origin, end] = found.get((origin, end), 0.0) + value
    return [(start, end, value) for (start, end), value in found.items()], home


def _cells(path: Path, number: int, text: str) -> Iterator[tuple[str, str]]:
    """The entries ``zone : trips;`` of a line."""
    place = 0
    while text[place:].strip(" \t;"):
        match = _TRIP.match(text, place)
        if match is None:
            rest = text[place:].strip()
            cure = "write 'zone : trips;' for each destination"
            raise _unreadable(path, number, rest[:40], "is not an entry of trips", cure)
        yield match["zone"], match["trips"]
        place = match.end()


def _zone(path: Path, number: int, field: str, zones: int) -> int:
    if not 1 <= int(field) <= zones:
        cure = f"zones are whole numbers from 1 to {zones}"
        raise _unreadable(path, number, field, "is not a zone of the network", cure)
    return int(field)


def _labels(path: Path, lines: list[str]) -> tuple[dict[str, tuple[int, str]], int]:
    """The labels at the head of a file with their lines, and the number of the last such line."""
    labels: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, start=1):
        match = _LABEL.match(line)
        if match is None:
            continue
        key = match["key"].strip().upper()
        if key == "END OF METADATA":
            return labels, number
        labels[key] = (number, match["value"].strip())
    cure = "a TNTP file begins with labels such as <NUMBER OF ZONES> and ends them so"
    raise _unreadable(path, None, None, "has no line <END OF METADATA>", cure)


def _count(path: Path, labels: dict[str, tuple[int, str]], key: str) -> int:
    if key not in labels:
        raise _unreadable(path, None, None, f"does not say <{key}>", "add the line at its head")
    number, text = labels[key]
    if not text.isdigit():
        raise _unreadable(path, number, text, f"is not a {key.lower()}", "write a whole number")
    return int(text)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _lines(path: Path) -> list[str]:
    """The lines of a file without their comments, which may be in any encoding."""
    try:
        data = path.read_bytes()
        plain = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        text = _COMMENT.sub(b"", plain).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _unreadable(path, line, None, "is not text in UTF-8", "save it so") from None
    except (OSError, EOFError) as error:
        message = f"cannot be read ({getattr(error, 'strerror', None) or error})"
        raise _unreadable(path, None, None, message, "name a TNTP file, plain or gzipped") from None
    return text.splitlines()


def _unreadable(
    path: Path, row: int | None, value: str | None, message: str, remedy: str
) -> StudyError:
    return StudyError(path.name, [Problem(str(path), row, None, value, message, remedy)])
