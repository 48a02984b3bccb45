"""The map: land, legs, bands of what flows along them, places, and a legend with its scales."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entrepot.drawing.bands import Bands, Lane, laid_out, way
from entrepot.drawing.basemap import Basemap
from entrepot.drawing.geometry import clipped, inside, thinned
from entrepot.drawing.labels import Label, labelled
from entrepot.drawing.legend import Legend, legend
from entrepot.drawing.mapped import Line, Mapped, Spot
from entrepot.drawing.palette import BORDER, FAINT, INK, LAND, LINE, PAPER, QUIET, WATER
from entrepot.drawing.projection import Frame, Window, framed
from entrepot.drawing.svg import chart, element, number, stamp, track, words

Floats = npt.NDArray[np.float64]

HIGHEST = 620.0
MOST_LABELS = 60
BESIDE = 45.0
"""Degrees of latitude beyond the window within which land may show in a corner of the paper."""

CROWDED = 400
"""Spots on one map from which on they are drawn small."""

FINEST, SMALLEST = 2.2, 1.0
"""Points of a coast that are nearer on paper are one, and islands of so many points are none."""

ARROW = 3.2
"""Lanes at least so wide carry an arrow."""


@dataclass(frozen=True)
class Sheet:
    """What a map is drawn on and told with.

    Attributes
    ----------
    name : of the drawing in its page
    title, description : for those who cannot see it
    window : what is shown
    scales : width of one unit, for each unit
    legend : words of the legend, see `entrepot.drawing.legend`
    stamp : what it is of, in lines
    """

    name: str
    title: str
    description: str
    window: Window
    scales: Mapping[str, float]
    legend: Legend
    stamp: Sequence[str]
    width: float = 960.0


def draw_map(mapped: Mapped, sheet: Sheet, basemap: Basemap | None) -> str:
    """A map as SVG; without a basemap, a net of meridians and parallels stands in its place."""
    frame = framed(sheet.window, sheet.width, HIGHEST)
    below, high = legend(mapped, sheet.legend, sheet.scales, sheet.width, frame.height + 6)
    height = frame.height + 6 + high + 13 * len(sheet.stamp) + 4
    clip = element("rect", width=frame.width, height=frame.height)
    return chart(
        sheet.width,
        height,
        element("clipPath", clip, id=f"{sheet.name}-frame"),
        _picture(mapped, sheet, frame, basemap),
        element(
            "rect", x=0.5, y=0.5, width=frame.width - 1, height=frame.height - 1,
            fill="none", stroke=FAINT,
        ),
        below,
        stamp(sheet.width, frame.height + 6 + high + 9, sheet.stamp),
        name=sheet.name,
        title=sheet.title,
        description=sheet.description,
    )  # fmt: skip


def _picture(mapped: Mapped, sheet: Sheet, frame: Frame, basemap: Basemap | None) -> str:
    """What lies within the frame, from the ground up."""
    bands = laid_out(mapped, frame, sheet.scales)
    used = {spot for band in mapped.bands for spot in (band.start, band.end)}
    at = frame.put([s.longitude for s in mapped.spots], [s.latitude for s in mapped.spots])
    inside = [
        i
        for i, spot in enumerate(mapped.spots)
        if spot.kind != "way" and frame.window.holds(spot.longitude, spot.latitude)
    ]
    return element(
        "g",
        *_ground(frame, basemap),
        element("g", *_lines(mapped, frame), fill="none"),
        element("g", *bands.drawn(), fill="none", stroke_linejoin="round", stroke_linecap="round"),
        *_arrows(bands),
        *_marks(mapped, frame, bands),
        *_spots(mapped, at, inside, used),
        *_labels(mapped, at, inside, used, frame),
        clip_path=f"url(#{sheet.name}-frame)",
    )


def _ground(frame: Frame, basemap: Basemap | None) -> Iterator[str]:
    """Water and land with borders, or a net of degrees."""
    fill = PAPER if basemap is None else WATER
    yield element("rect", width=frame.width, height=frame.height, fill=fill)
    if basemap is None:
        yield element("path", d=_net(frame), fill="none", stroke=FAINT, stroke_width=0.6)
        return
    window = frame.window
    seen = Window(
        window.middle - 179.0,
        window.middle + 179.0,
        max(window.south - BESIDE, -85.0),
        min(window.north + BESIDE, 88.0),
    )
    if basemap.file:
        basemap = _coarser(basemap, FINEST * (window.east - window.west) / frame.width)
    paper = (-2.0, -2.0, frame.width + 2.0, frame.height + 2.0)
    parts = [
        inside(frame.put_unwrapped(part[:, 0], part[:, 1]), paper)
        for ring in basemap.land
        for part in clipped(ring, seen)
    ]
    land = "".join(track(part, closed=True) for part in parts if len(part))
    if land:
        yield element("path", d=land, fill=LAND)
    borders = "".join(_border(frame, line) for line in basemap.borders)
    yield element(
        "path", d=borders or None, fill="none", stroke=BORDER, stroke_width=0.6,
        stroke_dasharray="2.5 2",
    )  # fmt: skip


def _coarser(basemap: Basemap, least: float) -> Basemap:
    """A basemap of the reader's own, as fine as paper shows it: others are drawn as they come."""
    land = [thinned(ring, least) for ring in basemap.land]
    borders = tuple(thinned(line, least) for line in basemap.borders)
    seen = [
        ring for ring in land if len(ring) > 2 and np.ptp(ring, axis=0).max() > SMALLEST * least
    ]
    return Basemap(tuple(seen), borders, basemap.file)


