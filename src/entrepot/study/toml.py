"""TOML in, with a problem that names the line; TOML out, for what studies hold."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from entrepot.errors import Problem
from entrepot.tables.files import too_large, unreadable
from entrepot.tables.read_csv import decoded

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def read_toml(path: Path, file: str) -> tuple[dict[str, Any] | None, str, list[Problem]]:
    """What a TOML file says and its text; None with the reason where it cannot be read."""
    try:
        if problem := too_large(path, file):
            return None, "", [problem]
        text, problem = decoded(path.read_bytes(), file)
    except OSError as error:
        return None, "", [unreadable(error, file)]
    if text is None:
        return None, "", [problem] if problem else []
    values, found = parse_toml(text, file)
    return values, text, found


def parse_toml(text: str, file: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """What a text in TOML says; None with the reason where it is not TOML."""
    try:
        return tomllib.loads(text), []
    except RecursionError:
        cure = "write tables and lists within each other a few times, not thousands"
        return None, [Problem(file, None, None, None, "is nested too deep", cure)]
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        match = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)", reason)
        row = len(text.splitlines()) or None
        if match:
            reason = reason[: match.start()]
            row = int(match[1]) if match[1] else row
        line = text.splitlines()[row - 1].strip() if row else None
        message = f"is not TOML: {reason[0].lower()}{reason[1:]}"
        cure = 'mend the line; settings are written as key = "text" or key = 1.5'
        return None, [Problem(file, row, None, line, message, cure)]
    except ValueError as error:
        # A whole number of thousands of digits, which Python does not read.
        cure = "write numbers with a few digits, such as 1.5 or 2e6"
        return None, [Problem(file, None, None, None, f"holds no such number: {error}", cure)]


def to_toml(values: Mapping[str, Any]) -> str:
    """Plain values as TOML; tables and lists of tables come after the plain values."""
    return "\n".join(_table(values, ())) + "\n"


def _table(values: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    lines: list[str] = []
    nested: list[str] = []
    for key, value in values.items():
        inner = (*path, key)
        heading = ".".join(_key(part) for part in inner)
        if isinstance(value, Mapping):
            nested += ["", f"[{heading}]", *_table(value, inner)]
        elif _is_list_of_tables(value):
            for item in value:
                nested += [
                    "",
                    f"[[{heading}]]",
                    *(f"{_key(k)} = {literal(v)}" for k, v in item.items()),
                ]
        elif value is not None:
            lines.append(f"{_key(key)} = {literal(value)}")
    return lines + nested


def _is_list_of_tables(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and bool(value)
        and all(isinstance(item, Mapping) for item in value)
    )


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    escaped = "".join(
        _ESCAPES.get(mark)
        or (f"\\u{ord(mark):04x}" if ord(mark) < 32 or ord(mark) == 127 else mark)
        for mark in text
    )
    return f'"{escaped}"'


def literal(value: object) -> str:
    """One value the way TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {literal(v)}" for k, v in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(literal, value)) + "]"
    return _text(str(value))
