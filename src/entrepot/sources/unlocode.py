"""UN/LOCODE: codes, names and coordinates of places, from the lists that UNECE publishes.

The CSV lists have no header and are in Latin-1, or in UTF-8 where somebody saved them so: change,
country, location, name, name without diacritics, subdivision, status, function, date, IATA,
coordinates (``5955N 03015E``: degrees and minutes), remarks (UNECE Recommendation 16).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from entrepot.errors import Problem, StudyError
from entrepot.tables.nearest import did_you_mean

COLUMNS = 12
AT = re.compile(r"(\d{2})(\d{2})([NS]) (\d{3})(\d{2})([EW])")

# The first function that a place has decides what it is; the rest are cities.
KINDS = (("1", "port"), ("B", "border"), ("6", "junction"))


def places_from(paths: Sequence[Path], codes: Iterable[str]) -> pl.DataFrame:
    """The places of some codes as rows of table ``places``, named by their codes in small letters.

    Parameters
    ----------
    paths : the lists, in any order
    codes : such as ``RULED``, ``RU LED`` or ``ruled``

    Returns
    -------
    Frame (place, name, country, kind, latitude, longitude, unlocode, source); coordinates blank
    where the list has none.

    Raises
    ------
    StudyError : files that are no such list, codes that none of them has; all of them
    """
    wanted = list(dict.fromkeys(code.replace(" ", "").upper() for code in codes))
    problems: list[Problem] = []
    known: dict[str, list[str]] = {}
    for path in paths:
        found, wrong = _read(path)
        known |= found
        problems += wrong
    files = ", ".join(path.name for path in paths)
    if not problems:
        for code in wanted:
            if code not in known:
                near = [each for each in known if each[:2] == code[:2]]
                cure = did_you_mean(code, near, "look it up in the lists of its country")
                problems.append(Problem(files, None, None, code, "is in none of the lists", cure))
    if problems:
        raise StudyError(files, problems)
    rows = [_row(code, known[code]) for code in wanted]
    return pl.DataFrame(rows, schema=_SCHEMA)


_SCHEMA = {
    "place": pl.String,
    "name": pl.String,
    "country": pl.String,
    "kind": pl.String,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "unlocode": pl.String,
    "source": pl.String,
}


def _read(path: Path) -> tuple[dict[str, list[str]], list[Problem]]:
    """Lines by code; lines without a location are headings of countries."""
    cure = "name a CSV list of UN/LOCODE as UNECE publishes it"
    try:
        data = path.read_bytes()
    except OSError as error:
        return {}, [
            Problem(path.name, None, None, None, f"cannot be read ({error.strerror})", cure)
        ]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    found = {}
    for number, line in enumerate(csv.reader(text.splitlines()), start=1):
        if line and len(line) < COLUMNS - 1:
            message = f"has {len(line)} columns where UN/LOCODE has {COLUMNS}"
            return {}, [Problem(path.name, number, None, None, message, cure)]
        if line and line[2].strip():
            found[line[1].strip() + line[2].strip()] = line
    if not found:
        return {}, [Problem(path.name, None, None, None, "holds no place", cure)]
    return found, []


def _row(code: str, line: list[str]) -> dict[str, object]:
    north, east = _coordinates(line[10].strip())
    return {
        "place": code.lower(),
        "name": line[3].strip(),
        "country": code[:2],
        "kind": next((kind for mark, kind in KINDS if mark in line[7]), "city"),
        "latitude": north,
        "longitude": east,
        "unlocode": code,
        "source": "UN/LOCODE (UNECE)",
    }


def _coordinates(text: str) -> tuple[float | None, float | None]:
    """Degrees from degrees and minutes."""
    match = AT.fullmatch(text)
    if match is None:
        return None, None
    north = int(match[1]) + int(match[2]) / 60
    east = int(match[4]) + int(match[5]) / 60
    return (
        round(-north if match[3] == "S" else north, 4),
        round(-east if match[6] == "W" else east, 4),
    )