def _border(frame: Frame, line: Floats) -> str:
    """A border as far as it comes near the paper."""
    longitude = frame.window.around(line[:, 0])
    if np.abs(np.diff(longitude)).max(initial=0.0) > 180.0:
        return ""
    points = frame.put_unwrapped(longitude, line[:, 1])
    near = (points > -20.0).all(axis=1)
    near &= (points < np.array([frame.width + 20.0, frame.height + 20.0])).all(axis=1)
    return track(points) if near.any() else ""


def _net(frame: Frame) -> str:
    window = frame.window
    size = max(window.east - window.west, window.north - window.south)
    step = next((each for each in (1, 2, 5, 10, 20) if size / each <= 12), 30)
    meridians = range(math.ceil(window.west / step) * step, math.floor(window.east) + 1, step)
    parallels = range(math.ceil(window.south / step) * step, math.floor(window.north) + 1, step)
    up = np.linspace(window.south, window.north, 31)
    along = np.linspace(window.west, window.east, 61)
    lines = [frame.put_unwrapped(np.full(31, float(m)), up) for m in meridians]
    lines += [frame.put_unwrapped(along, np.full(61, float(p))) for p in parallels]
    return "".join(track(line) for line in lines)


def _lines(mapped: Mapped, frame: Frame) -> Iterator[str]:
    """Land legs without flow, one between two spots: open ones faint, closed ones crossed."""
    shown: dict[tuple[int, int], Line] = {}
    rank = {"used": 0, "unused": 1, "closed": 2}
    for line in mapped.lines:
        ends = (min(line.start, line.end), max(line.start, line.end))
        if line.start != line.end and (
            ends not in shown or rank[line.state] < rank[shown[ends].state]
        ):
            shown[ends] = line
    for (start, end), line in sorted(shown.items()):
        if line.state == "used" or line.by_water:
            continue
        points = way(mapped, frame, start, end)
        closed = line.state == "closed"
        yield element(
            "path",
            d=track(points),
            stroke=QUIET if closed else LINE,
            stroke_width=1.1 if closed else 0.6,
            stroke_dasharray="5 3" if closed else None,
        )
        if closed:
            x, y, _ = _middle(points)
            yield cross(x, y)


def cross(x: float, y: float, r: float = 3.2) -> str:
    """The sign of what is closed."""
    d = track([(x - r, y - r), (x + r, y + r)]) + track([(x - r, y + r), (x + r, y - r)])
    return element("path", d=d, stroke=INK, stroke_width=1.4, fill="none")


def gate(x: float, y: float, angle: float, across: float) -> str:
    """The sign of what is full: a bar across the way."""
    half = across / 2 + 3
    d = track([(0, -half), (0, half)])
    turned = f"translate({number(x)} {number(y)}) rotate({number(math.degrees(angle))})"
    return element(
        "g",
        element("path", d=d, stroke=PAPER, stroke_width=5.5),
        element("path", d=d, stroke=INK, stroke_width=3),
        transform=turned,
    )


def _middle(line: Floats) -> tuple[float, float, float]:
    """The point halfway along a line, and its direction there."""
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    gone = np.concatenate([[0.0], np.cumsum(steps)])
    half = gone[-1] / 2
    i = min(int(np.searchsorted(gone, half, side="right")) - 1, len(steps) - 1)
    share = (half - gone[i]) / steps[i]
    x, y = line[i] + share * (line[i + 1] - line[i])
    along = line[i + 1] - line[i]
    return float(x), float(y), math.atan2(float(along[1]), float(along[0]))


def _beside(lane: Lane) -> tuple[float, float, float]:
    """The middle of a lane's bands, and its direction."""
    x, y, angle = _middle(lane.line)
    side = lane.width / 2 + 0.5
    return x - math.sin(angle) * side, y + math.cos(angle) * side, angle


