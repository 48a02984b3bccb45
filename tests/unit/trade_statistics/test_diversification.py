"""Product diversification: worked by hand, from the definition, and what is refused."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings

from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics import density, diversification, structure
from entrepot.statistics.potential.thresholds import Thresholds
from tests.unit.trade_statistics.trades import rows, trades

ALL = Thresholds(0.0, 0.0)

# Azerbaijan has an advantage in 01 and 02, Belarus in 01, 02 and 03, Kazakhstan in 03 and 04;
# Türkiye only buys. 01 and 02 go together (1), 03 with each of the others (1/2), 04 with 03 alone.
FOUR = rows(
    ("2022", "AZ", "TR", "export", "0100", 10.0), ("2022", "AZ", "BY", "export", "0200", 10.0),
    ("2022", "BY", "TR", "export", "0100", 10.0), ("2022", "BY", "TR", "export", "0200", 10.0),
    ("2022", "BY", "TR", "export", "0300", 10.0), ("2022", "KZ", "TR", "export", "0300", 10.0),
    ("2022", "KZ", "TR", "export", "0400", 30.0),
)  # fmt: skip


def test_ranks_by_hand() -> None:
    found = diversification(FOUR, "KZ", thresholds=ALL)
    # Both are as near: 1/2 of 1 + 1 + 1/2. Türkiye buys 20 of the one and 10 of the other, and
    # Kazakhstan sells nothing to Belarus, which buys the other 10.
    assert found.table.select("rank", "hs", "score", "exports").rows() == [
        (1, "0100", 1.0, 0.0), (2, "0200", pytest.approx(0.5), 0.0),
    ]  # fmt: skip
    assert found.table["density"].to_list() == pytest.approx([0.2, 0.2])
    assert found.table["demand"].to_list() == [20.0, 20.0]
    assert found.residual < 1e-9
    azerbaijan = diversification(FOUR, "AZ", "TR", thresholds=ALL).table
    # Nothing that it makes goes with 04, so that is not told.
    assert azerbaijan.select("hs", "density", "demand").rows() == [("0300", 0.4, 20.0)]


@settings(max_examples=25, deadline=None)
@given(trades())
def test_density_is_that_of_the_product_space(trade: pl.DataFrame) -> None:
    try:
        found = diversification(trade, "BY", thresholds=ALL).table
        space = density(structure(trade), "BY").table
    except StatisticsError:
        return
    told = found.join(space, on="hs", how="left", suffix="_there")
    assert not told["has"].fill_null(False).any()
    near = told.drop_nulls("density_there")
    assert near["density"].to_list() == pytest.approx(near["density_there"].to_list())
    assert found["rank"].to_list() == list(range(1, found.height + 1))
    assert found["score"].is_sorted(descending=True)


@pytest.mark.parametrize(
    ("reporter", "partner", "error", "told"),
    [
        ("DE", None, QuestionError, "'DE' trades nothing"),
        ("BY", "BY", QuestionError, "cannot be its own market"),
        ("TR", None, StatisticsError, "TR has an advantage in no product"),
        ("BY", "AZ", StatisticsError, "BY has no product left to begin with in AZ"),
    ],
)
def test_what_cannot_be_ranked_is_refused(
    reporter: str, partner: str | None, error: type[Exception], told: str
) -> None:
    trade = pl.concat([FOUR, rows(("2022", "TR", "AZ", "export", "0500", 0.0))])
    if partner == "AZ":
        trade = pl.concat([trade, rows(("2022", "BY", "AZ", "export", "0100", 1.0))])
    with pytest.raises(error, match=told):
        diversification(trade, reporter, partner, thresholds=ALL)
