"""The report on paper: the same bytes every time, and text is never markup."""

from __future__ import annotations

import sys

import pytest

from entrepot.clearing.clear import clear
from entrepot.errors import OutputError
from entrepot.report.content import Document, Table
from entrepot.report.pdf import MOST_ROWS, _table, pdf
from entrepot.report.report import contents
from entrepot.study import study_from_tables
from tests.unit.report.studies import TABLES, broken_in

MARKUP = "#panic() $x$ *bold* @there <label> \\u{0}"


@pytest.fixture(scope="module")
def document() -> Document:
    return contents(clear(broken_in()))


def test_the_same_report_gives_the_same_bytes(document: Document) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    made = pdf(document)

    assert made.startswith(b"%PDF-")
    assert pdf(document) == made
    assert pdf(contents(clear(broken_in()))) == made


def test_text_is_never_taken_for_markup() -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    goods = [{"good": "potash", "name": MARKUP}, {"good": "gas", "name": "[#"}]
    study = study_from_tables("marked", {**TABLES, "goods": goods}, title=MARKUP)

    assert pdf(contents(clear(study))).startswith(b"%PDF-")


def test_without_typst_the_way_to_get_it_is_told(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)

    with pytest.raises(OutputError, match=r"pip install 'entrepot\[pdf\]'"):
        pdf(document)


def test_long_tables_are_cut_and_say_so(document: Document) -> None:
    rows, keys = [["x"]] * 100, [[None]] * 100
    long = Table(caption="long", heads=["a"], figures=[False], rows=rows, keys=keys)
    told = _table(document, long)

    assert len(told["rows"]) == MOST_ROWS
    assert told["note"] == "and 40 more rows, in the page."
