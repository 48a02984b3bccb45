"""What the package imports is declared, what is declared has a bound, and every bound has a pin."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = dict(
    line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
)
# The peers of the benchmarks are no part of CI and have no pin.
EXTRAS = ("pdf", "sea", "omx", "sdmx", "comtrade", "cluster", "test", "dev")
# Imported by another name than they are installed by, and needed by a client that does not say so.
IMPORTED_AS = {"sdmx1": "sdmx"}
UNSAID = {"pandas", "urllib3"}
DECLARED = [
    Requirement(text)
    for text in (
        *PROJECT["dependencies"],
        *(t for e in EXTRAS for t in PROJECT["optional-dependencies"][e]),
    )
    if not text.startswith("entrepot")
]


def test_every_import_of_the_package_is_declared() -> None:
    # What only an extra brings is imported where it is used, and told where it is missing.
    extras = PROJECT["optional-dependencies"]
    brought = ("pdf", "sea", "omx", "sdmx", "comtrade", "cluster")
    texts = [*PROJECT["dependencies"], *(text for name in brought for text in extras[name])]
    named = {Requirement(text).name for text in texts} - UNSAID
    declared = {canonicalize_name(IMPORTED_AS.get(name, name)) for name in named}
    imported = set()
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                imported.add(node.module.split(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - {"entrepot"}

    assert {canonicalize_name(name) for name in foreign} == declared


@pytest.mark.parametrize("requirement", DECLARED, ids=str)
def test_a_requirement_has_a_lower_bound_and_a_pin_above_it(requirement: Requirement) -> None:
    bounds = list(requirement.specifier)

    assert [bound.operator for bound in bounds] == [">="]
    assert Version(PINS[canonicalize_name(requirement.name)]) >= Version(bounds[0].version)


def test_pins_are_names_and_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    assert lines == sorted(lines, key=lambda line: line.split("==")[0])
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line) for line in lines)
