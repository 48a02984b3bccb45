"""Prints what is installed beside entrepot as `name==version` lines, for constraints.txt."""

from __future__ import annotations

from importlib.metadata import distributions

# What `python -m venv` brings along is no choice of ours.
LEFT_OUT = {"entrepot", "pip", "setuptools", "wheel"}


def pins() -> list[str]:
    """One line for each installed distribution, sorted by name."""
    found = {d.name.lower().replace("_", "-"): d.version for d in distributions()}
    return [f"{name}=={version}" for name, version in sorted(found.items()) if name not in LEFT_OUT]


if __name__ == "__main__":
    print("\n".join(pins()))
