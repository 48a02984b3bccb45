"""Every block of the manual does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.manual import PAGES, ROOT, matches, run_page


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_page_says_what_the_program_does(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")

    differences = run_page(page)

    assert not differences, "\n".join(map(str, differences))


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        ("a\nb\n", "a  \nb\n\n", True),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nd\n", "a\nd\n", True),
        ("...\nd\n", "a\nd\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n...\nd\n", "a\nb\nc\n", False),
        ("a\n...\nc\n...\ne\n", "a\nb\nc\nd\ne\n", True),
        ("a\n...\nc\n...\ne\n", "a\ne\nc\n", False),
        ("a\n...\na\n", "a\n", False),
        ("...\n", "a\nb\n", True),
        ("a\n\nb\n", "a\nb\n", False),
    ],
)
def test_outputs_are_compared_line_by_line(expected: str, found: str, same: bool) -> None:
    assert matches(expected, found) is same


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        ("welfare 5,375,529,166 USD", "welfare 5,375,529,165 USD", True),
        ("welfare 5,375,529,166 USD", "welfare 5,375,520,166 USD", False),
        ("welfare 5,375,529,166 USD", "welfare 5,375,529,166 EUR", False),
        ("5.37 USD/t", "5.38 USD/t", True),
        ("5.37 USD/t", "5.39 USD/t", False),
        ("5.37 USD/t", "5.4 USD/t", False),
        ("a  +0.25", "a  -0.25", False),
        ("a  -0.25", "a -0.24", True),
        ("up to -17,000.5", "up to -17,000.6", True),
        ("(4.00, 12.5)", "(4.01, 12.4)", True),
        ("salt   999,999   1", "salt 1,000,000 1", True),
        ("salt   999,999   1", "salt 1,000,000", False),
        ("one,80.0,120.25", "one,80.1,120.24", True),
        ("──── ──", "───── ──", True),
        ("──── ──", "─────", False),
        ("row 3: 12 goods", "row 4: 12 goods", False),
        ("row 3: 12 goods", "row 3: 13 goods", False),
        ("row 3,412", "row 3,413", True),
        ("by leg-12", "by leg-13", False),
        ("by leg12;b", "by leg13;b", False),
        ("since 2023-01-11", "since 2023-01-12", False),
        ("version 1.15.1", "version 1.15.2", False),
        ("in 1000m3", "in 1001m3", False),
    ],
)
def test_numbers_may_differ_as_machines_round(expected: str, found: str, same: bool) -> None:
    assert matches(expected, found) is same
    assert matches(found, expected) is same


def test_a_wrong_output_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.manual.ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        "```console\n$ echo one\none\n$ echo two\nthree\n```\n"
        '```python\nprint(6 * 7)\n```\n```text title="output"\n41\n```\n',
        encoding="utf-8",
    )

    found = [(difference.expected, difference.found) for difference in run_page(page)]

    assert found == [("three\n", "two\n"), ("41\n", "42\n")]
