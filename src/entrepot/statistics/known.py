"""Names of countries that are asked for but not there: which one was meant, and which there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from entrepot.sources.countries import three_letters
from entrepot.tables.nearest import nearest

SHOWN = 12


def instead_of(name: str, there: Collection[str]) -> str:
    """A remedy: the country of that code of three letters, or alike, and what there is."""
    names = sorted(there)
    three = three_letters().get(name.upper())
    meant = three if three in there else nearest(name, names)
    told = f"there are {listed(names)}" if names else "there is none"
    return f"did you mean {meant!r}? {told.capitalize()[0]}{told[1:]}" if meant else told


def listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
