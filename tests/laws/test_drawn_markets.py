"""Markets as the benchmarks draw them: one answer, whatever the method and the order of rows.

Whole prices and round lots leave whole ranges of prices and many ties open. The seeds are those on
which the answer once hung on where the solver had left a rent, and some more.
"""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.markets import SIZES, draw
from benchmarks.studies import tables_of
from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.clearing.solvers.highs import Highs
from entrepot.study import Study, study_from_tables

TABLES = ("flows", "sales", "purchases", "runs", "prices", "rents", "limits")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """60 places, 4 goods and 300 legs."""
    monkeypatch.setitem(SIZES, "drawn", (60, 4, 300))


def study(tables: dict[str, pl.DataFrame]) -> Study:
    return study_from_tables("drawn", tables)


def same(found: Clearing, other: Clearing) -> None:
    for name in TABLES:
        one, two = getattr(found, name), getattr(other, name)
        assert_frame_equal(one, two, rel_tol=1e-7, abs_tol=1e-6)


@pytest.mark.parametrize("seed", [8, 16, 24, 26, 39, 46, 56])
def test_the_method_changes_nothing(seed: int) -> None:
    market = study(tables_of(draw("drawn", seed, book=True)))
    found = clear(market, linear=Highs("blocks"))
    for method in ("simplex", "ipx"):
        same(found, clear(market, linear=Highs(method)))


@pytest.mark.parametrize("book", [True, False], ids=["in lots", "at any price"])
@pytest.mark.parametrize("seed", [8, 56])
def test_the_order_of_rows_changes_nothing(seed: int, book: bool) -> None:
    tables = tables_of(draw("drawn", seed, book=book))
    shuffled = {
        name: rows.sample(fraction=1.0, shuffle=True, seed=seed) for name, rows in tables.items()
    }
    same(clear(study(tables)), clear(study(shuffled)))
