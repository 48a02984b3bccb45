"""What `study.toml` may say, and what is wrong where it says something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from entrepot.errors import Problem
from entrepot.tables.nearest import did_you_mean
from entrepot.tables.sheet import shown

_STRICT = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Settings(BaseModel):
    """What holds for a study as a whole.

    Attributes
    ----------
    title : name for people
    currency : ISO 4217 code of all money
    period : label of the only period of a study without a table of periods
    discount_rate : share per year
    clearing, routing : kept as written; clearing has no settings yet
    """

    model_config = _STRICT

    title: str = Field(min_length=1)
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    period: str | None = Field(default=None, pattern=r"^[a-z0-9_.-]+$")
    discount_rate: float = Field(default=0.0, ge=0)
    clearing: dict[str, Any] = Field(default_factory=dict)
    routing: dict[str, Any] = Field(default_factory=dict)

    @property
    def only_period(self) -> str:
        """Name of the period of a study without a table of periods."""
        return self.period or "all"


def settings_from(
    values: Mapping[str, Any], file: str, text: str = ""
) -> tuple[Settings | None, list[Problem]]:
    """Settings from plain values, or everything wrong with them; lines are sought in `text`."""
    try:
        return Settings.model_validate(dict(values)), []
    except ValidationError as error:
        return None, [_problem(dict(found), file, text) for found in error.errors()]


_REMEDIES = {
    "currency": "write the three capital letters of ISO 4217, such as USD",
    "period": "names are lower-case letters, digits and _ . -",
}

_WANTED = {
    "string_type": ("is not text", "put it in double quotes"),
    "string_too_short": ("is blank", "write something there"),
    "float_type": ("is not a number", "write a plain number without quotes"),
    "dict_type": ("is not a table of settings", "write its settings under [{key}]"),
    "finite_number": ("is not finite", "write a finite number"),
}


def _problem(error: dict[str, Any], file: str, text: str) -> Problem:
    path = [str(part) for part in error["loc"]]
    key, leaf = ".".join(path), path[-1]
    row = _line_of(leaf, text)
    if error["type"] == "missing":
        return Problem(
            file,
            None,
            key,
            None,
            "is missing",
            f'add it: {key} = "…"' if key == "title" else "add it",
        )
    value = shown(error["input"]) if not isinstance(error["input"], dict) else None
    if error["type"] == "extra_forbidden":
        known = list(Settings.model_fields)
        cure = did_you_mean(leaf, known, f"take it out; known are {', '.join(known)}")
        return Problem(file, row, key, value, "is not a setting", cure)
    if error["type"] in _WANTED:
        message, cure = _WANTED[error["type"]]
        return Problem(file, row, key, value, message, cure.format(key=key))
    message = str(error["msg"]).removeprefix("Input should be ")
    if leaf in _REMEDIES:
        return Problem(file, row, key, value, "is not written the right way", _REMEDIES[leaf])
    return Problem(file, row, key, value, "is out of range", f"write a number {message}")


def _line_of(key: str, text: str) -> int | None:
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(rf"\s*(?:[\w.-]+\.)?[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
        if re.match(rf"\s*\[{re.escape(key)}\]", line):
            return number
    return None