def _arrows(bands: Bands) -> Iterator[str]:
    """Arrows in the wide lanes: the way that goods go."""
    for lane in bands.lanes.values():
        size = min(lane.width, 9.0) * 0.42
        length = float(np.linalg.norm(np.diff(lane.line, axis=0), axis=1).sum())
        if lane.width < ARROW or length < 26:
            continue
        x, y, angle = _beside(lane)
        yield element(
            "path",
            d=track([(-size, -size), (size, 0), (-size, size)]),
            transform=f"translate({number(x)} {number(y)}) rotate({number(math.degrees(angle))})",
            fill="none",
            stroke=PAPER,
            stroke_width=1.3,
        )


def _marks(mapped: Mapped, frame: Frame, bands: Bands) -> Iterator[str]:
    """Bars across full legs."""
    for line in mapped.lines:
        if line.full and line.start != line.end:
            lane = bands.lanes.get((line.start, line.end))
            if lane is None:
                x, y, angle = _middle(way(mapped, frame, line.start, line.end))
                yield gate(x, y, angle, 2.0)
            else:
                yield gate(*_beside(lane), lane.width)


def radius(spot: Spot, most: float, used: bool, crowded: bool = False) -> float:
    """How large a spot is drawn: by its trade, as an area; where there are many, the rest small."""
    if spot.trade > 0 and most > 0:
        return (2.0 if crowded else 3.0) + (6.0 if crowded else 9.0) * math.sqrt(spot.trade / most)
    if crowded:
        return 1.0 if used else 0.5
    return 2.4 if used else 1.6


def sign(spot: Spot, x: float, y: float, r: float, used: bool) -> str:
    """The sign of a spot: a square for a port, a diamond for a border, a circle otherwise."""
    colour = INK if used or spot.trade else LINE
    look = {
        "fill": colour if spot.sells or not spot.trade else PAPER,
        "stroke": colour,
        "stroke_width": 1.5 if spot.trade else 0.8,
    }
    if spot.kind == "port":
        side = 1.75 * r
        return element("rect", x=x - side / 2, y=y - side / 2, width=side, height=side, **look)
    if spot.kind == "border":
        s = 1.25 * r
        points = [(x, y - s), (x + s, y), (x, y + s), (x - s, y)]
        return element("path", d=track(points, closed=True), **look)
    return element("circle", cx=x, cy=y, r=r, **look)


def _spots(mapped: Mapped, at: Floats, inside: list[int], used: set[int]) -> Iterator[str]:
    most = max((spot.trade for spot in mapped.spots), default=0.0)
    for i in sorted(inside, key=lambda i: (-mapped.spots[i].trade, i)):
        spot, (x, y) = mapped.spots[i], (float(at[i, 0]), float(at[i, 1]))
        r = radius(spot, most, i in used, len(inside) > CROWDED)
        if spot.full:
            yield element(
                "circle", cx=x, cy=y, r=1.3 * r + 3.2, fill="none", stroke=INK, stroke_width=2.4,
            )  # fmt: skip
        yield sign(spot, x, y, r, i in used)
        if spot.closed:
            yield cross(x, y, r + 2.2)


def _worth_naming(spot: Spot) -> bool:
    return bool(spot.trade > 0 or spot.full or spot.closed)


def _labels(
    mapped: Mapped, at: Floats, inside: list[int], used: set[int], frame: Frame
) -> list[str]:
    most = max((spot.trade for spot in mapped.spots), default=0.0)
    spots = mapped.spots
    told = [i for i in inside if _worth_naming(spots[i]) or i in used]
    told.sort(key=lambda i: (-bool(spots[i].full), -spots[i].trade, spots[i].kind == "place", i))
    labels = [
        Label(
            float(at[i, 0]),
            float(at[i, 1]),
            spots[i].name,
            1.3 * radius(spots[i], most, i in used, len(inside) > CROWDED)
            + (3.2 if spots[i].full else 0.0),
            11.0 if spots[i].trade > 0 or spots[i].full else 9.5,
            spots[i].full,
        )
        for i in told
    ]
    boxes = {i: label.box for i, label in zip(told, labels, strict=True)}
    found: list[str] = []
    return found + labelled(labels[:MOST_LABELS], _others(boxes), frame.width, frame.height)


def _others(
    boxes: Mapping[int, tuple[float, float, float, float]],
) -> list[tuple[float, float, float, float]]:
    """What signs cover, each a little smaller, so that a label may stand at its own sign."""
    return [(a + 1, b + 1, c - 1, d - 1) for a, b, c, d in boxes.values()]


__all__ = ["Sheet", "cross", "draw_map", "gate", "sign", "words"]
