"""The report on paper: the same bytes every time, and text is never markup."""

from __future__ import annotations

import sys

import pytest

from entrepot.clearing.clear import clear
from entrepot.errors import OutputError
from entrepot.report.content import Document, Table
from entrepot.report.pdf import LONGEST, MOST_ROWS, _table, pdf
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


def test_no_column_is_narrower_than_its_longest_word(document: Document) -> None:
    heads, row = ["a", "in use since"], ["sea-port of call", "2029-01-01 opened"]
    told = _table(document, Table("words", heads, [False, False], [row], [[None, None]]))

    assert told["words"] == [["call", "port", "sea-", "of"], ["2029-01-01", "opened"]]
    assert told["head_words"] == [["a"], ["since", "use", "in"]]


def test_only_words_too_long_for_any_column_are_broken(document: Document) -> None:
    key, name = "0123456789abcdef" * 4, "x" * LONGEST
    table = Table("keys", ["key"], [False], [[key], [name], [f"a {name}"]], [[None]] * 3)

    told = [row[0].split("\u200b") for row in _table(document, table)["rows"]]

    assert told == [["0123456789abcdef"] * 4, [name], [f"a {name}"]]
