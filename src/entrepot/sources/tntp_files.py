"""The two files of a TNTP network as numbers, with everything that is wrong with them.

What the collection's README says (`bstabler/TransportationNetworks`, section "Data format"): labels
at the head, comments behind ``~``, a line for each link, a block of destinations for each origin.
Its files differ in the rest, and all that means one thing only is read: columns in the order that a
heading behind ``~`` names, numbers of nodes with gaps, a last ``;`` left out, gzip and zip.
"""

from __future__ import annotations

import gzip
import io
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from entrepot.errors import Problem, StudyError

LINK = ("init node", "term node", "capacity", "length", "free flow time", "b", "power")
"""Columns that a link must have, in their standard order."""

MORE = ("speed", "toll", "link type")
"""Columns that may follow; of these only the toll counts."""

SPELLINGS = {
    "init": "init node", "tail": "init node", "tail node": "init node", "from": "init node",
    "from node": "init node", "term": "term node", "head": "term node", "head node": "term node",
    "to": "term node", "to node": "term node", "distance": "length", "fft": "free flow time",
    "fftt": "free flow time", "ftime": "free flow time", "alpha": "b", "beta": "power",
    "speed limit": "speed", "type": "link type",
}  # fmt: skip

MOST = 20
"""Problems told of one file; a file of another kind has one on every line."""

_COMMENT = re.compile(rb"~[^\r\n]*")
_HEADING = re.compile(rb"^[ \t]*~([^\r\n]*)", re.MULTILINE)
_LABEL = re.compile(r"\s*<(?P<key>[^>]+)>\s*(?P<value>.*)")
_TRIP = re.compile(r"\s*(?P<zone>\d+)\s*[:,]\s*(?P<trips>[^;:\s]+)\s*(?:;|$)")
_ORIGIN = re.compile(
    r"\s*Origin\s*:?\s*(?P<zone>\d+)\s*(?:[;:]\s*)?(?=$|\d+\s*[:,])", re.IGNORECASE
)


Link = tuple[int, int, float, float, float, float, float, float]
"""Init node, term node, capacity, length, free flow time, B, power, toll."""


@dataclass
class Links:
    """A network file.

    Attributes
    ----------
    zones : number of zones, the first nodes
    nodes : numbers of all nodes, in order
    through : number of the first node that may be passed
    rows : of each link
    factors : what the file says of ``distance`` and ``toll``, where it does
    """

    zones: int
    nodes: list[int]
    through: int
    rows: list[Link]
    factors: dict[str, float]


@dataclass
class Trips:
    """A trips file.

    Attributes
    ----------
    between : trips by origin and destination, none of them zero
    home : trips that stay in their zone
    said : all trips as the head of the file has them, None where it does not say
    """

    between: dict[tuple[int, int], float]
    home: float
    said: float | None


@dataclass
class File:
    """A file without its comments, and what is wrong with it.

    Attributes
    ----------
    lines : of text
    heading : names of columns, as a comment at the head has them; empty where none does
    labels : at the head, with line and value
    last : number of the last line of the head
    """

    path: Path
    lines: list[str]
    heading: list[str]
    labels: dict[str, tuple[int, str]] = field(default_factory=dict)
    last: int = 0
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, row: int | None, value: str | None, message: str, remedy: str) -> None:
        """Note one thing wrong.

        Raises
        ------
        StudyError : too much is
        """
        self.problems.append(Problem(str(self.path), row, None, value, message, remedy))
        if len(self.problems) >= MOST:
            self.give_up()

    def give_up(self) -> None:
        """Raise what was found, if anything."""
        if self.problems:
            raise StudyError(self.path.name, self.problems)

    def body(self) -> Iterator[tuple[int, str]]:
        """Numbers and text of the lines behind the head."""
        return enumerate(self.lines[self.last :], start=self.last + 1)

    def count(self, key: str, *, least: int = 0) -> int:
        """A whole number of the head; `least` where it is wrong, which is noted."""
        if key not in self.labels:
            self.wrong(None, None, f"does not say <{key}>", "add the line at its head")
            return least
        row, text = self.labels[key]
        value = number(text)
        if value is None or value != int(value) or value < least:
            self.wrong(row, text, f"is not a {key.lower()}", "write a whole number")
            return least
        return int(value)


