"""Prints the lower bound of every dependency in pyproject.toml as a pin: `name==version`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOUND = re.compile(r"(?P<name>[A-Za-z0-9._-]+)>=(?P<version>[0-9.]+)")


def lowest(requirements: list[str]) -> list[str]:
    """`name>=version` as `name==version`; raises ValueError where a bound is missing."""
    pins = []
    for requirement in requirements:
        match = BOUND.fullmatch(requirement)
        if match is None:
            raise ValueError(f"{requirement!r} in pyproject.toml has no plain lower bound")
        pins.append(f"{match['name']}=={match['version']}")
    return pins


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    print("\n".join(lowest(project["dependencies"])))
