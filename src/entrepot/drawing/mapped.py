"""What a map shows, as plain values: spots, lines between them, and what flows along the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from entrepot.drawing.projection import Window, window_of

State = Literal["used", "unused", "closed"]


@dataclass(frozen=True, slots=True)
class Spot:
    """One point of the map.

    Attributes
    ----------
    name : for people
    trade : what is sold and bought there, in money; 0 where goods only pass
    sells : whether more is sold there than bought
    kind : `way` is a point that courses over water pass; it has no sign
    full : what is said of something full there; empty where nothing is
    closed : whether nothing can be handled there
    """

    name: str
    longitude: float
    latitude: float
    kind: Literal["port", "border", "place", "way"] = "place"
    trade: float = 0.0
    sells: bool = False
    full: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A leg between two spots, by number; `full` as with a spot."""

    start: int
    end: int
    state: State
    by_water: bool = False
    full: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """What flows from one spot to another.

    Attributes
    ----------
    kind : number of the kind it is of
    quantity : in the kind's unit, above zero
    """

    start: int
    end: int
    kind: int
    quantity: float


@dataclass(frozen=True, slots=True)
class Kind:
    """What bands have in common: a good, or a rise or a fall of one."""

    name: str
    colour: str
    unit: str


@dataclass(frozen=True)
class Mapped:
    """All that a map shows."""

    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    kinds: tuple[Kind, ...]

    def window(self) -> Window:
        """What holds all spots, with a margin."""
        spots = self.spots
        found = window_of([s.longitude for s in spots], [s.latitude for s in spots])
        return found.wider(0.05, 1.5)

    def core(self, whole: Window) -> Window | None:
        """Where most spots are, if that is so small a part of the whole that it wants a map.

        The spots that carry or trade anything, as far as they are near their median.
        """
        ends = {spot for band in self.bands for spot in (band.start, band.end)}
        used = sorted(spot for spot in ends if self.spots[spot].kind != "way")
        if len(used) < MOST_IN_ONE:
            return None
        east = whole.around([self.spots[i].longitude for i in used])
        north = np.array([self.spots[i].latitude for i in used])
        away = np.hypot(
            (east - np.median(east)) * np.cos(np.radians(np.median(north))),
            north - np.median(north),
        )
        near = np.argsort(away, kind="stable")[: int(MOST * len(used))]
        found = Window(
            float(east[near].min()),
            float(east[near].max()),
            float(north[near].min()),
            float(north[near].max()),
        ).wider(0.08, 1.5)
        share = (found.east - found.west) * (found.north - found.south)
        share /= (whole.east - whole.west) * (whole.north - whole.south)
        return found if share < SMALL else None


MOST = 0.75
"""Of the spots that carry or trade anything: those nearest to the middle are most."""

MOST_IN_ONE = 12
"""Spots that one map can show however they lie."""

SMALL = 0.35
"""Of a map's area: where most spots lie closer together, a second map shows them larger."""


def widths(maps: Sequence[Mapped], widest: float = 13.0) -> dict[str, float]:
    """Width on paper of one unit, for each unit, so that the widest lane of all maps fits.

    Maps that are to be compared are given together: a width then means the same on each.
    """
    most: dict[str, float] = {}
    for each in maps:
        lanes: dict[tuple[int, int, str], float] = {}
        for band in each.bands:
            key = (band.start, band.end, each.kinds[band.kind].unit)
            lanes[key] = lanes.get(key, 0.0) + band.quantity
        for (_, _, unit), quantity in lanes.items():
            most[unit] = max(most.get(unit, 0.0), quantity)
    return {unit: widest / quantity for unit, quantity in sorted(most.items()) if quantity > 0}
