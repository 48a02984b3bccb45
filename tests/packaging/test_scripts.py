"""The programs of scripts/: bounds, pins and house rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import house_rules
from scripts.lowest import lowest
from scripts.pins import pins


def test_lower_bounds_become_pins() -> None:
    assert lowest(["numpy>=1.26", "rich>=13.7"]) == ["numpy==1.26", "rich==13.7"]


@pytest.mark.parametrize("requirement", ["numpy", "numpy~=1.26", "numpy>=1.26,<3"])
def test_a_requirement_without_a_plain_bound_is_refused(requirement: str) -> None:
    with pytest.raises(ValueError, match="no plain lower bound"):
        lowest([requirement])


def test_pins_leave_the_package_itself_out() -> None:
    names = [line.split("==")[0] for line in pins()]

    assert "polars" in names
    assert names == sorted(names)
    assert not {"entrepot", "pip"} & set(names)


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        ("# TO" + "DO: later", True),
        ("path = '/ho" + "me/someone/data.csv'", True),
        ("pip install --extra-index-" + "url somewhere", True),
        ("a path such as docs/home/index.md", False),
        ("the work/leisure balance", False),
    ],
)
def test_forbidden_words_are_found(
    line: str, broken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house_rules, "ROOT", tmp_path)
    file = tmp_path / "file.md"
    file.write_text(f"first\n{line}\n", encoding="utf-8")

    found = list(house_rules.forbidden(file))

    assert [text.split(": ")[0] for text in found] == (["file.md:2"] if broken else [])


@pytest.mark.parametrize(("lines", "told"), [(40, []), (41, [False]), (81, [True])])
def test_long_functions_are_told(
    lines: int, told: list[bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house_rules, "ROOT", tmp_path)
    file = tmp_path / "file.py"
    body = "".join(f"    x = {i}\n" for i in range(lines))
    file.write_text(f'def long():\n    """Docstrings do not count."""\n{body}', encoding="utf-8")

    assert [too_long for _, too_long in house_rules.lengths(file)] == told
