"""Journeys, explanations, trade and comparisons hold on every golden study."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import polars as pl
import pytest

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.errors import OutputError
from entrepot.results.compare import compare
from entrepot.results.explain import explain
from entrepot.results.journeys import consignments
from entrepot.results.trade import trade
from entrepot.results.why_not import why_not
from entrepot.results.write import write_results
from entrepot.study import read_study

GOLDEN = Path(__file__).parents[2] / "golden"
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if (folder / "study.toml").exists())


@functools.cache
def answer(case: str) -> Clearing:
    return clear(read_study(GOLDEN / case))


@pytest.mark.parametrize("case", CASES)
def test_journeys_add_up_to_the_flows(case: str) -> None:
    found = answer(case)
    journeys = consignments(found)
    over_legs = (
        journeys.filter(pl.col("legs") != "")
        .with_columns(pl.col("legs").str.split(";"))
        .explode("legs")
        .group_by("period", "good", leg="legs")
        .agg(pl.col("quantity").sum())
    )
    both = found.flows.join(over_legs, on=["period", "leg", "good"], how="full", coalesce=True)
    most = max(found.flows["quantity"].to_list(), default=1.0)
    gaps = both.select(pl.col("quantity").fill_null(0) - pl.col("quantity_right").fill_null(0))

    assert all(abs(gap) <= 1e-6 * most for gap in gaps["quantity"].to_list())


@pytest.mark.parametrize("case", CASES)
def test_the_parts_of_every_traded_price_add_up_to_it(case: str) -> None:
    found = answer(case)
    for row in found.prices.filter(pl.col("traded")).head(40).iter_rows(named=True):
        reasons = explain(found, row["place"], row["good"], row["period"])

        assert reasons.rows["amount"].sum() == pytest.approx(row["price"], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_trade_is_what_journeys_carry_over_borders(case: str) -> None:
    found = answer(case)
    country = dict(found.study.table("places").select("place", "country").iter_rows())
    crossing = sum(
        row["quantity"]
        for row in consignments(found).iter_rows(named=True)
        if country[row["origin"]] != country[row["destination"]]
    )

    assert trade(found)["quantity"].sum() == pytest.approx(crossing)


@pytest.mark.parametrize("case", CASES)
def test_the_parts_of_welfare_add_up(case: str) -> None:
    found = answer(case)
    parts = compare(found, found).welfare

    assert parts["base"].sum() == pytest.approx(found.welfare, rel=1e-6, abs=1e-4)
    assert parts.filter(pl.col("change").abs() > 1e-9).is_empty()


def test_a_comparison_adds_up_to_the_change_of_welfare() -> None:
    study = read_study(GOLDEN / "c10-three-countries")
    base, other = clear(study), clear(study.scenario("quota"))
    change = compare(base, other).welfare["change"].sum()

    assert change == pytest.approx(other.welfare - base.welfare, rel=1e-6)


def test_the_switch_price_is_where_a_leg_begins_to_be_used() -> None:
    tables = GOLDEN / "c18-tariffs"
    study = read_study(tables)
    leg = study.table("legs")["leg"][0]
    dear = study.change("legs", where={"leg": leg}, set={"cost": 100})
    answered = clear(dear)
    said = why_not(answered, leg).text()

    # Sellers begin at 10 and buyers at 100: a way that costs 90 is where trade begins.
    assert "10.00 cheaper" in said
    assert not len(answered.flows)
    assert len(clear(study.change("legs", where={"leg": leg}, set={"cost": 89.9})).flows)


def test_results_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    found = answer("c01-dantzig")
    out = tmp_path / "answer"
    write_results(found, out)
    first = {path.name: path.read_bytes() for path in out.iterdir() if path.suffix == ".csv"}

    with pytest.raises(OutputError):
        write_results(found, out)
    write_results(found, out, overwrite=True)

    again = {path.name: path.read_bytes() for path in out.iterdir() if path.suffix == ".csv"}
    assert first == again
    assert json.loads((out / "clearing.json").read_text())["status"] == "optimal"
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]
