"""Changes that readers send: only values that a scenario file can hold."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import AfterValidator

DEEPEST = 4
"""Of a change: its rows or columns, their cells, lists of values in them."""


def _plain(value: Any, depth: int = 0) -> Any:
    """A change in values that a scenario file can hold; blank cells of new rows are left out."""
    if depth > DEEPEST:
        raise ValueError("is nested deeper than any change")
    if isinstance(value, dict):
        row = depth == 2
        return {
            _plain(key): _plain(each, depth + 1)
            for key, each in value.items()
            if not (row and each is None)
        }
    if isinstance(value, list):
        return [_plain(each, depth + 1) for each in value]
    if value is None:
        raise ValueError('null is no value here; write "" for a blank')
    if isinstance(value, str) and not value.isprintable() and not _can_be_written(value):
        raise ValueError("holds half a letter (a lone surrogate)")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is no number; JSON has none of that name")
    return value


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


Changes = Annotated[dict[str, Any], AfterValidator(_plain)]
"""One change as a scenario file states it."""
