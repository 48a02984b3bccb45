"""TNTP, the format of the public collection of transportation test networks, to tables of a study.

A network file has a line for each link (init node, term node, capacity, length, free flow time, B,
power, speed, toll, type), a trips file a block for each origin. Format: README of
`bstabler/TransportationNetworks`, section "Data format".
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from entrepot.sources.tntp_files import Link, Links, Trips, read_links, read_trips

GOOD = "vehicle"
COUNTRY = "network"

TOTAL = 1e-4
"""Share by which the trips may differ from the total that the file tells: its rounding."""


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
    said : total of trips that the file tells, where the trips do not add up to it; else None
    factors : cost of a unit of ``distance`` and of ``toll``, in units of time
    """

    title: str
    tables: dict[str, pl.DataFrame]
    links: int
    trips: float
    intrazonal: float
    loops: int
    said: float | None
    factors: dict[str, float]


def read_tntp(
    network: Path | str,
    trips: Path | str,
    *,
    distance_factor: float | None = None,
    toll_factor: float | None = None,
) -> Tntp:
    """Read a TNTP network and its trips: plain, gzipped or alone in a zip.

    Nodes become places, links become legs with `days` = free flow time, in the file's own unit of
    time (minutes in most), delays from B and power, and `cost` = `distance_factor` × length +
    `toll_factor` × toll. The one good has a value of time of 1, so that money is counted in that
    unit of time. Nodes before the first through node may not be passed. A link whose time does not
    grow with its flow (B, power or free flow time of 0) has no delay and so no capacity here. Trips
    within a zone stay at home and are left out, and so are links from a node to itself.

    A factor that is not given is the file's own, where its head has ``<DISTANCE FACTOR>`` or
    ``<TOLL FACTOR>``, else 0.

    Raises
    ------
    StudyError : everything that is wrong with a file, with its lines
    """
    network, trips = Path(network), Path(trips)
    found = read_links(network)
    factors = {"distance": 0.0, "toll": 0.0} | found.factors
    given = {"distance": distance_factor, "toll": toll_factor}
    factors |= {name: factor for name, factor in given.items() if factor is not None}
    links = [link for link in found.rows if link[0] != link[1]]
    wanted = read_trips(trips, found.zones)
    between = float(math.fsum(wanted.between.values()))
    source = f"{network.name}, {trips.name}"
    note = (
        "days are in the unit of time of the file, money in the same; "
        f"{wanted.home:g} trips within zones stay at home and are left out"
    )
    good: dict[str, Any] = {"good": GOOD, "name": "Vehicles", "unit": "vehicle"}
    good |= {"value_of_time": 1.0, "source": source, "note": note}
    tables = {
        "countries": pl.DataFrame([{"country": COUNTRY, "name": network.name}]),
        "places": pl.DataFrame(_places(found)),
        "goods": pl.DataFrame([good]),
        "legs": _legs(links, factors),
        "consignments": _consignments(wanted),
    }
    return Tntp(
        title=re.sub(r"_net(\.\w+)*$", "", network.name, flags=re.IGNORECASE),
        tables=tables,
        links=len(links),
        trips=between,
        intrazonal=wanted.home,
        loops=len(found.rows) - len(links),
        said=_differs(wanted.said, between, wanted.home),
        factors=factors,
    )


def _differs(said: float | None, between: float, home: float) -> float | None:
    """The total that a file tells, unless the trips add up to it with or without those at home."""
    if said is None or min(abs(said - between), abs(said - between - home)) <= TOTAL * abs(said):
        return None
    return said


def _places(found: Links) -> list[dict[str, Any]]:
    return [
        {
            "place": str(node),
            "name": f"{'Zone' if node <= found.zones else 'Node'} {node}",
            "country": COUNTRY,
            "kind": "market" if node <= found.zones else "junction",
            "through": node >= found.through,
        }
        for node in found.nodes
    ]


def _legs(links: list[Link], factors: dict[str, float]) -> pl.DataFrame:
    """Legs named by their nodes; a second one between the same nodes ends in ``.2``."""
    seen: dict[tuple[int, int], int] = {}
    rows = []
    for tail, head, capacity, length, time, alpha, power, toll in links:
        grows = alpha > 0 and power > 0 and time > 0
        number = seen[tail, head] = seen.get((tail, head), 0) + 1
        rows.append(
            {
                "leg": f"{tail}-{head}" + (f".{number}" if number > 1 else ""),
                "origin": str(tail),
                "destination": str(head),
                "mode": "road",
                "cost": factors["distance"] * length + factors["toll"] * toll,
                "days": time if grows or power > 0 else time * (1.0 + alpha),
                "capacity": capacity if grows else None,
                "delay_alpha": alpha if grows else None,
                "delay_power": power if grows else None,
            }
        )
    numbers = ("cost", "days", "capacity", "delay_alpha", "delay_power")
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(numbers, pl.Float64))


def _consignments(wanted: Trips) -> pl.DataFrame:
    pairs, trips = list(wanted.between), list(wanted.between.values())
    return pl.DataFrame(
        {
            "consignment": [f"{start}-{end}" for start, end in pairs],
            "good": [GOOD] * len(pairs),
            "origin": [str(start) for start, _ in pairs],
            "destination": [str(end) for _, end in pairs],
            "quantity": trips,
        },
        schema_overrides={"quantity": pl.Float64},
    )
