"""Route choice for what a clearing trades."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import entrepot
from entrepot.results.route import traded

GOLDEN = Path(__file__).parents[2] / "golden"
CASES = ["ban-transit", "c04-transport", "c12-four-goods-ten-arcs", "gauge-change", "dates"]
KEYS = ["period", "good", "origin", "destination"]


@pytest.mark.parametrize("case", [case for case in CASES if (GOLDEN / case).exists()])
def test_what_is_traded_is_what_is_routed(case: str) -> None:
    clearing = entrepot.clear(entrepot.read_study(GOLDEN / case))
    told = entrepot.consignments(clearing).filter(pl.col("origin") != pl.col("destination"))
    wanted = told.group_by(KEYS).agg(pl.col("quantity").sum()).sort(KEYS)

    found = entrepot.route(clearing)

    shipped = traded(clearing).group_by(KEYS).agg(pl.col("quantity").sum()).sort(KEYS)
    assert shipped.select(KEYS).equals(wanted.select(KEYS))
    assert shipped["quantity"].to_list() == pytest.approx(wanted["quantity"].to_list())
    assert found.routes["quantity"].sum() == pytest.approx(wanted["quantity"].sum())
    # Nothing costs more than in the clearing, whose capacities are hard.
    value = dict(clearing.study.table("goods").select("good", "value_of_time").iter_rows())
    paid = sum(
        quantity * (cost + (value[good] or 0) * days)
        for good, quantity, cost, days in told.select(
            "good", "quantity", "cost", "days"
        ).iter_rows()
    )
    assert found.objective <= paid + 1e-6 * abs(paid)


def test_a_study_with_consignments_is_not_cleared() -> None:
    study = entrepot.read_study(entrepot.shipped_studies()["caspian"])

    found = entrepot.route(study, "perturbed", scale=5)

    assert found.consignments.height == study.table("consignments").height
    assert found.routes["quantity"].sum() == pytest.approx(
        study.table("consignments")["quantity"].sum()
    )
