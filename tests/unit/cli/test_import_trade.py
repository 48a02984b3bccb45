"""`entrepot import` of statistics of trade: mirrors, editions, SDMX and the service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Called

Call = Callable[..., Called]

BOTH = (
    "period,reporter,partner,flow,hs,value\n"
    "2023,AA,BB,export,310420,100\n2023,BB,AA,import,310420,128.26\n"
)


@pytest.fixture
def both(tmp_path: Path) -> Path:
    path = tmp_path / "both.csv"
    path.write_text(BOTH, encoding="utf-8")
    return path


def test_mirrors(call: Call, both: Path, tmp_path: Path) -> None:
    called = call("import", "mirrors", both, tmp_path / "once.csv")
    assert called.status == 0, called.err
    assert "1 flows, free on board" in called.out + called.err
    text = (tmp_path / "once.csv").read_text(encoding="utf-8")
    assert "2023,AA,BB,export,310420,110" in text
    again = call("import", "mirrors", both, tmp_path / "once.csv")
    assert again.status == 1
    assert "exists already" in again.err


def test_a_reconciled_table_is_a_study(call: Call, both: Path, tmp_path: Path) -> None:
    assert call("import", "mirrors", both, tmp_path / "once").status == 0
    checked = call("check", tmp_path / "once")
    assert checked.status == 0, checked.out


def test_revision(call: Call, both: Path, tmp_path: Path) -> None:
    table = tmp_path / "hs.csv"
    table.write_text("from_code,to_code\n310420,310421\n310420,310422\n", encoding="utf-8")
    called = call("import", "revision", both, tmp_path / "new.csv", "--by", table)
    assert called.status == 0, called.err
    text = (tmp_path / "new.csv").read_text(encoding="utf-8")
    assert "310422" in text
    assert "estimate" in text
    assert call("import", "revision", both, tmp_path / "study", "--by", table).status == 0
    assert call("check", tmp_path / "study").status == 0


def test_sdmx_that_is_none(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "message.xml"
    path.write_text("<a/>", encoding="utf-8")
    called = call("import", "sdmx", path, tmp_path / "trade.csv")
    assert called.status == 1
    assert "message.xml" in called.err
    called = call("import", "sdmx", path, tmp_path / "trade.csv", "--keep", "VALUE")
    assert "NAME=VALUE" in called.err


def test_fetch_without_a_key(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMTRADE_KEY", raising=False)
    called = call("import", "fetch", tmp_path, "--reporter", "BY", "--period", "2023")
    assert called.status == 1
    assert "COMTRADE_KEY" in called.err


def test_fetch_tells_what_is_wrong_before_it_looks_for_a_key(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMTRADE_KEY", raising=False)
    words = ("--reporter", "BLR", "--partner", "QQ", "--period", "202305", "--period", "2100")
    called = call("import", "fetch", tmp_path, *words)
    assert called.status == 1
    for told in ("reporter BLR is no country (write BY)", "partner QQ", "202305 is", "2100 is not"):
        assert told in called.err
    assert "COMTRADE_KEY" not in called.err
    # What is there needs no key.
    (tmp_path / "BY-all-2023-6.json").touch()
    there = call("import", "fetch", tmp_path, "--reporter", "BY", "--period", "2023")
    assert (there.status, "1 files are in" in there.out) == (0, True)


def test_blocs(call: Call, tmp_path: Path) -> None:
    called = call("import", "blocs", "eaeu", "ots", "--out", tmp_path / "blocs.csv")
    assert called.status == 0, called.err
    text = (tmp_path / "blocs.csv").read_text(encoding="utf-8")
    assert "eaeu,AM,2015-01-02" in text
    assert "eu,FR" not in text
    assert call("import", "blocs", "--out", tmp_path / "blocs.csv").status == 1
