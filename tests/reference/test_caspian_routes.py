"""The shipped study's routes: the observed directions of potash in 2023, and what they foretell."""

from __future__ import annotations

import polars as pl
import pytest

from entrepot.results.calibrate import calibrate
from entrepot.routing.calibration.calibration import Calibration
from entrepot.study import find_study, read_study

# Printed to a thousand tonnes; what went to Kazakhstan and Azerbaijan to a hundred.
ROUNDING = {"potash-kz-az": 50.0}


@pytest.fixture(scope="module")
def found() -> Calibration:
    return calibrate(read_study(find_study("caspian")))


def test_the_eight_directions_come_out_within_their_rounding(found: Calibration) -> None:
    rows = found.figures.filter(pl.col("use") == "calibrate")
    assert rows.height == 8
    assert rows["observed"].sum() == pytest.approx(9_451_600)
    for row in rows.iter_rows(named=True):
        half = ROUNDING.get(row["observation"], 500.0)
        assert abs(row["model"] - row["observed"]) <= half, row


def test_figures_held_out_stand_beside_without_being_fitted(found: Calibration) -> None:
    held = found.figures.filter(pl.col("use") == "validate")
    assert held["observation"].to_list() == ["potash-china", "potash-keystone", "potash-bronka"]
    assert found.facts == 8


def test_what_the_shares_cannot_tell_is_said(found: Calibration) -> None:
    states = dict(found.parameters.select("parameter", "state").iter_rows())
    assert states["scale.potash"] == "assumed"
    assert states["gateway.caspian"] == "at a bound"