def open_file(path: Path) -> File:
    """The lines of a file, plain, gzipped or alone in a zip, without comments in any encoding.

    Raises
    ------
    StudyError : a file that cannot be read, or without a head
    """
    try:
        plain = _unpacked(path)
        text = _COMMENT.sub(b"", plain).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.object[: error.start].count(b"\n") + 1
        raise _unreadable(path, at, "is not text in UTF-8", "save it so") from None
    except (OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
        message = f"cannot be read ({getattr(error, 'strerror', None) or error})"
        cure = "name a TNTP file, plain, gzipped or alone in a zip"
        raise _unreadable(path, None, message, cure) from None
    file = File(path, text.splitlines(), _heading(plain))
    for row, line in enumerate(file.lines, start=1):
        match = _LABEL.match(line)
        if match is None:
            continue
        key = re.sub(r"[\s_]+", " ", match["key"]).strip().upper()
        if key == "END OF METADATA":
            file.last = row
            return file
        file.labels[key] = (row, match["value"].strip().rstrip(";").strip())
    cure = "a TNTP file begins with labels such as <NUMBER OF ZONES> and ends them so"
    after = max((row for row, _ in file.labels.values()), default=None)
    raise _unreadable(path, after, "has no line <END OF METADATA>", cure)


def read_links(path: Path) -> Links:
    """A network file.

    Raises
    ------
    StudyError : everything that is wrong with it
    """
    file = open_file(path)
    if "NUMBER OF NODES" not in file.labels and _holds_trips(file):
        cure = "name the network first and its trips second"
        raise _unreadable(path, None, "holds trips where links are expected", cure)
    nodes = file.count("NUMBER OF NODES", least=1)
    zones = file.count("NUMBER OF ZONES")
    through = file.count("FIRST THRU NODE") if "FIRST THRU NODE" in file.labels else 1
    factors = {}
    for name in ("distance", "toll"):
        at, said = file.labels.get(f"{name.upper()} FACTOR", (0, "0"))
        factor = number(said)
        if factor is None:
            file.wrong(at, said, f"is not a {name} factor", "write a number")
        elif at:
            factors[name] = factor
    file.give_up()
    columns = _columns(file)
    rows = []
    line_of = []
    for row, line in file.body():
        text = line.split(";")[0]
        if text.strip():
            link = _link(file, row, text, columns)
            if link is not None:
                rows.append(link)
                line_of.append(row)
    found = _numbers(file, nodes, zones, rows, line_of)
    if not rows and not file.problems:
        file.wrong(None, None, "has no links", "list them after <END OF METADATA>")
    if "NUMBER OF LINKS" in file.labels and not file.problems:
        expected = file.count("NUMBER OF LINKS")
        if expected != len(rows) and not file.problems:
            message = f"is not the number of links that follow, {len(rows)}"
            cure = "the file may be cut off: get it whole, or correct the number"
            file.wrong(file.labels["NUMBER OF LINKS"][0], str(expected), message, cure)
    file.give_up()
    return Links(zones, found, through, rows, factors)


def read_trips(path: Path, zones: int) -> Trips:
    """A trips file between zones 1 to `zones`.

    Raises
    ------
    StudyError : everything that is wrong with it
    """
    file = open_file(path)
    if "NUMBER OF LINKS" in file.labels and not _holds_trips(file):
        cure = "name the network first and its trips second"
        raise _unreadable(path, None, "holds links where trips are expected", cure)
    between: dict[tuple[int, int], float] = {}
    origin, home = 0, 0.0
    for row, line in file.body():
        place = 0
        heading = _ORIGIN.match(line)
        if heading:
            origin, place = int(heading["zone"]), heading.end()
            if not 1 <= origin <= zones:
                _no_zone(file, row, heading["zone"], zones)
        while line[place:].strip(" \t;"):
            match = _TRIP.match(line, place)
            if match is None:
                rest = line[place:].strip()[:40]
                cure = "write 'zone : trips;' for each destination"
                file.wrong(row, rest, "is not an entry of trips", cure)
                break
            place = match.end()
            end, value = int(match["zone"]), number(match["trips"])
            if value is None or value < 0:
                cure = "write a number of 0 or more"
                file.wrong(row, match["trips"], "is not a number of trips", cure)
            elif origin == 0:
                cure = "begin the block with a line 'Origin' and its zone"
                file.wrong(row, line.strip(), "belongs to no origin", cure)
                break
            elif not 1 <= end <= zones:
                _no_zone(file, row, match["zone"], zones)
            elif end == origin:
                home += value
            elif value > 0:
                between[origin, end] = between.get((origin, end), 0.0) + value
    if not between and not file.problems:
        message = f"has no trips from one zone to another{', only within zones' if home else ''}"
        file.wrong(None, None, message, "list them after <END OF METADATA>")
    file.give_up()
    return Trips(between, home, number(file.labels.get("TOTAL OD FLOW", (0, ""))[1]))


def number(text: str) -> float | None:
    """A finite number, None where the text is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _link(file: File, row: int, text: str, columns: list[str]) -> Link | None:
    """The numbers of one link, None where something is wrong with them."""
    cells = dict(zip(columns, _cells(text, len(columns)), strict=False))
    absent = [name for name in LINK if not cells.get(name)]
    if absent:
        message = f"has {len(text.split())} fields, a link at least {len(LINK)}: "
        message += f"without {_told(absent)}"
        file.wrong(row, text.strip(), message, f"write {_told(columns)}")
        return None
    ends = [number(cells[name]) for name in LINK[:2]]
    for name, end in zip(LINK, ends, strict=False):
        if end is None or end != int(end) or end < 1:
            file.wrong(row, cells[name], "is not a node", "nodes are whole numbers from 1")
            return None
    values = []
    for name in (*LINK[2:], "toll"):
        value = number(cells.get(name) or "0")
        if value is None or (value < 0 and name != "toll"):
            cure = "write a number of 0 or more"
            file.wrong(row, cells[name], f"is not a {_told([name])}", cure)
            return None
        values.append(value)
    capacity, length, time, alpha, power, toll = values
    if capacity == 0 and alpha > 0 and power > 0 and time > 0:
        cure = "write its capacity, or a B of 0 where its time does not grow"
        file.wrong(row, text.strip(), "has a capacity of 0 and a time that grows with flow", cure)
        return None
    return int(ends[0] or 0), int(ends[1] or 0), capacity, length, time, alpha, power, toll


def _told(columns: list[str]) -> str:
    return ", ".join("B" if name == "b" else name for name in columns if name != "-")


def _cells(text: str, count: int) -> list[str]:
    """The fields of a line; where some are missing between tabs, those stay blank."""
    fields = text.split()
    if len(fields) < count and "\t" in text:
        cells = [cell.strip() for cell in text.strip(" ").split("\t")]
        while cells and not cells[0]:
            cells.pop(0)
        while len(cells) > count and not cells[-1]:
            cells.pop()
        if len(cells) == count:
            return cells
    return fields


def _columns(file: File) -> list[str]:
    """The columns that the heading names, or the standard ones where it does not name them all."""
    named = file.heading
    if all(named.count(name) == 1 for name in LINK):
        return named
    return [*LINK, *MORE]


def _heading(plain: bytes) -> list[str]:
    """Names of columns in the comment that names most of them; what is not known is ``-``."""
    best: list[str] = []
    for match in _HEADING.finditer(plain):
        text = match[1].decode("latin-1").strip().rstrip(";")
        parts = [
            part for part in (re.split(r"\t+", text) if "\t" in text else text.split()) if part
        ]
        names = []
        for part in parts:
            plain_name = re.sub(r"\(.*?\)", "", part).replace("_", " ")
            name = " ".join(plain_name.lower().split())
            name = SPELLINGS.get(name, name)
            names.append(name if name in (*LINK, *MORE) else "-")
        if sum(name != "-" for name in names) > sum(name != "-" for name in best):
            best = names
    return best


def _numbers(file: File, nodes: int, zones: int, rows: list[Link], line_of: list[int]) -> list[int]:
    """Numbers of all nodes: from 1 on, or with gaps where there are no more than the head says."""
    used = {node for row in rows for node in row[:2]}
    if max(used, default=0) <= nodes:
        return list(range(1, nodes + 1))
    every = used | set(range(1, zones + 1))
    if len(every) <= nodes:
        return sorted(every)
    for row, link in zip(line_of, rows, strict=True):
        for node in link[:2]:
            if node > nodes:
                cure = f"nodes are whole numbers from 1 to {nodes}, or no more than so many"
                file.wrong(row, str(node), "is not a node", cure)
    return []


def _holds_trips(file: File) -> bool:
    return any(_ORIGIN.match(line) for _, line in file.body())


def _no_zone(file: File, row: int, value: str, zones: int) -> None:
    cure = f"zones are whole numbers from 1 to {zones}"
    file.wrong(row, value, "is not a zone of the network", cure)


def _unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:4] != b"PK\x03\x04":
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        inside = [each for each in packed.namelist() if not each.endswith("/")]
        inside = [each for each in inside if not each.startswith("__MACOSX/")]
        if len(inside) != 1:
            raise ValueError(f"a zip with {len(inside)} files in it")
        return packed.read(inside[0])


def _unreadable(path: Path, row: int | None, message: str, remedy: str) -> StudyError:
    return StudyError(path.name, [Problem(str(path), row, None, None, message, remedy)])
