"""`entrepot report`: what it writes, what it keeps, and what it refuses at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Called

Call = Callable[..., Called]


def test_it_writes_one_file_and_says_where(call: Call, salt: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "report.html"
    called = call("report", salt, "--scenario", "wide-road", "--out", out)

    assert (called.status, called.err) == (0, "")
    assert called.out == f"The report is in {out}.\n"
    assert [path.name for path in out.parent.iterdir()] == ["report.html"]
    assert "A wide road" in out.read_text(encoding="utf-8")


def test_the_same_study_gives_the_same_bytes(call: Call, salt: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one.html", tmp_path / "other.html"
    call("report", salt, "--out", one)
    call("report", salt, "--out", other)

    assert one.read_bytes() == other.read_bytes()


def test_what_exists_is_kept_unless_asked(call: Call, salt: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    out.write_text("mine")

    refused = call("report", salt, "--out", out)
    assert refused.status == 1
    assert "exists and is kept" in refused.err
    assert out.read_text() == "mine"

    assert call("report", salt, "--out", out, "--overwrite").status == 0
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_folder_is_no_file(call: Call, salt: Path, tmp_path: Path) -> None:
    called = call("report", salt, "--out", tmp_path, "--overwrite")

    assert called.status == 1
    assert "is a folder; name a file" in called.err


def test_an_unknown_scenario_is_told_before_anything_is_computed(
    call: Call, salt: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    called = call("report", salt, "--scenario", "wide-raod", "--out", out)

    assert called.status == 1
    assert "wide-road" in called.err
    assert not out.exists()


def test_scenarios_joined_by_plus_are_one_comparison(
    call: Call, salt: Path, tmp_path: Path
) -> None:
    (salt / "scenarios" / "cheap.toml").write_text(
        'title = "A cheap road"\n[[change]]\ntable = "legs"\n'
        'where = { leg = "salt-road" }\nset = { cost = 1 }\n',
        encoding="utf-8",
    )
    out = tmp_path / "report.html"
    called = call("report", salt, "--scenario", "wide-road+cheap", "--out", out)

    assert called.status == 0
    assert "A wide road + A cheap road" in out.read_text(encoding="utf-8")


def test_a_pdf_of_the_same_name_stands_beside_the_page(
    call: Call, salt: Path, tmp_path: Path
) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    out = tmp_path / "report.html"
    called = call("report", salt, "--out", out, "--pdf")

    assert called.out == f"The report is in {out} and {out.with_suffix('.pdf')}.\n"
    assert out.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")


def test_a_missing_typst_is_told_before_anything_is_computed(
    call: Call, salt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    called = call("report", salt, "--out", tmp_path / "report.html", "--pdf")

    assert called.status == 1
    assert "entrepot[pdf]" in called.err
    assert not (tmp_path / "report.html").exists()
