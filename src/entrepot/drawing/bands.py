"""Bands along the lines of a map: each lane to the right of its direction, goods side by side.

Bands of one kind that follow each other are drawn as one chain, so that a band bends with the way
and has no notch where two legs meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from entrepot.drawing.geometry import distinct, great_circle, offset
from entrepot.drawing.mapped import Band, Mapped
from entrepot.drawing.projection import Frame
from entrepot.drawing.svg import element, track

Floats = npt.NDArray[np.float64]

THINNEST = 0.7
"""What flows at all can be seen."""

ASIDE = 0.5
"""Between the middle of the way and the first band."""

ALIKE = 0.3
"""Bands whose widths differ by less are drawn in one stroke."""


@dataclass(frozen=True)
class Lane:
    """What flows from one spot to another, all kinds together.

    Attributes
    ----------
    line : the way on paper, shape (n, 2)
    width : of all bands side by side
    """

    line: Floats
    width: float


@dataclass(frozen=True)
class Bands:
    """The bands of a map laid out on paper.

    Attributes
    ----------
    lanes : by the spots at their ends
    """

    mapped: Mapped
    lanes: dict[tuple[int, int], Lane]
    width: dict[Band, float]
    side: dict[Band, float]

    def drawn(self) -> Iterator[str]:
        """Every band, the widest first, so that thin ones lie on top."""
        for chain in _chains(self.mapped):
            for part in self._unbroken(chain):
                yield from self._chain(part)

    def _unbroken(self, chain: list[Band]) -> Iterator[list[Band]]:
        """A chain in parts that are one line each: it breaks where the edge of the world is."""
        part = [chain[0]]
        for before, band in pairwise(chain):
            one, other = (self.lanes[each.start, each.end].line for each in (before, band))
            if float(np.linalg.norm(other[0] - one[-1])) > 1.0:
                yield part
                part = []
            part.append(band)
        yield part

    def _chain(self, chain: list[Band]) -> Iterator[str]:
        pieces: list[int] = []
        points: list[Floats] = []
        for number, band in enumerate(chain):
            line = self.lanes[band.start, band.end].line
            points.append(line if not number else line[1:])
            pieces += [number] * (len(line) - 1)
        sides = np.array([self.side[chain[number]] for number in pieces])
        joints = offset(np.concatenate(points), sides)
        first = 0
        for piece in range(1, len(pieces) + 1):
            whole = piece == len(pieces)
            if not whole and self._alike(chain[pieces[first]], chain[pieces[piece]]):
                continue
            path = [
                joints[first][-1],
                *np.concatenate([*joints[first + 1 : piece], joints[piece][:1]]),
            ]
            band = chain[pieces[first]]
            yield element(
                "path",
                d=track(path),
                stroke=self.mapped.kinds[band.kind].colour,
                stroke_width=self.width[band],
            )
            first = piece

    def _alike(self, one: Band, other: Band) -> bool:
        return abs(self.width[one] - self.width[other]) < ALIKE


def laid_out(mapped: Mapped, frame: Frame, scales: Mapping[str, float]) -> Bands:
    """The bands of a map side by side; `scales` is the width of one unit, for each unit."""
    order = sorted(mapped.bands, key=lambda band: (band.start, band.end, band.kind))
    lanes: dict[tuple[int, int], Lane] = {}
    width: dict[Band, float] = {}
    side: dict[Band, float] = {}
    for band in order:
        ends = (band.start, band.end)
        if ends not in lanes:
            lanes[ends] = Lane(way(mapped, frame, *ends), 0.0)
        own = max(THINNEST, band.quantity * scales[mapped.kinds[band.kind].unit])
        width[band], side[band] = own, ASIDE + lanes[ends].width + own / 2
        lanes[ends] = Lane(lanes[ends].line, lanes[ends].width + own)
    return Bands(mapped, lanes, width, side)


def way(mapped: Mapped, frame: Frame, start: int, end: int) -> Floats:
    """The straight way between two spots on paper, shape (n, 2), n at least 2."""
    one, other = mapped.spots[start], mapped.spots[end]
    line = great_circle((one.longitude, one.latitude), (other.longitude, other.latitude))
    line[:, 0] += float(frame.window.around(line[0, 0])) - line[0, 0]
    turn = frame.window.middle
    if line[:, 0].max() > turn + 180.0 or line[:, 0].min() < turn - 180.0:
        # Over the edge of the world as this map shows it: only what leads there is drawn.
        line = line[np.abs(line[:, 0] - turn) <= 180.0]
    found = distinct(frame.put_unwrapped(line[:, 0], line[:, 1]))
    if len(found) < 2:
        found = np.array([found[0], found[0] + [0.1, 0.0]])
    return found


def _chains(mapped: Mapped) -> list[list[Band]]:
    """Bands of one kind in a row, the largest first; where ways part, the larger part goes on."""
    largest = sorted(
        mapped.bands, key=lambda band: (-band.quantity, band.kind, band.start, band.end)
    )
    out: dict[tuple[int, int], list[Band]] = {}
    into: dict[tuple[int, int], list[Band]] = {}
    for band in largest:
        out.setdefault((band.kind, band.start), []).append(band)
        into.setdefault((band.kind, band.end), []).append(band)
    left = dict.fromkeys(largest)
    chains = []
    while left:
        chain = [next(iter(left))]
        del left[chain[0]]
        seen = {chain[0].start, chain[0].end}
        while after := _next(out, (chain[-1].kind, chain[-1].end), left, seen, "end"):
            chain.append(after)
        while before := _next(into, (chain[0].kind, chain[0].start), left, seen, "start"):
            chain.insert(0, before)
        chains.append(chain)
    return chains


def _next(
    known: Mapping[tuple[int, int], list[Band]],
    key: tuple[int, int],
    left: dict[Band, None],
    seen: set[int],
    far: str,
) -> Band | None:
    """The largest band left that goes on from a spot, and does not come back; it is taken."""
    for band in known.get(key, ()):
        if band in left and getattr(band, far) not in seen:
            del left[band]
            seen.add(getattr(band, far))
            return band
    return None
