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
    ],
)
def test_outputs_are_compared_line_by_line(expected: str, found: str, same: bool) -> None:
    assert matches(expected, found) is same


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
