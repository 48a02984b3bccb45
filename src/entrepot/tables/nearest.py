"""Did you mean: the known name that is closest to an unknown one."""

from __future__ import annotations

import difflib
from collections.abc import Collection

SHORTLIST = 2000
"""Longer lists are narrowed first: comparing letter by letter with each of 100,000 legs is slow."""


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name most like `name`, or None where none is alike; ties go to the first by name.

    From a long list only names of about the same length that begin or end alike are compared.
    """
    wanted = name.lower()
    candidates = sorted(known)
    if len(candidates) > SHORTLIST:
        candidates = [
            other
            for other in candidates
            if abs(len(other) - len(wanted)) <= 2
            and (other.lower()[:2] == wanted[:2] or other.lower()[-2:] == wanted[-2:])
        ][:SHORTLIST]
    lowered: dict[str, str] = {}
    for other in candidates:
        lowered.setdefault(other.lower(), other)
    found = difflib.get_close_matches(wanted, lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def did_you_mean(name: str, known: Collection[str], otherwise: str) -> str:
    """A remedy that names the nearest known name, or else says `otherwise`."""
    guess = nearest(name, known)
    return f"did you mean {guess!r}?" if guess is not None else otherwise
