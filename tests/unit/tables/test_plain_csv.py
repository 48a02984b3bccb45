"""Files read at once give what files read record by record do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.errors import Problem
from entrepot.schema import TABLES
from entrepot.tables import read_csv as reader
from entrepot.tables.plain_csv import plain_columns
from entrepot.tables.sheet import RawTable

TABLE = next(table for table in TABLES if table.name == "consignments")
LETTERS = 'ab ,,\n\n#"\r;é\t0\u2028\x0b\x1c\x00'


def both_ways(text: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    path.write_bytes(text.encode())
    here = reader.read_csv(path, TABLE, "t.csv")
    with monkeypatch.context() as patch:
        patch.setattr(reader, "plain_columns", lambda *_: None)
        there = reader.read_csv(path, TABLE, "t.csv")
    return told(here), told(there)


def told(found: tuple[RawTable | None, list[Problem]]) -> object:
    table, problems = found
    if table is None:
        return problems
    cells = [column.to_list() for column in table.columns]
    return table.header, cells, table.rows.to_list(), table.header_row, problems


@given(text=st.text(alphabet=LETTERS, max_size=40))
def test_any_text_is_read_as_record_by_record(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    with pytest.MonkeyPatch.context() as patch:
        here, there = both_ways("a,b\n" + text, path, patch)
    assert here == there


def test_a_plain_text_is_read_at_once() -> None:
    found = plain_columns("a,b\n1, x \n,2\n", 2)
    assert found is not None
    columns, lines = found
    assert [column.to_list() for column in columns] == [["1", ""], [" x ", "2"]]
    assert lines.to_list() == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"1",2\n',
        "a,b\n# 1,2\n",
        "a,b\r\n1,2\r\n",
        "a,b\n1,2,3\n",
        "a,b\n\n1,2\n",
        "a,b\n , \n",
        "a\n1\n",
    ],
)
def test_all_else_is_read_record_by_record(text: str) -> None:
    assert plain_columns(text, text.split("\n")[0].count(",") + 1) is None
