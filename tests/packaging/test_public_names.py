"""The public names are a list, and importing the package loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

import entrepot

NAMES = {
    "Calibration",
    "Clearing",
    "EntrepotError",
    "Forecast",
    "Problem",
    "Routing",
    "Study",
    "alternatives",
    "calibrate",
    "check_study",
    "clear",
    "compare",
    "consignments",
    "explain",
    "forecast",
    "leg_users",
    "reach",
    "read_study",
    "route",
    "shipped_studies",
    "staircase",
    "study_from_tables",
    "trade",
    "write_study",
}


def test_the_list_is_the_one_agreed_on() -> None:
    assert set(entrepot.__all__) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(entrepot, name).__name__ == name
    assert getattr(entrepot, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'entrepot' has no attribute 'clera'"):
        _ = entrepot.clera


@pytest.mark.parametrize("what", ["entrepot", "entrepot.cli"])
def test_importing_is_light(what: str) -> None:
    heavy = ("polars", "numpy", "scipy", "highspy", "clarabel")
    code = f"import {what}, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"


def test_the_version_is_that_of_the_distribution() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "entrepot", "--version"], check=True, capture_output=True, text=True
    )

    assert done.stdout.strip() == entrepot.__version__
