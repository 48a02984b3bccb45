"""Rows of which several measures are asked: what the measures have in common is found once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

import polars as pl

Found = TypeVar("Found")


class Shared:
    """Rows of trade with what has been found of them.

    Every measure takes one in place of rows, and gives the same table.
    """

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows
        self._found: dict[Hashable, object] = {}

    def once(self, key: Hashable, find: Callable[[pl.DataFrame], Found]) -> Found:
        """What `find` gives of the rows; asked again under the same key, the same."""
        if key not in self._found:
            self._found[key] = find(self.rows)
        return cast(Found, self._found[key])


Trade = pl.DataFrame | Shared
