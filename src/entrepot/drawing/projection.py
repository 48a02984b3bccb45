"""Map projections that keep areas, fitted to what a map is to show.

Albers' conic projection with two standard parallels: Snyder, J. P. (1987), "Map projections: a
working manual", U.S. Geological Survey Professional Paper 1395, pages 98-103, on the sphere; the
parallels stand a sixth of the extent inside its edges (page 99, after Deetz and Adams). For what
is too wide for a cone, Equal Earth: Šavrič, B., Patterson, T. and Jenny, B. (2018), "The Equal
Earth map projection", International Journal of Geographical Information Science 33(3), 454-465.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

WIDEST_CONE = 130.0
"""Degrees of longitude up to which a cone is used."""

FLATTEST_CONE = 12.0
"""Degrees of latitude nearer to the equator than which a cone is no cone."""

_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)


@dataclass(frozen=True)
class Window:
    """A part of the world: degrees; `west` < `east`, which may be above 180."""

    west: float
    east: float
    south: float
    north: float

    @property
    def middle(self) -> float:
        """Longitude halfway between west and east."""
        return (self.west + self.east) / 2

    def around(self, longitude: npt.ArrayLike) -> Floats:
        """Longitudes told as the ones nearest to the middle, shape as given."""
        degrees = np.asarray(longitude, dtype=float)
        return np.asarray(self.middle + (degrees - self.middle + 180.0) % 360.0 - 180.0)

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies inside."""
        inside = self.west <= float(self.around(longitude)) <= self.east
        return inside and self.south <= latitude <= self.north

    def wider(self, share: float, least: float) -> Window:
        """A window that reaches further on every side, by a share of its size or by `least`."""
        aside = max(share * (self.east - self.west), least)
        above = max(share * (self.north - self.south), least)
        turn = min(self.east - self.west + 2 * aside, 360.0)
        return Window(
            self.middle - turn / 2,
            self.middle + turn / 2,
            max(self.south - above, -88.0),
            min(self.north + above, 88.0),
        )


def window_of(longitudes: Sequence[float], latitudes: Sequence[float]) -> Window:
    """The narrowest window that holds some points, over the date line if that is narrower."""
    turned = sorted({float(longitude) % 360.0 for longitude in longitudes})
    gaps = [
        ((turned[(i + 1) % len(turned)] - turned[i]) % 360.0 or 360.0, i)
        for i in range(len(turned))
    ]
    gap, i = max(gaps)
    west = turned[(i + 1) % len(turned)]
    east = west + 360.0 - gap
    if (west + east) / 2 > 180.0:
        west, east = west - 360.0, east - 360.0
    return Window(west, east, min(latitudes), max(latitudes))


class Projection(Protocol):
    """Degrees to the plane, in radii of the globe, y upwards."""

    def __call__(self, longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
        """Project points; longitudes are told around the window's middle."""
        ...


@dataclass(frozen=True)
class Albers:
    """A cone through two parallels; degrees."""

    middle: float
    first: float
    second: float

    def __call__(self, longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
        """Project points."""
        low, high = math.radians(self.first), math.radians(self.second)
        n = (math.sin(low) + math.sin(high)) / 2
        c = math.cos(low) ** 2 + 2 * n * math.sin(low)
        radius = np.sqrt(np.maximum(c - 2 * n * np.sin(np.radians(latitude)), 0.0)) / n
        base = math.sqrt(max(c - 2 * n * math.sin((low + high) / 2), 0.0)) / n
        angle = n * np.radians(longitude - self.middle)
        return radius * np.sin(angle), base - radius * np.cos(angle)


@dataclass(frozen=True)
class EqualEarth:
    """The whole world around a meridian; degrees."""

    middle: float

    def __call__(self, longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
        """Project points."""
        a, b, c, d = _EARTH
        root = math.sqrt(3.0)
        t = np.arcsin(root / 2 * np.sin(np.radians(latitude)))
        slope = 3 * (9 * d * t**8 + 7 * c * t**6 + 3 * b * t**2 + a)
        x = 2 * root * np.radians(longitude - self.middle) * np.cos(t) / slope
        return x, np.asarray(d * t**9 + c * t**7 + b * t**3 + a * t)


def fitting(window: Window) -> Projection:
    """The projection that shows a window best."""
    sixth = (window.north - window.south) / 6
    first, second = window.south + sixth, window.north - sixth
    flat = abs(first + second) / 2 < FLATTEST_CONE
    if flat or first * second < 0 or window.east - window.west > WIDEST_CONE:
        return EqualEarth(window.middle)
    return Albers(window.middle, first, second)


@dataclass(frozen=True)
class Frame:
    """A window drawn into a rectangle.

    Attributes
    ----------
    window : what is shown
    width, height : of the rectangle
    """

    window: Window
    projection: Projection
    width: float
    height: float
    scale: float
    left: float
    top: float

    def put(self, longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Floats:
        """Points on paper, y downwards, shape (n, 2)."""
        around = np.atleast_1d(self.window.around(longitude))
        return self.put_unwrapped(around, np.atleast_1d(np.asarray(latitude, dtype=float)))

    def put_unwrapped(self, longitude: Floats, latitude: Floats) -> Floats:
        """The same for longitudes that are told around the middle already, shape (n, 2)."""
        x, y = self.projection(longitude, latitude)
        return np.column_stack([(x - self.left) * self.scale, (self.top - y) * self.scale])


def framed(window: Window, width: float, most: float) -> Frame:
    """A window over the whole width, as high as it comes to, or `most` if that is less."""
    projection = fitting(window)
    along, up = (
        np.linspace(window.west, window.east, 41),
        np.linspace(window.south, window.north, 41),
    )
    longitude = np.concatenate([along, along, np.full(41, window.west), np.full(41, window.east)])
    latitude = np.concatenate([np.full(41, window.south), np.full(41, window.north), up, up])
    x, y = projection(longitude, latitude)
    wide, high = float(np.ptp(x)), float(np.ptp(y))
    scale = min(width / wide, most / high)
    height = min(most, high * scale)
    left = float(x.min()) - (width / scale - wide) / 2
    top = float(y.max()) + (height / scale - high) / 2
    return Frame(window, projection, width, height, scale, left, top)
